import Messages
import Testing

/// Holes in the captured bytes.
struct GapTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        var kind = MessageKind.request
        var before: String
        var gap: UInt64
        var after: String
        var lines: [String]

        var testDescription: String { name }
    }

    private static let post = "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n"
    private static let postHead = "head POST / 1.1 [Content-Length=5] length 5"
    private static let chunked = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    private static let chunkedHead = "head POST / 1.1 [Transfer-Encoding=chunked] chunked +chunked"
    private static let get = "GET / HTTP/1.1\r\n\r\n"
    private static let next = ["began", "head GET / 1.1 none", "end 0"]

    @Test(arguments: [
        Row(
            name: "inside a body of known length",
            before: post + "a",
            gap: 3,
            after: "e" + get,
            lines: ["began", postHead, "body a", "gap 3", "body e", "end 5 +gap"] + next
        ),
        Row(
            name: "the rest of a body of known length, to the byte",
            before: post + "ab",
            gap: 3,
            after: get,
            lines: ["began", postHead, "body ab", "gap 3", "end 5 +gap"] + next
        ),
        Row(
            name: "from a body into the next message, whose rest is skipped",
            before: post + "ab",
            gap: 10,
            after: "/x HTTP/1.1\r\nA: b\r\n\r\n" + get,
            lines: ["began", postHead, "body ab", "gap 3", "end 5 +gap", "skipped 21 beforeJoin"] + next
        ),
        Row(
            name: "right after a head",
            before: post,
            gap: 5,
            after: get,
            lines: ["began", postHead, "gap 5", "end 5 +gap"] + next
        ),
        Row(
            name: "inside a chunk",
            before: chunked + "5\r\na",
            gap: 4,
            after: "\r\n0\r\n\r\n" + get,
            lines: ["began", chunkedHead, "body a", "gap 4", "end 5 +chunked +gap"] + next
        ),
        Row(
            name: "past the end of a chunk: where the next one starts cannot be known",
            before: chunked + "5\r\na",
            gap: 5,
            after: "\n0\r\n\r\n" + get,
            lines: [
                "began", chunkedHead, "body a", "gap 4", "end 5 +chunked +gap +incomplete",
                "skipped 6 beforeJoin",
            ] + next
        ),
        Row(
            name: "inside a chunk-size line",
            before: chunked + "5",
            gap: 1,
            after: "\nhello\r\n0\r\n\r\n" + get,
            lines: ["began", chunkedHead, "end 0 +chunked +gap +incomplete", "skipped 13 beforeJoin"] + next
        ),
        Row(
            name: "inside a trailer section",
            before: chunked + "0\r\nA: ",
            gap: 1,
            after: "\r\n\r\n" + get,
            lines: ["began", chunkedHead, "end 0 +chunked +gap +incomplete", "skipped 4 beforeJoin"] + next
        ),
        Row(
            name: "inside a head, with a body that looks like nothing",
            before: "POST / HTTP/1.1\r\nCont",
            gap: 7,
            after: "gth: 5\r\n\r\nhello\n" + get,
            lines: ["began", "abandoned", "skipped 21 unparsable", "skipped 16 beforeJoin"] + next
        ),
        Row(
            name: "between messages, with a message right after it",
            before: get,
            gap: 100,
            after: get,
            lines: next + next
        ),
        Row(
            name: "between messages, ending inside another",
            before: get,
            gap: 100,
            after: "GET is not / HTTP/1.1\r\nHTTP/1.1 200 OK\r\n" + get,
            lines: next + ["skipped 40 beforeJoin"] + next
        ),
        Row(
            name: "inside a body that lasts until close",
            kind: .response,
            before: "HTTP/1.1 200 OK\r\n\r\nab",
            gap: 3,
            after: "HTTP/1.1 200 OK\r\n\r\n",
            lines: [
                "began", "head 200 (OK) 1.1 until close", "body ab", "gap 3",
                "body HTTP/1.1 200 OK\\r\\n\\r\\n",
                "end 24 +gap",
            ]
        ),
        Row(
            name: "between responses",
            kind: .response,
            before: "HTTP/1.1 204 A\r\n\r\n",
            gap: 3,
            after: "HTTP/1.1 OK\r\n\r\nHTTP/1.1 204 B\r\n\r\n",
            lines: [
                "began", "head 204 (A) 1.1 none", "end 0", "skipped 15 beforeJoin",
                "began", "head 204 (B) 1.1 none", "end 0",
            ]
        ),
    ])
    func goesOnAfterAGap(_ row: Row) {
        let before = Array(row.before.utf8)
        let after = Array(row.after.utf8)
        for isCut in [false, true] {
            var reading = Reading(row.kind)
            if isCut {
                for byte in before { reading.feed([byte]) }
            } else {
                reading.feed(before)
            }
            reading.gap(row.gap)
            let sumsUp = reading.sumsUp
            #expect(sumsUp)
            if isCut {
                for byte in after { reading.feed([byte]) }
            } else {
                reading.feed(after)
            }
            reading.finish()
            let isSettled = reading.sumsUp && reading.parser.pendingBytes == 0
            #expect(isSettled)
            #expect(reading.transcript.lines == row.lines, "\(isCut ? "byte by byte" : "whole")")
        }
    }

    /// Wherever a hole is, the message after the one it lies in is read again, and no message is made up.
    @Test func findsTheNextMessageWhereverTheGapIs() {
        let dialogue =
            "GET /a HTTP/1.1\r\nHost: x\r\n\r\n" + "POST /b HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody"
            + "POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\nA: b\r\n\r\n"
        let bytes = Array((dialogue + "GET /last HTTP/1.1\r\n\r\n").utf8)
        let end = dialogue.utf8.count
        for start in 0..<end {
            for count in [1, 7, end - start] where start + count <= end {
                var reading = Reading(.request)
                reading.feed(bytes[..<start])
                reading.gap(UInt64(count))
                reading.feed(bytes[(start + count)...])
                reading.finish()
                let lines = reading.transcript.lines
                let place = "gap of \(count) at \(start)"
                #expect(lines.suffix(3) == ["began", "head GET /last 1.1 none", "end 0"], "\(place)")
                let isSettled = reading.sumsUp && reading.parser.counts.gaps == UInt64(count)
                #expect(isSettled, "\(place)")
            }
        }
    }
}
