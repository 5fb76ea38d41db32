/// What stands beside the marks of an axis: round numbers, as short as they can be.
package enum AxisLabel {
    /// `200 µs`, `5 ms`, `1 s`; 0 without a unit.
    package static func duration(microseconds: Double) -> String {
        if microseconds <= 0 { return "0" }
        if microseconds < 1_000 { return short(microseconds) + " µs" }
        if microseconds < 1e6 { return short(microseconds / 1e3) + " ms" }
        return short(microseconds / 1e6) + " s"
    }

    /// `0`, `500`, `20k`, `1.5M`.
    package static func count(_ value: Double) -> String {
        if value.magnitude >= 1e9 { return short(value / 1e9) + "G" }
        if value.magnitude >= 1e6 { return short(value / 1e6) + "M" }
        if value.magnitude >= 1e4 { return short(value / 1e3) + "k" }
        return short(value)
    }

    /// A moment of a run: `0.5 s`, `30 s`, `2:00`, `1:30:00`.
    package static func moment(seconds: Double, upTo end: Double) -> String {
        if end < 120 { return short(seconds) + " s" }
        let whole = Int64(max(0, seconds) + 0.5)
        func padded(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        if end < 7_200 { return "\(whole / 60):\(padded(whole % 60))" }
        return "\(whole / 3_600):\(padded(whole / 60 % 60))"
            + (whole % 60 == 0 ? "" : ":\(padded(whole % 60))")
    }

    /// A number with at most three digits behind the point, and no zeros at its end.
    package static func short(_ value: Double) -> String {
        var digits = Quantity.fixed(value, decimals: 3)
        guard digits.contains(".") else { return digits }
        while digits.last == "0" { digits.removeLast() }
        if digits.last == "." { digits.removeLast() }
        return digits == "-0" ? "0" : digits
    }
}
