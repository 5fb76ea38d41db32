import Messages
import Testing

/// What only both directions together tell of a message: interim responses, bodies withheld, the end of HTTP.
struct ExchangeTests {
    @Test(arguments: [
        DialogueRow(
            name: "interim responses belong to the exchange of the final one",
            events: [
                .request("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"),
                .response("HTTP/1.1 100 Continue\r\n\r\n"), .request("hi"),
                .response("HTTP/1.1 103 Early\r\n\r\n" + DialogueRow.ok),
            ],
            requests: [
                "0 began", "0 head POST / 1.1 [Expect=100-continue] [Content-Length=2] length 2", "0 body hi",
                "0 end 2",
            ],
            responses: [
                "0 began", "0 head 100 (Continue) 1.1 none +interim", "0 end 0 +interim",
                "0 began", "0 head 103 (Early) 1.1 none +interim", "0 end 0 +interim",
                "0 began", "0 \(DialogueRow.okHead)", "0 end 0",
            ]
        ),
        DialogueRow(
            name: "only an interim response: the request is not answered",
            events: [.request(DialogueRow.get), .response("HTTP/1.1 100 Continue\r\n\r\n")],
            requests: ["0 began", "0 \(DialogueRow.getHead)", "0 end 0"],
            responses: ["0 began", "0 head 100 (Continue) 1.1 none +interim", "0 end 0 +interim"],
            unanswered: [0]
        ),
        DialogueRow(
            name: "a body withheld after a refusal is followed by the next request",
            events: [
                .request("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2000\r\n\r\n"),
                .response("HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n"), .request(DialogueRow.get),
                .response(DialogueRow.ok),
            ],
            requests: [
                "0 began", "0 head POST / 1.1 [Expect=100-continue] [Content-Length=2000] length 2000",
                "0 end 0 +incomplete", "1 began", "1 \(DialogueRow.getHead)", "1 end 0",
            ],
            responses: [
                "0 began", "0 head 417 (No) 1.1 [Content-Length=0] length 0", "0 end 0",
                "1 began", "1 \(DialogueRow.okHead)", "1 end 0",
            ]
        ),
        DialogueRow(
            name: "a body sent in spite of a refusal",
            events: [
                .request("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 20\r\n\r\n"),
                .response("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"),
                .request("GET / or something..\(DialogueRow.get)"), .response(DialogueRow.ok),
            ],
            requests: [
                "0 began", "0 head POST / 1.1 [Expect=100-continue] [Content-Length=20] length 20",
                "0 body GET / or something..", "0 end 20", "1 began", "1 \(DialogueRow.getHead)", "1 end 0",
            ],
            responses: [
                "0 began", "0 head 401 (No) 1.1 [Content-Length=0] length 0", "0 end 0",
                "1 began", "1 \(DialogueRow.okHead)", "1 end 0",
            ]
        ),
        DialogueRow(
            name: "a body sent in spite of a refusal that could be a start line to its last byte",
            events: [
                .request("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"),
                .response("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"),
                .request("GET /\(DialogueRow.get)"),
                .response(DialogueRow.ok),
            ],
            requests: [
                "0 began", "0 head POST / 1.1 [Expect=100-continue] [Content-Length=5] length 5",
                "0 body GET /",
                "0 end 5", "1 began", "1 \(DialogueRow.getHead)", "1 end 0",
            ],
            responses: [
                "0 began", "0 head 401 (No) 1.1 [Content-Length=0] length 0", "0 end 0",
                "1 began", "1 \(DialogueRow.okHead)", "1 end 0",
            ]
        ),
        DialogueRow(
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
        DialogueRow(
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
        DialogueRow(
            name: "a body lost in a gap where it might have been withheld",
            events: [
                .request("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 20\r\n\r\n"),
                .response("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"), .requestGap(20),
                .request(DialogueRow.get),
                .response(DialogueRow.ok),
            ],
            requests: [
                "0 began", "0 head POST / 1.1 [Expect=100-continue] [Content-Length=20] length 20",
                "0 gap 20",
                "0 end 20 +gap", "1 began", "1 \(DialogueRow.getHead)", "1 end 0",
            ],
            responses: [
                "0 began", "0 head 401 (No) 1.1 [Content-Length=0] length 0", "0 end 0",
                "1 began", "1 \(DialogueRow.okHead)", "1 end 0",
            ]
        ),
        DialogueRow(
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
        DialogueRow(
            name: "a gap past the end of that body: what follows is no longer HTTP either",
            events: [
                .request("POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nab"),
                .response("HTTP/1.1 101 Switching\r\n\r\n"), .requestGap(3), .request(DialogueRow.get),
            ],
            requests: [
                "0 began", "0 head POST / 1.1 [Content-Length=4] length 4", "0 body ab", "0 gap 2",
                "0 end 4 +gap",
                "skipped 18 upgraded",
            ],
            responses: ["0 began", "0 head 101 (Switching) 1.1 none +upgraded", "0 end 0 +upgraded"]
        ),
        DialogueRow(
            name: "after 100 the body comes, whatever it looks like",
            events: [
                .request("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 18\r\n\r\n"),
                .response("HTTP/1.1 100 Continue\r\n\r\n\(DialogueRow.ok)"), .request(DialogueRow.get),
            ],
            requests: [
                "0 began", "0 head POST / 1.1 [Expect=100-continue] [Content-Length=18] length 18",
                "0 body GET / HTTP/1.1\\r\\n\\r\\n", "0 end 18",
            ],
            responses: [
                "0 began", "0 head 100 (Continue) 1.1 none +interim", "0 end 0 +interim",
                "0 began", "0 \(DialogueRow.okHead)", "0 end 0",
            ]
        ),
        DialogueRow(
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
        DialogueRow(
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
        DialogueRow(
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
        DialogueRow(
            name:
                "responses without requests have ordinals of their own, an interim one shares that of the final one",
            events: [
                .response("HTTP/1.1 102 Wait\r\n\r\n" + DialogueRow.ok + DialogueRow.ok),
                .request(DialogueRow.get), .response(DialogueRow.ok),
            ],
            requests: ["2 began", "2 \(DialogueRow.getHead)", "2 end 0"],
            responses: [
                "0 began", "0 head 102 (Wait) 1.1 none +no-request +interim", "0 end 0 +no-request +interim",
                "0 began", "0 \(DialogueRow.okHead) +no-request", "0 end 0 +no-request",
                "1 began", "1 \(DialogueRow.okHead) +no-request", "1 end 0 +no-request",
                "2 began", "2 \(DialogueRow.okHead)", "2 end 0",
            ]
        ),
    ])
    func reads(_ row: DialogueRow) { row.check() }
}
