import Bytes

/// A moment as it is spelled in a value, to be spelled the same way at another time.
///
/// Seconds, milliseconds, microseconds or nanoseconds since 1970 as a whole number; ISO 8601 with `T` or a blank,
/// fraction and zone kept (RFC 3339); the date of a field (RFC 9110, section 5.6.7).
package struct DateText {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

    /// The value moved by `nanoseconds`; `nil` where it spells no moment.
    package static func moved(_ value: [UInt8], by nanoseconds: Int64) -> [UInt8]? {
        if !value.isEmpty, value.allSatisfy(\.isASCIIDigit) { return movedNumber(value, nanoseconds) }
        if value.count >= 19, value[4] == 0x2D { return movedISO(value, nanoseconds) }
        return movedField(value, nanoseconds)
    }

    private static func movedNumber(_ value: [UInt8], _ nanoseconds: Int64) -> [UInt8]? {
        let units: [Int: Int64] = [10: 1_000_000_000, 13: 1_000_000, 16: 1_000, 19: 1]
        guard let unit = units[value.count], let number = Int64(String(decoding: value, as: UTF8.self)) else {
            return nil
        }
        let (sum, overflow) = number.addingReportingOverflow(nanoseconds / unit)
        return overflow || sum < 0 ? nil : Array(String(sum).utf8)
    }

    private static func movedISO(_ value: [UInt8], _ nanoseconds: Int64) -> [UInt8]? {
        guard let year = number(value, 0, 4), let month = number(value, 5, 2), let day = number(value, 8, 2),
            value[7] == 0x2D, value[10] == 0x54 || value[10] == 0x74 || value[10] == 0x20,
            let seconds = clock(value, 11), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        let moved = days(year, month, day) * 86_400 + seconds + roundedSeconds(nanoseconds)
        let (newYear, newMonth, newDay) = date(floor(moved, 86_400))
        guard (0...9_999).contains(newYear) else { return nil }
        let rest = moved - floor(moved, 86_400) * 86_400
        let text =
            pad(newYear, 4) + "-" + pad(newMonth, 2) + "-" + pad(newDay, 2)
            + String(decoding: [value[10]], as: UTF8.self) + spelledClock(rest)
        return Array(text.utf8) + value[19...]
    }

    private static func movedField(_ value: [UInt8], _ nanoseconds: Int64) -> [UInt8]? {
        // Tue, 15 Nov 1994 08:12:31 GMT
        guard value.count == 29, value[25...].elementsEqual(" GMT".utf8), value[3] == 0x2C,
            let month = months.firstIndex(of: String(decoding: value[8..<11], as: UTF8.self)),
            let day = number(value, 5, 2), let year = number(value, 12, 4), let seconds = clock(value, 17)
        else { return nil }
        let moved = days(year, Int64(month) + 1, day) * 86_400 + seconds + roundedSeconds(nanoseconds)
        let dayNumber = floor(moved, 86_400)
        let (newYear, newMonth, newDay) = date(dayNumber)
        guard (0...9_999).contains(newYear) else { return nil }
        let weekday = weekdays[Int((dayNumber % 7 + 7 + 3) % 7)]
        let text =
            weekday + ", " + pad(newDay, 2) + " " + months[Int(newMonth) - 1] + " " + pad(newYear, 4) + " "
            + spelledClock(moved - dayNumber * 86_400) + " GMT"
        return Array(text.utf8)
    }

    private static func roundedSeconds(_ nanoseconds: Int64) -> Int64 { floor(nanoseconds, 1_000_000_000) }

    private static func number(_ value: [UInt8], _ start: Int, _ count: Int) -> Int64? {
        guard start + count <= value.count, value[start..<start + count].allSatisfy(\.isASCIIDigit) else {
            return nil
        }
        return Int64(String(decoding: value[start..<start + count], as: UTF8.self))
    }

    /// The seconds of a day in `HH:MM:SS`.
    private static func clock(_ value: [UInt8], _ start: Int) -> Int64? {
        guard let hours = number(value, start, 2), let minutes = number(value, start + 3, 2),
            let seconds = number(value, start + 6, 2), value[start + 2] == 0x3A, value[start + 5] == 0x3A,
            hours < 24, minutes < 60, seconds < 61
        else { return nil }
        return hours * 3_600 + minutes * 60 + seconds
    }

    private static func spelledClock(_ seconds: Int64) -> String {
        pad(seconds / 3_600, 2) + ":" + pad(seconds / 60 % 60, 2) + ":" + pad(seconds % 60, 2)
    }

    private static func pad(_ number: Int64, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }

    private static func floor(_ number: Int64, _ divisor: Int64) -> Int64 {
        let quotient = number / divisor
        return number % divisor < 0 ? quotient - 1 : quotient
    }

    /// Days since 1970 in the proleptic Gregorian calendar (Hinnant, "chrono-compatible low-level date algorithms").
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = floor(year, 400)
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func date(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = floor(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9)
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}
