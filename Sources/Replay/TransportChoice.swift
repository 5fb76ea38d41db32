/// Which transport carries the requests of a replay.
package enum TransportChoice: String, Sendable, CaseIterable {
    /// The wire where the target is asked in clear text and no option takes libcurl, which is for the rest.
    case auto
    case curl
    case wire

    /// The transport for a scheme: `curl` or `wire`.
    package func resolved(for scheme: ReplayTarget.Scheme) -> TransportChoice {
        guard self == .auto else { return self }
        return scheme == .http ? .wire : .curl
    }
}
