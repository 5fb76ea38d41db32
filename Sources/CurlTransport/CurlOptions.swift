import Bytes
import Replay
import Transports

/// What all transfers of a run have in common.
struct CurlOptions {
    /// Longer than any run: libcurl would close connections older than 118 s before using them again.
    static let connectionAge = 10 * 365 * 86_400

    var url: String
    /// What stands in Host.
    var authority: String
    /// Decides the masking keys of WebSocket sessions.
    var maskingSeed: UInt64
    /// Nanoseconds.
    var timeout: UInt64
    var timeoutMilliseconds: Int
    var connection: TargetConnection
    var isObserving: Bool
    var limits: ReplayLimits
    /// Most connections open at once.
    var connections: Int
    /// `:PORT:ADDRESS,ADDRESS`, what the name of every connection stands for.
    var route: [UInt8]

    init(_ setup: TransportSetup) {
        let plan = setup.plan
        url = plan.target.url
        authority = plan.target.authority
        maskingSeed = Array(plan.run.utf8).span.number()
        timeout = plan.timeout
        // Rounded up, and never 0, which means "no timeout".
        timeoutMilliseconds = max(
            1,
            Int(clamping: plan.timeout / 1_000_000 + (plan.timeout % 1_000_000 > 0 ? 1 : 0))
        )
        connection = plan.connection
        isObserving = setup.isObserving
        limits = plan.limits
        connections = setup.connections
        let list = setup.addresses.map { $0.contains(":") ? "[\($0)]" : $0 }.joined(separator: ",")
        route = Array(":\(plan.target.port):\(list)".utf8)
    }

    /// Where the connections of sessions lead to.
    var socketTarget: SocketTarget {
        SocketTarget(url: url, connection: connection, route: route)
    }
}
