import LoadPlans
import Replay

/// A service in numbers: an open queueing network with one planted bottleneck, whose true limit is known.
///
/// Requests of two routes arrive at random. Each takes processor time, then a connection of a pool, inside of which it may
/// need the lock on a row; its run then goes through a worker, and to a dependency. Every station is first come, first
/// served; times are drawn from an exponential distribution around their mean, so that stations queue before they are full.
struct SimulatedService {
    enum Bottleneck: String, CaseIterable {
        case pool, rowLock, processor, worker, dependency
    }

    /// First come, first served, by so many at a time.
    struct Station {
        private var free: [Double]
        private(set) var busy = 0.0
        private(set) var waited = 0.0

        init(servers: Int) {
            free = Array(repeating: 0, count: servers)
        }

        /// Enters at `time`; answers when service begins.
        mutating func begin(at time: Double) -> (server: Int, start: Double) {
            let server = free.indices.min { free[$0] < free[$1] } ?? 0
            let start = max(time, free[server])
            waited += start - time
            return (server, start)
        }

        mutating func end(_ server: Int, from start: Double, at end: Double) {
            free[server] = end
            busy += end - start
        }

        mutating func serve(at time: Double, for length: Double) -> Double {
            let (server, start) = begin(at: time)
            end(server, from: start, at: start + length)
            return start + length
        }
    }

    /// Arrivals in a second at the recorded load.
    let rate = 40.0
    let bottleneck: Bottleneck
    var generator: Generator

    /// A generator whose numbers follow from its seed (xorshift64*).
    struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state ^= state >> 12
            state ^= state << 25
            state ^= state >> 27
            return state &* 0x2545_F491_4F6C_DD1D
        }

        mutating func exponential(_ mean: Double) -> Double {
            -mean * Double.log(1 - Double.random(in: 0..<1, using: &self))
        }
    }

    init(_ bottleneck: Bottleneck, seed: UInt64) {
        self.bottleneck = bottleneck
        generator = Generator(state: seed &* 0x9E37_79B9_7F4A_7C15 | 1)
    }

    /// The share of the requests that deliver; the others read.
    private let share = 0.7

    // Seconds that a request takes of each; what is planted takes much more than the rest.
    private var processorTime: Double { bottleneck == .processor ? 0.006 : 0.0004 }
    private var poolSize: Int { bottleneck == .pool ? 4 : 16 }
    private var holdTime: Double { bottleneck == .pool ? 0.020 : 0.002 }
    private var lockTime: Double { bottleneck == .rowLock ? 0.005 : 0 }
    private var workTime: Double { bottleneck == .worker ? 0.007 : 0.0005 }
    private var callTime: Double { bottleneck == .dependency ? 0.008 : 0 }

    /// The multiple of the recorded load at which the planted station is full.
    var limit: Double {
        let deliveries = rate * share
        return switch bottleneck {
        // Reads hold a connection, too.
        case .pool: Double(poolSize) / holdTime / rate
        case .rowLock: 1 / lockTime / deliveries
        case .processor: 1 / processorTime / deliveries
        case .worker: 1 / workTime / deliveries
        case .dependency: 1 / callTime / deliveries
        }
    }

    /// The route, the budget and the resource that should be named.
    var expected: (route: String, budget: String, resource: String) {
        let (budget, resource) =
            switch bottleneck {
            case .pool: ("p95 <= 500ms", "pool")
            case .rowLock: ("p95 <= 500ms", "postgres_lock{event=\"tuple\"}")
            case .processor: ("p95 <= 500ms", "processors of server")
            case .worker: ("overhead p95 <= 1s", "worker")
            case .dependency: ("overhead p95 <= 1s", "dependency")
            }
        return ("POST /hooks/{id}", budget, resource)
    }

    /// Runs it at a multiple of the recorded load, for so many seconds.
    mutating func run(multiplier: Double, seconds: Double) -> (
        record: StageRecord, resources: [String: Double]
    ) {
        var record = StageRecord(stage: Stage(name: "step", kind: .knee, scenarios: []))
        record.requests = RequestBook(keepsTrends: true)
        record.keepsTrends = true
        var processor = Station(servers: 1)
        var pool = Station(servers: poolSize)
        var lock = Station(servers: 1)
        var worker = Station(servers: 2)
        var dependency = Station(servers: 1)
        var time = 0.0
        var last = 0.0
        var runs: [(arrival: Double, start: Double)] = []
        while true {
            time += generator.exponential(1 / (rate * multiplier))
            guard time < seconds else { break }
            let delivers = Double.random(in: 0..<1, using: &generator) < share
            var now = processor.serve(at: time, for: generator.exponential(delivers ? processorTime : 0.0004))
            let (server, start) = pool.begin(at: now)
            now = start + generator.exponential(holdTime)
            if delivers, lockTime > 0 { now = lock.serve(at: now, for: generator.exponential(lockTime)) }
            pool.end(server, from: start, at: now)
            note(&record, delivers ? "POST /hooks/{id}" : "GET /runs", from: time, to: now)
            if delivers { runs.append((now, now)) }
            last = max(last, now)
        }
        for run in runs {
            let (server, start) = worker.begin(at: run.arrival)
            var now = start + generator.exponential(bottleneck == .worker ? workTime * 2 : workTime)
            if callTime > 0 { now = dependency.serve(at: now, for: generator.exponential(callTime)) }
            worker.end(server, from: start, at: now)
            last = max(last, now)
            record.note(
                .overhead,
                nanoseconds: UInt64((now - run.arrival) * 1e9),
                tenant: "",
                from: Int64(run.arrival * 1e9)
            )
        }
        // What is still waited for after the last arrival is a part of it.
        let seconds = max(seconds, last)
        let resources = [
            "process_cpu_share{process=\"server\"}": processor.busy / seconds,
            "pool_in_use": pool.busy / seconds, "pool_size": Double(poolSize),
            "pool_waiting": pool.waited / seconds,
            "postgres_lock_waiting{event=\"tuple\"}": lock.waited / seconds,
            "worker_busy_ratio": worker.busy / seconds / 2,
            "worker_queue_depth": worker.waited / seconds,
            "dependency_wait_seconds_per_second": dependency.waited / seconds,
            // What belongs to the machine as a whole, and something that has nothing to do with any of it.
            "machine_busy_share": min(1, 0.1 + processor.busy / seconds / 2),
            "cache_busy_ratio": 0.3,
        ]
        return (record, resources)
    }

    private func note(_ record: inout StageRecord, _ route: String, from: Double, to: Double) {
        let time = UInt64(max(0, to - from) * 1e9)
        record.requests.note(
            RequestFact(
                outcome: .responded(status: 202),
                end: Int64(to * 1e9),
                responseTime: time,
                serviceTime: time
            ),
            route: route,
            tenant: ""
        )
    }
}

extension Double {
    /// The natural logarithm, good to twelve digits: the sum of atanh((x − 1) / (x + 1)) after halving to near 1.
    fileprivate static func log(_ value: Double) -> Double {
        guard value > 0 else { return -745 }
        let exponent = Double(value.exponent)
        let ratio = (value.significand - 1) / (value.significand + 1)
        var power = ratio
        var sum = 0.0
        var divisor = 1.0
        while power.magnitude > 1e-17 {
            sum += power / divisor
            power *= ratio * ratio
            divisor += 2
        }
        return 2 * sum + exponent * 0.693_147_180_559_945_3
    }
}
