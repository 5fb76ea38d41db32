/// Traffic for a stand-in: webhook deliveries in bursts, readers of the runs they made, one log stream.
public enum MeshTraffic {
    /// Plans traffic for a server that was started with the same seed and signing secret.
    ///
    /// Whatever the duration, every kind of request occurs at least once: signed in both ways, wrongly signed and
    /// unsigned, JSON and form, compressed and chunked, repeated and conflicting under an idempotency key, to a
    /// hook that does not exist, without a type; readers with a token, with another tenant's, and without.
    ///
    /// - Parameters:
    ///   - duration: how long sending takes, in nanoseconds, at least a second; the answer to the log stream
    ///     may come up to two seconds later.
    ///   - signingSecret: what all tenants sign with, in place of a secret each.
    /// - Complexity: O(*n* log *n*) in the number of requests, about 165 for each second.
    public static func plan(
        seed: UInt64,
        duration: Int64 = 10_000_000_000,
        signingSecret: [UInt8]? = nil
    ) -> TrafficPlan {
        precondition(duration >= 1_000_000_000, "traffic lasts a second at least")
        let tenants = MeshTenant.all(seed: seed, signingSecret: signingSecret)
        var planner = TrafficPlanner(seed: seed, duration: duration, tenants: tenants)
        return planner.plan()
    }
}
