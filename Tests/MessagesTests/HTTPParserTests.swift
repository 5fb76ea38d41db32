import Messages
import Testing

/// Well-formed messages and those that RFC 9112 lets a recipient read without a second thought.
struct HTTPParserTests {
    @Test(arguments: [
        MessageCase.request(
            "the smallest request",
            "GET / HTTP/1.1\r\n\r\n",
            ["began", "head GET / 1.1 none", "end 0"]
        ),
        .request(
            "a method is any token, a target any run of visible bytes",
            "M-SEARCH a|b?c%zz#d HTTP/1.0\r\nHOST: x\r\n\r\n",
            ["began", "head M-SEARCH a|b?c%zz#d 1.0 [HOST=x] none", "end 0"]
        ),
        .request(
            "white space around values is not part of them; case, order and repetitions stay",
            "GET / HTTP/1.1\r\nb:\t1 \t\r\nA:2\r\nB:\r\na:  x y  \r\n\r\n",
            ["began", "head GET / 1.1 [b=1] [A=2] [B=] [a=x y] none", "end 0"]
        ),
        .request(
            "a body of known length may hold line ends and start lines",
            "POST /p HTTP/1.1\r\nContent-Length: 22\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\n\r\n",
            [
                "began", "head POST /p 1.1 [Content-Length=22] length 22",
                "body \\r\\n\\r\\nGET / HTTP/1.1\\r\\n\\r\\n", "end 22",
            ]
        ),
        .request(
            "leading zeroes in a length count for nothing",
            "PUT / HTTP/1.1\r\ncontent-length: 003\r\n\r\nabc",
            ["began", "head PUT / 1.1 [content-length=003] length 3", "body abc", "end 3"]
        ),
        .request(
            "empty lines before a request are passed over (RFC 9112, section 2.2)",
            "\r\n\n\r\nGET / HTTP/1.1\r\n\r\n",
            ["began", "head GET / 1.1 none", "end 0"]
        ),
        .request(
            "chunks with extensions and a trailer section",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5;a;b=\"c d\"\r\nhello\r\n00006\r\n world\r\n0;last\r\nX-A: 1\r\nX-B: 2\r\n\r\n",
            [
                "began", "head POST / 1.1 [Transfer-Encoding=chunked] chunked +chunked", "body hello world",
                "trailers X-A: 1\\r\\nX-B: 2\\r\\n", "end 11 +chunked",
            ]
        ),
        .request(
            "codings are names without case, and only the last one frames",
            "POST / HTTP/1.1\r\nTransfer-Encoding: gzip, ,\r\ntransfer-encoding:CHUNKED\r\n\r\nA\r\n0123456789\r\n0\r\n\r\n",
            [
                "began",
                "head POST / 1.1 [Transfer-Encoding=gzip, ,] [transfer-encoding=CHUNKED] chunked +chunked",
                "body 0123456789", "end 10 +chunked",
            ]
        ),
        .request(
            "pipelined requests",
            "POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\nhiGET /b HTTP/1.1\r\n\r\n",
            [
                "began", "head POST /a 1.1 [Content-Length=2] length 2", "body hi", "end 2",
                "began", "head GET /b 1.1 none", "end 0",
            ]
        ),
        .request(
            "bytes that are not UTF-8 are kept and flagged",
            "GET /ü HTTP/1.1\r\nA: é\r\n\r\n",
            ["began", "head GET /\\xc3\\xbc 1.1 [A=\\xc3\\xa9] none", "end 0"]
        ),
        .request(
            "a request that ends inside its body is incomplete",
            "POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc",
            ["began", "head POST / 1.1 [Content-Length=10] length 10", "body abc", "end 3 +incomplete"],
            followed: false
        ),
        .request(
            "a request that ends inside its head is none",
            "POST / HTTP/1.1\r\nContent-Le",
            ["began", "abandoned", "skipped 27 unparsable"],
            followed: false
        ),
    ])
    func readsRequests(_ row: MessageCase) { row.check() }

    @Test(arguments: [
        MessageCase.response(
            "a body without a length lasts until close",
            "HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
            ["began", "head 200 (OK) 1.1 until close", "body HTTP/1.1 200 OK\\r\\n\\r\\n", "end 19"],
            followed: false
        ),
        .response(
            "a status is any three digits; the reason may be missing",
            "HTTP/1.1 000\r\nContent-Length: 0\r\n\r\nHTTP/1.0 999 \r\nContent-Length: 1\r\n\r\nx",
            [
                "began", "head 0 () 1.1 [Content-Length=0] length 0", "end 0",
                "began", "head 999 () 1.0 [Content-Length=1] length 1", "body x", "end 1",
            ]
        ),
        .response(
            "the response to HEAD has no body, whatever it says",
            to: .head,
            "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            [
                "began", "head 200 (OK) 1.1 [Content-Length=12] none", "end 0",
                "began", "head 200 (OK) 1.1 [Transfer-Encoding=chunked] none", "end 0",
            ]
        ),
        .response(
            "1xx, 204 and 304 have no body, whatever they say",
            "HTTP/1.1 103 Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 204 None\r\nContent-Length: 5\r\n\r\n"
                + "HTTP/1.1 304 Same\r\nTransfer-Encoding: chunked\r\n\r\n",
            [
                "began", "head 103 (Hints) 1.1 [Link=</a>] none", "end 0",
                "began", "head 204 (None) 1.1 [Content-Length=5] none", "end 0",
                "began", "head 304 (Same) 1.1 [Transfer-Encoding=chunked] none", "end 0",
            ]
        ),
        .response(
            "2xx to CONNECT has no body, another status may have one",
            to: .connect,
            "HTTP/1.1 407 No\r\nContent-Length: 2\r\n\r\nhiHTTP/1.1 200 Yes\r\nContent-Length: 2\r\n\r\n",
            [
                "began", "head 407 (No) 1.1 [Content-Length=2] length 2", "body hi", "end 2",
                "began", "head 200 (Yes) 1.1 [Content-Length=2] none", "end 0",
            ],
            followed: false
        ),
        .response(
            "codings that do not end in chunked last until close",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n5\r\nhello",
            [
                "began", "head 200 (OK) 1.1 [Transfer-Encoding=chunked, gzip] until close +smuggling",
                "body 5\\r\\nhello", "end 8 +smuggling",
            ],
            followed: false
        ),
        .response(
            "empty lines between responses are passed over",
            "HTTP/1.1 304 Same\r\n\r\n\r\nHTTP/1.1 204 None\r\n\r\n",
            ["began", "head 304 (Same) 1.1 none", "end 0", "began", "head 204 (None) 1.1 none", "end 0"]
        ),
        .response(
            "what begins with an empty line is no response, and neither is what follows it",
            "\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
            ["skipped 19 unparsable"],
            followed: false
        ),
        .response(
            "a chunked response that ends between chunks is incomplete",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
            [
                "began", "head 200 (OK) 1.1 [Transfer-Encoding=chunked] chunked +chunked", "body abc",
                "end 3 +chunked +incomplete",
            ],
            followed: false
        ),
    ])
    func readsResponses(_ row: MessageCase) { row.check() }

    @Test func flagsBytesThatAreNotUTF8() {
        for (index, input) in ["GET /\u{1} HTTP/1.1\r\nA: b\r\n\r\n", "GET / HTTP/1.1\r\nA: \u{1}\r\n\r\n"]
            .enumerated()
        {
            var reading = Reading(.request)
            reading.feed(input.utf8.map { $0 == 1 ? 0xE9 : $0 })
            reading.finish()
            #expect(reading.transcript.lines.last == "end 0 +latin1", "place \(index)")
        }
    }

    @Test(arguments: [
        (DirectionEnd.closed, "end 2"), (.reset, "end 2 +incomplete +reset"), (.cut, "end 2 +incomplete"),
    ])
    func endsABodyWithoutLengthAsTheConnectionEnds(_ end: DirectionEnd, _ line: String) {
        var reading = Reading(.response)
        reading.feed("HTTP/1.1 200 OK\r\n\r\nhi".utf8)
        reading.finish(end)
        #expect(reading.transcript.lines.last == line)
    }

    @Test func flagsAResetInsideABody() {
        var reading = Reading(.request)
        reading.feed("PUT / HTTP/1.1\r\nContent-Length: 3\r\n\r\nhi".utf8)
        reading.finish(.reset)
        #expect(reading.transcript.lines.last == "end 2 +incomplete +reset")
    }
}
