import Bytes
import Testing

@Suite struct Base64Tests {
    /// A text, what it stands for, and its form.
    static let texts: [(text: String, bytes: [UInt8], isURLSafe: Bool, isPadded: Bool)] = [
        // RFC 4648, section 10.
        ("Zg==", Array("f".utf8), false, true),
        ("Zm8=", Array("fo".utf8), false, true),
        ("Zm9v", Array("foo".utf8), false, true),
        ("Zm9vYg==", Array("foob".utf8), false, true),
        ("Zm9vYmE=", Array("fooba".utf8), false, true),
        ("Zm9vYmFy", Array("foobar".utf8), false, true),
        // Without padding, as in tokens.
        ("Zm9vYg", Array("foob".utf8), false, false),
        // The last two digits of either alphabet.
        ("+/+/", [0xFB, 0xFF, 0xBF], false, true),
        ("-_-_", [0xFB, 0xFF, 0xBF], true, false),
        ("-_-_-w==", [0xFB, 0xFF, 0xBF, 0xFB], true, true),
    ]

    @Test(arguments: texts)
    func readsAndWritesAgain(text: String, bytes: [UInt8], isURLSafe: Bool, isPadded: Bool) throws {
        let digits = Array(text.utf8)
        let decoded = Base64.decode(digits.span)
        let found = try #require(decoded)
        #expect(found.bytes == bytes)
        #expect(found.form == Base64Form(isURLSafe: isURLSafe, isPadded: isPadded))
        var again: [UInt8] = []
        Base64.encode(bytes.span, as: found.form, to: &again)
        #expect(again == digits)
    }

    /// What is no base64, and why.
    static let others: [(text: String, reason: String)] = [
        ("", "nothing stands for nothing"),
        ("Zm9vY", "one digit over is no byte"),
        ("Zg=", "the last group is not filled up"),
        ("Zm9v====", "a whole group needs no padding"),
        ("Zg==Zg==", "a digit follows the padding"),
        ("Zm9 v", "a space where lines are not expected"),
        ("+_+_", "both alphabets in one text"),
        ("Zm9\u{E9}", "not ASCII"),
        ("====", "padding of nothing"),
    ]

    @Test(arguments: others)
    func refuses(text: String, reason: String) {
        let digits = Array(text.utf8)
        let decoded = Base64.decode(digits.span)
        #expect(decoded?.bytes == nil, "\(reason)")
    }

    @Test func passesOverTheEndsOfLinesInMail() {
        let bytes = (0..<200).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        var text: [UInt8] = []
        Base64.encodeLines(bytes.span, to: &text)
        #expect(text.split(separator: 0x0A).map(\.count) == [77, 77, 77, 40])
        let decoded = Base64.decode(text.span, allowsLines: true)
        #expect(decoded?.bytes == bytes)
        let strict = Base64.decode(text.span)
        #expect(strict?.bytes == nil)
    }

    @Test func givesTheFirstBytesOfALongText() throws {
        let text = Array("Zm9vYmFy and whatever follows".utf8)
        let found = Base64.firstBytes(of: text.span)
        let first = try #require(found)
        #expect([first.0, first.1, first.2] == Array("foo".utf8))
        let none = Base64.firstBytes(of: Array("no!!".utf8).span)
        #expect(none?.0 == nil)
    }

    @Test func writesAString() {
        let text = String(base64: Array("foob".utf8).span)
        #expect(text == "Zm9vYg==")
    }
}
