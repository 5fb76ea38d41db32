import Bytes

/// The digits of a number without what stands between them, for sums over them.
struct DigitList {
    static let capacity = 24

    private var digits: [24 of UInt8] = .init(repeating: 0)
    private(set) var count = 0

    init() {}

    /// The digits of `text`, as many as there is room for.
    init(_ text: Span<UInt8>) {
        for index in text.indices where text[index].isASCIIDigit && count < Self.capacity {
            append(Int(text[index] &- 0x30))
        }
    }

    subscript(_ index: Int) -> Int { Int(digits[index]) }

    mutating func append(_ digit: Int) {
        digits[count] = UInt8(truncatingIfNeeded: digit)
        count &+= 1
    }

    mutating func set(_ index: Int, to digit: Int) { digits[index] = UInt8(truncatingIfNeeded: digit) }

    /// The number that `length` digits from `start` on stand for.
    func number(_ start: Int, _ length: Int) -> Int {
        var number = 0
        for index in start..<start &+ length { number = number &* 10 &+ self[index] }
        return number
    }

    /// The sum of the digits from `start` on, each times the digit of `weights` that belongs to it.
    func sum(_ weights: StaticString, from start: Int = 0) -> Int {
        var sum = 0
        for index in 0..<weights.utf8CodeUnitCount {
            // `A` is 10, and so on.
            let weight = Int(weights.utf8Start[index])
            sum &+= self[start &+ index] &* (weight < 0x3A ? weight &- 0x30 : weight &- 0x37)
        }
        return sum
    }

    /// The sum of Luhn (ISO/IEC 7812-1, annex B) over `length` digits from `start` on.
    func luhnSum(from start: Int = 0, _ length: Int) -> Int {
        var sum = 0
        for index in 0..<length {
            let digit = self[start &+ length &- 1 &- index]
            sum &+= index & 1 == 0 ? digit : digit < 5 ? 2 &* digit : 2 &* digit &- 9
        }
        return sum
    }

    var isOneDigitOver: Bool {
        for index in 1..<Swift.max(1, count) where self[index] != self[0] { return false }
        return true
    }
}

/// The group that Verhoeff's check works in (J. Verhoeff, "Error detecting decimal codes", 1969).
enum Verhoeff {
    private static let product: StaticString = """
        0123456789123406789523401789563401289567401239567859876043216598710432765982104387659321049876543210
        """
    private static let permutation: StaticString = """
        01234567891576283094580379614289160435279453126870428657390127938064157046913258
        """

    /// 0 where the last digit is the right check digit of the others.
    static func remainder(_ digits: DigitList) -> Int {
        var remainder = 0
        for index in 0..<digits.count {
            let digit = digits[digits.count &- 1 &- index]
            let turned = Int(permutation.utf8Start[(index & 7) &* 10 &+ digit] &- 0x30)
            remainder = Int(product.utf8Start[remainder &* 10 &+ turned] &- 0x30)
        }
        return remainder
    }
}
