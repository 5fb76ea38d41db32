package import Replay

/// What became of the requests of one route and one tenant.
package struct RequestFigures: Sendable {
    package private(set) var requests: UInt64 = 0
    package private(set) var failed: UInt64 = 0
    package private(set) var statuses: [UInt16: UInt64] = [:]
    /// Those due in each second since 1970, up to ``secondLimit`` of them.
    private var seconds: [Int64: Second] = [:]
    package private(set) var response = Latencies()
    package private(set) var service = Latencies()
    /// Of the first and the last that ended, in nanoseconds since 1970.
    package private(set) var firstEnd = Int64.max
    package private(set) var lastEnd = Int64.min

    /// Seconds told apart: a day.
    package static let secondLimit = 86_400

    /// How the requests of one second ended.
    private struct Second: Sendable {
        var successes: UInt32 = 0
        var others: UInt32 = 0
    }

    package init() {}

    package mutating func note(_ fact: RequestFact) {
        requests += 1
        note(fact.outcome.isSuccess, due: fact.end - Int64(clamping: fact.responseTime))
        firstEnd = min(firstEnd, fact.end)
        lastEnd = max(lastEnd, fact.end)
        switch fact.outcome {
        case .responded(let status): statuses[status, default: 0] += 1
        case .failed, .aborted: failed += 1
        }
        response.record(nanoseconds: fact.responseTime)
        service.record(nanoseconds: fact.serviceTime)
    }

    private mutating func note(_ isSuccess: Bool, due time: Int64) {
        let second = time / 1_000_000_000
        guard seconds[second] != nil || seconds.count < Self.secondLimit else { return }
        if isSuccess {
            seconds[second, default: Second()].successes &+= 1
        } else {
            seconds[second, default: Second()].others &+= 1
        }
    }

    package mutating func add(_ other: RequestFigures) {
        requests += other.requests
        for (second, counts) in other.seconds
        where seconds[second] != nil || seconds.count < Self.secondLimit {
            seconds[second, default: Second()].successes &+= counts.successes
            seconds[second, default: Second()].others &+= counts.others
        }
        failed += other.failed
        statuses.merge(other.statuses, uniquingKeysWith: +)
        response.add(other.response)
        service.add(other.service)
        firstEnd = min(firstEnd, other.firstEnd)
        lastEnd = max(lastEnd, other.lastEnd)
    }

    /// Answers in a second, from the first end to the last; `nil` where there is no span.
    package var rate: Double? {
        guard lastEnd > firstEnd, requests > 1 else { return nil }
        return Double(requests - failed) * 1e9 / Double(lastEnd - firstEnd)
    }

    /// The share of the requests that ended so; `nil` where there are none.
    package func share(_ outcomes: Criterion.Outcomes) -> Double? {
        guard requests > 0 else { return nil }
        func answered(_ range: ClosedRange<UInt16>) -> UInt64 {
            statuses.reduce(0) { range.contains($1.key) ? $0 + $1.value : $0 }
        }
        if outcomes == .available {
            guard !seconds.isEmpty else { return nil }
            let available = seconds.values.reduce(0) { $0 + ($1.successes > $1.others ? 1 : 0) }
            return Double(available) / Double(seconds.count)
        }
        let errors = failed + answered(500...999)
        let count =
            switch outcomes {
            case .success: requests - errors
            case .errors: errors
            case .failures, .available: failed
            case .statuses(let range): answered(range)
            }
        return Double(count) / Double(requests)
    }
}

extension Outcome {
    /// Answered whole, and not with 5xx.
    package var isSuccess: Bool {
        switch self {
        case .responded(let status): status < 500
        case .failed, .aborted: false
        }
    }
}

/// How one request ended.
package struct RequestFact: Sendable {
    package var outcome: Outcome
    /// Nanoseconds since 1970.
    package var end: Int64
    /// Nanoseconds from the intended time.
    package var responseTime: UInt64
    /// Nanoseconds from the sending.
    package var serviceTime: UInt64

    package init(outcome: Outcome, end: Int64, responseTime: UInt64, serviceTime: UInt64) {
        self.outcome = outcome
        self.end = end
        self.responseTime = responseTime
        self.serviceTime = serviceTime
    }
}
