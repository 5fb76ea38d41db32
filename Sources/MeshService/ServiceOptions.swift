import Glibc
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
    package var shape: Shape

    /// How the latencies of many answers are distributed; in nanoseconds.
    package enum Shape: Sendable, Equatable {
        /// Evenly between the two.
        case even(ClosedRange<Int64>)
        /// Exponentially, with this mean: most are short, a few long.
        case exponential(mean: Int64)
    }

    package init(slug: String? = nil, shape: Shape) {
        self.slug = slug
        self.shape = shape
    }

    /// Reads `20ms`, `20ms..80ms` or `exp:20ms`, after `SLUG=` where only one hook is meant.
    package init?(_ text: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init
        )
        slug = parts.count == 2 ? parts[0] : nil
        guard let value = parts.last, slug != "" else { return nil }
        if value.hasPrefix("exp:") {
            guard let mean = TimeSpan.nanoseconds(String(value.dropFirst(4))) else { return nil }
            shape = .exponential(mean: mean)
            return
        }
        let bounds = value.split(separator: "..", omittingEmptySubsequences: false).map {
            TimeSpan.nanoseconds(String($0))
        }
        guard (1...2).contains(bounds.count), let low = bounds[0], let high = bounds[bounds.count - 1],
            low <= high
        else { return nil }
        shape = .even(low...high)
    }

    /// The latency that belongs to `chance`, from 0 up to, not including, 1.
    package func nanoseconds(at chance: Double) -> Int64 {
        switch shape {
        case .even(let range):
            range.lowerBound + Int64(chance * Double(range.upperBound - range.lowerBound))
        case .exponential(let mean):
            Int64(min(-log(1 - chance) * Double(mean), 3.6e12))
        }
    }
}
