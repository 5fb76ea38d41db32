/// Numbers with their unit, as people read them; three significant digits where the unit allows.
package enum Quantity {
    /// A span of time: `850 ns`, `12.3 µs`, `4.56 ms`, `1.20 s`, `3 min 20 s`, `2 h 05 min`.
    package static func duration(nanoseconds: Int64) -> String {
        if nanoseconds < 0 {
            return "-" + duration(nanoseconds: nanoseconds == .min ? .max : -nanoseconds)
        }
        let value = Double(nanoseconds)
        // The bounds are where three digits round up to the next unit.
        if nanoseconds < 1_000 { return "\(nanoseconds) ns" }
        if value < 999_500 { return digits(value / 1e3) + " µs" }
        if value < 999_500_000 { return digits(value / 1e6) + " ms" }
        if value < 59_950_000_000 { return digits(value / 1e9) + " s" }
        let seconds = nanoseconds / 1_000_000_000 + (nanoseconds % 1_000_000_000 >= 500_000_000 ? 1 : 0)
        if seconds < 3_600 { return "\(seconds / 60) min \(padded(seconds % 60)) s" }
        return "\(seconds / 3_600) h \(padded(seconds % 3_600 / 60)) min"
    }

    package static func duration(microseconds: Int64) -> String {
        let (nanoseconds, overflow) = microseconds.multipliedReportingOverflow(by: 1_000)
        return duration(nanoseconds: overflow ? (microseconds < 0 ? .min : .max) : nanoseconds)
    }

    /// A size in powers of 1,024: `512 B`, `1.50 KiB`, `256 MiB`.
    package static func bytes(_ count: UInt64) -> String {
        if count < 1_024 { return "\(count) B" }
        var value = Double(count)
        for unit in ["KiB", "MiB", "GiB", "TiB", "PiB"] {
            value /= 1_024
            if value < 1_023.5 { return digits(value) + " " + unit }
        }
        return digits(value / 1_024) + " EiB"
    }

    /// Events in a second: `0.50/s`, `12.3/s`, `2,000/s`.
    package static func rate(perSecond: Double) -> String {
        perSecond.isFinite ? digits(perSecond) + "/s" : "–"
    }

    /// A whole number with commas between thousands: `1,234,567`.
    package static func count(_ value: some BinaryInteger) -> String {
        let text = value.description
        var result = ""
        for (index, character) in text.enumerated() {
            let left = text.count - index
            if left % 3 == 0, index > 0, result != "-" { result += "," }
            result.append(character)
        }
        return result
    }

    /// A share of 1: `0.52 %`, `99.9 %`, `100 %`. What is not quite all never rounds up to `100 %`.
    package static func percent(_ share: Double) -> String {
        guard share.isFinite else { return "–" }
        let value = share * 100
        if value < 100, value >= 99.95 { return "99.9 %" }
        return digits(value) + " %"
    }

    /// Three significant digits for what is below 1,000, whole numbers with commas above.
    package static func digits(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        let magnitude = value.magnitude
        if magnitude >= 999.5 {
            guard magnitude < 9e18 else { return value.description }
            return (value < 0 ? "-" : "") + count(nearest(magnitude))
        }
        let decimals = magnitude >= 99.95 || magnitude == 0 ? 0 : magnitude >= 9.995 ? 1 : 2
        return fixed(value, decimals: decimals)
    }

    /// A number below 2^53 with so many digits behind the point.
    package static func fixed(_ value: Double, decimals: Int) -> String {
        precondition((0...9).contains(decimals), "a Double below 2^53 has no more digits to show")
        guard value.isFinite, value.magnitude < 9_007_199_254_740_992 else { return value.description }
        var power: Double = 1
        for _ in 0..<decimals { power *= 10 }
        guard value.magnitude * power < 9e18 else { return value.description }
        let scaled = nearest(value.magnitude * power)
        let whole = scaled / Int64(power)
        let sign = value < 0 && scaled > 0 ? "-" : ""
        if decimals == 0 { return sign + whole.description }
        let fraction = (scaled % Int64(power)).description
        return sign + whole.description + "." + String(repeating: "0", count: decimals - fraction.count)
            + fraction
    }

    /// The nearest whole number, halves up, of a value from 0 to 9e18; `rounded()` would need the C library's.
    private static func nearest(_ value: Double) -> Int64 {
        let whole = Int64(value)
        return value - Double(whole) >= 0.5 ? whole + 1 : whole
    }

    private static func padded(_ value: Int64) -> String {
        value < 10 ? "0\(value)" : "\(value)"
    }
}
