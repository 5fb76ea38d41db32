/// A moment, in nanoseconds since 1970; the core is told the time and never asks for it.
package struct MeshTime: Sendable, Hashable, Comparable {
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    package static func < (left: MeshTime, right: MeshTime) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// The moment `duration` nanoseconds later, at the latest the end of the range.
    package func advanced(by duration: Int64) -> MeshTime {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(duration)
        return MeshTime(nanoseconds: overflow ? .max : sum)
    }

    /// `2025-03-09T14:05:06.123456Z` (RFC 3339), cut to microseconds.
    package var iso8601: String {
        let parts = self.parts
        let date = "\(padded(parts.year, 4))-\(padded(parts.month, 2))-\(padded(parts.day, 2))"
        return "\(date)T\(parts.clock).\(padded(parts.microsecond, 6))Z"
    }

    /// `Sun, 09 Mar 2025 14:05:06 GMT`, the preferred form of RFC 9110, section 5.6.7.
    package var httpDate: String {
        let parts = self.parts
        let day = "\(Self.weekdays[parts.weekday]), \(padded(parts.day, 2))"
        return "\(day) \(Self.months[parts.month - 1]) \(padded(parts.year, 4)) \(parts.clock) GMT"
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}

extension MeshTime {
    private struct Parts {
        var year: Int64
        var month: Int
        var day: Int64
        /// Sunday is 0.
        var weekday: Int
        var clock: String
        var microsecond: Int64
    }

    private var parts: Parts {
        let second = 1_000_000_000 as Int64
        let (seconds, fraction) = floorDivide(nanoseconds, by: second)
        let (days, time) = floorDivide(seconds, by: 86_400)

        // Years that begin in March put the leap day last, so a day of the year alone gives the month;
        // 400 such years (146,097 days) repeat for ever.
        let (era, dayOfEra) = floorDivide(days + 719_468, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let clock = "\(padded(time / 3600, 2)):\(padded(time / 60 % 60, 2)):\(padded(time % 60, 2))"
        return Parts(
            year: era * 400 + yearOfEra + (month <= 2 ? 1 : 0),
            month: Int(month),
            day: dayOfYear - (153 * marchMonth + 2) / 5 + 1,
            // The first of January 1970 was a Thursday.
            weekday: Int(floorDivide(days + 4, by: 7).rest),
            clock: clock,
            microsecond: fraction / 1000
        )
    }
}

private func floorDivide(_ value: Int64, by divisor: Int64) -> (quotient: Int64, rest: Int64) {
    let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
    return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
}

private func padded(_ value: some BinaryInteger, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
