/// How many answers had which status; three digits at most, so a table serves for all of them.
package struct StatusCounts: Sendable {
    private var table = [UInt64](repeating: 0, count: 1_000)

    package init() {}

    /// Counts an answer; a status beyond 999, which no parser gives, counts as 999.
    package mutating func note(_ status: UInt16) {
        table[min(Int(status), table.count - 1)] += 1
    }

    /// Those that were met.
    package var byStatus: [UInt16: UInt64] {
        var counts: [UInt16: UInt64] = [:]
        for (status, count) in table.enumerated() where count > 0 { counts[UInt16(status)] = count }
        return counts
    }
}
