import Replay

/// The lines of one run that one stream gave, held against the lines that the target keeps.
package struct LogComparison: Hashable, Sendable {
    package struct Counts: Hashable, Sendable {
        /// Lines that were owed.
        package var owed: UInt64 = 0
        /// Owed and not come.
        package var missing: UInt64 = 0
        /// Came once more.
        package var duplicated: UInt64 = 0
        /// Came after one that was written later.
        package var outOfOrder: UInt64 = 0
        /// Came, and the target does not know them.
        package var unknown: UInt64 = 0
        /// Not come, and not owed either: the stream was away, and cannot go on where it was.
        package var inGaps: UInt64 = 0

        package init() {}

        /// Numbers of lines are the target's, and what lies between two of them may be as much as there can be.
        package mutating func add(_ other: Counts) {
            owed = owed.addingSaturating(other.owed)
            missing = missing.addingSaturating(other.missing)
            duplicated = duplicated.addingSaturating(other.duplicated)
            outOfOrder = outOfOrder.addingSaturating(other.outOfOrder)
            unknown = unknown.addingSaturating(other.unknown)
            inGaps = inGaps.addingSaturating(other.inGaps)
        }
    }

    /// A line of the history.
    package struct Line: Hashable, Sendable {
        package var key: UInt64
        /// By the clock of the target, in nanoseconds since 1970.
        package var time: Int64?

        package init(key: UInt64, time: Int64?) {
            self.key = key
            self.time = time
        }
    }

    /// What tells one line from another: its number, or a digest of its name with the highest bit set.
    package static func key(_ name: String) -> UInt64 {
        if let number = UInt64(name), number < 1 << 63, name.utf8.first != 0x2B { return number }
        var hash = StableHash(seed: 1)
        hash.combine(Array(name.utf8).span)
        return hash.value | 1 << 63
    }

    /// Holds what came against the history; lines written from `start` to `end`, by the clock of the target, are owed, but for
    /// those in one of the `gaps`. Lines without a time are owed. O(n), times the number of gaps for what has not come.
    package static func counts(
        of received: [UInt64],
        against history: [Line],
        from start: Int64,
        to end: Int64,
        gaps: [ClosedRange<Int64>] = []
    ) -> Counts {
        var counts = Counts()
        var places: [UInt64: Int] = [:]
        for (place, line) in history.enumerated() where places[line.key] == nil { places[line.key] = place }
        var latest = -1
        var strangers: Set<UInt64> = []
        var hasCome = [Bool](repeating: false, count: history.count)
        for key in received {
            guard let place = places[key] else {
                if strangers.insert(key).inserted { counts.unknown += 1 } else { counts.duplicated += 1 }
                continue
            }
            if hasCome[place] {
                counts.duplicated += 1
                continue
            }
            hasCome[place] = true
            if place < latest { counts.outOfOrder += 1 }
            latest = max(latest, place)
        }
        for (place, line) in history.enumerated() where places[line.key] == place {
            if let time = line.time {
                if time < start || time > end { continue }
                if !hasCome[place], gaps.contains(where: { $0.contains(time) }) {
                    counts.inGaps += 1
                    continue
                }
            }
            counts.owed += 1
            if !hasCome[place] { counts.missing += 1 }
        }
        return counts
    }

    /// What the names of lines alone tell. Where numbers go up by one each, those left out are missing; names that are no
    /// numbers have no order. O(n log n).
    package static func counts(of received: [UInt64], isContiguous: Bool) -> Counts {
        var counts = Counts()
        var seen: Set<UInt64> = []
        var latest: UInt64?
        for key in received {
            guard seen.insert(key).inserted else {
                counts.duplicated += 1
                continue
            }
            guard key < 1 << 63 else { continue }
            if let latest, key < latest { counts.outOfOrder += 1 }
            latest = max(latest ?? 0, key)
        }
        counts.owed = UInt64(seen.count)
        guard isContiguous else { return counts }
        let numbers = seen.filter { $0 < 1 << 63 }
        guard let first = numbers.min(), let last = numbers.max() else { return counts }
        counts.missing = last - first + 1 - UInt64(numbers.count)
        counts.owed += counts.missing
        return counts
    }
}

extension UInt64 {
    /// The sum, or the largest number where that is beyond it.
    func addingSaturating(_ other: UInt64) -> UInt64 {
        let (sum, isOver) = addingReportingOverflow(other)
        return isOver ? .max : sum
    }
}
