/// A defect that can be planted, each of which a check from outside can catch.
package enum Defect: String, Sendable, CaseIterable {
    case unsignedAccepted = "unsigned-accepted"
    case staleAccepted = "stale-accepted"
    case slugClash = "slug-clash"
    case runReadable = "run-readable"
    case streamLeak = "stream-leak"
    case runLost = "run-lost"
    case runDuplicated = "run-duplicated"
    case logDropped = "log-dropped"
    case logDuplicated = "log-duplicated"
    case secretInLog = "secret-in-log"
    case slowP95 = "slow-p95"
    case rateLimitShared = "rate-limit-shared"
    case deadLettersUnfilled = "dead-letters-unfilled"

    /// Every which time it strikes, where nothing else is asked for.
    package var usualPeriod: Int {
        switch self {
        case .runLost, .runDuplicated, .logDropped, .logDuplicated: 20
        case .slowP95: 10
        default: 1
        }
    }
}

/// The defects of a service, and how often each has had its occasion.
package struct Defects: Sendable, Equatable {
    /// Every which time each strikes.
    package private(set) var periods: [Defect: Int] = [:]
    private var occasions: [Defect: Int] = [:]

    package init() {}

    package mutating func plant(_ defect: Defect, period: Int? = nil) {
        periods[defect] = max(1, period ?? defect.usualPeriod)
    }

    /// Reads `run-lost` or `run-lost=100`; `false` where that is no defect.
    package mutating func plant(_ text: String) -> Bool {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let defect = Defect(rawValue: String(parts[0])) else { return false }
        guard parts.count == 2 else {
            plant(defect)
            return true
        }
        guard let period = Int(parts[1]), period > 0 else { return false }
        plant(defect, period: period)
        return true
    }

    package func has(_ defect: Defect) -> Bool { periods[defect] != nil }

    /// Counts an occasion; whether the defect strikes this time.
    package mutating func strikes(_ defect: Defect) -> Bool {
        guard let period = periods[defect] else { return false }
        let occasion = occasions[defect, default: 0] + 1
        occasions[defect] = occasion
        return occasion % period == 0
    }
}

/// What gives way first, planted: each with its limit known beforehand. Times in nanoseconds.
package struct Bottlenecks: Sendable, Equatable {
    package struct Pool: Sendable, Equatable {
        package var connections: Int
        /// How long a delivery holds its connection.
        package var hold: Int64
    }

    package struct Processor: Sendable, Equatable {
        package var route: String
        package var burn: Int64
    }

    package var pool: Pool?
    /// How long every delivery holds the lock on one row.
    package var rowLock: Int64?
    package var processor: Processor?
    /// How long the one worker takes for a run.
    package var slowWorker: Int64?
    /// Calls a second that the dependency takes of all workers together.
    package var dependencyRate: Double?

    package init() {}

    /// Whether a delivery holds its connection for a planted time.
    var holdsConnection: Bool { pool != nil || rowLock != nil }

    package static let kinds = [
        "pool=4x10ms", "row-lock=5ms", "cpu:/api/hooks/{slug}=4ms", "slow-worker=20ms",
        "dependency-rate=100/s",
    ]

    /// Reads one as the command line has it; `false` where that is none.
    package mutating func plant(_ text: String) -> Bool {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init
        )
        let value = parts.count == 2 ? parts[1] : nil
        switch parts[0] {
        case "pool":
            let numbers = (value ?? "4x10ms").split(separator: "x", maxSplits: 1).map(String.init)
            guard numbers.count == 2, let connections = Int(numbers[0]), connections > 0,
                let hold = TimeSpan.nanoseconds(numbers[1])
            else { return false }
            pool = Pool(connections: connections, hold: hold)
        case "row-lock":
            guard let hold = TimeSpan.nanoseconds(value ?? "5ms") else { return false }
            rowLock = hold
        case "slow-worker":
            guard let time = TimeSpan.nanoseconds(value ?? "20ms") else { return false }
            slowWorker = time
        case "dependency-rate":
            var rate = value ?? "100"
            if rate.hasSuffix("/s") { rate.removeLast(2) }
            guard let rate = Double(rate), rate > 0, rate.isFinite else { return false }
            dependencyRate = rate
        case "cpu":
            processor = Processor(route: "/api/hooks/{slug}", burn: 4_000_000)
        case _ where parts[0].hasPrefix("cpu:"):
            guard let burn = TimeSpan.nanoseconds(value ?? "4ms") else { return false }
            processor = Processor(route: String(parts[0].dropFirst(4)), burn: burn)
        default:
            return false
        }
        return true
    }
}

/// Lengths of time as the command line spells them.
package enum TimeSpan {
    /// `250us`, `20ms`, `1.5s`, `2m` or `1h` in nanoseconds; `nil` where it is none of these.
    package static func nanoseconds(_ text: String) -> Int64? {
        let units: [(String, Double)] = [("us", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9)]
        for (unit, scale) in units where text.hasSuffix(unit) {
            let number = text.dropLast(unit.count)
            guard let value = Double(number), value >= 0, value * scale < 9e18,
                number.allSatisfy({ $0.isNumber || $0 == "." })
            else { continue }
            return Int64(value * scale)
        }
        return nil
    }
}
