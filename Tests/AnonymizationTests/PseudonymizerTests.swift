import Anonymization
import Bytes
import Packets
import SeededRandom
import Testing

@Suite struct PseudonymizerTests {
    private func pseudonym(_ kind: PseudonymKind, _ value: String, key: PseudonymKey = .fixed) -> String {
        var pseudonymizer = Pseudonymizer(key: key)
        var output: [UInt8] = []
        pseudonymizer.append(kind, of: Array(value.utf8).span, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    @Test(arguments: [
        (PseudonymKind.email, "Ada.Lovelace+x1@analytical.example.net", "@.*\\.example\\.(com|net|org)"),
        // A domain too short for the longer reserved ones.
        (.email, "ada@gmail.com", "[a-z]{3}@[a-z]{4}\\.test"),
        (.card, "4929 1234 5678 9015", "4242 42\\d\\d \\d{4} \\d{4}"),
        (.card, "371449635398431", "378282\\d{9}"),
        (.phone, "+44 20 7946 0958", "\\+44 00 \\d{4} \\d{4}"),
        (.phone, "+1 (212) 736-5000", "\\+1 \\(555\\) \\d{3}-\\d{4}"),
        (.phone, "212-736-5000x77", "555-\\d{3}-\\d{4}x\\d\\d"),
        (.name, "Ada King-Noel", "[A-Z][a-z]{2} [A-Z][a-z]{3}-[A-Z][a-z]{3}"),
        // A letter beyond ASCII stays one, in as many bytes.
        (.name, "Łukasz Ö", "[^a-zA-Z]+[a-z]{5} [^a-zA-Z]+"),
        (.digits, "120-034", "[1-9]\\d\\d-\\d{3}"),
        (.date, "1815-12-10T00:00", "(19\\d\\d|200[0-3])-(0[1-9]|1[0-2])-(0[1-9]|1[0-2])T00:00"),
        (.date, "10.12.1815", "(0[1-9]|1[0-2])\\.(0[1-9]|1[0-2])\\.(19|20)\\d\\d"),
        (.nationalID, "536-90-4399", "000-\\d\\d-\\d{4}"),
        (.iban, "GB82 WEST 1234 5698 7654 32", "GB\\d\\d XXXX \\d{4} \\d{4} \\d{4} \\d\\d"),
        (.credential, "Tr0ub4dor&3", "Xxxx[a-z]\\d[a-z]{3}&\\d"),
        (.credential, "918273", "0000\\d\\d"),
        (.token, "sk_live_4eC39HqLyjWDarjtT1", "sk_live_xxXx\\d[A-Z][a-z][A-Z][0-9A-Za-z]{10}"),
        (
            .jwt, "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2ln",
            "eyJhbGciOiJIUzI1NiJ9\\.xxXx[A-Za-z]{14}\\.xxxx"
        ),
    ])
    func shapeAndLength(kind: PseudonymKind, value: String, pattern: String) throws {
        let made = pseudonym(kind, value)
        let regex = try Regex(kind == .email && pattern.first == "@" ? ".*" + pattern : pattern)
        #expect(made.wholeMatch(of: regex) != nil, "\(made)")
        #expect(made.utf8.count == value.utf8.count, "\(made)")
        #expect(made != value)
        #expect(made == pseudonym(kind, value), "the same in another run")
    }

    @Test func anotherKeyMakesAnother() throws {
        let other = try #require(PseudonymKey([UInt8](repeating: 9, count: 32)))
        for (kind, value) in [(PseudonymKind.email, "ada.lovelace@navy.mil"), (.card, "4929123456789015")] {
            #expect(pseudonym(kind, value) != pseudonym(kind, value, key: other))
        }
        #expect(other.id != PseudonymKey.fixed.id && other.id.count == 16)
        #expect(!"\(other)".contains("9, 9"))
        #expect(PseudonymKey([1, 2, 3]) == nil)
    }

    @Test func letterCaseDoesNotTellAddressesApart() {
        #expect(pseudonym(.email, "ADA@NAVY.mil").lowercased() == pseudonym(.email, "ada@navy.mil"))
        let (first, second) = (pseudonym(.email, "a@corp.com"), pseudonym(.email, "b@corp.com"))
        #expect(first.drop { $0 != "@" } == second.drop { $0 != "@" }, "one domain stays one")
    }

    @Test func aFullNameConsistsOfItsParts() {
        #expect(
            pseudonym(.name, "Grace Hopper") == pseudonym(.name, "Grace") + " " + pseudonym(.name, "Hopper")
        )
    }

    /// How many leading bits two addresses share.
    private func shared(_ first: IPAddress, _ second: IPAddress) -> Int {
        let difference = first.high ^ second.high
        if !first.isIPv4, difference != 0 { return difference.leadingZeroBitCount }
        let low = (first.low ^ second.low).leadingZeroBitCount
        return first.isIPv4 ? low - 32 : 64 + low
    }

    @Test func addressesKeepTheirPrefixes() {
        var pseudonymizer = Pseudonymizer(key: .fixed)
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<500 {
            let first = UInt32(truncatingIfNeeded: generator.next())
            let bit = UInt32.random(in: 0..<16, using: &generator)
            let pair = [IPAddress(ipv4: first), IPAddress(ipv4: first ^ 1 << bit)]
            let made = pair.map { pseudonymizer.pseudonym(of: $0) }
            #expect(made[0].low >> 24 == 10 && made[0].isIPv4)
            #expect(shared(made[0], made[1]) == shared(pair[0], pair[1]))
        }
        for _ in 0..<50 {
            let (high, low) = (generator.next(), generator.next())
            let bit = UInt64.random(in: 0..<48, using: &generator)
            let pair = [
                IPAddress(ipv6High: high, low: low), IPAddress(ipv6High: high ^ 1 << bit, low: low),
            ]
            let made = pair.map { pseudonymizer.pseudonym(of: $0) }
            #expect(made[0].high >> 56 == 0xFD)
            #expect(shared(made[0], made[1]) == shared(pair[0], pair[1]))
        }
    }

    @Test func networksThatShareAPseudonymAreCounted() {
        var pseudonymizer = Pseudonymizer(key: .fixed)
        var networks: Set<UInt64> = []
        for network in 0..<300 as Range<UInt32> {
            for _ in 0..<2 {
                networks.insert(pseudonymizer.pseudonym(of: IPAddress(ipv4: network << 16 | 5)).low >> 16)
            }
        }
        #expect(pseudonymizer.addressCollisions == UInt64(300 - networks.count))
        #expect(pseudonymizer.addressCollisions >= 44, "300 networks have 256 places")
    }

    @Test func allDigitsAndLettersOccur() {
        var seen: Set<Character> = []
        for number in 0..<200 { seen.formUnion(pseudonym(.email, "user\(number)@corp.com")) }
        #expect(seen.count >= 36 + 2, "letters, digits, the sign and the point")
    }
}
