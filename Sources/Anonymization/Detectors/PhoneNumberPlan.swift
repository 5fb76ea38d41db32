import Bytes

/// Which digits of a phone number stay, which mark it as made up, and what its digits are whichever way it is written.
///
/// `+1 212 736 5000`, `001-212-736-5000`, `1-212-736-5000` and `(212) 736-5000` are one number, and so are
/// `+44 20 7946 0958`, `0044 20 7946 0958` and `+44 (0)20 7946 0958`. A number with a leading 0 alone does not say of
/// which country it is.
struct PhoneNumberPlan {
    /// The digits with the code of the country, if that is known, and without an extension.
    private(set) var number = DigitList()
    /// How many of the number's digits stay at the front: the country code.
    private(set) var kept = 0
    /// The digits that come next in a pseudonym.
    private(set) var mark: StaticString = ""
    /// Where the extension starts; the length of the text where there is none.
    private(set) var extensionStart: Int
    /// How many digits of the text come before those of the number: `00`.
    private(set) var skipped = 0
    /// How many digits of the number are not in the text: the `1` of a national number in North America.
    private(set) var added = 0
    /// Which digit of the text is a 0 in parentheses, and not dialled from abroad.
    private(set) var trunkZero: Int?

    /// Reads a number in international or national notation.
    init(_ text: Span<UInt8>) {
        extensionStart = text.count
        var digits = DigitList()
        var isInternational = false
        for index in text.indices {
            let byte = text[index]
            if byte.isASCIIDigit {
                if byte == 0x30, text.byte(index &- 1) == 0x28, text.byte(index &+ 1) == 0x29,
                    digits.count > 0
                {
                    trunkZero = trunkZero ?? digits.count
                }
                guard digits.count < DigitList.capacity else { break }
                digits.append(Int(byte &- 0x30))
            } else if byte == 0x2B, digits.count == 0 {
                isInternational = true
            } else if byte | 0x20 == 0x78 || byte == 0x23 {
                extensionStart = index
                break
            }
        }
        if !isInternational, digits.count >= 10, digits[0] == 0, digits[1] == 0, digits[2] != 0 {
            skipped = 2
            isInternational = true
        }
        let first = skipped
        let isNorthAmerican =
            !isInternational && digits.count == 10 && digits[0] >= 2 && digits[3] >= 2
        if isNorthAmerican {
            added = 1
            number.append(1)
        }
        if !isInternational { trunkZero = nil }
        for index in first..<Swift.max(first, digits.count) where index != trunkZero {
            number.append(digits[index])
        }
        guard number.count >= 5 else { return }
        if isInternational {
            kept = Self.countryCodeLength(number)
            mark = number[0] == 1 ? "555" : "00"
        } else if number.count == 11, number[0] == 1 {
            kept = 1
            mark = "555"
        } else {
            mark = number[0] == 0 ? "000" : "555"
        }
    }

    /// Which digit of the number the digit of the text at `position` is; `nil` for one that stays as it is.
    func place(of position: Int) -> Int? {
        if position < skipped || position == trunkZero { return nil }
        let before = trunkZero.map { $0 < position ? 1 : 0 } ?? 0
        return position &- skipped &- before &+ added
    }

    /// The length of a country code, by its first two digits (ITU-T E.164, list of assigned codes).
    private static func countryCodeLength(_ number: DigitList) -> Int {
        switch number[0] {
        case 1, 7: return 1
        case 2: return number[1] == 0 || number[1] == 7 ? 2 : 3
        case 3: return number[1] == 5 || number[1] == 7 || number[1] == 8 ? 3 : 2
        case 4: return number[1] == 2 ? 3 : 2
        case 5: return number[1] == 0 || number[1] == 9 ? 3 : 2
        case 6: return number[1] <= 6 ? 2 : 3
        case 8: return number[1] == 1 || number[1] == 2 || number[1] == 4 || number[1] == 6 ? 2 : 3
        case 9: return number[1] == 6 || number[1] == 7 || number[1] == 9 ? 3 : 2
        default: return 0
        }
    }

    /// Whether the digits at the mark are those of a pseudonym.
    static func isMarked(_ text: Span<UInt8>) -> Bool {
        let plan = PhoneNumberPlan(text)
        guard plan.number.count >= 5 else { return false }
        for index in 0..<plan.mark.utf8CodeUnitCount where plan.kept &+ index < plan.number.count {
            if plan.number[plan.kept &+ index] != Int(plan.mark.utf8Start[index] &- 0x30) { return false }
        }
        return true
    }
}
