import Anonymization
import Bytes
import Configuration
import Messages
import Testing

/// Messages that came over HTTP/2: their start line is fields, and gRPC has messages within bodies.
@Suite struct FieldListTests {
    /// A request after it was anonymized, its head read again from its bytes.
    private func anonymized(_ lines: String, body: [UInt8] = []) throws -> RawMessage {
        let head = lines.split(separator: "|").joined(separator: "\r\n") + "\r\n\r\n"
        var message = RawMessage(
            head: try Head(parsingFieldList: Array(head.utf8), kind: .request),
            body: body,
            trailers: [],
            isBodyComplete: true
        )
        var anonymizer = Anonymizer(ruleSets: try AnonymizerChoice.usual(), key: .fixed)
        anonymizer.anonymize(&message)
        let again = try Head(parsingFieldList: message.head.bytes, kind: .request)
        #expect(again.fields == message.head.fields && again.start == message.head.start)
        return message
    }

    private func text(_ message: RawMessage) -> [String] {
        String(decoding: message.head.bytes, as: UTF8.self).split(separator: "\r\n").map(String.init)
    }

    @Test func thePathIsTheTarget() throws {
        let message = try anonymized(
            ":method: GET|:path: /a?email=jane.doe@example.com&b=1|:scheme: http|accept: */*"
        )
        let lines = text(message)
        #expect(lines[0] == ":method: GET" && lines[2] == ":scheme: http" && lines[3] == "accept: */*")
        #expect(lines[1].hasPrefix(":path: /a?email=") && lines[1].hasSuffix("&b=1"))
        #expect(!lines[1].contains("jane"))
        #expect(message.head.target.count == lines[1].utf8.count - ":path: ".utf8.count)
    }

    @Test func anAuthorityKeepsItsHostOnly() throws {
        let lines = text(try anonymized(":method: GET|:authority: joe:secret1@example.org:80|:path: /"))
        #expect(lines[1].hasPrefix(":authority: ") && lines[1].hasSuffix("@example.org:80"))
        #expect(!lines[1].contains("secret1") && !lines[1].contains("joe:"))
        #expect(
            text(try anonymized(":method: GET|:authority: example.org|:path: /"))[1]
                == ":authority: example.org"
        )
    }

    /// It may be the value of anything.
    @Test func aValueWithoutANameIsASecret() throws {
        let lines = text(try anonymized(":method: GET|:path: /|:unknown: Bearer abcdefgh12345678|:unknown: "))
        #expect(!lines[2].contains("abcdefgh12345678"))
        #expect(lines[3] == ":unknown: ")
    }

    @Test func credentialsAreFieldsAsElsewhere() throws {
        let lines = text(
            try anonymized(":method: GET|:path: /|authorization: Bearer abcdefgh12345678|cookie: s=abc123456")
        )
        #expect(!lines[2].contains("abcdefgh12345678") && !lines[3].contains("abc123456"))
    }

    @Test(arguments: [
        // Two messages, the second compressed.
        (
            [0, 0, 0, 0, 2, 1, 2, 1, 0, 0, 0, 1, 9] as [UInt8],
            [0, 0, 0, 0, 2, 120, 120, 1, 0, 0, 0, 1, 120] as [UInt8]
        ),
        // A length past the end: no such messages.
        ([0, 0, 0, 0, 3, 1, 2], [120, 120, 120, 120, 120, 120, 120]),
        // A prefix that is cut.
        ([0, 0, 0, 0, 0, 0, 0], [120, 120, 120, 120, 120, 120, 120]),
    ]) func messagesOfGRPCKeepTheirSizes(_ body: [UInt8], _ expected: [UInt8]) throws {
        let message = try anonymized(
            ":method: POST|:path: /s/m|content-type: application/grpc+proto",
            body: body
        )
        #expect(message.body == expected)
    }
}
