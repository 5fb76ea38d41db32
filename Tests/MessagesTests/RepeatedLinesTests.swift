import Bytes
import Messages
import SeededRandom
import Testing

/// A line that is compared with one of a head before is the same field as one that is read.
@Suite struct RepeatedLinesTests {
    /// Lines as senders write them, and such as the splitter flags, folds or refuses.
    private static let lines = [
        "Host: a.example", "Content-Length: 4", "Content-Length: 12", "content-length:4", "Accept:",
        "Accept:  ",
        "X-Id: 01234567", "X-Id: 76543210", "X-Id:76543210", "X-Name: Zo\u{EB}", "Expect: 100-continue",
        "Transfer-Encoding: chunked", "X-Long: " + String(repeating: "x", count: 300), "X-End: 1  ",
        " folded",
        "X-Blank : 1", "no field", "X-Bare: a\rb", "X-Null: a\0b",
    ]

    /// A head of some lines, nearly always the usual ones.
    private static func head(_ random: inout SeededGenerator) -> [UInt8] {
        let first = ["GET /a HTTP/1.1", "POST /a/longer HTTP/1.1", "PUT / HTTP/1.0"]
        var text = (first.randomElement(using: &random) ?? "") + "\r\n"
        for _ in 0..<Int.random(in: 0..<8, using: &random) {
            let isUsual = Int.random(in: 0..<20, using: &random) > 0
            let line = lines[Int.random(in: 0..<(isUsual ? 13 : lines.count), using: &random)]
            text += line + (Int.random(in: 0..<60, using: &random) == 0 ? "\n" : "\r\n")
        }
        return Array((text + (Int.random(in: 0..<60, using: &random) == 0 ? "\n" : "\r\n")).utf8)
    }

    private func parsed(_ bytes: [UInt8]) -> Result<Head, HeadError> {
        Result { () throws(HeadError) in try Head(parsing: bytes, kind: .request) }
    }

    @Test(arguments: 0..<40 as Range<UInt64>) func headsReadOneAfterTheOtherAreReadAlike(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var lines = RepeatedLines()
        var head = Head.empty(.request)
        // A few heads that come again and again, with others between them.
        let usual = (0..<3).map { _ in Self.head(&random) }
        for _ in 0..<100 {
            let isUsual = Int.random(in: 0..<3, using: &random) > 0
            let bytes = isUsual ? usual.randomElement(using: &random) ?? [] : Self.head(&random)
            let read = Result { () throws(HeadError) in
                try head.read(bytes, kind: .request, repeating: &lines)
                return head
            }
            switch (parsed(bytes), read) {
            case (.success(let expected), .success(let found)):
                #expect(found.fields == expected.fields, "\(bytes.text)")
                #expect(found.start == expected.start && found.version == expected.version)
                #expect(found.flags == expected.flags && found.framing == expected.framing, "\(bytes.text)")
            case (.failure(let expected), .failure(let found)): #expect(found == expected, "\(bytes.text)")
            default: Issue.record("read once, and not the other way: \(bytes.text)")
            }
        }
    }

    /// What follows a line that is repeated belongs to it where it is folded.
    @Test func aRepeatedLineIsFolded() throws {
        var lines = RepeatedLines()
        var head = Head.empty(.request)
        let plain = Array("GET / HTTP/1.1\r\nA: 1\r\nB: 2\r\n\r\n".utf8)
        for _ in 0..<3 { try head.read(plain, kind: .request, repeating: &lines) }
        try head.read(
            Array("GET / HTTP/1.1\r\nA: 1\r\n more\r\nB: 2\r\n\r\n".utf8),
            kind: .request,
            repeating: &lines
        )
        #expect(head.fields.count == 2 && head.flags.contains(.smuggling))
        #expect(String(decoding: head.bytes[head.fields[0].value], as: UTF8.self) == "1\r\n more")
    }

    /// More fields than are allowed are too many, repeated or not.
    @Test func repeatedLinesCount() throws {
        var lines = RepeatedLines()
        var head = Head.empty(.request)
        let bytes = Array("GET / HTTP/1.1\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n".utf8)
        for _ in 0..<3 { try head.read(bytes, kind: .request, repeating: &lines) }
        var limits = HTTPLimits.default
        limits.fieldCount = 2
        #expect(throws: HeadError.self) {
            try head.read(bytes, kind: .request, limits: limits, repeating: &lines)
        }
    }
}

extension [UInt8] {
    fileprivate var text: String { String(decoding: self, as: UTF8.self).debugDescription }
}
