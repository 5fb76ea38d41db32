import Bytes
import LoadPlans
import SeededRandom
import Testing

@Suite struct CanaryTests {
    private static let mint = CanaryMint(seed: 7, start: 1_700_000_000_000_000_000)

    private static func found(_ text: String, by mint: CanaryMint = mint) -> Set<CanaryMint.Sighting> {
        mint.sightings(in: Array(text.utf8).span)
    }

    /// Owners up to the last that is told apart, numbers beyond what fits.
    @Test(arguments: CanaryMint.Kind.allCases, [0, 1, 31, 32, 1_023])
    func whatIsPlantedIsFound(_ kind: CanaryMint.Kind, _ owner: Int) {
        for number: UInt64 in [0, 1, 34_359_738_367, .max] {
            let value = Self.mint.value(kind, owner: owner, number: number)
            #expect(value.utf8.count == CanaryMint.length)
            #expect(value.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) })
            let expected: Set = [CanaryMint.Sighting(kind: kind, owner: owner)]
            #expect(Self.found(value) == expected)
            #expect(Self.found("{\"a\":\"z\(value)z\"}") == expected)
            #expect(Self.found("zqzqzq\(value)") == expected)
        }
    }

    /// No two questions plant the same.
    @Test func valuesDiffer() {
        let values = (0..<100).map { Self.mint.value(.data, owner: 1, number: UInt64($0)) }
        #expect(Set(values).count == 100)
        #expect(
            Self.mint.value(.data, owner: 5_000, number: 1) == Self.mint.value(.data, owner: 1_023, number: 1)
        )
    }

    @Test func severalAreToldApart() {
        let text =
            (1...3).map { Self.mint.value(.data, owner: $0, number: 9) }.joined()
            + Self.mint.value(.secret, owner: 2, number: 1)
        #expect(Self.found(text).count == 4)
        #expect(Self.found(text + text).count == 4)
    }

    /// Nothing, what is not this run's, and what only begins like a value.
    @Test(arguments: [
        "", "z", "zq", "zqzqzqzqzqzqzqzqzqzqzq",
        CanaryMint(seed: 8, start: 1_700_000_000_000_000_000).value(.secret, owner: 1, number: 1),
        CanaryMint(seed: 7, start: 1_700_000_000_000_000_001).value(.secret, owner: 1, number: 1),
        String(mint.value(.data, owner: 1, number: 1).prefix(9)),
    ])
    func whatIsNoneIsNotFound(_ text: String) {
        #expect(Self.found(text).isEmpty)
    }

    /// A value whose end was cut off is as bad as a whole one.
    @Test func whatIsCutShortIsFound() {
        let value = Self.mint.value(.data, owner: 3, number: 1)
        #expect(Self.found(String(value.prefix(13))) == [CanaryMint.Sighting(kind: .data, owner: 3)])
        #expect(Self.found(String(value.prefix(10))) == [CanaryMint.Sighting(kind: .secret, owner: 0)])
        #expect(Self.found(value.prefix(10) + "!!!") == [CanaryMint.Sighting(kind: .secret, owner: 0)])
    }

    /// Whatever bytes there are, pieces of a value among them: nothing traps, and what is found in a part is found in the
    /// whole.
    @Test func anyBytesCanBeSearched() {
        var generator = SeededGenerator(seed: 20_240_501)
        let value = Array(Self.mint.value(.data, owner: 5, number: 99).utf8)
        for _ in 0..<2_000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int(generator.next() % 6) {
                if generator.next() % 2 == 0 {
                    let start = Int(generator.next() % UInt64(value.count))
                    bytes += value[start..<(start + Int(generator.next() % UInt64(value.count - start + 1)))]
                } else {
                    bytes += (0..<Int(generator.next() % 9)).map { _ in UInt8(generator.next() % 256) }
                }
            }
            let whole = Self.mint.sightings(in: bytes.span)
            let doubled = Self.mint.sightings(in: (bytes + [0x0A] + bytes).span)
            #expect(doubled == whole)
        }
    }

    // MARK: Other codings

    private static func isSuspected(_ text: String, by mint: CanaryMint = mint) -> Bool {
        mint.mayBeCoded(in: Array(text.utf8).span)
    }

    /// Whatever stands before it: base64 has three alignments.
    @Test(arguments: ["", "a", "ab", "abc", "token:"], ["", "=", "\"}", "~~~~"])
    func codedValuesAreSuspected(_ before: String, _ behind: String) {
        for kind in CanaryMint.Kind.allCases {
            let value = Self.mint.value(kind, owner: 3, number: 77)
            let text = before + value + behind
            for (coded, what) in [
                (Self.base64(text), "base64"), (Self.hexadecimal(text, "0123456789abcdef"), "hexadecimal"),
                (Self.hexadecimal(text, "0123456789ABCDEF"), "hexadecimal in capitals"),
                (text.utf8.map { "%" + Self.hexadecimal($0) }.joined(), "percent"),
                (text.utf8.map { "\\u00" + Self.hexadecimal($0) }.joined(), "JSON"),
                (text.utf8.map { "\\x" + Self.hexadecimal($0) }.joined(), "C"),
                (text.utf8.map { "&#\($0);" }.joined(), "references"),
            ] {
                #expect(Self.isSuspected(#"{"a":"\#(coded)"}"#), "\(what)")
                // Of another run it is none; escapes of letters alone are always looked behind.
                let other = CanaryMint(seed: 8, start: 1)
                let isEscaped = coded.contains("%") || coded.contains("\\") || coded.contains("&")
                #expect(Self.isSuspected(coded, by: other) == isEscaped, "\(what)")
            }
            #expect(Self.isSuspected(text.map { "\0\($0)" }.joined()))
            #expect(Self.found(value.uppercased()) == [CanaryMint.Sighting(kind: kind, owner: 3)])
        }
    }

    /// Under load nearly everything is like this, and is not looked behind.
    @Test(arguments: [
        "", "%", "%4", "%zz", "\\", "\\u", "\\u00", "\\u00e9", "\\n\\t\\\"", "&", "a=1&b=%20%2F%C3%A9",
        #"{"run_id":"run_5f2c","status":"queued","at":"2026-03-01T00:00:00Z","hash":"00ff17"}"#,
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl", "x+y/z==", "\u{1F}\u{8B}", "x\u{9C}",
    ])
    func otherTextIsNotSuspected(_ text: String) {
        #expect(!Self.isSuspected(text))
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }

    private static func hexadecimal(_ text: String, _ digits: String) -> String {
        let digits = Array(digits)
        return text.utf8.map { "\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }.joined()
    }

    private static func base64(_ text: String) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var bits: [UInt8] = []
        for byte in text.utf8 { for place in (0..<8).reversed() { bits.append(byte >> UInt8(place) & 1) } }
        while bits.count % 6 != 0 { bits.append(0) }
        var coded = ""
        for start in stride(from: 0, to: bits.count, by: 6) {
            coded.append(alphabet[Int(bits[start..<start + 6].reduce(0) { $0 << 1 | $1 })])
        }
        while coded.count % 4 != 0 { coded += "=" }
        return coded
    }

    // MARK: Who may see what

    private struct Row: Sendable {
        var kind: CanaryMint.Kind
        var owner: Int
        var reader: String?
        var isFound: Bool
    }

    private static let rows = [
        Row(kind: .data, owner: 1, reader: "a", isFound: false),
        Row(kind: .data, owner: 1, reader: "b", isFound: true),
        // Nobody is not the owner.
        Row(kind: .data, owner: 1, reader: "", isFound: true),
        // A reader who is not known may be the owner.
        Row(kind: .data, owner: 1, reader: nil, isFound: false),
        // Nobody may see a secret, not even its owner.
        Row(kind: .secret, owner: 1, reader: "a", isFound: true),
        Row(kind: .secret, owner: 1, reader: nil, isFound: true),
        // An owner that no tenant is.
        Row(kind: .data, owner: 0, reader: "a", isFound: true),
        Row(kind: .data, owner: 77, reader: "a", isFound: true),
    ]

    @Test(arguments: rows) private func dataMayBeSeenByItsOwner(_ row: Row) {
        var tally = CanaryTally()
        tally.plant(1)
        let sightings: Set = [CanaryMint.Sighting(kind: row.kind, owner: row.owner)]
        tally.search(sightings, bytes: 20, place: "GET /x", reader: row.reader, tenants: ["a", "b"])
        #expect((tally.found == 1) == row.isFound)
        #expect(tally.row.verdict == (row.isFound ? .fail : .pass))
        #expect(tally.sentences.isEmpty != row.isFound)
    }

    /// What was not done is no pass.
    @Test func aSearchThatWasNoneIsUnknown() {
        var tally = CanaryTally()
        #expect(tally.row.verdict == .unknown)
        tally.search([], bytes: 5, place: "p", reader: "a", tenants: ["a"])
        #expect(tally.row.verdict == .unknown)
        tally.plant(1)
        #expect(tally.row.verdict == .pass && tally.row.value == 0)
        tally.miss("what database shows")
        #expect(tally.row.verdict == .unknown && tally.row.value == nil)
        #expect(tally.sentences == ["what database shows could not be searched for planted values"])
        // Each once, and not without end.
        for number in 0..<(CanaryTally.limit + 50) {
            tally.miss("what database shows")
            tally.miss("p\(number)")
        }
        #expect(
            tally.unsearched.count == CanaryTally.limit && Set(tally.unsearched).count == CanaryTally.limit
        )
    }

    @Test func findingsAreBounded() {
        var tally = CanaryTally()
        let sightings: Set = [CanaryMint.Sighting(kind: .secret, owner: 1)]
        for number in 0..<(CanaryTally.limit + 50) {
            tally.search(sightings, bytes: 1, place: "p\(number)", reader: "a", tenants: ["a"])
        }
        #expect(tally.findings.count == CanaryTally.limit)
        #expect(tally.found == UInt64(CanaryTally.limit + 50))
    }
}
