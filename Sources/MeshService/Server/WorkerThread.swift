import MeshDatabase
import NIOCore
import NIOPosix
import Synchronization

/// A worker on one thread of its own, its database on another.
package final class WorkerThread: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let loop: any EventLoop
    private let worker: NIOLoopBound<Worker>
    private let database: Database
    private let finalCounts = Mutex<WorkerCounts?>(nil)

    package init(_ options: WorkerOptions) throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        var settings = Database.Options(
            conninfo: options.conninfo + " user=mesh_worker application_name=mesh-\(options.name)"
        )
        settings.connections = 4
        settings.channels = [Doorbell.jobs]
        let bound = Mutex<NIOLoopBound<Worker>?>(nil)
        let wake: @Sendable () -> Void = {
            let worker = bound.withLock { $0 }
            loop.execute { worker?.value.wake() }
        }
        let database = Database(settings, onNotification: { _ in wake() }, onLine: wake)
        let ready = options.forgetsJobs ? loop.makePromise(of: Void.self) : nil
        worker = try loop.submit {
            let worker = Worker(options, database: database, loop: loop)
            worker.start { ready?.succeed(()) }
            return NIOLoopBound(worker, eventLoop: loop)
        }.wait()
        bound.withLock { [worker] in $0 = worker }
        // What is delivered from here on is none of what it forgets.
        try ready?.futureResult.wait()
        self.group = group
        self.loop = loop
        self.database = database
    }

    package var counts: WorkerCounts {
        finalCounts.withLock { final in
            final ?? (try? loop.submit { [worker] in worker.value.counts }.wait()) ?? WorkerCounts()
        }
    }

    /// Takes no more jobs, writes those in hand, and ends. Calling it again does nothing.
    package func stop() {
        finalCounts.withLock { final in
            guard final == nil else { return }
            try? loop.flatSubmit { [worker, loop] in
                let idle = loop.makePromise(of: Void.self)
                worker.value.stop { idle.succeed(()) }
                loop.scheduleTask(in: .seconds(10)) { idle.succeed(()) }
                return idle.futureResult
            }.wait()
            database.close()
            final = (try? loop.submit { [worker] in worker.value.counts }.wait()) ?? WorkerCounts()
            try? group.syncShutdownGracefully()
        }
    }
}

extension WorkerOptions {
    /// The worker in the process of a service: what a process before this one had queued is lost with it.
    static func inProcess(of service: ServiceOptions) -> WorkerOptions {
        var options = WorkerOptions()
        options.name = "in-process"
        options.conninfo = service.conninfo
        options.forgetsJobs = true
        options.isSlowQueue = service.habits.contains(.slowQueue)
        options.defects = service.defects
        return options
    }
}
