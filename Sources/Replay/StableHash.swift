import Bytes
import SeededRandom

/// A hash that is the same in every run and on every machine, for choices that a seed decides.
///
/// Not for secrets: who knows the seed can foresee the choices.
package struct StableHash: Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed ^ 0xA076_1D64_78BD_642F
    }

    package mutating func combine(_ word: UInt64) {
        // Multiplying into 128 bits and folding them spreads every bit of the word over the state (wyhash).
        let product = (state ^ word).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
        state = product.high ^ product.low &+ 0x9E37_79B9_7F4A_7C15
    }

    /// Combines bytes and their number, so that two runs one after the other are not the same as one.
    package mutating func combine(_ bytes: Span<UInt8>) {
        var index = 0
        while index < bytes.count {
            var word: UInt64 = 0
            let end = min(index + 8, bytes.count)
            while index < end {
                word = word << 8 | UInt64(bytes[index])
                index += 1
            }
            combine(word)
        }
        combine(UInt64(bytes.count))
    }

    package var value: UInt64 { SeededGenerator.mixed(state) }

    /// The value as a number from 0 up to, and without, 1.
    package var unit: Double { SeededGenerator.unit(value) }

    /// A number of a range, each as likely as the next.
    func number(in range: ClosedRange<Int64>) -> Int64 {
        let width = range.upperBound.subtractingReportingOverflow(range.lowerBound)
        guard !width.overflow, width.partialValue > 0 else { return range.lowerBound }
        return range.lowerBound + Int64(unit * Double(width.partialValue))
    }
}
