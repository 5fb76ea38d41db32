import Anonymization
import SeededRandom
import Testing

/// Values drawn from a seed, in all the places of a text: every one that is right is found, and those with a wrong check are not.
@Suite struct DetectorPropertyTests {
    /// Text before and behind a value.
    private static let places = [
        ("", ""), ("see ", ""), ("", " as well"), ("(", ")"), ("\"", "\""), ("a: ", ", b"),
        ("first\n", "\nlast"), ("x=", "&y=1"),
        ("Value ", "."), ("Value ", "!"), ("is it ", "?"), ("[", "]"), ("<b>", "</b>"), ("tab\t", "\tend"),
        ("é ", " é"),
        ("now; ", "; then"), ("one, ", ", two"), ("'", "'"), ("{", "}"), ("und dann ", " – so"),
    ]

    private static func digits(_ count: Int, _ generator: inout SeededGenerator) -> [Int] {
        (0..<count).map { _ in Int.random(in: 0...9, using: &generator) }
    }

    private static func luhn(_ digits: [Int]) -> Int {
        digits.reversed().enumerated().reduce(0) { sum, each in
            let doubled = each.offset % 2 == 0 ? each.element * 2 : each.element
            return sum + doubled / 10 + doubled % 10
        }
    }

    private static func card(_ generator: inout SeededGenerator, isRight: Bool = true) -> String {
        let brands: [(prefix: [Int], length: Int)] = [
            ([4], 16), ([5, 1], 16), ([5, 5], 16), ([3, 4], 15), ([3, 7], 15), ([6, 0, 1, 1], 16),
            ([3, 5, 3, 0], 16), ([3, 6], 14),
            ([2, 2, 2, 1], 16), ([6, 2, 5], 16),
        ]
        let brand = brands.randomElement(using: &generator) ?? brands[0]
        var number = brand.prefix + digits(brand.length - brand.prefix.count - 1, &generator)
        let check = (10 - luhn(number) % 10) % 10
        number.append(isRight ? check : (check + Int.random(in: 1...9, using: &generator)) % 10)
        let sign = ["", " ", "-"].randomElement(using: &generator) ?? ""
        return number.enumerated().map { $0 > 0 && $0 % 4 == 0 ? "\(sign)\($1)" : "\($1)" }.joined()
    }

    private static func iban(_ generator: inout SeededGenerator, isRight: Bool = true) -> String {
        let countries = [
            ("DE", 18), ("FR", 23), ("NL", 14), ("ES", 20), ("NO", 11), ("MT", 27), ("PL", 24), ("GB", 18),
            ("BE", 12),
        ]
        let (country, length) = countries.randomElement(using: &generator) ?? countries[0]
        let alphabet = Array(country == "GB" || country == "NL" ? "ABCDEFGHIJKLMNOPQRSTUVWXYZ" : "0123456789")
        var account = (0..<4).map { _ in String(alphabet.randomElement(using: &generator) ?? "0") }.joined()
        account += digits(length - 4, &generator).map(String.init).joined()
        var remainder = 0
        for character in account + country + "00" {
            let value = character.wholeNumberValue ?? Int((character.asciiValue ?? 0) - 55)
            remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97
        }
        var check = 98 - remainder
        if !isRight { check = check == 98 ? 2 : check + 1 }
        let compact = country + (check < 10 ? "0" : "") + "\(check)" + account
        // Between blanks, digits that are no account's could be a card's.
        guard isRight, Bool.random(using: &generator) else { return compact }
        return compact.enumerated().map { $0 > 0 && $0 % 4 == 0 ? " \($1)" : "\($1)" }.joined()
    }

    private static func hex(_ count: Int, _ generator: inout SeededGenerator) -> String {
        (0..<count).map { _ in String(Array("0123456789abcdef").randomElement(using: &generator) ?? "0") }
            .joined()
    }

    private static func letters(_ count: Int, _ generator: inout SeededGenerator) -> String {
        (0..<count).map { _ in
            String(Array("abcdefghijklmnopqrstuvwxyz").randomElement(using: &generator) ?? "a")
        }.joined()
    }

    private static func value(of kind: PseudonymKind, _ generator: inout SeededGenerator) -> String {
        func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
        switch kind {
        case .email:
            let name = letters(number(1...12), &generator)
            return
                "\(name)\(number(0...99))@\(letters(number(2...9), &generator)).\(["com", "co.uk", "рф", "xn--p1ai"][number(0...3)])"
        case .card: return card(&generator)
        case .iban: return iban(&generator)
        case .phone:
            let area = "\(number(2...9))\(number(10...99))"
            let rest = "\(number(200...999))-\(number(1000...9999))"
            return [
                "+1 \(area) \(rest)", "(\(area)) \(rest)", "\(area)-\(rest)",
                "+49 30 \(number(100_000...9_999_999))",
            ][number(0...3)]
        case .ip:
            return Bool.random(using: &generator)
                ? "\(number(11...126)).\(number(0...255)).\(number(0...255)).\(number(1...254))"
                : "2001:db8:\(hex(3, &generator))::1\(hex(3, &generator))"
        case .mac:
            let sign = Bool.random(using: &generator) ? ":" : "-"
            return "a" + hex(1, &generator) + (0..<5).map { _ in sign + hex(2, &generator) }.joined()
        case .nationalID: return "\(number(100...665))-\(number(10...99))-\(number(1000...9999))"
        case .jwt: return "eyJhbGciOiJIUzI1NiJ9.eyJ\(letters(20, &generator)).\(letters(43, &generator))"
        default: return "ghp_" + hex(36, &generator)
        }
    }

    @Test(arguments: [
        PseudonymKind.email, .card, .iban, .phone, .ip, .mac, .nationalID, .jwt, .token,
    ])
    func rightValuesAreFound(kind: PseudonymKind) throws {
        var anonymizer = try TextAnonymizer()
        var generator = SeededGenerator(seed: 21 + UInt64(kind.rawValue))
        for round in 0..<300 {
            let (before, behind) = Self.places[round % Self.places.count]
            let value = Self.value(of: kind, &generator)
            let output = anonymizer.output(before + value + behind)
            #expect(!output.contains(value), "\(before + value + behind)")
            #expect(output.hasPrefix(before) && output.hasSuffix(behind), "\(output)")
            #expect(anonymizer.audit[kind] == UInt64(round + 1), "\(before + value + behind): \(output)")
        }
    }

    @Test func wrongChecksStay() throws {
        var anonymizer = try TextAnonymizer()
        var generator = SeededGenerator(seed: 31)
        for round in 0..<400 {
            let (before, behind) = Self.places[round % Self.places.count]
            let value =
                round % 2 == 0 ? Self.card(&generator, isRight: false) : Self.iban(&generator, isRight: false)
            let text = before + value + behind
            let output = anonymizer.output(text)
            #expect(output == text, "\(value)")
        }
    }
}
