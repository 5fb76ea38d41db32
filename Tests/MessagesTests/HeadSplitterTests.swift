import Bytes
import Messages
import Testing

/// Names and values are looked at eight bytes at a time: every byte at every place of such a run, and behind the last.
@Suite struct HeadSplitterTests {
    /// RFC 9110, section 5.6.2.
    static let tokenCharacters = Set(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8
    )

    static func parse(_ line: [UInt8]) throws(HeadError) -> Head {
        try Head(parsing: Array("GET / HTTP/1.1\r\n".utf8) + line + Array("\r\n\r\n".utf8), kind: .request)
    }

    @Test(arguments: 0..<18) func aNameHoldsTokenCharactersOnly(position: Int) {
        for byte in UInt8.min...UInt8.max where byte != UInt8(ascii: ":") {
            var line = [UInt8](repeating: 0x61, count: 18) + Array(": value".utf8)
            line[position] = byte
            let head = try? Self.parse(line)
            // A line end inside makes two lines, of which the first is no field; blanks before the colon are read.
            let isLast = position == 17 && (byte == 0x20 || byte == 0x09)
            // A line that starts with white space belongs to the one before, of which there is none.
            let isFolding = position == 0 && (byte == 0x20 || byte == 0x09)
            // An empty line ends the head.
            let isEnd = position == 0 && byte == 0x0A
            let isRead = Self.tokenCharacters.contains(byte) || isLast || isFolding || isEnd
            #expect((head != nil) == isRead, "byte \(byte)")
            if Self.tokenCharacters.contains(byte) { #expect(head?.fields.first?.name.count == 18) }
        }
    }

    @Test(arguments: 0..<18) func aValueHoldsEverythingButLineEnds(position: Int) throws {
        for byte in UInt8.min...UInt8.max where byte != 0x0A {
            var line = Array("Name: ".utf8) + [UInt8](repeating: 0x61, count: 18)
            line[6 + position] = byte
            let head = try Self.parse(line)
            let value = try #require(head.fields.first?.value)
            let isOuterBlank = (byte == 0x20 || byte == 0x09) && (position == 0 || position == 17)
            #expect(value.count == (isOuterBlank ? 17 : 18), "byte \(byte)")
            // A CR that no LF follows, and NUL, are read differently by others.
            #expect(head.flags.contains(.smuggling) == (byte == 0x0D || byte == 0), "byte \(byte)")
            #expect(head.flags.contains(.latin1) == (byte >= 0x80), "byte \(byte)")
        }
    }

    /// Bytes behind the head are not of it, though they may be looked at together with its last ones.
    @Test func theBodySaysNothingAboutTheHead() throws {
        var parser = HTTPParser(kind: .request)
        var offset = 0
        let bytes = Array("POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\n".utf8) + [0xFF, 0x00, 0x0D]
        #expect(parser.next(bytes.span, at: &offset) == .began)
        #expect(parser.next(bytes.span, at: &offset) == .head)
        #expect(parser.head.flags.isEmpty)
        #expect(parser.head.bytes.count == bytes.count - 3)
        #expect(offset == bytes.count - 3)
    }
}
