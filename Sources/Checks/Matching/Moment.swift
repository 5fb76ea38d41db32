import Bytes
import JSON

/// Reads moments as programs write them.
enum Moment {
    /// Nanoseconds since 1970 of a text after RFC 3339, in UTC where it has no zone, or of a number of seconds,
    /// milliseconds, microseconds or nanoseconds since 1970, whichever lies between 2001 and 2286; `nil` for anything else.
    static func nanoseconds(_ value: JSONValue) -> Int64? {
        switch value {
        case .string(let text): nanoseconds(text)
        case .number(let number): nanoseconds(number.doubleValue)
        case .null, .bool, .array, .object: nil
        }
    }

    private static func nanoseconds(_ number: Double) -> Int64? {
        for unit in [1.0, 1e3, 1e6, 1e9] where number >= 1e9 * unit && number < 1e10 * unit {
            return Int64(number * (1e9 / unit))
        }
        return nil
    }

    private static func nanoseconds(_ text: String) -> Int64? {
        let bytes = Array(text.utf8.prefix(41))
        guard bytes.count <= 40 else { return nil }
        guard ValueShape.timestamp.matches(text) else {
            return bytes.allSatisfy(\.isASCIIDigit) ? Double(text).flatMap { nanoseconds($0) } : nil
        }
        func number(_ range: Range<Int>) -> Int64 {
            bytes[range].reduce(0) { $0 * 10 + Int64($1 - 0x30) }
        }
        let days = days(year: number(0..<4), month: number(5..<7), day: number(8..<10))
        var seconds = days * 86_400 + number(11..<13) * 3_600 + number(14..<16) * 60 + number(17..<19)
        var fraction: Int64 = 0
        var index = 19
        if index < bytes.count, bytes[index] == 0x2E {
            index += 1
            var unit: Int64 = 100_000_000
            while index < bytes.count, bytes[index].isASCIIDigit {
                fraction += Int64(bytes[index] - 0x30) * unit
                unit /= 10
                index += 1
            }
        }
        if index < bytes.count, bytes[index] == 0x2B || bytes[index] == 0x2D {
            let digits = bytes[(index + 1)...].filter(\.isASCIIDigit).map { Int64($0 - 0x30) }
            guard digits.count == 4 else { return nil }
            let offset = (digits[0] * 10 + digits[1]) * 3_600 + (digits[2] * 10 + digits[3]) * 60
            seconds += bytes[index] == 0x2B ? -offset : offset
        }
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? nil : whole + fraction
    }

    /// Days from 1970-01-01 in the Gregorian calendar (Hinnant, "chrono-Compatible Low-Level Date Algorithms", 2021).
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = year / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
