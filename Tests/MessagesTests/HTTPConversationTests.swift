import Messages
import Testing

/// Which response answers which request, and what only both directions together tell.
struct HTTPConversationTests {
    /// What happens on a connection, in order.
    enum Event: Sendable {
        case request(String)
        case response(String)
        case requestGap(UInt64)
        case responseGap(UInt64)
        case finish(MessageKind)
    }

    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        var joined = false
        var events: [Event]
        var requests: [String]
        var responses: [String]
        var unanswered: [ExchangeOrdinal] = []

        var testDescription: String { name }
    }

    private static let get = "GET / HTTP/1.1\r\n\r\n"
    private static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    private static let getHead = "head GET / 1.1 none"
    private static let okHead = "head 200 (OK) 1.1 [Content-Length=0] length 0"

    @Test(arguments: [
        Row(
            name: "one after the other",
            events: [.request(get), .response(ok), .request(get), .response(ok)],
            requests: ["0 began", "0 \(getHead)", "0 end 0", "1 began", "1 \(getHead)", "1 end 0"],
            responses: ["0 began", "0 \(okHead)", "0 end 0", "1 began", "1 \(okHead)", "1 end 0"]
        ),
        Row(
            name: "pipelined requests are answered in order; a request that is not answered is known",
            events: [.request(get + get + get), .response(ok + ok)],
            requests: [
                "0 began", "0 \(getHead)", "0 end 0",
                "1 began", "1 \(getHead) +pipelined", "1 end 0 +pipelined",
                "2 began", "2 \(getHead) +pipelined", "2 end 0 +pipelined",
            ],
            responses: ["0 began", "0 \(okHead)", "0 end 0", "1 began", "1 \(okHead)", "1 end 0"],
            unanswered: [2]
        ),
        Row(
            name: "interim responses belong to the exchange of the final one",
            events: [
                .request("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"),
                .response("HTTP/1.1 100 Continue\r\n\r\n"), .request("hi"),
                .response("HTTP/1.1 103 Early\r\n\r\n" + ok),
            ],
            requests: [
                "0 began", "0 head POST / 1.1 [Expect=100-continue] [Content-Length=2] length 2", "0 body hi",
                "0 end 2",
            ],
            responses: [
                "0 began", "0 head 100 (Continue) 1.1 none +interim", "0 end 0 +interim",
                "0 began", "0 head 103 (Early) 1.1 none +interim", "0 end 0 +interim",
                "0 began", "0 \(okHead)", "0 end 0",
            ]
        ),
        Row(
            name: "only an interim response: the request is not answered",
            events: [.request(get), .response("HTTP/1.1 100 Continue\r\n\r\n")],
            requests: ["0 began", "0 \(getHead)", "0 end 0"],
            responses: ["0 began", "0 head 100 (Continue) 1.1 none +interim", "0 end 0 +interim"],
            unanswered: [0]
        ),
        Row(
            name: "a body withheld after a refusal is followed by the next request",
            events: [
                .request("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2000\r\n\r\n"),
                .response("HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n"), .request(get), .response(ok),
            ],
            requests: [
                "0 began", "0 head POST / 1.1 [Expect=100-continue] [Content-Length=2000] length 2000",
                "0 end 0 +incomplete", "1 began", "1 \(getHead)", "1 end 0",
            ],
            responses: [
                "0 began", "0 head 417 (No) 1.1 [Content-Length=0] length 0", "0 end 0",
                "1 began", "1 \(okHead)", "1 end 0",
            ]
        ),
        Row(
            name: "a body sent in spite of a refusal",
            events: [
                .request("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 20\r\n\r\n"),
                .response("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"),
                .request("GET / or something..\(get)"), .response(ok),
            ],
            requests: [
                "0 began", "0 head POST / 1.1 [Expect=100-continue] [Content-Length=20] length 20",
                "0 body GET / or something..", "0 end 20", "1 began", "1 \(getHead)", "1 end 0",
            ],
            responses: [
                "0 began", "0 head 401 (No) 1.1 [Content-Length=0] length 0", "0 end 0",
                "1 began", "1 \(okHead)", "1 end 0",
            ]
        ),
        Row(
            name: "a body sent in spite of a refusal that could be a start line to its last byte",
            events: [
                .request("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"),
                .response("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"), .request("GET /\(get)"),
                .response(ok),
            ],
            requests: [
                "0 began", "0 head POST / 1.1 [Expect=100-continue] [Content-Length=5] length 5",
                "0 body GET /",
                "0 end 5", "1 began", "1 \(getHead)", "1 end 0",
            ],
            responses: [
                "0 began", "0 head 401 (No) 1.1 [Content-Length=0] length 0", "0 end 0",
                "1 began", "1 \(okHead)", "1 end 0",
            ]
        ),
        Row(
            name: "a chunked body sent in spite of a refusal",
            events: [
                .request("POST / HTTP/1.1\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n"),
                .response("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"),
                .request("00a\r\n0123456789\r\n0\r\n\r\n"),
            ],
            requests: [
                "0 began",
                "0 head POST / 1.1 [Expect=100-continue] [Transfer-Encoding=chunked] chunked +chunked",
                "0 body 0123456789", "0 end 10 +chunked",
            ],
            responses: ["0 began", "0 head 401 (No) 1.1 [Content-Length=0] length 0", "0 end 0"]
        ),
        Row(
            name: "a start line begun in the place of a withheld body, and the end of the connection",
            events: [
                .request("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 20\r\n\r\n"),
                .response("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"), .request("GET /"),
                .finish(.request),
            ],
            requests: [
                "0 began", "0 head POST / 1.1 [Expect=100-continue] [Content-Length=20] length 20",
                "skipped 5 unparsable", "0 end 0 +incomplete",
            ],
            responses: ["0 began", "0 head 401 (No) 1.1 [Content-Length=0] length 0", "0 end 0"]
        ),
        Row(
            name: "a body lost in a gap where it might have been withheld",
            events: [
                .request("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 20\r\n\r\n"),
                .response("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"), .requestGap(20), .request(get),
                .response(ok),
            ],
            requests: [
                "0 began", "0 head POST / 1.1 [Expect=100-continue] [Content-Length=20] length 20",
                "0 gap 20",
                "0 end 20 +gap", "1 began", "1 \(getHead)", "1 end 0",
            ],
            responses: [
                "0 began", "0 head 401 (No) 1.1 [Content-Length=0] length 0", "0 end 0",
                "1 began", "1 \(okHead)", "1 end 0",
            ]
        ),
        Row(
            name: "101 inside a request body: the body is read to its end",
            events: [
                .request("POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nab"),
                .response("HTTP/1.1 101 Switching\r\n\r\n"), .request("cdef"),
            ],
            requests: [
                "0 began", "0 head POST / 1.1 [Content-Length=4] length 4", "0 body abcd", "0 end 4",
                "skipped 2 upgraded",
            ],
            responses: ["0 began", "0 head 101 (Switching) 1.1 none +upgraded", "0 end 0 +upgraded"]
        ),
        Row(
            name: "a gap past the end of that body: what follows is no longer HTTP either",
            events: [
                .request("POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nab"),
                .response("HTTP/1.1 101 Switching\r\n\r\n"), .requestGap(3), .request(get),
            ],
            requests: [
                "0 began", "0 head POST / 1.1 [Content-Length=4] length 4", "0 body ab", "0 gap 2",
                "0 end 4 +gap",
                "skipped 18 upgraded",
            ],
            responses: ["0 began", "0 head 101 (Switching) 1.1 none +upgraded", "0 end 0 +upgraded"]
        ),
        Row(
            name: "after 100 the body comes, whatever it looks like",
            events: [
                .request("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 18\r\n\r\n"),
                .response("HTTP/1.1 100 Continue\r\n\r\n\(ok)"), .request(get),
            ],
            requests: [
                "0 began", "0 head POST / 1.1 [Expect=100-continue] [Content-Length=18] length 18",
                "0 body GET / HTTP/1.1\\r\\n\\r\\n", "0 end 18",
            ],
            responses: [
                "0 began", "0 head 100 (Continue) 1.1 none +interim", "0 end 0 +interim",
                "0 began", "0 \(okHead)", "0 end 0",
            ]
        ),
        Row(
            name: "a response before its request has ended",
            events: [
                .request("POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nab"), .response(ok),
                .request("cd" + get),
                .response(ok),
            ],
            requests: [
                "0 began", "0 head POST / 1.1 [Content-Length=4] length 4", "0 body abcd", "0 end 4",
                "1 began", "1 \(getHead)", "1 end 0",
            ],
            responses: ["0 began", "0 \(okHead)", "0 end 0", "1 began", "1 \(okHead)", "1 end 0"]
        ),
        Row(
            name: "the response to HEAD among others",
            events: [
                .request(get + "HEAD / HTTP/1.1\r\n\r\n" + get),
                .response(
                    "HTTP/1.1 200 A\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 200 B\r\nContent-Length: 1\r\n\r\n"
                        + "HTTP/1.1 200 C\r\nContent-Length: 1\r\n\r\ny"
                ),
            ],
            requests: [
                "0 began", "0 \(getHead)", "0 end 0",
                "1 began", "1 head HEAD / 1.1 none +pipelined", "1 end 0 +pipelined",
                "2 began", "2 \(getHead) +pipelined", "2 end 0 +pipelined",
            ],
            responses: [
                "0 began", "0 head 200 (A) 1.1 [Content-Length=1] length 1", "0 body x", "0 end 1",
                "1 began", "1 head 200 (B) 1.1 [Content-Length=1] none", "1 end 0",
                "2 began", "2 head 200 (C) 1.1 [Content-Length=1] length 1", "2 body y", "2 end 1",
            ]
        ),
        Row(
            name: "after 101 both directions are counted, not parsed",
            events: [
                .request("GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"),
                .response("HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n\u{01}\u{02}"),
                .request("GET / HTTP/1.1\r\n\r\n"),
            ],
            requests: [
                "0 began", "0 head GET /ws 1.1 [Upgrade=websocket] none", "0 end 0", "skipped 18 upgraded",
            ],
            responses: [
                "0 began", "0 head 101 (Switching) 1.1 [Upgrade=websocket] none +upgraded",
                "0 end 0 +upgraded",
                "skipped 2 upgraded",
            ]
        ),
        Row(
            name: "after 2xx to CONNECT both directions are counted, not parsed",
            events: [
                .request("CONNECT a:443 HTTP/1.1\r\n\r\n"),
                .response("HTTP/1.1 407 No\r\nContent-Length: 1\r\n\r\nx"),
                .request("CONNECT a:443 HTTP/1.1\r\n\r\n"), .response("HTTP/1.1 200 OK\r\n\r\nabc"),
                .request("defgh"),
            ],
            requests: [
                "0 began", "0 head CONNECT a:443 1.1 none", "0 end 0", "1 began",
                "1 head CONNECT a:443 1.1 none",
                "1 end 0", "skipped 5 upgraded",
            ],
            responses: [
                "0 began", "0 head 407 (No) 1.1 [Content-Length=1] length 1", "0 body x", "0 end 1",
                "1 began", "1 head 200 (OK) 1.1 none +upgraded", "1 end 0 +upgraded", "skipped 3 upgraded",
            ]
        ),
        Row(
            name: "bytes of the new protocol that came before the 101 was seen",
            events: [
                .request("GET /ws HTTP/1.1\r\nUpgrade: x\r\n\r\nabc"), .response("HTTP/1.1 101 \r\n\r\n"),
                .request("de"),
            ],
            requests: [
                "0 began", "0 head GET /ws 1.1 [Upgrade=x] none", "0 end 0", "1 began", "1 abandoned",
                "skipped 5 upgraded",
            ],
            responses: ["0 began", "0 head 101 () 1.1 none +upgraded", "0 end 0 +upgraded"]
        ),
        Row(
            name:
                "responses without requests have ordinals of their own, an interim one shares that of the final one",
            events: [.response("HTTP/1.1 102 Wait\r\n\r\n" + ok + ok), .request(get), .response(ok)],
            requests: ["2 began", "2 \(getHead)", "2 end 0"],
            responses: [
                "0 began", "0 head 102 (Wait) 1.1 none +no-request +interim", "0 end 0 +no-request +interim",
                "0 began", "0 \(okHead) +no-request", "0 end 0 +no-request",
                "1 began", "1 \(okHead) +no-request", "1 end 0 +no-request",
                "2 began", "2 \(okHead)", "2 end 0",
            ]
        ),
        Row(
            name: "the response to a request that could not be read does not shift the others",
            events: [.request("GET / HTTP/1.1\r\nno field\r\n\r\n" + get), .response(ok + ok)],
            requests: [
                "0 began", "0 abandoned", "skipped 28 unparsable", "1 began", "1 \(getHead) +pipelined",
                "1 end 0 +pipelined",
            ],
            responses: [
                "0 began", "0 \(okHead) +no-request", "0 end 0 +no-request", "1 began", "1 \(okHead)",
                "1 end 0",
            ]
        ),
        Row(
            name: "a response that could not be read leaves its request unanswered and shifts nothing",
            events: [
                .request(get), .response("HTTP/1.1 200 OK\r\nno field\r\n\r\n"), .request(get), .response(ok),
            ],
            requests: ["0 began", "0 \(getHead)", "0 end 0", "1 began", "1 \(getHead)", "1 end 0"],
            responses: [
                "0 began", "0 abandoned", "skipped 29 unparsable", "1 began", "1 \(okHead)", "1 end 0",
            ],
            unanswered: [0]
        ),
        Row(
            name: "a response lost in a gap leaves its request unanswered and shifts nothing",
            events: [
                .request(get), .request(get), .responseGap(38), .response(ok), .request(get), .response(ok),
            ],
            requests: [
                "0 began", "0 \(getHead)", "0 end 0", "1 began", "1 \(getHead) +pipelined",
                "1 end 0 +pipelined",
                "2 began", "2 \(getHead)", "2 end 0",
            ],
            responses: ["1 began", "1 \(okHead)", "1 end 0", "2 began", "2 \(okHead)", "2 end 0"],
            unanswered: [0]
        ),
        Row(
            name: "a request lost in a gap: its response stands alone",
            events: [
                .request(get), .response(ok), .requestGap(18), .response(ok), .request(get), .response(ok),
            ],
            requests: ["0 began", "0 \(getHead)", "0 end 0", "2 began", "2 \(getHead)", "2 end 0"],
            responses: [
                "0 began", "0 \(okHead)", "0 end 0", "1 began", "1 \(okHead) +no-request",
                "1 end 0 +no-request", "2 began", "2 \(okHead)", "2 end 0",
            ]
        ),
        Row(
            name:
                "joined in the middle of a response: what cannot be known is skipped, the first messages are flagged",
            joined: true,
            events: [
                .response("lo\r\nworld"), .request(get), .response("\r\n\(ok)"), .request(get), .response(ok),
            ],
            requests: [
                "0 began", "0 \(getHead) +joined", "0 end 0 +joined", "1 began", "1 \(getHead)", "1 end 0",
            ],
            responses: [
                "skipped 11 beforeJoin", "0 began", "0 \(okHead) +joined", "0 end 0 +joined",
                "1 began", "1 \(okHead)", "1 end 0",
            ]
        ),
        Row(
            name: "a connection that ends inside both messages",
            events: [
                .request("POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nab"), .response("HTTP/1.1 200"),
                .finish(.request), .finish(.response),
            ],
            requests: [
                "0 began", "0 head POST / 1.1 [Content-Length=4] length 4", "0 body ab",
                "0 end 2 +incomplete",
            ],
            responses: ["0 began", "0 abandoned", "skipped 12 unparsable"],
            unanswered: [0]
        ),
    ])
    func pairs(_ row: Row) {
        check(row, cut: false)
        check(row, cut: true)
    }

    private func check(_ row: Row, cut: Bool) {
        var conversation = HTTPConversation(joined: row.joined)
        var dialogue = Dialogue()
        var given: [MessageKind: UInt64] = [:]
        func feed(_ text: String, _ kind: MessageKind) {
            let bytes = Array(text.utf8)
            given[kind, default: 0] += UInt64(bytes.count)
            if cut {
                for byte in bytes { conversation.receive([byte].span, from: kind, into: &dialogue) }
            } else {
                conversation.receive(bytes.span, from: kind, into: &dialogue)
            }
        }
        for event in row.events {
            switch event {
            case .request(let text): feed(text, .request)
            case .response(let text): feed(text, .response)
            case .requestGap(let count):
                given[.request, default: 0] += count
                conversation.gap(count, from: .request, into: &dialogue)
            case .responseGap(let count):
                given[.response, default: 0] += count
                conversation.gap(count, from: .response, into: &dialogue)
            case .finish(let kind): conversation.finish(kind, reset: false, into: &dialogue)
            }
        }
        dialogue.flush()
        let how = cut ? "byte by byte" : "whole"
        #expect(dialogue.requests.lines == row.requests, "requests, \(how)")
        #expect(dialogue.responses.lines == row.responses, "responses, \(how)")
        #expect(conversation.unansweredRequests == row.unanswered, "\(how)")
        let counted = conversation.counts(of: .request).total + conversation.counts(of: .response).total
        #expect(counted + conversation.pendingBytes == given.values.reduce(0, +), "\(how)")
    }

    @Test func givesUpTheOldestRequestPastTheLimit() {
        var conversation = HTTPConversation(limits: HTTPLimits(outstandingRequests: 2), joined: false)
        var dialogue = Dialogue()
        let requests = Array((Self.get + Self.get + Self.get).utf8)
        conversation.receive(requests.span, from: .request, into: &dialogue)
        #expect(conversation.unansweredRequests == [1, 2])
        #expect(conversation.forgottenRequests == 1)
    }

    @Test func keepsOrderWhileTheQueueGrowsAndWraps() {
        var conversation = HTTPConversation(joined: false)
        var dialogue = Dialogue()
        let request = Array(Self.get.utf8)
        let response = Array(Self.ok.utf8)
        for round in 0..<40 {
            for _ in 0..<(round % 7 + 1) {
                conversation.receive(request.span, from: .request, into: &dialogue)
            }
            for _ in 0..<(round % 7) { conversation.receive(response.span, from: .response, into: &dialogue) }
        }
        dialogue.flush()
        let ordinals = dialogue.responses.lines.filter { $0.hasSuffix("began") }
        #expect(ordinals == (0..<ordinals.count).map { "\($0) began" })
        #expect(conversation.unansweredRequests.count == 40)
    }
}
