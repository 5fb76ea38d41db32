import MeshDatabase
import MeshTarget
import NIOCore
import NIOPosix
import Synchronization

/// The service on one thread of its own, its database on another; started and stopped from a synchronous program.
///
/// `stop` must be called before the last reference goes away.
package final class ServiceServer: Sendable {
    package let host: String
    package let port: Int

    private let group: MultiThreadedEventLoopGroup
    private let listener: any Channel
    private let loop: any EventLoop
    private let service: NIOLoopBound<Service>
    private let database: Database
    /// MeshHook's worker, which lives in the process of the service.
    private let worker: WorkerThread?
    private let finalCounts = Mutex<ServiceCounts?>(nil)

    /// Starts a server that accepts connections when this returns.
    package static func start(_ options: ServiceOptions) throws -> ServiceServer {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        var settings = Database.Options(
            conninfo: options.conninfo + " user=mesh_app application_name=mesh-service"
        )
        settings.connections = options.poolSize
        settings.queue = options.poolQueue
        settings.patience = options.poolPatience
        settings.channels = [Doorbell.logs]
        let bound = Mutex<NIOLoopBound<Service>?>(nil)
        let database = Database(settings) { notification in
            let service = bound.withLock { $0 }
            loop.execute { service?.value.heard(notification) }
        }
        var worker: WorkerThread?
        do {
            let service = try loop.submit {
                NIOLoopBound(Service(options, database: database, loop: loop), eventLoop: loop)
            }.wait()
            bound.withLock { $0 = service }
            try loop.flatSubmit {
                let loaded = loop.makePromise(of: Void.self)
                service.value.loadDirectory { loaded.completeWith($0.mapError { $0 }) }
                return loaded.futureResult
            }.wait()
            worker = options.habits.contains(.processQueue) ? try WorkerThread(.inProcess(of: options)) : nil
            let listener = try ServerBootstrap.exchanges(
                of: service,
                on: group,
                upgrade: { RealtimeUpgrade.configuration(service) },
                handlers: { [RefusedUpgradeHandler()] }
            ).bind(host: options.host, port: options.port).wait()
            return ServiceServer(
                group: group,
                listener: listener,
                service: service,
                database: database,
                worker: worker,
                host: listener.localAddress?.ipAddress ?? options.host,
                port: listener.localAddress?.port ?? options.port
            )
        } catch {
            worker?.stop()
            database.close(patience: 0)
            try? group.syncShutdownGracefully()
            throw error
        }
    }

    private init(
        group: MultiThreadedEventLoopGroup,
        listener: any Channel,
        service: NIOLoopBound<Service>,
        database: Database,
        worker: WorkerThread?,
        host: String,
        port: Int
    ) {
        self.group = group
        self.listener = listener
        loop = listener.eventLoop
        self.service = service
        self.database = database
        self.worker = worker
        self.host = host
        self.port = port
    }

    /// What it has done so far; must not be asked for on its own thread.
    package var counts: ServiceCounts {
        finalCounts.withLock { final in
            final ?? (try? loop.submit { [service] in service.value.counts }.wait()) ?? ServiceCounts()
        }
    }

    /// Stops accepting, lets answers that are under way be given, then ends everything. Calling it again does nothing.
    package func stop() {
        finalCounts.withLock { final in
            guard final == nil else { return }
            try? listener.close().wait()
            try? loop.submit { [service] in service.value.isLeaving = true }.wait()
            worker?.stop()
            database.close()
            final = (try? loop.submit { [service] in service.value.counts }.wait()) ?? ServiceCounts()
            try? group.syncShutdownGracefully()
        }
    }
}
