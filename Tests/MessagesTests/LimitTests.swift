import Messages
import Testing

/// What happens at each limit, and just below it.
struct LimitTests {
    private static let limits = HTTPLimits(
        headBytes: 40,
        fieldCount: 2,
        chunkLineBytes: 8,
        trailerBytes: 6,
        bodyBytes: 4
    )

    @Test(arguments: [
        MessageCase.request(
            "a head of exactly the limit",
            "GET / HTTP/1.1\r\nA: 34567890123456789\r\n\r\n",
            ["began", "head GET / 1.1 [A=34567890123456789] none", "end 0"]
        ),
        .request(
            "a head one byte longer",
            "GET / HTTP/1.1\r\nA: 345678901234567890\r\n\r\n",
            ["began", "abandoned", "skipped 41 oversize"]
        ),
        .request(
            "a start line without an end",
            "GET /" + String(repeating: "x", count: 60) + "\r\n",
            ["began", "abandoned", "skipped 67 oversize"]
        ),
        .request(
            "one field too many",
            "GET / HTTP/1.1\r\nA:\r\nB:\r\nC:\r\n\r\n",
            ["began", "abandoned", "skipped 30 oversize"]
        ),
        .request(
            "a body past the limit is counted to its end",
            "PUT / HTTP/1.1\r\nContent-Length:9\r\n\r\n123456789",
            ["began", "head PUT / 1.1 [Content-Length=9] length 9", "body 1234", "end 9 +truncated"]
        ),
        .request(
            "a body of exactly the limit",
            "PUT / HTTP/1.1\r\nContent-Length:4\r\n\r\n1234",
            ["began", "head PUT / 1.1 [Content-Length=4] length 4", "body 1234", "end 4"]
        ),
    ])
    func keepsHeadsAndBodiesWithinLimits(_ row: MessageCase) { row.check(limits: Self.limits) }

    private static let chunkLimits = HTTPLimits(chunkLineBytes: 8, trailerBytes: 6, bodyBytes: 4)
    private static let head = "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    private static let headLine = "head PUT / 1.1 [Transfer-Encoding=chunked] chunked +chunked"

    @Test(arguments: [
        MessageCase.request(
            "a chunk-size line of exactly the limit",
            head + "1;3456\r\nx\r\n000000\r\n\r\n",
            ["began", headLine, "body x", "end 1 +chunked"]
        ),
        .request(
            "a chunk-size line one byte longer",
            head + "1;34567\r\nx\r\n",
            ["began", headLine, "end 0 +chunked +incomplete +smuggling", "skipped 4 unparsable"]
        ),
        .request(
            "chunks past the body limit",
            head + "3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n",
            ["began", headLine, "body abcd", "end 6 +chunked +truncated"]
        ),
        .request(
            "a trailer section of exactly the limit",
            head + "0\r\nA: b\r\n\r\n",
            ["began", headLine, "trailers A: b\\r\\n", "end 0 +chunked"]
        ),
        .request(
            "a trailer section past it is read to its end, not delivered",
            head + "0\r\nA: bc\r\n\r\n",
            ["began", headLine, "end 0 +chunked +truncated"]
        ),
        .request(
            "the same with the shortest empty line",
            head + "0\r\nA: bc\r\n\n",
            ["began", headLine, "end 0 +chunked +truncated +smuggling"]
        ),
    ])
    func keepsChunksAndTrailersWithinLimits(_ row: MessageCase) { row.check(limits: Self.chunkLimits) }

    @Test func takesAHeadOf256KiB() {
        let start = "GET / HTTP/1.1\r\nA: "
        let value = String(repeating: "v", count: HTTPLimits.default.headBytes - start.utf8.count - 4)
        var reading = Reading(.request)
        reading.feed((start + value + "\r\n\r\n").utf8)
        reading.finish()
        #expect(reading.transcript.lines.last == "end 0")
        #expect(reading.parser.counts.heads == 262_144)
    }
}
