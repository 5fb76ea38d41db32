import LoadPlans
import Testing

@Suite struct ServerEventParserTests {
    private typealias Event = ServerEventParser.Event

    /// What every cut of a text gives: whole, byte by byte, in pieces of three.
    private static func events(_ text: String, pieces size: Int) -> (events: [Event], id: String) {
        var parser = ServerEventParser()
        var events: [Event] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            let piece = Array(bytes[start..<min(start + size, bytes.count)])
            var offset = 0
            while let block = parser.next(piece.span, at: &offset) {
                if case .event(let event) = block { events.append(event) }
            }
        }
        return (events, parser.lastEventID)
    }

    /// A stream, its events as `name|data|id`, and the id that stays.
    @Test(arguments: [
        ("data: a\n\n", ["message|a|-"], ""),
        // All three ends of a line, and both kinds of colon.
        ("event:log\r\ndata:a\r\rdata: b\r\n\r\n", ["log|a|-", "message|b|-"], ""),
        ("data: a\ndata\ndata:  b\n\n", ["message|a\n\n b|-"], ""),
        ("\u{FEFF}id: 7\ndata: a\n\n", ["message|a|7"], "7"),
        // An id without data makes no event, and counts all the same.
        (": ready\nid: 12.5\n\n", [], "12.5"),
        ("id: 1\ndata: a\n\ndata: b\n\n", ["message|a|1", "message|b|-"], "1"),
        // An id with a NUL is none; an empty one takes it back.
        ("id: 1\u{0}2\ndata: a\n\n", ["message|a|-"], ""),
        ("id: 1\ndata: a\n\nid\ndata: b\n\n", ["message|a|1", "message|b|"], ""),
        // A name without data is no event.
        ("event: end\n\ndata: a\n\n", ["message|a|-"], ""),
        // What no empty line has ended is not there.
        ("data: a\n\ndata: b\n", ["message|a|-"], ""),
        ("unknown: x\n: comment\n\n\n\ndata:\n\n", ["message||-"], ""),
    ])
    func eventsAreReadInAnyCut(_ text: String, _ expected: [String], _ id: String) {
        for size in [text.utf8.count, 1, 3] {
            let read = Self.events(text, pieces: size)
            let words = read.events.map {
                "\($0.name)|\(String(decoding: $0.data, as: UTF8.self))|\($0.id ?? "-")"
            }
            #expect(words == expected, "in pieces of \(size)")
            #expect(read.id == id, "in pieces of \(size)")
        }
    }

    @Test func whatIsTooLongIsCutAndMarked() {
        let text = "data: " + String(repeating: "x", count: ServerEventParser.limit + 10) + "\n\ndata: a\n\n"
        let read = Self.events(text, pieces: 4_096)
        #expect(read.events.map(\.isCut) == [true, false])
        #expect(read.events[0].data.count <= ServerEventParser.limit)
        // Many lines that together are too long, too.
        let lines = String(repeating: "data: " + String(repeating: "y", count: 1_000) + "\n", count: 1_100)
        let many = Self.events(lines + "\n", pieces: 1 << 20)
        #expect(
            many.events.map(\.isCut) == [true] && many.events[0].data.count <= ServerEventParser.limit + 1_100
        )
    }

    @Test func aNewConnectionBeginsALineAndKeepsTheID() {
        var parser = ServerEventParser()
        func take(_ text: String) -> [Event] {
            let bytes = Array(text.utf8)
            var offset = 0
            var events: [Event] = []
            while let block = parser.next(bytes.span, at: &offset) {
                if case .event(let event) = block { events.append(event) }
            }
            return events
        }
        #expect(take("id: 3\nretry: 250\ndata: a\n\ndata: half of").count == 1)
        #expect(parser.retry == 250_000_000)
        parser.restart()
        #expect(parser.lastEventID == "3")
        #expect(take("data: b\n\n").map { String(decoding: $0.data, as: UTF8.self) } == ["b"])
    }
}
