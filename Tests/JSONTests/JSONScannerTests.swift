import Bytes
import JSON
import Testing

/// The tokens of a text spelled out, or the error.
func tokens(of bytes: [UInt8]) throws(JSONError) -> [String] {
    var scanner = JSONScanner(bytes.span)
    var names: [String] = []
    while let token = try scanner.next() {
        let name =
            switch token {
            case .beginObject: "{"
            case .endObject: "}"
            case .beginArray: "["
            case .endArray: "]"
            case .key(let range): "key " + String(decoding: bytes[range], as: UTF8.self)
            case .string(let range): "string " + String(decoding: bytes[range], as: UTF8.self)
            case .number(let range): "number " + String(decoding: bytes[range], as: UTF8.self)
            case .bool(let value): "\(value)"
            case .null: "null"
            }
        names.append(name)
    }
    return names
}

func error(of bytes: [UInt8]) -> JSONError? {
    do {
        _ = try tokens(of: bytes)
        return nil
    } catch {
        return error
    }
}

@Suite struct JSONScannerTests {
    static let whole: [(text: String, tokens: [String])] = [
        ("null", ["null"]),
        (" \t\r\n true \n", ["true"]),
        ("0", ["number 0"]),
        ("-0.50e+07", ["number -0.50e+07"]),
        ("1E400", ["number 1E400"]),
        (#""""#, ["string "]),
        (#""a\"b\\""#, [#"string a\"b\\"#]),
        ("[]", ["[", "]"]),
        ("{}", ["{", "}"]),
        ("[1,[],{}]", ["[", "number 1", "[", "]", "{", "}", "]"]),
        (
            #"{"a" : [true , false], "a":{"":null}}"#,
            ["{", "key a", "[", "true", "false", "]", "key a", "{", "key ", "null", "}", "}"]
        ),
        // The grammar has any \uXXXX; what a lone surrogate means is left to the reader.
        (#""\ud800""#, [#"string \ud800"#]),
        ("\"\u{7F}é€𝄞\u{2028}\"", ["string \u{7F}é€𝄞\u{2028}"]),
        // The special bytes stand behind more than sixteen plain ones.
        (#""0123456789abcdef0123\n456789abcdef0123é""#, [#"string 0123456789abcdef0123\n456789abcdef0123é"#]),
    ]

    @Test(arguments: whole)
    func readsWholeTexts(_ row: (text: String, tokens: [String])) throws {
        #expect(try tokens(of: Array(row.text.utf8)) == row.tokens)
    }

    @Test(arguments: whole)
    func everyCutIsRefused(_ row: (text: String, tokens: [String])) {
        let bytes = Array(row.text.utf8)
        for count in 0..<bytes.count {
            let cut = Array(bytes[..<count])
            guard let error = error(of: cut) else {
                // A cut that only loses white space or the end of a number can be whole.
                let rest = bytes[count...].drop { $0 == 0x20 || $0 == 0x0A }
                #expect(rest.isEmpty || row.tokens.count == 1 && row.tokens[0].hasPrefix("number"))
                continue
            }
            // In the middle of a UTF-8 sequence the string is wrong already.
            #expect(error.reason == .unexpectedEnd || error.reason == .invalidUTF8, "cut at \(count)")
            #expect(error.offset <= count)
        }
    }

    @Test(arguments: whole)
    func anythingAfterTheValueIsRefused(_ row: (text: String, tokens: [String])) {
        for rest in [" 1", "}", "]", ",", " \"", "\0"] {
            let glued = Array((row.text + rest).utf8)
            #expect(error(of: glued) != nil, "\(row.text + rest)")
        }
    }

    static let refused: [(text: String, reason: JSONError.Reason, offset: Int)] = [
        ("", .unexpectedEnd, 0),
        ("  ", .unexpectedEnd, 2),
        ("\u{FEFF}1", .byteOrderMark, 0),
        ("nul", .unexpectedEnd, 3),
        ("nulL", .unexpectedByte(0x4C), 3),
        ("True", .unexpectedByte(0x54), 0),
        ("'a'", .unexpectedByte(0x27), 0),
        ("NaN", .unexpectedByte(0x4E), 0),
        // Numbers
        ("01", .invalidNumber, 0),
        ("-01", .invalidNumber, 0),
        ("1.", .unexpectedEnd, 2),
        ("[1.]", .invalidNumber, 1),
        ("[.5]", .unexpectedByte(0x2E), 1),
        ("[+1]", .unexpectedByte(0x2B), 1),
        ("[1e]", .invalidNumber, 1),
        ("[1e+]", .invalidNumber, 1),
        ("[-]", .invalidNumber, 1),
        ("[0x10]", .unexpectedByte(0x78), 2),
        // Structure
        ("[1 2]", .unexpectedByte(0x32), 3),
        ("[1,]", .unexpectedByte(0x5D), 3),
        ("[,1]", .unexpectedByte(0x2C), 1),
        ("[1}", .unexpectedByte(0x7D), 2),
        ("{]", .unexpectedByte(0x5D), 1),
        (#"{"a"}"#, .unexpectedByte(0x7D), 4),
        (#"{"a":}"#, .unexpectedByte(0x7D), 5),
        (#"{"a":1,}"#, .unexpectedByte(0x7D), 7),
        (#"{"a":1 "b":2}"#, .unexpectedByte(0x22), 7),
        ("{1:2}", .unexpectedByte(0x31), 1),
        ("1 2", .trailingBytes, 2),
        ("[]]", .trailingBytes, 2),
        ("[1]//", .trailingBytes, 3),
        // Strings
        ("\"\n\"", .controlCharacter, 1),
        ("\"\0\"", .controlCharacter, 1),
        (#""\x""#, .invalidEscape, 1),
        (#""\u12g4""#, .invalidEscape, 1),
        (#""\u12"#, .unexpectedEnd, 5),
        ("\"\\", .unexpectedEnd, 2),
    ]

    @Test(arguments: refused)
    func refusesWithThePlace(_ row: (text: String, reason: JSONError.Reason, offset: Int)) {
        #expect(error(of: Array(row.text.utf8)) == JSONError(row.reason, at: row.offset))
    }

    /// Sequences that table 3-7 of the Unicode standard leaves out.
    static let malformed: [[UInt8]] = [
        [0x80], [0xBF], [0xC0, 0xAF], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xE0, 0x9F, 0xBF], [0xE2, 0x82],
        [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80],
        [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF],
    ]

    @Test(arguments: malformed)
    func refusesWhatIsNotUTF8(_ sequence: [UInt8]) {
        let text = [0x22] + Array("abc".utf8) + sequence + [0x22]
        #expect(error(of: text) == JSONError(.invalidUTF8, at: 4))
        #expect(error(of: Array("{".utf8) + text + Array(":1}".utf8)) == JSONError(.invalidUTF8, at: 5))
    }

    @Test func depthIsBounded() {
        let deepest = JSONScanner.maximumDepth
        func nested(_ depth: Int) -> [UInt8] {
            (0..<depth).flatMap { $0 % 2 == 0 ? Array("[".utf8) : Array(#"{"a":"#.utf8) }
                + Array("1".utf8)
                + (0..<depth).reversed().map { $0 % 2 == 0 ? 0x5D : 0x7D }
        }
        #expect(error(of: nested(deepest)) == nil)
        #expect(error(of: nested(deepest + 1))?.reason == .tooDeep)
        #expect(error(of: Array(repeating: 0x5B, count: 1_000_000)) == JSONError(.tooDeep, at: deepest))
    }

    @Test func staysAtTheEnd() throws {
        let text = Array("[1] ".utf8)
        var scanner = JSONScanner(text.span)
        while try scanner.next() != nil {}
        #expect(try scanner.next() == nil)
        #expect(scanner.offset == text.count)
        #expect(scanner.depth == 0)
    }
}
