import Bytes
import Messages
import Testing

/// Stored heads and what is asked of them.
struct HeadTests {
    private static let request = Array(
        "POST /a?b HTTP/1.1\r\nHost: x\r\ncontent-TYPE:  application/json; charset=utf-8 \r\nCookie: a\r\ncookie: b\r\n\r\n"
            .utf8
    )

    private func text(_ span: Span<UInt8>) -> String { String(decoding: Array(span), as: UTF8.self) }

    @Test func readsARequest() throws {
        let head = try Head(parsing: Self.request, kind: .request)
        #expect(text(head.method) == "POST")
        #expect(text(head.target) == "/a?b")
        #expect(head.status == nil && head.reason.isEmpty)
        #expect(head.kind == .request && head.version == .http11 && head.framing == .none)
        #expect(head.isJSON)
        let names = head.fields.map { text(head.name(of: $0)) }
        #expect(names == ["Host", "content-TYPE", "Cookie", "cookie"])
        #expect(head.fieldIndex(of: "COOKIE") == 2)
        #expect(head.fieldIndex(of: "cookie", from: 3) == 3)
        #expect(head.fieldIndex(of: "cookie", from: 4) == nil)
        #expect(head.fieldIndex(of: Array("hOST".utf8).span) == 0)
        if let value = head.value(of: "Content-Type") {
            #expect(text(value) == "application/json; charset=utf-8")
        } else {
            Issue.record("the field is there")
        }
        if head.value(of: "Content") != nil { Issue.record("a prefix of a name is another name") }
    }

    @Test func readsAResponse() throws {
        let head = try Head(parsing: Array("HTTP/1.0 404 Not Here\nA: b\n\n".utf8), kind: .response)
        #expect(
            head.status == 404 && text(head.reason) == "Not Here" && head.method.isEmpty
                && head.target.isEmpty
        )
        #expect(head.version == .http10 && head.flags == .smuggling && head.mediaType == .absent)
    }

    @Test(arguments: [
        ("GET /a/b?c?d HTTP/1.1", "/a/b", "c?d", "h:1"),
        ("GET /a? HTTP/1.1", "/a", "", "h:1"),
        ("GET * HTTP/1.1", "*", nil, "h:1"),
        ("GET http://u@x:2/a?b HTTP/1.1", "/a", "b", "u@x:2"),
        ("GET HTTPS://x HTTP/1.1", "", nil, "x"),
        ("GET http://x?b HTTP/1.1", "", "b", "x"),
        ("GET /a?http://x HTTP/1.1", "/a", "http://x", "h:1"),
        ("CONNECT x:443 HTTP/1.1", "x:443", nil, "x:443"),
    ])
    func takesTargetsApart(_ line: String, _ path: String, _ query: String?, _ authority: String) throws {
        let head = try Head(parsing: Array("\(line)\r\nHOST: h:1 \r\n\r\n".utf8), kind: .request)
        #expect(text(head.path) == path)
        #expect(head.queryRange.map { String(decoding: head.bytes[$0], as: UTF8.self) } == query)
        #expect(head.authorityRange.map { String(decoding: head.bytes[$0], as: UTF8.self) } == authority)
    }

    @Test(arguments: [
        ("", HeadError(.startLine, at: 0)),
        ("GET / HTTP/1.1", HeadError(.startLine, at: 0)),
        ("GET / HTTP/1.1\r\n", HeadError(.unterminated, at: 16)),
        ("GET / HTTP/1.1\r\nA: b\r\n", HeadError(.unterminated, at: 22)),
        ("GET / HTTP/1.1\r\nA: b\r\nC\r\n\r\n", HeadError(.field, at: 22)),
        ("HTTP/1.1 200 OK\r\n\r\n", HeadError(.startLine, at: 0)),
        ("GET / HTTP/1.1\r\nA:\r\nB:\r\nC:\r\n\r\n", HeadError(.tooManyFields, at: 24)),
    ])
    func saysWhyBytesAreNoHead(_ input: String, _ error: HeadError) {
        #expect(throws: error) {
            try Head(parsing: Array(input.utf8), kind: .request, limits: HTTPLimits(fieldCount: 2))
        }
    }

    @Test func readsTrailers() throws {
        let trailers = Array("A: b\r\nC:\td e \r\n".utf8)
        let fields = try HeaderField.fields(ofTrailers: trailers.span)
        let texts = fields.map { field in
            String(decoding: trailers[field.name], as: UTF8.self) + "="
                + String(decoding: trailers[field.value], as: UTF8.self)
        }
        #expect(texts == ["A=b", "C=d e"])
        #expect(throws: HeadError(.unterminated, at: 4)) {
            try HeaderField.fields(ofTrailers: Array("A: b".utf8).span)
        }
    }

    @Test(arguments: [
        ("application/json", MediaType.json), ("Application/JSON ; a=b", .json),
        ("application/hal+json", .json),
        ("text/json", .json), ("application/jsonp", .other), ("application/x-www-form-urlencoded", .form),
        ("multipart/form-data; boundary=x", .multipart), ("text/event-stream", .eventStream),
        ("text/xml", .xml),
        ("image/svg+xml", .xml), ("text/plain", .text), ("application/octet-stream", .other), ("", .other),
        ("application/json\r\n ;a=b", .json),
    ])
    func knowsMediaTypes(_ value: String, _ type: MediaType) {
        #expect(MediaType(Array(value.utf8).span) == type)
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\n", HTTPSniffer.Classification.request), ("GET / HTTP/1.0\n", .request),
        ("\r\n\r\nGET / HTTP/1.1\r\nHost", .request), ("HTTP/1.1 200 ", .response),
        ("HTTP/1.1 200\r\n", .response),
        ("", .needsMore), ("\r\n", .needsMore), ("G", .needsMore), ("GET / HTTP/1.1", .needsMore),
        ("GET / HTTP/1.1\r", .needsMore), ("HTTP/1.1 2", .needsMore), ("HTTP/1.1 200\r", .needsMore),
        ("GET / HTTP/2.0", .neither), ("GET / HTTP/1.1\rX", .neither), ("\u{16}\u{03}\u{01}", .neither),
        ("{\"a\": 1}", .neither), ("HTTP/1.1 2x", .neither), ("hello world\r\n", .neither),
        ("GET  /", .neither),
        (String(repeating: "A", count: 65), .neither), ("SSH-2.0-OpenSSH\r\n", .neither),
    ])
    func sniffs(_ prefix: String, _ classification: HTTPSniffer.Classification) {
        #expect(HTTPSniffer.classify(Array(prefix.utf8).span) == classification)
    }
}
