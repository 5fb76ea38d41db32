import MeshTarget
import NIOCore
import NIOPosix
import Synchronization

/// Takes the callbacks of a target's workflows over HTTP/1, on one thread of its own.
///
/// Started and stopped from a synchronous program; `stop` must be called before the last reference goes away.
package final class CallbackServer: Sendable {
    /// A request as it came; field names in any case.
    package struct Request: Sendable {
        package var method: String
        package var target: String
        package var fields: [(name: String, value: String)]
        package var body: [UInt8]

        /// The first value of a field, whatever the case of its name.
        package func field(_ name: String) -> String? {
            let wanted = name.lowercased()
            return fields.first { $0.name.lowercased() == wanted }?.value
        }
    }

    /// What was not taken.
    package struct Counts: Hashable, Sendable {
        /// Connections beyond ``connectionLimit``, which were closed at once.
        package var refusedConnections: UInt64 = 0
        /// Requests whose body was longer than the stand-in takes, which were answered 413.
        package var tooLong: UInt64 = 0
        /// Connections that sent what is not HTTP, or a body beyond any use.
        package var broken: UInt64 = 0
        /// Connections on which nothing happened for ``patience``.
        package var idle: UInt64 = 0

        package init() {}
    }

    /// Connections at once.
    package static let connectionLimit = 1_024
    /// How long a connection may say nothing.
    static let patience = TimeAmount.seconds(60)

    package let port: Int
    private let group: MultiThreadedEventLoopGroup
    private let listener: any Channel
    private let service: NIOLoopBound<CallbackService>
    private let finalCounts = Mutex<Counts?>(nil)

    /// Listens on an address of this machine; port 0 takes a free one. `answer` gives the status of the answer to each
    /// request, which has no body; it is called on the server's thread and holds everybody up.
    package static func start(
        host: String,
        port: Int,
        answer: @escaping @Sendable (Request) -> Int
    ) throws -> CallbackServer {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        do {
            let service = try loop.submit {
                NIOLoopBound(CallbackService(answer), eventLoop: loop)
            }.wait()
            let listener = try ServerBootstrap.exchanges(
                of: service,
                on: group,
                handlers: { [IdleStateHandler(allTimeout: patience), IdleCloser(service.value)] }
            ).bind(host: host, port: port).wait()
            return CallbackServer(
                group: group,
                listener: listener,
                service: service,
                port: listener.localAddress?.port ?? port
            )
        } catch {
            try? group.syncShutdownGracefully()
            throw error
        }
    }

    private init(
        group: MultiThreadedEventLoopGroup,
        listener: any Channel,
        service: NIOLoopBound<CallbackService>,
        port: Int
    ) {
        self.group = group
        self.listener = listener
        self.service = service
        self.port = port
    }

    /// So far; after `stop`, all of it. Must not be asked for on the server's own thread.
    package var counts: Counts {
        finalCounts.withLock { final in
            final ?? (try? listener.eventLoop.submit { [service] in service.value.counts }.wait()) ?? Counts()
        }
    }

    /// Stops accepting, closes every connection and ends the thread. Calling it again does nothing.
    package func stop() {
        finalCounts.withLock { final in
            guard final == nil else { return }
            try? listener.close().wait()
            final =
                (try? listener.eventLoop.submit { [service] in service.value.leave() }.wait()) ?? Counts()
            try? group.syncShutdownGracefully()
        }
    }
}
