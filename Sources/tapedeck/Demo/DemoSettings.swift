import MeshTarget

/// What the demo's server, its senders, and its staging server agree on.
///
/// The capture file that stands in where capturing is not permitted was made with the same.
struct DemoSettings {
    let seed: UInt64
    let seconds: Int64
    /// What senders sign with, and the recorder verifies with.
    let productionSecret = Array("production-secret-of-the-demo".utf8)
    /// What the replay signs with, and the fresh server verifies with.
    let stagingSecret = Array("staging-secret-of-the-demo".utf8)
    let traffic: TrafficPlan

    init(seed: UInt64, seconds: Int64) {
        self.seed = seed
        self.seconds = seconds
        traffic = MeshTraffic.plan(
            seed: seed,
            duration: seconds * 1_000_000_000,
            signingSecret: productionSecret
        )
    }
}
