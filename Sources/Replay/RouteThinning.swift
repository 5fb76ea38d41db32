import Bytes
import Messages
import Traces

/// Lets a share of the requests of each route through, evenly from the first to the last: a part of a trace with the mix of
/// the whole.
///
/// The same requests pass in every pass and in every run with the same seed.
struct RouteThinning: Sendable {
    /// Routes told apart; those beyond are thinned as one.
    static let routeLimit = 4_096

    private let share: Double
    private let seed: UInt64
    private let parameters: PathParameters
    /// What each route has a claim to: at 1 the next request passes.
    private var claims: [UInt64: Double] = [:]

    /// `nil` where everything passes; `parameters` are those of the paths of the trace.
    init?(share: Double, seed: UInt64, parameters: PathParameters = PathParameters()) {
        guard share < 1 else { return nil }
        self.share = share
        self.seed = seed
        self.parameters = parameters
    }

    /// Whether the next request of the trace passes; one whose head cannot be read is of a route of its own.
    mutating func keeps(_ message: RecordedMessage) -> Bool {
        keeps(try? message.head.parsed())
    }

    mutating func keeps(_ head: Head?) -> Bool {
        var hash = StableHash(seed: seed)
        if let head, case .request(let method, let target) = head.start {
            let bytes = head.bytes.span
            hash.combine(bytes.extracting(method.bounds))
            let template = RouteTemplate(target: bytes.extracting(target.bounds), parameters: parameters)
                .description
            hash.combine(Array(template.utf8).span)
        }
        let route = claims[hash.value] == nil && claims.count >= Self.routeLimit ? 0 : hash.value
        // Each begins somewhere else, so that of many rare routes as many pass as should.
        let claim = (claims[route] ?? hash.unit) + share
        claims[route] = claim >= 1 ? claim - 1 : claim
        return claim >= 1
    }
}
