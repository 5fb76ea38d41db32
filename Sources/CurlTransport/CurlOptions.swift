import Bytes
import CCurl
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
    /// How HTTP/2 is offered: negotiated over TLS, and taken for granted in clear text.
    var http2: Int
    var isObserving: Bool
    var limits: ReplayLimits
    /// Most connections open at once.
    var connections: Int
    /// `:PORT:ADDRESS,ADDRESS`, what the name of every connection stands for: a name of the target's, or the proxy's.
    var route: [UInt8]

    /// Throws ``TransportError`` where the proxy cannot be found.
    init(_ setup: TransportSetup) throws {
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
        http2 = Int(
            plan.target.scheme == .https ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE
        )
        isObserving = setup.isObserving
        limits = plan.limits
        connections = setup.connections
        guard let proxy = plan.connection.settings.proxy else {
            route = Self.route(plan.target.port, setup.addresses)
            return
        }
        // Names that libcurl would look up, looked up beforehand.
        let proxyAddresses = try TargetResolver.addresses(of: proxy)
        route = Self.route(proxy.port, proxyAddresses)
        connection.settings.resolved = [ResolvedName(proxy.host, proxy.port, proxyAddresses)].compactMap(
            \.self
        )
        if !proxy.looksNamesUp {
            connection.settings.resolved += [
                ResolvedName(plan.target.host, plan.target.port, setup.addresses)
            ].compactMap(\.self)
        }
    }

    private static func route(_ port: UInt16, _ addresses: [String]) -> [UInt8] {
        let list = addresses.map { $0.contains(":") ? "[\($0)]" : $0 }.joined(separator: ",")
        return Array(":\(port):\(list)".utf8)
    }

    /// The bucket for a connection that was not to be had: libcurl says of a tunnel that is refused that nothing came.
    func openingFailure(_ result: CurlResult) -> FailureKind {
        let failure = result.failure
        return failure == .reset && connection.settings.proxy != nil ? .connect : failure
    }

    /// Where the connections of sessions lead to.
    var socketTarget: SocketTarget {
        SocketTarget(url: url, connection: connection, route: connection.settings.proxy == nil ? route : nil)
    }
}
