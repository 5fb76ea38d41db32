import Bytes

/// The digits of a payment card number, after the checks that tell one from other long numbers.
struct CardNumber {
    /// The lengths that ISO/IEC 7812-1 and the brands allow.
    static let lengths = 12...19

    private var digits: [19 of UInt8] = .init(repeating: 0)
    private(set) var count = 0

    /// Reads digits with any other bytes between them; `nil` unless length, issuer and check digit are those of a card.
    /// `isNamed` says that a word says so.
    init?(_ text: Span<UInt8>, isNamed: Bool = true) {
        var hasSeparators = false
        for index in text.indices {
            guard text[index].isASCIIDigit else {
                hasSeparators = true
                continue
            }
            guard count < 19 else { return nil }
            digits[count] = text[index] &- 0x30
            count &+= 1
        }
        guard Self.lengths.contains(count), isIssued, isChecked else { return nil }
        // Thirteen bare digits are more often an article number, which has a check of its own.
        if count == 13, !isNamed, !hasSeparators, isArticleNumber { return nil }
    }

    /// By the ranges that the brands publish for their members.
    private var isIssued: Bool {
        let four = Int(digits[0]) * 1000 + Int(digits[1]) * 100 + Int(digits[2]) * 10 + Int(digits[3])
        switch four {
        // Mir, Mastercard.
        case 2200...2205: return (16...19).contains(count)
        case 2221...2720: return count == 16
        // Diners Club, American Express, JCB.
        case 3000...3059, 3095, 3600...3699, 3800...3999: return (14...19).contains(count)
        case 3400...3499, 3700...3799: return count == 15
        case 3500...3599: return (16...19).contains(count)
        case 1800, 2131: return count == 15
        // Visa.
        case 4000...4999: return count == 13 || count == 16 || count == 19
        // Maestro, Verve, Elo; Mastercard.
        case 604, 5000...5099, 5600...5899, 6304, 6390, 6700...6799: return true
        case 5100...5599: return count == 16
        // RuPay, UnionPay, InterPayment, Discover.
        case 6000...6099: return count == 16
        case 6200...6299, 6360...6379, 6440...6599, 8100...8199: return (16...19).contains(count)
        // RuPay, UzCard, Troy, Humo.
        case 8200...8299, 8600, 9792, 9860: return count == 16
        default: return false
        }
    }

    private var isChecked: Bool {
        var sum = 0
        for index in 0..<count {
            let digit = Int(digits[count &- 1 &- index])
            sum &+= index & 1 == 0 ? digit : digit < 5 ? 2 &* digit : 2 &* digit &- 9
        }
        return sum % 10 == 0
    }

    /// Whether the check digit of an EAN-13 is right.
    private var isArticleNumber: Bool {
        var sum = 0
        for index in 0..<13 { sum &+= Int(digits[index]) &* (index & 1 == 0 ? 1 : 3) }
        return sum % 10 == 0
    }

    /// The first six digits of a number that the brand's own documentation uses for tests.
    var testPrefix: StaticString {
        switch (digits[0], digits[1]) {
        case (2, _): "222300"
        case (3, 4), (3, 7): "378282"
        case (3, 5): "353011"
        case (3, _): "305693"
        case (4, _): "424242"
        case (5, _): "555555"
        default: "601111"
        }
    }

    /// The Luhn digit that follows `digits`, which are 0 to 9.
    static func checkDigit(for digits: [UInt8]) -> UInt8 {
        var sum = 0
        for index in digits.indices {
            let digit = Int(digits[digits.count &- 1 &- index])
            sum &+= index & 1 == 1 ? digit : digit < 5 ? 2 &* digit : 2 &* digit &- 9
        }
        return UInt8(truncatingIfNeeded: (10 &- sum % 10) % 10)
    }

    /// Whether the number begins as the pseudonyms do.
    var isTestNumber: Bool {
        let prefix = testPrefix
        for index in 0..<prefix.utf8CodeUnitCount where digits[index] != prefix.utf8Start[index] &- 0x30 {
            return false
        }
        return true
    }
}
