import JSON
import Testing

@Suite struct JSONStringTests {
    static let rows: [(spelling: String, text: String)] = [
        ("", ""),
        ("plain", "plain"),
        (#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{C}\n\r\t"),
        (#"caf\u00e9 \u00E9"#, "café é"),
        (#"\u0000"#, "\0"),
        (#"\ud834\udd1e"#, "𝄞"),
        (#"\uDBFF\uDFFF"#, "\u{10FFFF}"),
        // Surrogates without a partner, in each order
        (#"\ud834"#, "\u{FFFD}"),
        (#"\ud834x"#, "\u{FFFD}x"),
        (#"\udd1e\ud834"#, "\u{FFFD}\u{FFFD}"),
        (#"\ud834\ud834\udd1e"#, "\u{FFFD}𝄞"),
        (#"\ud834\n"#, "\u{FFFD}\n"),
        (#"a\\u0041"#, #"a\u0041"#),
    ]

    @Test(arguments: rows)
    func unescapes(_ row: (spelling: String, text: String)) {
        let text = JSONString.unescape(row.spelling.utf8.span)
        #expect(String(decoding: text, as: UTF8.self) == row.text)
    }

    @Test(arguments: [#"\"#, #"\q"#, #"\u12"#, #"\u12g4"#, #"a\"#])
    func keepsEscapesThatAreNone(_ spelling: String) {
        #expect(JSONString.unescape(spelling.utf8.span) == Array(spelling.utf8))
    }

    static let escaped: [(text: [UInt8], spelling: String)] = [
        (Array("a\"b\\c/d".utf8), #"a\"b\\c/d"#),
        ([0x00, 0x08, 0x09, 0x0A, 0x0C, 0x0D, 0x1F, 0x7F], "\\u0000\\b\\t\\n\\f\\r\\u001f\u{7F}"),
        (Array("é€𝄞".utf8), "é€𝄞"),
        // One replacement for each byte that belongs to nothing
        ([0x61, 0xFF, 0xC3, 0x62, 0xE2, 0x82], "a\u{FFFD}\u{FFFD}b\u{FFFD}\u{FFFD}"),
    ]

    @Test(arguments: escaped)
    func escapes(_ row: (text: [UInt8], spelling: String)) {
        var output: [UInt8] = []
        JSONString.escape(row.text.span, into: &output)
        #expect(String(validating: output, as: UTF8.self) == row.spelling)
    }

    @Test func everyScalarSurvivesTheRoundTrip() {
        for value in stride(from: UInt32(0), to: 0x11_0000, by: 7) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = Array(String(Character(scalar)).utf8)
            var spelling: [UInt8] = []
            JSONString.escape(text.span, into: &spelling)
            guard JSONString.unescape(spelling.span) == text else {
                Issue.record("U+\(String(value, radix: 16)) changed")
                return
            }
        }
    }
}
