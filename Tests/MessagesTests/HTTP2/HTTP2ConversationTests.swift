import Messages
import Testing

/// HTTP/2 connections to messages: what stands on the wire, and the events that it gives.
@Suite struct HTTP2ConversationTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var reason: String
        /// Writes both directions, requests first.
        var write: @Sendable (inout FrameWriter, inout FrameWriter) -> Void
        var requests: [String]
        var responses: [String]

        var testDescription: String { reason }
    }

    private static let get = "GET /a 2 [:method=GET] [:scheme=http] [:authority=a] [:path=/a] none"
    private static let post = "POST /a 2 [:method=POST] [:scheme=http] [:authority=a] [:path=/a] until close"
    private static let ok = "200 () 2 [:status=200] [server=t]"

    static let rows = [
        Row(
            reason: "a request without a body and its answer",
            write: {
                $0.request(1, "/a"); $1.response(1, "200", body: "hello")
            },
            requests: ["0 began", "0 head \(get)", "0 end 0"],
            responses: ["0 began", "0 head \(ok) until close", "0 body hello", "0 end 5"]
        ),
        Row(
            reason: "streams that interleave; answers in another order",
            write: { requests, responses in
                requests.headers(1, [(":method", "POST"), (":path", "/a")])
                requests.headers(3, [(":method", "POST"), (":path", "/b")])
                requests.data(3, "bb")
                requests.data(1, "aa")
                requests.data(3, "b", ends: true)
                requests.data(1, "a", ends: true)
                responses.response(3, "200", body: "3")
                responses.response(1, "404")
            },
            requests: [
                "0 began", "0 head POST /a 2 [:method=POST] [:path=/a] until close",
                "1 began", "1 head POST /b 2 [:method=POST] [:path=/b] until close",
                "1 body bb", "0 body aa", "1 body b", "1 end 3", "0 body a", "0 end 3",
            ],
            responses: [
                "1 began", "1 head \(ok) until close", "1 body 3", "1 end 1",
                "0 began", "0 head 404 () 2 [:status=404] [server=t] none", "0 end 0",
            ]
        ),
        Row(
            reason: "padding and priority are no part of a message",
            write: { requests, responses in
                requests.headers(1, [(":method", "POST"), (":path", "/a")], padding: 9, priority: true)
                requests.data(1, "abc", padding: 255)
                requests.data(1, "", ends: true, padding: 1)
                responses.headers(1, [(":status", "200")], ends: true, padding: 1)
            },
            requests: [
                "0 began", "0 head POST /a 2 [:method=POST] [:path=/a] until close", "0 body abc", "0 end 3",
            ],
            responses: ["0 began", "0 head 200 () 2 [:status=200] none", "0 end 0"]
        ),
        Row(
            reason: "a header block in four frames",
            write: { requests, responses in
                requests.headers(1, [(":method", "GET"), (":path", "/a"), ("x", "yz")], ends: true, parts: 4)
                responses.response(1, "200")
            },
            requests: ["0 began", "0 head GET /a 2 [:method=GET] [:path=/a] [x=yz] none", "0 end 0"],
            responses: ["0 began", "0 head \(ok) none", "0 end 0"]
        ),
        Row(
            reason: "interim answers are messages of their own",
            write: { requests, responses in
                requests.request(1, "/a")
                responses.headers(1, [(":status", "103"), ("link", "x")])
                responses.response(1, "200", body: "b")
            },
            requests: ["0 began", "0 head \(get)", "0 end 0"],
            responses: [
                "0 began", "0 head 103 () 2 [:status=103] [link=x] until close +interim", "0 end 0 +interim",
                "0 began", "0 head \(ok) until close", "0 body b", "0 end 1",
            ]
        ),
        Row(
            reason: "trailers end a stream, as gRPC has it",
            write: { requests, responses in
                requests.request(1, "/a", body: "q")
                responses.headers(1, [(":status", "200")])
                responses.data(1, "r")
                responses.headers(1, [("grpc-status", "0")], ends: true)
            },
            requests: ["0 began", "0 head \(post)", "0 body q", "0 end 1"],
            responses: [
                "0 began", "0 head 200 () 2 [:status=200] until close", "0 body r",
                "0 trailers grpc-status: 0\\r\\n", "0 end 1",
            ]
        ),
        Row(
            reason: "a promise is a request that nobody sent",
            write: { requests, responses in
                requests.request(1, "/a")
                responses.promise(1, 2, [(":method", "GET"), (":path", "/s")])
                responses.response(1, "200", body: "1")
                responses.response(2, "200", body: "2")
            },
            requests: [
                "0 began", "0 head \(get)", "0 end 0",
                "1 began", "1 head GET /s 2 [:method=GET] [:path=/s] none +pushed", "1 end 0 +pushed",
            ],
            responses: [
                "0 began", "0 head \(ok) until close", "0 body 1", "0 end 1",
                "1 began", "1 head \(ok) until close +pushed", "1 body 2", "1 end 1 +pushed",
            ]
        ),
        Row(
            reason: "a reset cuts a message short; what was still under way is aborted",
            write: { requests, responses in
                requests.request(1, "/a")
                responses.headers(1, [(":status", "200")])
                responses.data(1, "ab")
                responses.frame(3, 0, 1, payload: [0, 0, 0, 2])
                responses.data(1, "cd")
                responses.response(3, "200")
            },
            requests: ["0 began", "0 head \(get)", "0 end 0"],
            responses: [
                "0 began", "0 head 200 () 2 [:status=200] until close", "0 body ab",
                "0 end 2 +incomplete +reset",
                "skipped 2 aborted", "1 began", "1 head \(ok) none", "1 end 0 +no-request",
            ]
        ),
        Row(
            reason: "control frames and frames of unknown type are passed over",
            write: { requests, responses in
                requests.frame(6, 0, 0, payload: [1, 2, 3, 4, 5, 6, 7, 8])
                requests.frame(0xFA, 0xFF, 7, payload: [1, 2, 3])
                requests.frame(2, 0, 1, payload: [0, 0, 0, 0, 1])
                requests.request(1, "/a")
                requests.frame(8, 0, 0, payload: [0, 0, 1, 0])
                responses.frame(4, 1, 0)
                responses.response(1, "200")
                responses.frame(7, 0, 0, payload: [0, 0, 0, 1, 0, 0, 0, 0])
            },
            requests: ["0 began", "0 head \(get)", "0 end 0"],
            responses: ["0 began", "0 head \(ok) none", "0 end 0"]
        ),
        Row(
            reason: "CR, LF and NUL have no place in a value; a length that lies",
            write: { requests, responses in
                requests.headers(
                    1,
                    [(":method", "POST"), (":path", "/a"), ("x", "a\r\nb\0c"), ("content-length", "9")]
                )
                requests.data(1, "abc", ends: true)
                responses.response(1, "200")
            },
            requests: [
                "0 began",
                "0 head POST /a 2 [:method=POST] [:path=/a] [x=a  b c] [content-length=9] length 9 +smuggling",
                "0 body abc", "0 end 3 +smuggling",
            ],
            responses: ["0 began", "0 head \(ok) none", "0 end 0"]
        ),
        Row(
            reason: "the capture ends first",
            write: { requests, responses in
                requests.request(1, "/a")
                responses.headers(1, [(":status", "200")])
                responses.data(1, "ab")
            },
            requests: ["0 began", "0 head \(get)", "0 end 0"],
            responses: [
                "0 began", "0 head 200 () 2 [:status=200] until close", "0 body ab", "0 end 2 +incomplete",
            ]
        ),
    ]

    /// Both directions whole, then the two byte by byte: the same messages, and every byte in a bucket.
    @Test(arguments: rows) func readsWhatTheFramesSay(_ row: Row) {
        var requests = FrameWriter(preface: true)
        var responses = FrameWriter(preface: false)
        row.write(&requests, &responses)
        for size in [Int.max, 1, 7] {
            let reading = HTTP2Reading(requests.bytes, responses.bytes, cuts: size)
            #expect(reading.dialogue.requests.lines == row.requests, "cut into \(size)")
            #expect(reading.dialogue.responses.lines == row.responses, "cut into \(size)")
            #expect(reading.sumsUp, "cut into \(size)")
        }
    }

    @Test func holdsNoMoreStreamsThanTheLimit() {
        var requests = FrameWriter(preface: true)
        for stream in 0..<5 { requests.request(UInt32(2 * stream + 1), "/\(stream)", body: nil) }
        var limits = HTTPLimits.default
        limits.outstandingRequests = 2
        let reading = HTTP2Reading(requests.bytes, [], limits: limits)
        #expect(reading.conversation.unansweredCount == 5)
        #expect(reading.dialogue.requests.lines.filter { $0.hasSuffix("end 0") }.count == 5)
    }

    @Test func dropsAHeadThatIsTooLong() {
        var requests = FrameWriter(preface: true)
        requests.headers(
            1,
            [(":method", "GET"), (":path", "/" + String(repeating: "a", count: 100))],
            ends: true
        )
        requests.request(3, "/a")
        var limits = HTTPLimits.default
        limits.headBytes = 80
        let reading = HTTP2Reading(requests.bytes, [], limits: limits)
        #expect(reading.dialogue.requests.lines.contains("0 abandoned"))
        #expect(reading.dialogue.requests.lines.contains("1 end 0"))
        #expect(reading.conversation.counts(of: .request).oversize > 100)
        #expect(reading.sumsUp)
    }

    /// An answer in HTTP/1 to the preface is not taken for frames.
    @Test func doesNotTakeTextForFrames() {
        var requests = FrameWriter(preface: true)
        requests.request(1, "/a")
        let text = Array("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".utf8)
        let reading = HTTP2Reading(requests.bytes, text)
        #expect(reading.dialogue.responses.lines == ["skipped \(text.count) unparsable"])
        #expect(reading.sumsUp)
    }
}

/// Reads both directions of an HTTP/2 connection, requests before responses.
struct HTTP2Reading {
    var conversation: HTTPConversation
    var dialogue = Dialogue()
    private var given: [MessageKind: UInt64] = [.request: 0, .response: 0]

    init(limits: HTTPLimits = .default, joined: Bool = false) {
        conversation = HTTPConversation(http2: limits, joined: joined)
    }

    init(
        _ requests: [UInt8],
        _ responses: [UInt8],
        cuts: Int = .max,
        limits: HTTPLimits = .default,
        joined: Bool = false
    ) {
        self.init(limits: limits, joined: joined)
        feed(requests, .request, cuts: cuts)
        feed(responses, .response, cuts: cuts)
        finish()
    }

    mutating func feed(_ bytes: [UInt8], _ kind: MessageKind, cuts: Int = .max) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = Array(rest.prefix(cuts))
            conversation.receive(part.span, from: kind, into: &dialogue)
            rest = rest.dropFirst(part.count)
        }
        given[kind, default: 0] += UInt64(bytes.count)
    }

    mutating func gap(_ count: Int, _ kind: MessageKind) {
        conversation.gap(UInt64(count), from: kind, into: &dialogue)
        given[kind, default: 0] += UInt64(count)
    }

    mutating func finish() {
        for kind in [MessageKind.request, .response] {
            conversation.finish(kind, reset: false, into: &dialogue)
        }
        dialogue.flush()
    }

    /// Whether every byte given is in a bucket or pending.
    var sumsUp: Bool {
        let counts = conversation.counts(of: .request) + conversation.counts(of: .response)
        return counts.total + conversation.pendingBytes == given.values.reduce(0, +)
    }
}
