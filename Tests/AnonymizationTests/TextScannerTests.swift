import Anonymization
import Bytes
import Messages
import SeededRandom
import Testing

/// Words of small letters are passed over in steps; what stands between them is found wherever it stands in a step.
@Suite struct TextScannerTests {
    private static let values: [(PseudonymKind, String)] = [
        (.email, "ada@navy.mil"), (.email, "a1.b@c-d.ee"), (.card, "4929 1234 5678 9015"),
        (.phone, "+44 20 7946 0958"), (.phone, "(212) 736-5000"), (.ip, "203.0.113.77"),
        (.ip, "2001:db8::77"),
        (.nationalID, "536-90-4399"), (.iban, "GB82 WEST 1234 5698 7654 32"),
        (.jwt, "eyJhbGciOiJIUzI1NiJ9.eyJpYXQiOjF9.c2ln"),
        // Parts without a capital or a digit: only the points tell it from words.
        (.jwt, "eyabcdefgh.ijklmnopq.rstuvwxyz"),
    ]

    /// Words with nothing in them, of lengths on both sides of a step, some that begin like keys and tokens.
    private static let words = [
        "a", "of", "sky", "eyes", "ghost", "skipper", "npmhfxox", "whsecretly", "glpatterns", "eyewitnesses",
        "skiesandspheresandships", "é", "—", "Zed", "x9", "it's",
    ]

    private func words(_ count: Int, _ generator: inout SeededGenerator) -> String {
        (0..<count).map { _ in Self.words[Int.random(in: 0..<Self.words.count, using: &generator)] }
            .joined(separator: " ")
    }

    @Test func valuesAreFoundAtEveryDistance() throws {
        var generator = SeededGenerator(seed: 11)
        for round in 0..<400 {
            let before = words(Int.random(in: 0...9, using: &generator), &generator)
            let after = words(Int.random(in: 0...9, using: &generator), &generator)
            let (kind, value) = Self.values[round % Self.values.count]
            let text = [before, value, after].filter { !$0.isEmpty }.joined(separator: " ")
            let message = try AnonymizedMessage(fields: ["Content-Type: text/plain"], body: Array(text.utf8))
            #expect(message.audit[kind] == 1, "\(text)")
            #expect(message.audit.counts.map(\.count).reduce(0, +) == 1, "\(text)")
            #expect(!message.bodyText.contains(value))
            #expect(message.bodyText.hasPrefix(before) && message.bodyText.hasSuffix(after), "\(text)")
        }
    }

    @Test func wordsAloneStay() throws {
        var generator = SeededGenerator(seed: 12)
        for count in 0..<60 {
            let text = words(count, &generator)
            let message = try AnonymizedMessage(fields: ["Content-Type: text/plain"], body: Array(text.utf8))
            #expect(message.bodyText == text)
        }
    }

    /// The step over words relies on it.
    @Test(arguments: TokenPrefix.all.map { "\($0.text)" })
    func noKeyIsAWordOfSmallLetters(prefix: String) throws {
        #expect(prefix.utf8.contains { !(0x61...0x7A).contains($0) })
        for shift in 0..<17 {
            let before = String(repeating: "w", count: shift) + " "
            let key = prefix + String(repeating: "k", count: 40)
            let message = try AnonymizedMessage(
                fields: ["Content-Type: text/plain"],
                body: Array((before + key + " and so on").utf8)
            )
            // One that ends in `=` is the name of a field besides.
            #expect(message.audit[.token] + message.audit[.credential] == 1, "\(before + key)")
        }
    }
}
