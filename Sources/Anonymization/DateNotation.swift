import Bytes

/// A date or a point in time as it is written, to be written again some days earlier or later.
///
/// Read are dates of digits (`2026-05-17`, `17.05.2026`, `5/17/2026`, `20260517`) with or without a time behind them, as
/// in ISO 8601; dates with the name of a month as in RFC 9110, section 5.6.7 and RFC 5322; and seconds, milliseconds,
/// microseconds and nanoseconds since 1970, told apart by how many digits they have.
struct DateNotation {
    private enum Form {
        case groups([Group], separator: UInt8)
        case compact
        case named(weekday: Range<Int>?, day: Range<Int>, month: Range<Int>, year: Range<Int>)
        case epoch(perDay: Int64)
    }

    private enum Part {
        case year, month, day
    }

    private struct Group {
        var part: Part
        var width: Int
    }

    private let form: Form
    /// Days after 1 January 1970; of an epoch nothing.
    private let day: CalendarDay?
    /// How much of the text the date takes; the rest stays.
    private let length: Int

    init?(_ text: Span<UInt8>, isNumber: Bool) {
        if !isNumber {
            if let compact = Self.compact(text) {
                (form, day, length) = (.compact, compact, 8)
                return
            }
            if let (groups, separator, day, length) = Self.groups(text) {
                (form, self.day, self.length) = (.groups(groups, separator: separator), day, length)
                return
            }
            if let (form, day, length) = Self.named(text) {
                (self.form, self.day, self.length) = (form, day, length)
                return
            }
        }
        guard let (form, length) = Self.epoch(text) else { return nil }
        (self.form, day, self.length) = (form, nil, length)
    }

    /// Appends the same date moved by a number of days, in the same notation; false if it lies out of its range then.
    func append(movedBy days: Int, _ text: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        if case .epoch(let perDay) = form {
            guard let number = Int64(String(decoding: Array(text.extracting(0..<length)), as: UTF8.self))
            else {
                return false
            }
            let (moved, overflow) = number.addingReportingOverflow(Int64(days) &* perDay)
            guard !overflow else { return false }
            output.append(contentsOf: String(moved).utf8)
            output.append(contentsOf: text.extracting(length..<text.count))
            return true
        }
        guard let day else { return false }
        let moved = CalendarDay(number: day.number &+ days)
        guard (1...9999).contains(moved.year) else { return false }
        switch form {
        case .epoch: return false
        case .compact:
            Self.append(moved.year, 4, to: &output)
            Self.append(moved.month, 2, to: &output)
            Self.append(moved.day, 2, to: &output)
        case .groups(let groups, let separator):
            for (index, group) in groups.enumerated() {
                if index > 0 { output.append(separator) }
                switch group.part {
                case .year: Self.append(moved.year, 4, to: &output)
                case .month: Self.append(moved.month, group.width, to: &output)
                case .day: Self.append(moved.day, group.width, to: &output)
                }
            }
        case .named(let weekday, let dayRange, let month, let year):
            if let weekday {
                let name = CalendarDay.weekdayNames[moved.weekday]
                let count = weekday.count == 3 ? 3 : name.utf8CodeUnitCount
                for index in 0..<count { output.append(name.utf8Start[index]) }
            }
            output.append(contentsOf: text.extracting((weekday?.upperBound ?? 0)..<dayRange.lowerBound))
            Self.append(moved.day, dayRange.count, to: &output)
            output.append(contentsOf: text.extracting(dayRange.upperBound..<month.lowerBound))
            let name = CalendarDay.monthNames[moved.month &- 1]
            for index in 0..<3 { output.append(name.utf8Start[index]) }
            output.append(contentsOf: text.extracting(month.upperBound..<year.lowerBound))
            Self.append(year.count == 2 ? moved.year % 100 : moved.year, year.count, to: &output)
        }
        output.append(contentsOf: text.extracting(length..<text.count))
        return true
    }

    private static func append(_ number: Int, _ width: Int, to output: inout [UInt8]) {
        let digits = Array(String(number).utf8)
        for _ in digits.count..<max(width, digits.count) { output.append(0x30) }
        output.append(contentsOf: digits)
    }

    private static func compact(_ text: Span<UInt8>) -> CalendarDay? {
        guard text.count >= 8, !text.byte(8).isASCIIDigit, text.isRestOfTime(from: 8),
            let year = text.number(0..<4), let month = text.number(4..<6), let day = text.number(6..<8),
            (1800...2200).contains(year)
        else { return nil }
        return CalendarDay(year: year, month: month, day: day)
    }

    private static func groups(
        _ text: Span<UInt8>
    ) -> (groups: [Group], separator: UInt8, day: CalendarDay, length: Int)? {
        var ranges: [Range<Int>] = []
        var index = 0
        var separator: UInt8?
        while ranges.count < 3 {
            let start = index
            while index < text.count, text[index].isASCIIDigit { index &+= 1 }
            guard index > start, index &- start <= 4 else { return nil }
            ranges.append(start..<index)
            guard ranges.count < 3 else { break }
            let byte = text.byte(index)
            guard byte == 0x2D || byte == 0x2F || byte == 0x2E, separator == nil || separator == byte else {
                return nil
            }
            separator = byte
            index &+= 1
        }
        guard let separator, text.isRestOfTime(from: index) else { return nil }
        let numbers = ranges.map { text.number($0) ?? 0 }
        var parts: [Part]
        if ranges[0].count == 4 {
            parts = [.year, .month, .day]
        } else if ranges[2].count == 4 {
            // Between slashes the month comes first, unless it could not.
            parts = separator == 0x2F && numbers[0] <= 12 ? [.month, .day, .year] : [.day, .month, .year]
            if numbers[1] > 12 { parts = [.month, .day, .year] }
        } else {
            return nil
        }
        var (year, month, dayOfMonth) = (0, 0, 0)
        for (part, number) in zip(parts, numbers) {
            switch part {
            case .year: year = number
            case .month: month = number
            case .day: dayOfMonth = number
            }
        }
        guard let day = CalendarDay(year: year, month: month, day: dayOfMonth) else { return nil }
        let groups = zip(parts, ranges).map { Group(part: $0, width: $1.count) }
        return (groups, separator, day, index)
    }

    private static func named(_ text: Span<UInt8>) -> (form: Form, day: CalendarDay, length: Int)? {
        var index = 0
        var weekday: Range<Int>?
        while index < text.count, text[index].isASCIILetter { index &+= 1 }
        if index > 0 {
            guard index >= 3, text.byte(index) == 0x2C, text.byte(index &+ 1) == 0x20 else { return nil }
            weekday = 0..<index
            index &+= 2
        }
        func run(_ isPart: (UInt8) -> Bool) -> Range<Int> {
            let start = index
            while index < text.count, isPart(text[index]) { index &+= 1 }
            return start..<index
        }
        let day = run(\.isASCIIDigit)
        guard (1...2).contains(day.count), text.byte(index) == 0x20 || text.byte(index) == 0x2D else {
            return nil
        }
        index &+= 1
        let month = run(\.isASCIILetter)
        guard month.count == 3, text.byte(index) == 0x20 || text.byte(index) == 0x2D else { return nil }
        index &+= 1
        let year = run(\.isASCIIDigit)
        guard year.count == 4 || year.count == 2, text.isRestOfTime(from: index, withZones: true),
            let number = CalendarDay.monthNames.firstIndex(where: {
                text.extracting(month).equalsIgnoringCase($0)
            }), let ofMonth = text.number(day), var ofEra = text.number(year)
        else { return nil }
        if year.count == 2 { ofEra += ofEra < 70 ? 2000 : 1900 }
        guard let calendarDay = CalendarDay(year: ofEra, month: number &+ 1, day: ofMonth) else { return nil }
        return (.named(weekday: weekday, day: day, month: month, year: year), calendarDay, index)
    }

    private static func epoch(_ text: Span<UInt8>) -> (form: Form, length: Int)? {
        var index = text.byte(0) == 0x2D ? 1 : 0
        let first = index
        while index < text.count, text[index].isASCIIDigit { index &+= 1 }
        let length = index
        if index < text.count {
            guard text[index] == 0x2E else { return nil }
            index &+= 1
            while index < text.count, text[index].isASCIIDigit { index &+= 1 }
            guard index == text.count else { return nil }
        }
        switch length &- first {
        case 1...11: return (.epoch(perDay: 86_400), length)
        case 12...14: return (.epoch(perDay: 86_400_000), length)
        case 15...17: return (.epoch(perDay: 86_400_000_000), length)
        case 18...19: return (.epoch(perDay: 86_400_000_000_000), length)
        default: return nil
        }
    }
}

extension Span where Element == UInt8 {
    /// The number that up to nine digits are.
    fileprivate func number(_ range: Range<Int>) -> Int? {
        guard range.count <= 9 else { return nil }
        var number = 0
        for index in range {
            guard self[index].isASCIIDigit else { return nil }
            number = number &* 10 &+ Int(self[index] &- 0x30)
        }
        return number
    }

    /// Whether what is left can be a time of day with its zone, and nothing else.
    fileprivate func isRestOfTime(from start: Int, withZones: Bool = false) -> Bool {
        guard start < count else { return true }
        guard count &- start <= 40, !self[start].isASCIIDigit else { return false }
        for index in start..<count {
            switch self[index] {
            case 0x30...0x39, 0x20, 0x2B, 0x2C, 0x2D, 0x2E, 0x3A: continue
            // T, Z and am or pm.
            case 0x54, 0x74, 0x5A, 0x7A, 0x41, 0x61, 0x4D, 0x6D, 0x50, 0x70: continue
            case 0x42...0x59, 0x28, 0x29: if !withZones { return false }
            default: return false
            }
        }
        return true
    }
}
