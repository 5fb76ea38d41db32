import Bytes

/// The time that a sender signs, as it is written.
struct SignedTime: Hashable {
    /// Nanoseconds since 1970.
    var nanoseconds: Int64
    var style: Style

    /// How a time is written.
    enum Style: Hashable {
        /// A whole number of units, each of so many nanoseconds.
        case number(unit: Int64)
        /// Seconds with so many digits behind the point.
        case decimal(digits: Int)
        /// `2022-07-13T20:30:59.037Z` with so many digits behind the point (RFC 3339), in UTC.
        case dateTime(digits: Int)
        /// `20150830T123600Z`.
        case basic
    }

    /// Reads a time; a number says by its length what it counts, unless `unit` does.
    init?(_ text: Span<UInt8>, unit: TimeUnit?) {
        guard text.count > 0, text.count <= 40 else { return nil }
        if let parsed = Self.number(text) {
            let size = unit?.nanoseconds ?? TimeUnit(digits: text.count).nanoseconds
            let (nanoseconds, overflow) = parsed.multipliedReportingOverflow(by: size)
            guard !overflow else { return nil }
            self.init(nanoseconds: nanoseconds, style: .number(unit: size))
        } else if let point = text.firstIndex(of: 0x2E), let whole = Self.number(text.extracting(0..<point)),
            let digits = Self.fraction(text.extracting(point + 1..<text.count)), whole < 9_000_000_000
        {
            self.init(
                nanoseconds: whole * 1_000_000_000 + digits.nanoseconds,
                style: .decimal(digits: digits.count)
            )
        } else if let time = Self.dateTime(text) {
            self = time
        } else {
            return nil
        }
    }

    init(nanoseconds: Int64, style: Style) {
        self.nanoseconds = nanoseconds
        self.style = style
    }

    /// The moment in a style.
    var text: [UInt8] {
        let second: Int64 = 1_000_000_000
        let seconds = nanoseconds.dividingDown(by: second)
        let rest = nanoseconds - seconds * second
        switch style {
        case .number(let unit): return Array(String(nanoseconds.dividingDown(by: unit)).utf8)
        case .decimal(let digits): return Array((String(seconds) + Self.fraction(rest, digits)).utf8)
        case .dateTime(let digits):
            let time = CivilTime(secondsSince1970: seconds)
            let date = "\(time.year)-\(Self.two(time.month))-\(Self.two(time.day))"
            let clock = "\(Self.two(time.hour)):\(Self.two(time.minute)):\(Self.two(time.second))"
            return Array("\(date)T\(clock)\(Self.fraction(rest, digits))Z".utf8)
        case .basic:
            let time = CivilTime(secondsSince1970: seconds)
            let date = "\(time.year)\(Self.two(time.month))\(Self.two(time.day))"
            return Array(
                "\(date)T\(Self.two(time.hour))\(Self.two(time.minute))\(Self.two(time.second))Z".utf8
            )
        }
    }

    private static func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func fraction(_ nanoseconds: Int64, _ digits: Int) -> String {
        guard digits > 0 else { return "" }
        let all = String(1_000_000_000 + nanoseconds).dropFirst()
        return "." + all.prefix(digits)
    }

    private static func number(_ text: Span<UInt8>) -> Int64? {
        guard text.count > 0, text.count <= 19 else { return nil }
        var number: Int64 = 0
        for index in text.indices {
            guard text[index].isASCIIDigit else { return nil }
            let (product, overflow) = number.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int64(text[index] - 0x30))
            guard !overflow, !carry else { return nil }
            number = sum
        }
        return number
    }

    private static func fraction(_ text: Span<UInt8>) -> (nanoseconds: Int64, count: Int)? {
        guard text.count > 0, text.count <= 9, var number = number(text) else { return nil }
        for _ in text.count..<9 { number *= 10 }
        return (number, text.count)
    }

    /// Reads `YYYY-MM-DDThh:mm:ss[.f](Z|±hh:mm)` and `YYYYMMDDThhmmssZ`.
    private static func dateTime(_ text: Span<UInt8>) -> SignedTime? {
        func digits(_ start: Int, _ count: Int) -> Int64? {
            start + count <= text.count ? number(text.extracting(start..<start + count)) : nil
        }
        let isBasic = text.count == 16 && text[8] == 0x54
        let places = isBasic ? [0, 4, 6, 9, 11, 13] : [0, 5, 8, 11, 14, 17]
        guard isBasic || text.count >= 20 && text[4] == 0x2D && text[10] | 0x20 == 0x74 else { return nil }
        guard let year = digits(places[0], 4), let month = digits(places[1], 2),
            let day = digits(places[2], 2),
            let hour = digits(places[3], 2), let minute = digits(places[4], 2),
            let second = digits(places[5], 2),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61
        else { return nil }
        let time = CivilTime(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        // Nanoseconds of a year beyond have no room.
        guard (1971...2200).contains(year) else { return nil }
        var nanoseconds = time.secondsSince1970 * 1_000_000_000
        if isBasic {
            return text[15] == 0x5A ? SignedTime(nanoseconds: nanoseconds, style: .basic) : nil
        }
        var index = 19
        var count = 0
        if text[index] == 0x2E {
            var end = index + 1
            while end < text.count, text[end].isASCIIDigit { end += 1 }
            guard let part = fraction(text.extracting(index + 1..<end)) else { return nil }
            nanoseconds += part.nanoseconds
            count = part.count
            index = end
        }
        guard index < text.count else { return nil }
        if text[index] | 0x20 == 0x7A, index + 1 == text.count {
            return SignedTime(nanoseconds: nanoseconds, style: .dateTime(digits: count))
        }
        guard text[index] == 0x2B || text[index] == 0x2D, index + 6 == text.count, text[index + 3] == 0x3A,
            let hours = digits(index + 1, 2), let minutes = digits(index + 4, 2)
        else { return nil }
        let offset = (hours * 60 + minutes) * 60_000_000_000
        nanoseconds += text[index] == 0x2B ? -offset : offset
        return SignedTime(nanoseconds: nanoseconds, style: .dateTime(digits: count))
    }
}

/// What a number that stands for a time counts, from 1970 on.
package enum TimeUnit: String, Sendable, CaseIterable {
    case seconds = "s"
    case milliseconds = "ms"
    case microseconds = "us"
    case nanoseconds = "ns"

    /// The unit in which the present has so many digits.
    init(digits: Int) {
        switch digits {
        case ...11: self = .seconds
        case ...14: self = .milliseconds
        case ...17: self = .microseconds
        default: self = .nanoseconds
        }
    }

    /// How many nanoseconds one is.
    var nanoseconds: Int64 {
        switch self {
        case .seconds: 1_000_000_000
        case .milliseconds: 1_000_000
        case .microseconds: 1_000
        case .nanoseconds: 1
        }
    }
}
