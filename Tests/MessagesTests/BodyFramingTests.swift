import Bytes
import Messages
import Testing

/// The order of RFC 9112, section 6.3, one row for each item and each way round it.
struct BodyFramingTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var head: String
        var method = RequestMethod.other
        var framing: BodyFraming
        var isSmuggling = false

        var testDescription: String { head.debugDescription }
    }

    @Test(arguments: [
        Row(head: "GET / HTTP/1.1", framing: .none),
        Row(head: "GET / HTTP/1.1\r\nContent-Length: 0", framing: .length(0)),
        Row(head: "GET / HTTP/1.1\r\nContent-Length: 18446744073709551615", framing: .length(.max)),
        Row(
            head: "GET / HTTP/1.1\r\nContent-Length: 18446744073709551616",
            framing: .none,
            isSmuggling: true
        ),
        Row(head: "GET / HTTP/1.1\r\nContent-Length:", framing: .none, isSmuggling: true),
        Row(head: "GET / HTTP/1.1\r\nContent-Length: 5,", framing: .none, isSmuggling: true),
        Row(head: "GET / HTTP/1.1\r\nContent-Length: 5, 6", framing: .none, isSmuggling: true),
        Row(head: "GET / HTTP/1.1\r\nContent-Length: 5 5", framing: .none, isSmuggling: true),
        Row(head: "GET / HTTP/1.1\r\nContent-Length: 0x5", framing: .none, isSmuggling: true),
        Row(head: "GET / HTTP/1.1\r\nContent-Length: -0", framing: .none, isSmuggling: true),
        Row(head: "GET / HTTP/1.1\r\nContent-Length: 5,5", framing: .length(5), isSmuggling: true),
        Row(head: "GET / HTTP/1.1\r\nContent_Length: 5", framing: .none),
        Row(head: "GET / HTTP/1.1\r\nTransfer-Encoding: chunked", framing: .chunked),
        Row(head: "GET / HTTP/1.1\r\nTransfer-Encoding: gzip,\tChunked ", framing: .chunked),
        Row(
            head: "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: x",
            framing: .chunked,
            isSmuggling: true
        ),
        Row(head: "GET / HTTP/1.1\r\nTransfer-Encoding: \"chunked\"", framing: .none, isSmuggling: true),
        Row(head: "GET / HTTP/1.1\r\nTransfer-Encoding: chunked;a=b", framing: .none, isSmuggling: true),
        Row(head: "GET / HTTP/1.1\r\nTransfer-Encoding: xchunked", framing: .none, isSmuggling: true),
        Row(
            head: "GET / HTTP/1.1\r\nTransfer-Encoding: identity\r\nContent-Length: 3",
            framing: .none,
            isSmuggling: true
        ),
        Row(head: "GET / HTTP/1.1\r\nTransfer-Encoding:", framing: .none, isSmuggling: true),
        Row(head: "HTTP/1.1 200 OK", framing: .untilClose),
        Row(head: "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip", framing: .untilClose, isSmuggling: true),
        Row(head: "HTTP/1.1 200 OK\r\nContent-Length: 3", framing: .length(3)),
        Row(head: "HTTP/1.1 200 OK\r\nContent-Length: 3", method: .head, framing: .none),
        Row(head: "HTTP/1.1 200 OK\r\nContent-Length: 3", method: .connect, framing: .none),
        Row(head: "HTTP/1.1 404 No\r\nContent-Length: 3", method: .connect, framing: .length(3)),
        Row(head: "HTTP/1.1 199 No\r\nContent-Length: 3", framing: .none),
        Row(head: "HTTP/1.1 099 No\r\nContent-Length: 3", framing: .length(3)),
        Row(head: "HTTP/1.1 204 No\r\nTransfer-Encoding: chunked", framing: .none),
        Row(head: "HTTP/1.1 304 No\r\nContent-Length: 3", framing: .none),
        Row(head: "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked", framing: .chunked, isSmuggling: true),
    ])
    func decides(_ row: Row) throws {
        let kind: MessageKind = row.head.hasPrefix("HTTP/") ? .response : .request
        let head = try Head(parsing: Array("\(row.head)\r\n\r\n".utf8), kind: kind, requestMethod: row.method)
        #expect(head.framing == row.framing)
        #expect(head.flags.contains(.smuggling) == row.isSmuggling)
        #expect(head.flags.contains(.chunked) == (row.framing == .chunked))
    }

    @Test(arguments: [
        ("HEAD", RequestMethod.head), ("CONNECT", .connect), ("head", .other), ("HEADS", .other),
        ("", .other),
    ])
    func knowsTheMethodsThatMatter(_ token: String, _ method: RequestMethod) {
        #expect(RequestMethod(Array(token.utf8).span) == method)
    }
}
