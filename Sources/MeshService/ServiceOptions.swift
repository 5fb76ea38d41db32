package import MeshTarget

/// How the service is started, and what is wrong with it on purpose.
package struct ServiceOptions: Sendable {
    /// Where to listen; port 0 takes a free one.
    package var host = "127.0.0.1"
    package var port = 0
    /// What libpq takes, without a user.
    package var conninfo = ""
    package var seed: UInt64 = 1
    package var authentication = MeshAuthentication.tokens
    /// One signing secret for all tenants in place of one each.
    package var signingSecret: [UInt8]?
    /// Connections to the database; `nil` is what `isCompatible` and the bottlenecks ask for.
    package var pool: Int?
    package var poolQueue = 4096
    /// In nanoseconds.
    package var poolPatience: Int64 = 5_000_000_000
    /// Deliveries a second that each tenant may send.
    package var rateLimit: Double?
    package var maxAttempts = 5
    package var latencies: [AddedLatency] = []
    /// Part of the deliveries answered with 500 before anything is written.
    package var errorRate = 0.0
    /// How late live log lines are sent, in nanoseconds.
    package var logDelay: Int64 = 0
    /// What it does as MeshHook does.
    package var habits: Set<Habit> = []
    package var defects = Defects()
    package var bottlenecks = Bottlenecks()
    /// Most connections that are open at once; one more is closed at once.
    package var connections = 18_000

    package init() {}

    /// How many connections the pool has, all things considered.
    package var poolSize: Int {
        pool ?? bottlenecks.pool?.connections ?? (habits.contains(.smallPool) ? 10 : 16)
    }
}

/// What is added to the time of an answer.
package struct AddedLatency: Sendable, Equatable {
    /// Only for deliveries to this hook.
    package var slug: String?
    /// In nanoseconds; even between the two.
    package var range: ClosedRange<Int64>

    package init(slug: String? = nil, range: ClosedRange<Int64>) {
        self.slug = slug
        self.range = range
    }
}
