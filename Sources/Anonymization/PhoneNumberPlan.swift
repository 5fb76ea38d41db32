import Bytes

/// Which digits of a phone number stay, and which mark it as made up.
struct PhoneNumberPlan {
    /// All digits.
    private(set) var digits = 0
    /// How many digits stay at the front: country code, prefix.
    private(set) var kept = 0
    /// The digits that come next.
    private(set) var mark: StaticString = ""

    /// Reads a number in international or national notation.
    init(_ text: Span<UInt8>) {
        var first: [5 of UInt8] = .init(repeating: 0xFF)
        for index in text.indices where text[index].isASCIIDigit {
            if digits < 5 { first[digits] = text[index] &- 0x30 }
            digits &+= 1
        }
        guard digits >= 5 else { return }
        if Self.isInternational(text) {
            kept = Self.countryCodeLength(first)
            mark = first[0] == 1 ? "555" : "00"
        } else if digits == 11, first[0] == 1 {
            kept = 1
            mark = "555"
        } else if digits >= 13, first[0] == 0, first[1] == 0, first[2] == 1 {
            kept = 3
            mark = "555"
        } else {
            mark = first[0] == 0 ? "000" : "555"
        }
    }

    private static func isInternational(_ text: Span<UInt8>) -> Bool {
        for index in text.indices where text[index].isASCIIDigit || text[index] == 0x2B {
            return text[index] == 0x2B
        }
        return false
    }

    /// The length of a country code, by its first two digits (ITU-T E.164, list of assigned codes).
    private static func countryCodeLength(_ first: [5 of UInt8]) -> Int {
        switch first[0] {
        case 1, 7: return 1
        case 2: return first[1] == 0 || first[1] == 7 ? 2 : 3
        case 3: return first[1] == 5 || first[1] == 7 || first[1] == 8 ? 3 : 2
        case 4: return first[1] == 2 ? 3 : 2
        case 5: return first[1] == 0 || first[1] == 9 ? 3 : 2
        case 6: return first[1] <= 6 ? 2 : 3
        case 8: return first[1] == 1 || first[1] == 2 || first[1] == 4 || first[1] == 6 ? 2 : 3
        case 9: return first[1] == 6 || first[1] == 7 || first[1] == 9 ? 3 : 2
        default: return 0
        }
    }

    /// Whether the digits at the mark are those of a pseudonym.
    static func isMarked(_ text: Span<UInt8>) -> Bool {
        let plan = PhoneNumberPlan(text)
        guard plan.digits >= 5 else { return false }
        var position = 0
        for index in text.indices where text[index].isASCIIDigit {
            let place = position &- plan.kept
            if place >= plan.mark.utf8CodeUnitCount { return true }
            if place >= 0, text[index] != plan.mark.utf8Start[place] { return false }
            position &+= 1
        }
        return true
    }
}
