import Messages
import Testing

/// Which response answers which request.
struct HTTPConversationTests {
    @Test(arguments: [
        DialogueRow(
            name: "one after the other",
            events: [
                .request(DialogueRow.get), .response(DialogueRow.ok), .request(DialogueRow.get),
                .response(DialogueRow.ok),
            ],
            requests: [
                "0 began", "0 \(DialogueRow.getHead)", "0 end 0", "1 began", "1 \(DialogueRow.getHead)",
                "1 end 0",
            ],
            responses: [
                "0 began", "0 \(DialogueRow.okHead)", "0 end 0", "1 began", "1 \(DialogueRow.okHead)",
                "1 end 0",
            ]
        ),
        DialogueRow(
            name: "pipelined requests are answered in order; a request that is not answered is known",
            events: [
                .request(DialogueRow.get + DialogueRow.get + DialogueRow.get),
                .response(DialogueRow.ok + DialogueRow.ok),
            ],
            requests: [
                "0 began", "0 \(DialogueRow.getHead)", "0 end 0",
                "1 began", "1 \(DialogueRow.getHead) +pipelined", "1 end 0 +pipelined",
                "2 began", "2 \(DialogueRow.getHead) +pipelined", "2 end 0 +pipelined",
            ],
            responses: [
                "0 began", "0 \(DialogueRow.okHead)", "0 end 0", "1 began", "1 \(DialogueRow.okHead)",
                "1 end 0",
            ],
            unanswered: [2]
        ),
        DialogueRow(
            name: "a response before its request has ended",
            events: [
                .request("POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nab"), .response(DialogueRow.ok),
                .request("cd" + DialogueRow.get),
                .response(DialogueRow.ok),
            ],
            requests: [
                "0 began", "0 head POST / 1.1 [Content-Length=4] length 4", "0 body abcd", "0 end 4",
                "1 began", "1 \(DialogueRow.getHead)", "1 end 0",
            ],
            responses: [
                "0 began", "0 \(DialogueRow.okHead)", "0 end 0", "1 began", "1 \(DialogueRow.okHead)",
                "1 end 0",
            ]
        ),
        DialogueRow(
            name: "the response to HEAD among others",
            events: [
                .request(DialogueRow.get + "HEAD / HTTP/1.1\r\n\r\n" + DialogueRow.get),
                .response(
                    "HTTP/1.1 200 A\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 200 B\r\nContent-Length: 1\r\n\r\n"
                        + "HTTP/1.1 200 C\r\nContent-Length: 1\r\n\r\ny"
                ),
            ],
            requests: [
                "0 began", "0 \(DialogueRow.getHead)", "0 end 0",
                "1 began", "1 head HEAD / 1.1 none +pipelined", "1 end 0 +pipelined",
                "2 began", "2 \(DialogueRow.getHead) +pipelined", "2 end 0 +pipelined",
            ],
            responses: [
                "0 began", "0 head 200 (A) 1.1 [Content-Length=1] length 1", "0 body x", "0 end 1",
                "1 began", "1 head 200 (B) 1.1 [Content-Length=1] none", "1 end 0",
                "2 began", "2 head 200 (C) 1.1 [Content-Length=1] length 1", "2 body y", "2 end 1",
            ]
        ),
        DialogueRow(
            name: "the response to a request that could not be read does not shift the others",
            events: [
                .request("GET / HTTP/1.1\r\nno field\r\n\r\n" + DialogueRow.get),
                .response(DialogueRow.ok + DialogueRow.ok),
            ],
            requests: [
                "0 began", "0 abandoned", "skipped 28 unparsable", "1 began",
                "1 \(DialogueRow.getHead) +pipelined",
                "1 end 0 +pipelined",
            ],
            responses: [
                "0 began", "0 \(DialogueRow.okHead) +no-request", "0 end 0 +no-request", "1 began",
                "1 \(DialogueRow.okHead)",
                "1 end 0",
            ]
        ),
        DialogueRow(
            name: "a response that could not be read leaves its request unanswered and shifts nothing",
            events: [
                .request(DialogueRow.get), .response("HTTP/1.1 200 OK\r\nno field\r\n\r\n"),
                .request(DialogueRow.get), .response(DialogueRow.ok),
            ],
            requests: [
                "0 began", "0 \(DialogueRow.getHead)", "0 end 0", "1 began", "1 \(DialogueRow.getHead)",
                "1 end 0",
            ],
            responses: [
                "0 began", "0 abandoned", "skipped 29 unparsable", "1 began", "1 \(DialogueRow.okHead)",
                "1 end 0",
            ],
            unanswered: [0]
        ),
        DialogueRow(
            name: "a response lost in a gap leaves its request unanswered and shifts nothing",
            events: [
                .request(DialogueRow.get), .request(DialogueRow.get), .responseGap(38),
                .response(DialogueRow.ok), .request(DialogueRow.get), .response(DialogueRow.ok),
            ],
            requests: [
                "0 began", "0 \(DialogueRow.getHead)", "0 end 0", "1 began",
                "1 \(DialogueRow.getHead) +pipelined",
                "1 end 0 +pipelined",
                "2 began", "2 \(DialogueRow.getHead)", "2 end 0",
            ],
            responses: [
                "1 began", "1 \(DialogueRow.okHead)", "1 end 0", "2 began", "2 \(DialogueRow.okHead)",
                "2 end 0",
            ],
            unanswered: [0]
        ),
        DialogueRow(
            name: "a request lost in a gap: its response stands alone",
            events: [
                .request(DialogueRow.get), .response(DialogueRow.ok), .requestGap(18),
                .response(DialogueRow.ok), .request(DialogueRow.get), .response(DialogueRow.ok),
            ],
            requests: [
                "0 began", "0 \(DialogueRow.getHead)", "0 end 0", "2 began", "2 \(DialogueRow.getHead)",
                "2 end 0",
            ],
            responses: [
                "0 began", "0 \(DialogueRow.okHead)", "0 end 0", "1 began",
                "1 \(DialogueRow.okHead) +no-request",
                "1 end 0 +no-request", "2 began", "2 \(DialogueRow.okHead)", "2 end 0",
            ]
        ),
        DialogueRow(
            name:
                "joined in the middle of a response: what cannot be known is skipped, the first messages are flagged",
            joined: true,
            events: [
                .response("lo\r\nworld"), .request(DialogueRow.get), .response("\r\n\(DialogueRow.ok)"),
                .request(DialogueRow.get), .response(DialogueRow.ok),
            ],
            requests: [
                "0 began", "0 \(DialogueRow.getHead) +joined", "0 end 0 +joined", "1 began",
                "1 \(DialogueRow.getHead)", "1 end 0",
            ],
            responses: [
                "skipped 11 beforeJoin", "0 began", "0 \(DialogueRow.okHead) +joined", "0 end 0 +joined",
                "1 began", "1 \(DialogueRow.okHead)", "1 end 0",
            ]
        ),
        DialogueRow(
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
    func pairs(_ row: DialogueRow) { row.check() }

    @Test func givesUpTheOldestRequestPastTheLimit() {
        var conversation = HTTPConversation(limits: HTTPLimits(outstandingRequests: 2), joined: false)
        var dialogue = Dialogue()
        let requests = Array((DialogueRow.get + DialogueRow.get + DialogueRow.get).utf8)
        conversation.receive(requests.span, from: .request, into: &dialogue)
        #expect(conversation.unansweredRequests == [1, 2])
        #expect(conversation.forgottenRequests == 1)
    }

    @Test func keepsOrderWhileTheQueueGrowsAndWraps() {
        var conversation = HTTPConversation(joined: false)
        var dialogue = Dialogue()
        let request = Array(DialogueRow.get.utf8)
        let response = Array(DialogueRow.ok.utf8)
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
