import Messages
import Packets
import Reports
import Testing
import Traces

@Suite struct CurlLineTests {
    static func request(_ head: String, _ body: [UInt8] = []) -> RecordedMessage {
        RecordedMessage(
            head: HeadRecord(
                kind: .request,
                exchange: 1,
                connection: 0,
                start: PacketTime(nanoseconds: 0),
                encoding: .http1,
                bytes: Array(head.utf8),
                framing: .length(UInt64(body.count))
            ),
            body: body,
            end: EndRecord(
                kind: .request,
                exchange: 1,
                connection: 0,
                time: PacketTime(nanoseconds: 0),
                wireLength: UInt64(body.count),
                flags: []
            )
        )
    }

    static let lines: [(head: String, body: [UInt8], line: String?)] = [
        (
            "GET /a?b=c HTTP/1.1\r\nHost: prod\r\nAccept: */*\r\n\r\n", [],
            "curl -i -H 'Accept: */*' 'http://h:1/a?b=c'"
        ),
        (
            "POST /a HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n",
            Array(#"{"a":"it's"}"#.utf8),
            #"curl -i -X POST -H 'Content-Type: application/json' --data-raw '{"a":"it'\''s"}' http://h:1/a"#
        ),
        // Credentials never stand in a report.
        (
            "GET / HTTP/1.1\r\nAuthorization: Bearer abc\r\nCookie: s=1\r\n\r\n", [],
            "curl -i http://h:1/  # without Authorization, Cookie"
        ),
        ("HEAD / HTTP/1.0\r\n\r\n", [], "curl -i --head http://h:1/"),
        // What a terminal or a shell would act on is spelled out.
        (
            "PUT /a'b$(x) HTTP/1.1\r\n\r\n", Array("\u{1B}[2J\n".utf8),
            "curl -i -X PUT --data-raw $'\\x1b[2J\\n' 'http://h:1/a'\\''b$(x)'"
        ),
        (
            "PUT / HTTP/1.1\r\n\r\n", [0xFF, 0xFE],
            "curl -i -X PUT http://h:1/  # and without its body of 2 B"
        ),
        // A session is opened anew: the recorded key may be none any more, and what it agreed on is not for reading.
        (
            "GET /ws?v=2 HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: xxxx\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Extensions: permessage-deflate\r\nSec-WebSocket-Protocol: chat\r\n\r\n",
            [],
            "curl -i -N --http1.1 -H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' "
                + "-H 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' -H 'Sec-WebSocket-Protocol: chat' "
                + "'http://h:1/ws?v=2'  # opens the session and sends none of its messages"
        ),
        ("nonsense", [], nil),
    ]

    @Test(arguments: lines)
    func aRequestIsSentAgainAsItWas(_ row: (head: String, body: [UInt8], line: String?)) {
        #expect(CurlLine.line(for: Self.request(row.head, row.body), to: "http://h:1") == row.line)
    }
}
