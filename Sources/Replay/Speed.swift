/// How many times as fast as the recording a trace is replayed; 0.1 to 100.
package struct Speed: Hashable, Sendable {
    package static let range = 0.1...100.0
    package static let recorded = Speed(unchecked: 1)

    package let factor: Double

    private init(unchecked factor: Double) {
        self.factor = factor
    }

    /// Answers `nil` outside of ``range``.
    package init?(factor: Double) {
        guard Self.range.contains(factor) else { return nil }
        self.factor = factor
    }

    /// Reads `2x`, `0.5` or `150%`.
    package init(_ text: String) throws(UnreadableValue) {
        let number: Substring
        let scale: Double
        if text.hasSuffix("x") {
            (number, scale) = (text.dropLast(), 1)
        } else if text.hasSuffix("%") {
            (number, scale) = (text.dropLast(), 0.01)
        } else {
            (number, scale) = (Substring(text), 1)
        }
        guard let value = Double(plainDecimal: number) else {
            throw UnreadableValue(text: text, kind: "speed", reason: "give one like 2x, 0.5 or 150%")
        }
        guard let speed = Speed(factor: value * scale) else {
            throw UnreadableValue(text: text, kind: "speed", reason: "speeds go from 0.1x to 100x")
        }
        self = speed
    }
}
