import Bytes
import Messages
import Packets
package import Traces

/// Finds out, message by message, which answer each value of a request is from.
///
/// It sees the messages of one pass over a trace in order and keeps what answers held, in bounded memory.
package struct RecordedValues: Sendable {
    /// The bounds of what is kept at once.
    package struct Limits: Hashable, Sendable {
        /// Values of answers; beyond that the oldest are forgotten.
        package var values = 1 << 20
        /// Requests that wait for their answers.
        package var open = 1 << 16
        /// Answers whose later requests are kept in order.
        package var threads = 1 << 16
        /// Recorded values with an identity; further ones share those there are.
        package var identities = 1 << 20

        package init() {}
    }

    package struct Counts: Hashable, Sendable {
        /// Values of requests at the end of an edge whose answer is not among those read.
        package var unknown: UInt64 = 0
        /// Values of answers that were forgotten.
        package var forgotten: UInt64 = 0
        /// Recorded values that got an identity which another has already.
        package var shared: UInt64 = 0
        package var unmapped: UInt64 = 0

        package init() {}
    }

    private struct Key: Hashable {
        var source: Int
        var digest: ValueDigest
    }

    private struct Origin {
        var exchange: UInt64
        var number: Int
        /// When the answer was there as a whole, in nanoseconds since 1970.
        var end: Int64
    }

    private let plan: CorrelationPlan
    private let table: PlanTable
    private let limits: Limits
    package private(set) var counts = Counts()
    private var open: [UInt64: RequestTies] = [:]
    private var threads: RequestThreads
    private var known: [Key: Origin] = [:]
    /// The keys of ``known`` in order; a ring once it is full.
    private var order: [Key] = []
    private var oldest = 0
    private var latest: [Int: Origin] = [:]
    /// The number of each recorded value that has an identity, by pool.
    private var assigned: [Key: Int] = [:]
    private var assignedCounts: [Int]

    package init(_ plan: CorrelationPlan, limits: Limits = Limits()) {
        self.plan = plan
        table = PlanTable(plan)
        self.limits = limits
        threads = RequestThreads(limit: limits.threads)
        assignedCounts = plan.identities.map { _ in 0 }
    }

    /// Forgets the answers at the end of a pass; identities stay.
    package mutating func endPass() {
        open.removeAll(keepingCapacity: true)
        threads.removeAll()
        known.removeAll(keepingCapacity: true)
        order.removeAll(keepingCapacity: true)
        oldest = 0
        latest.removeAll(keepingCapacity: true)
    }

    // MARK: Answers

    /// Takes the answer to a request that is sent.
    package mutating func take(answer message: RecordedMessage) {
        guard !message.end.flags.contains(.interim), let ties = open.removeValue(forKey: message.exchange)
        else {
            return
        }
        threads.answered(message.exchange, at: message.end.time.nanoseconds)
        guard !ties.sources.isEmpty, let head = try? message.head.parsed() else { return }
        let content = MessageContent(head: head, body: message.body)
        for source in ties.sources {
            for (number, value) in content.values(at: table.sources[source].take).enumerated()
            where !value.isEmpty {
                let origin = Origin(
                    exchange: message.exchange,
                    number: number,
                    end: message.end.time.nanoseconds
                )
                latest[source] = origin
                remember(Key(source: source, digest: ValueDigest(value.span)), origin)
            }
        }
    }

    private mutating func remember(_ key: Key, _ origin: Origin) {
        if known.updateValue(origin, forKey: key) != nil { return }
        guard order.count >= limits.values else {
            order.append(key)
            return
        }
        known[order[oldest]] = nil
        order[oldest] = key
        oldest = (oldest + 1) % order.count
        counts.forgotten += 1
    }

    // MARK: Requests

    /// What a request has to do with answers.
    package mutating func ties(of message: RecordedMessage) -> RequestTies {
        guard let head = try? message.head.parsed() else { return .none }
        var ties = RequestTies()
        var wanted: [Int] = []
        for route in table.routes where route.pattern.matches(method: head.method, target: head.target) {
            ties.sources += route.sources
            wanted += route.sinks
        }
        ties.isAwaited = !ties.sources.isEmpty
        guard !wanted.isEmpty else { return ties }
        wanted.sort()
        let content = MessageContent(head: head, body: message.body)
        /// The answer that said last what the request is about.
        var named: UInt64?
        for sink in wanted {
            let spot = table.sinks[sink].spot
            for (number, value) in content.values(at: table.spots[spot]).enumerated() where !value.isEmpty {
                // Another edge can have the same place for a wider route.
                if ties.bindings.contains(where: { $0.spot == spot && $0.number == number }) { continue }
                guard let origin = origin(of: value, for: sink, message, &ties) else { continue }
                ties.bindings.append(ValueBinding(spot: spot, number: number, origin: origin))
                guard case .answer(let exchange, _, _) = origin else { continue }
                if !table.spots[spot].place.isCredential {
                    named = max(named ?? 0, exchange)
                } else if threads.isOfOneUser(exchange) {
                    // Whoever shows a cookie or token may do so in many things at once.
                    if !ties.threads.contains(exchange) { ties.threads.append(exchange) }
                }
            }
        }
        if let named, !ties.threads.contains(named), !threads.isOfMany(named) { ties.threads.append(named) }
        for thread in ties.threads {
            ties.isAwaited = true
            // Whoever asks before the answer is there does not wait for it.
            guard thread == named || threads.isAnswered(thread, at: message.start.nanoseconds) else {
                continue
            }
            for exchange in threads.predecessors(in: thread, at: message.start.nanoseconds)
            where !ties.after.contains(exchange) { ties.after.append(exchange) }
        }
        ties.start = message.start.nanoseconds
        return ties
    }

    /// Says that a request is sent, and what is to be learned from its answer.
    package mutating func expectAnswer(to exchange: UInt64, for ties: RequestTies) {
        guard ties.isAwaited || !ties.sources.isEmpty else { return }
        for thread in ties.threads { threads.append(exchange, to: thread, at: ties.start) }
        if open.count >= limits.open { open.removeAll(keepingCapacity: true) }
        open[exchange] = ties
    }

    private mutating func origin(
        of value: [UInt8],
        for sink: Int,
        _ message: RecordedMessage,
        _ ties: inout RequestTies
    ) -> ValueBinding.Origin? {
        let sink = table.sinks[sink]
        let digest = ValueDigest(value.span)
        for (source, match) in sink.sources {
            let origin =
                switch match {
                case .value: known[Key(source: source, digest: digest)]
                case .latest: latest[source]
                }
            guard let origin else { continue }
            // An event of a stream that was still open: its end is nothing to wait for.
            if case .event = table.sources[source].take.place, origin.end > message.start.nanoseconds {
                continue
            }
            return .answer(exchange: origin.exchange, source: source, number: origin.number)
        }
        if let pool = sink.identities.first { return .fixed(identity(of: digest, in: pool)) }
        for map in sink.maps {
            if let mapped = plan.maps[map].values[value] { return .fixed(mapped) }
        }
        if let map = sink.maps.last {
            if !plan.maps[map].keepsUnmapped {
                ties.isUnmapped = true
                counts.unmapped += 1
            }
            return nil
        }
        if sink.isDate { return .moved(recorded: message.start.nanoseconds, value) }
        if !sink.sources.isEmpty { counts.unknown += 1 }
        return nil
    }

    private mutating func identity(of digest: ValueDigest, in pool: Int) -> [UInt8] {
        let values = plan.identities[pool].values
        let key = Key(source: pool, digest: digest)
        if let number = assigned[key] { return values[number % values.count] }
        let number = assignedCounts[pool]
        assignedCounts[pool] += 1
        if number >= values.count { counts.shared += 1 }
        if assigned.count < limits.identities { assigned[key] = number }
        return values[number % values.count]
    }
}
