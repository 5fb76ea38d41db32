import NIOCore
import NIOPosix
import Synchronization

/// A stand-in webhook and workflow server on one thread of its own.
///
/// It is started and stopped from a synchronous program; `stop` must be called before the last reference goes away.
public final class MeshServer: Sendable {
    /// How a server is started.
    public struct Options: Sendable {
        /// The address to listen on: a literal IPv4 or IPv6 address, or a name.
        public var host = "127.0.0.1"
        /// The port to listen on; 0 takes a free one.
        public var port = 0
        /// Decides tenants, secrets, tokens, run ids and how long workflows take.
        public var seed: UInt64 = 1
        /// How readers of runs are told apart.
        public var authentication = MeshAuthentication.tokens
        /// One signing secret for all tenants in place of one each.
        public var signingSecret: [UInt8]?

        /// The defaults: a free port of 127.0.0.1, seed 1, each tenant with its own secret.
        public init() {}
    }

    /// The address it listens on, as the socket tells it.
    public let host: String
    /// The port it listens on.
    public let port: Int

    private let group: MultiThreadedEventLoopGroup
    private let listener: any Channel
    private let loop: any EventLoop
    private let room: NIOLoopBound<MeshRoom>
    /// The counts at the end, once it was stopped.
    private let finalCounts = Mutex<MeshCounts?>(nil)

    /// Starts a server that accepts connections when this returns.
    public static func start(_ options: Options = Options()) throws(MeshServerError) -> MeshServer {
        try start(options, limits: MeshLimits())
    }

    /// Starts a server with bounds of its own.
    package static func start(_ options: Options, limits: MeshLimits) throws(MeshServerError) -> MeshServer {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        do {
            let room = try loop.submit {
                let state = MeshState(
                    seed: options.seed,
                    signingSecret: options.signingSecret,
                    authentication: options.authentication,
                    limits: limits
                )
                return NIOLoopBound(MeshRoom(state: state, loop: loop), eventLoop: loop)
            }.wait()
            let listener = try ServerBootstrap.exchanges(of: room, on: group)
                .bind(host: options.host, port: options.port).wait()
            return MeshServer(
                group: group,
                listener: listener,
                room: room,
                host: listener.localAddress?.ipAddress ?? options.host,
                port: listener.localAddress?.port ?? options.port
            )
        } catch {
            try? group.syncShutdownGracefully()
            throw MeshServerError(options: options, reason: "\(error)")
        }
    }

    private init(
        group: MultiThreadedEventLoopGroup,
        listener: any Channel,
        room: NIOLoopBound<MeshRoom>,
        host: String,
        port: Int
    ) {
        self.group = group
        self.listener = listener
        self.loop = listener.eventLoop
        self.room = room
        self.host = host
        self.port = port
    }

    /// What it has done so far; after `stop`, what it did.
    ///
    /// Must not be asked for on the server's own thread.
    public var counts: MeshCounts {
        finalCounts.withLock { final in
            final ?? (try? loop.submit { [room] in room.value.counts }.wait()) ?? MeshCounts()
        }
    }

    /// Stops accepting, closes every connection and ends the thread. Calling it again does nothing.
    public func stop() {
        finalCounts.withLock { final in
            guard final == nil else { return }
            try? listener.close().wait()
            final = (try? loop.submit { [room] in room.value.leave() }.wait()) ?? MeshCounts()
            try? group.syncShutdownGracefully()
        }
    }
}

/// The server could not be started.
public struct MeshServerError: Error, CustomStringConvertible {
    /// What happened, where, and what to look at.
    public let description: String

    init(options: MeshServer.Options, reason: String) {
        let remedy = "is the address one of this machine, and the port free and allowed?"
        description = "cannot listen on \(options.host):\(options.port): \(reason); \(remedy)"
    }
}
