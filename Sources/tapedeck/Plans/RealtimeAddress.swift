import Bytes
import LoadPlans
import Replay

/// Where the sockets of Realtime are.
struct RealtimeAddress: Sendable {
    /// The key is in it: it is told nowhere.
    let url: String
    let apikey: String?
    /// Whether it is another server than the target.
    let isElsewhere: Bool
    /// What the keys of handshakes and the masks follow from.
    let seed: UInt64

    init(_ rule: RealtimeRule, target: ReplayTarget, seed: UInt64) throws {
        // The plan has been read, so that its origin is one.
        let place = try rule.origin.map { try ReplayTarget("http" + $0.dropFirst(2)) } ?? target
        isElsewhere = rule.origin != nil && (place.host != target.host || place.port != target.port)
        apikey = try rule.apikey.map(Self.key)
        let key = apikey.map { "apikey=\(PercentEncoding.encode($0))&" } ?? ""
        url =
            "\(place.scheme.rawValue)://\(place.authority)\(place.pathPrefix)\(rule.path)"
            + (rule.path.contains("?") ? "&" : "?") + key + "vsn=1.0.0"
        self.seed = seed
    }

    /// The key that a place holds.
    static func key(_ place: String) throws -> String {
        try SecretText.value(place, of: "the key of Realtime")
    }
}
