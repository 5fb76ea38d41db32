import Anonymization
import Bytes
import SeededRandom
import Testing

/// One value has one pseudonym however it is written, and values that differ have different ones as far as there is room.
@Suite struct PseudonymJoinTests {
    private func made(_ kind: PseudonymKind, _ value: String, by pseudonymizer: inout Pseudonymizer) -> String
    {
        var output: [UInt8] = []
        pseudonymizer.append(kind, of: Array(value.utf8).span, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    /// What is left of pseudonyms without what writers add.
    private func compact(_ text: String) -> String {
        text.lowercased().filter { $0.isLetter || $0.isNumber || $0 == "@" }
    }

    @Test(arguments: [
        (PseudonymKind.card, ["4929 1234 5678 9015", "4929-1234-5678-9015", "4929123456789015"]),
        (.iban, ["GB82 WEST 1234 5698 7654 32", "GB82WEST12345698765432"]),
        (.email, ["ada@Navy.MIL", "ada@navy.mil", "ADA@navy.mil"]),
        (.phone, ["+44 20 7946 0958", "+442079460958", "+44-20-7946-0958"]),
        (.phone, ["+1 212 736 5000", "+1 (212) 736-5000", "1-212-736-5000"]),
        (.phone, ["(212) 736-5000", "212.736.5000", "2127365000"]),
        (.mac, ["00:1b:44:11:3a:b7", "00-1B-44-11-3A-B7", "001b.4411.3ab7"]),
        (.uuid, ["59ED1DCB-046F-47D9-AE00-5F3B2D57E4ED", "59ed1dcb-046f-47d9-ae00-5f3b2d57e4ed"]),
        (.nationalID, ["536-90-4399", "536 90 4399", "536904399"]), (.digits, ["120-034", "120034"]),
        (.coordinates, ["52.5200", "52.5200"]),
    ])
    func spellingsJoin(kind: PseudonymKind, spellings: [String]) {
        var pseudonymizer = Pseudonymizer(key: .fixed)
        let found = Set(spellings.map { compact(made(kind, $0, by: &pseudonymizer)) })
        #expect(found.count == 1, "\(found)")
        #expect(pseudonymizer.collisions(kind) == 0)
    }

    /// The digits of a subscriber are the same behind `+1` and `001`, with and without the country.
    @Test(arguments: [
        ["+1 212 736 5000", "001-212-736-5000", "1 212 736 5000", "(212) 736-5000"],
        ["+44 20 7946 0958", "0044 20 7946 0958", "+44 (0)20 7946 0958"],
    ])
    func phoneNumbersJoinAcrossPrefixes(spellings: [String]) {
        var pseudonymizer = Pseudonymizer(key: .fixed)
        let ends = Set(spellings.map { compact(made(.phone, $0, by: &pseudonymizer)).suffix(7) })
        #expect(ends.count == 1, "\(ends)")
    }

    @Test func anExtensionIsNotAPartOfTheNumber() {
        var pseudonymizer = Pseudonymizer(key: .fixed)
        let whole = made(.phone, "212-736-5000", by: &pseudonymizer)
        #expect(made(.phone, "212-736-5000x77", by: &pseudonymizer).hasPrefix(whole + "x"))
    }

    @Test func uuidsKeepVersionAndVariant() {
        var pseudonymizer = Pseudonymizer(key: .fixed)
        for (version, variant) in [("1", "8"), ("4", "a"), ("7", "b"), ("4", "c"), ("0", "0")] {
            let uuid = made(
                .uuid,
                "59ed1dcb-046f-\(version)7d9-\(variant)e00-5f3b2d57e4ed",
                by: &pseudonymizer
            )
            let pattern = variant == "c" || variant == "0" ? variant : "[89ab]"
            let regex = try? Regex(
                "facade[0-9a-f]{2}-[0-9a-f]{4}-\(version)[0-9a-f]{3}-\(pattern)[0-9a-f]{3}-[0-9a-f]{12}"
            )
            #expect(regex.flatMap { uuid.wholeMatch(of: $0) } != nil, "\(uuid)")
        }
    }

    @Test(arguments: [
        (PseudonymKind.mac, "00:1b:44:11:3a:b7", "02:00(:[0-9a-f]{2}){4}"),
        (.mac, "AA-BB-CC-DD-EE-FF", "02-00(-[0-9A-F]{2}){4}"),
        (.bic, "DEUTDEFF500", "[A-Z]{4}DE[A-Z]0500"), (.bic, "DEUTDEFF", "[A-Z]{4}DE[A-Z]0"),
        (.coordinates, "52.520008, -133.404954", "[1-8]\\d\\.\\d{6}, -1[0-7]\\d\\.\\d{6}"),
        (.coordinates, "7.5", "\\d\\.\\d"),
        (.address, "12 Elm Street, Apt. 7", "[1-9]\\d [A-Z][a-z]{2} Street, Apt\\. [1-9]"),
        // Names stay in their script.
        (.name, "Иван Петров", "[А-Я][а-я]{3} [А-Я][а-я]{5}"), (.name, "Γιώργος", "[Α-Ω][α-ω]{6}"),
        (.name, "山田 太郎", "[\\u{4E00}-\\u{9FFF}]{2} [\\u{4E00}-\\u{9FFF}]{2}"),
        (.name, "さくら", "[\\u{3041}-\\u{3096}]{3}"),
        (.name, "ハルカ", "[\\u{30A1}-\\u{30FA}]{3}"), (.name, "김민준", "[\\u{AC00}-\\u{D7A3}]{3}"),
        (.name, "דוד כהן", "[\\u{5D0}-\\u{5EA}]{3} [\\u{5D0}-\\u{5EA}]{3}"),
        (.name, "محمد", "[\\u{620}-\\u{64A}]{4}"),
    ])
    func formsStay(kind: PseudonymKind, value: String, pattern: String) throws {
        var pseudonymizer = Pseudonymizer(key: .fixed)
        let pseudonym = made(kind, value, by: &pseudonymizer)
        #expect(pseudonym.wholeMatch(of: try Regex(pattern)) != nil, "\(pseudonym)")
        #expect(pseudonym != value && pseudonym.utf8.count == value.utf8.count)
    }

    /// A real name is never the pseudonym of another one, or the audit could not tell them apart.
    @Test func noPseudonymIsAKnownName() {
        var pseudonymizer = Pseudonymizer(key: .fixed)
        let known: Set<String> = [
            "david", "boris", "simon", "nina", "tina", "roman", "milan", "sara", "lisa", "paul", "tim", "kim",
            "tom", "dan", "ron",
        ]
        for number in 0..<9000 {
            let value = String(repeating: "q", count: 3 + number % 3) + " \(number)"
            let word = made(.text, value, by: &pseudonymizer).split(separator: " ").first ?? ""
            #expect(!known.contains(String(word)))
        }
    }

    /// For each kind, how many pseudonyms there are for values of one form: with n values, no more than about n²/2N pairs share one.
    @Test(
        arguments: [
            (PseudonymKind.email, 1.7e6), (.card, 1e9), (.phone, 1e7), (.name, 140_608), (.text, 140_608),
            (.digits, 9e6),
            (.nationalID, 1e6), (.iban, 1e14), (.token, 1e12), (.credential, 1e9), (.mac, 4.2e9),
            (.uuid, 1e20), (.bic, 1.1e7),
            (.coordinates, 8e7), (.jwt, 1e20), (.date, 9216),
        ] as [(PseudonymKind, Double)]
    )
    func collisionsAreCountedAndFew(kind: PseudonymKind, room: Double) {
        var pseudonymizer = Pseudonymizer(key: .fixed)
        var generator = SeededGenerator(seed: 5)
        var seen: Set<String> = []
        var values: Set<String> = []
        let count = 2000
        while values.count < count {
            let value = Self.value(of: kind, &generator)
            guard values.insert(value).inserted else { continue }
            seen.insert(made(kind, value, by: &pseudonymizer))
        }
        let collisions = count - seen.count
        let expected = Double(count) * Double(count) / 2 / room
        // Five standard deviations of a count with this mean.
        #expect(
            Double(collisions) <= expected + 5 * expected.squareRoot() + 1,
            "\(collisions) of \(expected)"
        )
        #expect(pseudonymizer.collisions(kind) == UInt64(collisions))
    }

    private static func value(of kind: PseudonymKind, _ generator: inout SeededGenerator) -> String {
        func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
        func word(_ count: Int) -> String {
            String((0..<count).map { _ in Array("abcdefghijklmnopqrstuvwxyz")[number(0...25)] })
        }
        func hex(_ count: Int) -> String {
            String((0..<count).map { _ in Array("0123456789abcdef")[number(0...15)] })
        }
        switch kind {
        case .email: return "\(word(3))\(number(10...99))@navy.mil"
        case .card: return Self.card(number(100_000_000...999_999_999))
        case .phone: return "+1212\(number(2_000_000...9_999_999))"
        case .name, .text: return word(6)
        case .digits: return "\(number(1_000_000...9_999_999))"
        case .nationalID: return "\(number(100...899))-\(number(10...99))-\(number(1000...9999))"
        case .iban: return Self.iban(number(100_000_000...999_999_999))
        case .token: return "ghp_" + hex(36)
        case .credential: return word(12)
        case .mac: return hex(12)
        case .uuid: return "\(hex(8))-\(hex(4))-4\(hex(3))-a\(hex(3))-\(hex(12))"
        case .bic: return word(4).uppercased() + "DE" + word(2).uppercased()
        case .coordinates: return "\(number(10...89)).\(number(100_000...999_999))"
        case .date: return "\(number(1940...2003))-\(number(10...12))-\(number(10...28))"
        default: return "eyJhbGciOiJIUzI1NiJ9.\(word(30)).\(word(30))"
        }
    }

    private static func card(_ middle: Int) -> String {
        let front = "492912\(middle)"
        let sum = front.reversed().enumerated().reduce(0) { sum, each in
            let digit = each.element.wholeNumberValue ?? 0
            let doubled = each.offset % 2 == 0 ? digit * 2 : digit
            return sum + doubled / 10 + doubled % 10
        }
        return front + "\((10 - sum % 10) % 10)"
    }

    private static func iban(_ account: Int) -> String {
        let rest = "500105170\(account)"
        let remainder = (rest + "131400").reduce(0) { ($0 * 10 + ($1.wholeNumberValue ?? 0)) % 97 }
        let check = 98 - remainder
        return "DE\(check < 10 ? "0" : "")\(check)\(rest)"
    }
}
