import NIOCore
import NIOHTTP1
import NIOPosix

/// Sends a plan over real sockets, each request at its time, on a thread of its own.
public enum TrafficSender {
    /// How long after the end of the plan answers are waited for, in nanoseconds.
    public static let patience: Int64 = 30_000_000_000

    /// Sends `plan` to a server and returns when the last answer is there.
    ///
    /// Blocks the calling thread. Where the target is on loopback, each connection comes from an address of its own
    /// in 127.0.0.0/8, as a server sees many clients. A connection opens when its first request is due and
    /// closes after its last; one that breaks is not opened again, and what it had to send is counted.
    public static func run(_ plan: TrafficPlan, host: String, port: Int) throws(TrafficError) -> TrafficResult
    {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        defer { try? group.syncShutdownGracefully() }
        do {
            let address = try SocketAddress.makeAddressResolvingHost(host, port: port)
            let loop = group.next()
            return try loop.flatSubmit {
                TrafficRun(plan: plan, address: address, loop: loop).begin()
            }.wait()
        } catch {
            throw TrafficError(description: "cannot send to \(host):\(port): \(error)")
        }
    }
}

/// Traffic could not be sent at all.
public struct TrafficError: Error, CustomStringConvertible {
    /// What happened, and where.
    public let description: String
}

/// A plan under way; confined to its event loop.
final class TrafficRun {
    let start: NIODeadline
    private let plan: TrafficPlan
    private let address: SocketAddress
    private let loop: any EventLoop
    private var result = TrafficResult()
    /// The run that each accepted delivery named.
    private var runs: [Int: String] = [:]
    private var open: Set<Int> = []
    private var channels: [Int: any Channel] = [:]
    private let done: EventLoopPromise<TrafficResult>
    private var overdue: Scheduled<Void>?

    init(plan: TrafficPlan, address: SocketAddress, loop: any EventLoop) {
        self.plan = plan
        self.address = address
        self.loop = loop
        done = loop.makePromise()
        // Time to open the first connections, so that the first requests are on time.
        start = .now() + .milliseconds(20)
        result.planned = plan.requests.count
    }

    func begin() -> EventLoopFuture<TrafficResult> {
        let byConnection = Dictionary(grouping: plan.requests, by: \.connection)
        open = Set(byConnection.keys)
        for (connection, requests) in byConnection.sorted(by: { $0.key < $1.key }) {
            // A connection is there a little before it is needed.
            let time = max(0, (requests.first?.time ?? 0) - 10_000_000)
            let opening = start - .milliseconds(15) + .nanoseconds(time)
            loop.assumeIsolated().scheduleTask(deadline: opening) { self.connect(connection, requests) }
        }
        let end = start + .nanoseconds(plan.duration) + .nanoseconds(TrafficSender.patience)
        overdue = loop.assumeIsolated().scheduleTask(deadline: end) {
            for channel in self.channels.values { channel.close(promise: nil) }
        }
        if open.isEmpty { finish() }
        return done.futureResult
    }

    private func connect(_ connection: Int, _ requests: [PlannedRequest]) {
        let handler = NIOLoopBound(
            SenderHandler(connection: connection, requests: requests, run: self),
            eventLoop: loop
        )
        var bootstrap = ClientBootstrap(group: loop).connectTimeout(.seconds(5)).channelInitializer {
            channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHTTPClientHandlers()
                try channel.pipeline.syncOperations.addHandler(handler.value)
            }
        }
        if address.ipAddress?.hasPrefix("127.") == true,
            let source = try? SocketAddress(ipAddress: "127.0.0.\(2 + connection % 250)", port: 0)
        {
            bootstrap = bootstrap.bind(to: source)
        }
        bootstrap.connect(to: address).assumeIsolated().whenComplete { outcome in
            switch outcome {
            case .success(let channel):
                if self.open.contains(connection) { self.channels[connection] = channel }
            case .failure: self.closed(connection, failed: 0, notSent: requests.count)
            }
        }
    }

    /// The path of a target, unless the run it needs is unknown.
    func path(of target: PlannedRequest.Target) -> String? {
        switch target {
        case .path(let path): path
        case .run(let number, let suffix): runs[number].map { "/api/runs/\($0)\(suffix)" }
        }
    }

    func sent(late: Int64) {
        result.sent += 1
        result.greatestDelay = max(result.greatestDelay, late)
    }

    func skipped() {
        result.notSent += 1
    }

    func answered(_ request: PlannedRequest, status: Int, run: String?) {
        result.answered += 1
        result.statuses[status, default: 0] += 1
        if status != request.expectedStatus { result.unexpected += 1 }
        runs[request.number] = run
    }

    /// A connection ended; what it left undone is counted.
    func closed(_ connection: Int, failed: Int, notSent: Int) {
        guard open.remove(connection) != nil else { return }
        channels[connection] = nil
        result.failed += failed
        result.notSent += notSent
        if open.isEmpty { finish() }
    }

    private func finish() {
        overdue?.cancel()
        result.duration = (NIODeadline.now() - start).nanoseconds
        done.succeed(result)
    }
}
