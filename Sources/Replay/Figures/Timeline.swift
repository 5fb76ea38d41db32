import Bytes

/// How a run went over time: what was asked for, sent and answered, and how long answers took, slot by slot.
///
/// What became of a request stands in the slot in which it was due, whenever it came to its end: so a target that hung
/// shows in the requests that met with it. Only what was sent stands where it was sent. Slots are of one width and
/// bounded in number; a run that goes on beyond the last one makes them twice as wide. All memory is there from the
/// start: noting allocates nothing and takes O(1), but for the doubling.
package struct Timeline: Sendable {
    package struct Slot: Hashable, Sendable {
        // Of the requests that were due in it.
        package var requested: UInt64 = 0
        package var answered = StatusClasses()
        package var failed: UInt64 = 0
        /// Those of the failed ones that timed out.
        package var timeouts: UInt64 = 0
        package var aborted: UInt64 = 0
        /// The longest response time, in microseconds.
        package var longest: UInt64 = 0

        /// Requests that were sent in it, whenever they were due.
        package var sent: UInt64 = 0
        /// The most that were in flight at once.
        package var peakInFlight: UInt64 = 0

        package init() {}

        mutating func add(_ other: Slot) {
            requested += other.requested
            answered.add(other.answered)
            failed += other.failed
            timeouts += other.timeouts
            aborted += other.aborted
            longest = max(longest, other.longest)
            sent += other.sent
            peakInFlight = max(peakInFlight, other.peakInFlight)
        }
    }

    /// What is kept of each slot as a distribution.
    package enum Measure: Int, CaseIterable, Sendable {
        /// From the intended time to the end of the answer.
        case response
        /// From the sending to the end of the answer.
        case service
        /// How late a request went out, waiting for its lane or for an answer left out.
        case sendError
    }

    /// Slots kept at most; an even number.
    package static let limit = 240
    /// The width to begin with, in nanoseconds.
    package static let leastWidth: UInt64 = 50_000_000

    /// Of a slot, in nanoseconds: ``leastWidth`` doubled some number of times.
    package private(set) var width = Timeline.leastWidth
    /// From the start of the run to the last slot in which something was.
    package private(set) var slots: [Slot] = []

    private let start: MonotonicTime
    /// By slot, measure and bin.
    private var bins: [UInt32]

    private static let binsOfSlot = Measure.allCases.count * LatencyBins.count

    /// `start` is the moment from which slots are counted; what comes before it counts as at it.
    package init(start: MonotonicTime) {
        self.start = start
        slots.reserveCapacity(Self.limit)
        bins = [UInt32](repeating: 0, count: Self.limit * Self.binsOfSlot)
    }

    /// Changes the slot of a moment.
    mutating func update(at time: MonotonicTime, _ change: (inout Slot) -> Void) {
        let place = place(of: time)
        change(&slots[place])
    }

    /// Notes a time in nanoseconds in the slot of a moment.
    mutating func note(_ measure: Measure, nanoseconds: UInt64, at time: MonotonicTime) {
        let place = place(of: time)
        let bin = LatencyBins.index(of: nanoseconds / 1_000)
        let index = place * Self.binsOfSlot + measure.rawValue * LatencyBins.count + bin
        // A slot with more than 2^32 alike says nothing that one fewer would not.
        if bins[index] < .max { bins[index] += 1 }
    }

    /// The distribution of one slot.
    package func distribution(_ measure: Measure, in slot: Int) -> BinnedLatencies {
        precondition(slots.indices.contains(slot), "there is no slot \(slot)")
        var latencies = BinnedLatencies()
        let first = slot * Self.binsOfSlot + measure.rawValue * LatencyBins.count
        latencies.add(bins.span.extracting(first..<first + LatencyBins.count))
        return latencies
    }

    /// The distribution of the whole run.
    package func distribution(_ measure: Measure) -> BinnedLatencies {
        var whole = BinnedLatencies()
        for slot in slots.indices { whole.add(distribution(measure, in: slot)) }
        return whole
    }

    private mutating func place(of time: MonotonicTime) -> Int {
        let offset = time - min(time, start)
        while offset / width >= UInt64(Self.limit) { double() }
        let place = Int(offset / width)
        while slots.count <= place { slots.append(Slot()) }
        return place
    }

    /// Makes each two slots one of twice the width.
    package mutating func double() {
        for place in slots.indices {
            if place % 2 == 0 {
                slots[place / 2] = slots[place]
            } else {
                slots[place / 2].add(slots[place])
            }
            guard place > 0 else { continue }
            let (from, to) = (place * Self.binsOfSlot, place / 2 * Self.binsOfSlot)
            for index in 0..<Self.binsOfSlot where bins[from + index] > 0 {
                bins[to + index] = bins[to + index].addingSaturated(bins[from + index])
                bins[from + index] = 0
            }
        }
        slots.removeLast(slots.count / 2)
        width *= 2
    }
}

extension Timeline {
    /// Adds another part of the same run, such as that of another machine; both count from their start.
    package mutating func add(_ other: Timeline) {
        var other = other
        while other.width < width { other.double() }
        while width < other.width { double() }
        while slots.count < other.slots.count { slots.append(Slot()) }
        for place in other.slots.indices { slots[place].add(other.slots[place]) }
        for index in bins.indices where other.bins[index] > 0 {
            bins[index] = bins[index].addingSaturated(other.bins[index])
        }
    }
}

/// Answers by the first digit of their status.
package struct StatusClasses: Hashable, Sendable {
    package var success: UInt64 = 0
    package var redirect: UInt64 = 0
    package var clientError: UInt64 = 0
    package var serverError: UInt64 = 0
    /// 1xx, which ends an exchange only where it goes over to another protocol, and what is no status.
    package var other: UInt64 = 0

    package init() {}

    package var total: UInt64 { success + redirect + clientError + serverError + other }

    mutating func note(_ status: UInt16) {
        switch status {
        case 200...299: success += 1
        case 300...399: redirect += 1
        case 400...499: clientError += 1
        case 500...599: serverError += 1
        default: other += 1
        }
    }

    package mutating func add(_ more: StatusClasses) {
        success += more.success
        redirect += more.redirect
        clientError += more.clientError
        serverError += more.serverError
        other += more.other
    }
}

extension UInt32 {
    fileprivate func addingSaturated(_ other: UInt32) -> UInt32 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
