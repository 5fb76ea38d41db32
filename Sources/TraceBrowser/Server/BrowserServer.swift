import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Serves a session to the browsers of this machine, on a thread of its own and a few that answer.
///
/// `stop` must be called before the last reference goes away.
package final class BrowserServer: Sendable {
    /// The page, with its token.
    package let url: String
    package let port: Int
    package let token: String

    private let group: MultiThreadedEventLoopGroup
    private let pool: NIOThreadPool
    private let listener: any Channel
    private let session: BrowserSession
    private let isStopped = Atomic(false)

    /// Threads that read blocks, search and send: one that waits for a target leaves the others.
    private static let workers = 3

    /// Starts to listen on a loopback address; port 0 takes a free one.
    package static func start(
        _ session: BrowserSession,
        host: String = "127.0.0.1",
        port: Int = 0
    ) throws(BrowserError) -> BrowserServer {
        guard host == "127.0.0.1" || host == "::1" || host == "localhost" else { throw .notLoopback(host) }
        let address = host == "localhost" ? "127.0.0.1" : host
        let token = RequestGate.makeToken()
        let limits = session.options.limits
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let pool = NIOThreadPool(numberOfThreads: workers)
        pool.start()
        // The port is known only when it is bound, and the gate needs it.
        let clients = ClientCount(limit: limits.clients)
        let gate = GateSlot()
        do {
            let listener = try ServerBootstrap(group: group)
                .serverChannelOption(.backlog, value: 64)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.maxMessagesPerRead, value: 4)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.configureHTTPServerPipeline()
                        try pipeline.addHandler(
                            BrowserHandler(session: session, gate: gate, pool: pool, clients: clients)
                        )
                    }
                }
                .bind(host: address, port: port).wait()
            let bound = listener.localAddress?.port ?? port
            gate.fill(RequestGate(token: token, port: bound, limits: limits))
            let shown = address.contains(":") ? "[\(address)]" : address
            return BrowserServer(
                group: group,
                pool: pool,
                listener: listener,
                session: session,
                url: "http://\(shown):\(bound)/\(token)/",
                port: bound,
                token: token
            )
        } catch {
            try? pool.syncShutdownGracefully()
            try? group.syncShutdownGracefully()
            throw .listen("\(host):\(port)", reason: "\(error)")
        }
    }

    private init(
        group: MultiThreadedEventLoopGroup,
        pool: NIOThreadPool,
        listener: any Channel,
        session: BrowserSession,
        url: String,
        port: Int,
        token: String
    ) {
        self.group = group
        self.pool = pool
        self.listener = listener
        self.session = session
        self.url = url
        self.port = port
        self.token = token
    }

    /// Stops accepting, closes every connection and ends the threads. Calling it again does nothing.
    package func stop() {
        guard !isStopped.exchange(true, ordering: .acquiringAndReleasing) else { return }
        session.stop()
        try? listener.close().wait()
        try? group.syncShutdownGracefully()
        try? pool.syncShutdownGracefully()
    }
}

/// The gate, once the port is known.
final class GateSlot: Sendable {
    private let gate = Mutex<RequestGate?>(nil)

    func fill(_ gate: RequestGate) { self.gate.withLock { $0 = gate } }

    var current: RequestGate? { gate.withLock { $0 } }
}

/// How many connections are open.
final class ClientCount: Sendable {
    private let limit: Int
    private let count = Atomic(0)

    init(limit: Int) { self.limit = limit }

    /// Whether there is room for one more, which is counted either way until ``leave()``.
    func enter() -> Bool { count.add(1, ordering: .relaxed).newValue <= limit }

    func leave() { count.subtract(1, ordering: .relaxed) }
}
