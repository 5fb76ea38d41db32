/// A number of requests per second, such that a replay's mean is that many.
package struct Rate: Hashable, Sendable {
    package static let range = 0.001...1_000_000.0

    package let perSecond: Double

    /// Answers `nil` outside of ``range``.
    package init?(perSecond: Double) {
        guard Self.range.contains(perSecond) else { return nil }
        self.perSecond = perSecond
    }

    /// Reads `500/s`, `3000/m` or `90000/h`.
    package init(_ text: String) throws(UnreadableValue) {
        let units: [(suffix: String, seconds: Double)] = [("/s", 1), ("/m", 60), ("/h", 3600)]
        guard let unit = units.first(where: { text.hasSuffix($0.suffix) }),
            let value = Double(plainDecimal: text.dropLast(unit.suffix.count))
        else {
            throw UnreadableValue(text: text, kind: "rate", reason: "give one like 500/s or 3000/m")
        }
        guard let rate = Rate(perSecond: value / unit.seconds) else {
            throw UnreadableValue(
                text: text,
                kind: "rate",
                reason: "rates go from one request in 1000 seconds to 1000000/s"
            )
        }
        self = rate
    }
}
