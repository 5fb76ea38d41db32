/// Numbers that are a function of a seed and nothing else, the same everywhere (SplitMix64: Steele, Lea, Flood 2014,
/// https://doi.org/10.1145/2714064.2660195).
///
/// The arithmetic from word to range is here too, because that of the standard library is not promised to stay.
package struct SeededGenerator: Sendable, RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= Self.step
        return Self.mixed(state)
    }

    /// What the state goes on by: odd, and without a pattern in its bits.
    @inlinable
    package static var step: UInt64 { 0x9E37_79B9_7F4A_7C15 }

    /// A word of which every bit hangs on every bit of `word`: of words near each other, others that are not.
    @inlinable
    package static func mixed(_ word: UInt64) -> UInt64 {
        var word = word
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    /// A number from 0 up to, not including, `bound`, which must be positive.
    package mutating func below(_ bound: Int) -> Int {
        precondition(bound > 0, "a range has at least one number")
        return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// A number of `range`, both ends included.
    package mutating func within(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.upperBound - range.lowerBound + 1)
    }

    /// A number from 0 up to, not including, 1.
    package mutating func unit() -> Double { Self.unit(next()) }

    /// A word as a number from 0 up to, not including, 1.
    @inlinable
    package static func unit(_ word: UInt64) -> Double { Double(word >> 11) * 0x1p-53 }

    /// Whether something with this probability happens.
    package mutating func chance(_ probability: Double) -> Bool {
        unit() < probability
    }

    /// One of `choices`, which must not be empty.
    package mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[below(choices.count)]
    }
}
