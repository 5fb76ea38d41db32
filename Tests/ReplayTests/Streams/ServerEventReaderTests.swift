import Bytes
import Replay
import Testing

@Suite struct ServerEventReaderTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var reason: String
        var stream: String
        /// `e` for an event, `#` for an event with an id, `.` for a sign of life.
        var found: String
        var testDescription: String { reason }
    }

    static let cases = [
        Case(reason: "an event ends with an empty line", stream: "data: a\n\n", found: "e"),
        Case(reason: "what has no empty line behind it is no event", stream: "data: a\n", found: ""),
        Case(reason: "CR LF", stream: "data: a\r\n\r\ndata: b\r\n\r\n", found: "ee"),
        Case(reason: "CR alone", stream: "data: a\r\rdata: b\r\r", found: "ee"),
        Case(
            reason: "line ends may be mixed",
            stream: "data: a\n\r\ndata: b\r\n\rdata: c\r\n\n",
            found: "eee"
        ),
        Case(reason: "empty lines between events say nothing", stream: "\n\ndata: a\n\n\n\n", found: "e"),
        Case(reason: "an id tells the event", stream: "id: 7\ndata: a\n\n", found: "#"),
        Case(reason: "an empty id is one, too", stream: "id\ndata: a\n\n", found: "#"),
        Case(reason: "an id with a NUL is none", stream: "id: 7\0\ndata: a\n\n", found: "e"),
        Case(reason: "a comment", stream: ": heartbeat\n\n", found: "."),
        Case(reason: "an id alone makes no event", stream: "id: 7\n\n", found: "."),
        Case(reason: "a retry time alone", stream: "retry: 100\n\n", found: "."),
        Case(reason: "a field without a colon has an empty value", stream: "data\n\n", found: "e"),
        Case(reason: "names count with their case", stream: "Data: a\n\nDATA: a\n\n", found: ".."),
        Case(reason: "a byte order mark is left out", stream: "\u{FEFF}data: a\n\n", found: "e"),
        Case(reason: "only at the very beginning", stream: "data: a\n\n\u{FEFF}data: b\n\n", found: "e."),
        Case(reason: "a long name is not taken for a short one", stream: "xxxxxxxxdata: a\n\n", found: "."),
        Case(reason: "nothing", stream: "", found: ""),
    ]

    @Test(arguments: cases) func readsWhatAReaderWouldSend(_ row: Case) {
        let bytes = Array(row.stream.utf8)
        let whole = Self.blocks(of: [bytes])
        #expect(Self.letters(whole) == row.found)
        #expect(Self.blocks(of: bytes.map { [$0] }) == whole)
        for cut in 0...bytes.count {
            #expect(Self.blocks(of: [Array(bytes[..<cut]), Array(bytes[cut...])]) == whole)
        }
    }

    struct Pair: CustomTestStringConvertible, Sendable {
        var reason: String
        var left: String
        var right: String
        var areSame: Bool
        var testDescription: String { reason }
    }

    static let pairs = [
        Pair(
            reason: "the space behind the colon does not count",
            left: "data:a\n\n",
            right: "data: a\n\n",
            areSame: true
        ),
        Pair(reason: "a second one does", left: "data: a\n\n", right: "data:  a\n\n", areSame: false),
        Pair(reason: "line ends do not count", left: "data: a\r\n\r\n", right: "data: a\n\n", areSame: true),
        Pair(reason: "comments do not count", left: ": x\ndata: a\n\n", right: "data: a\n\n", areSame: true),
        Pair(
            reason: "the kind of event counts",
            left: "event: x\ndata: a\n\n",
            right: "data: a\n\n",
            areSame: false
        ),
        Pair(
            reason: "an id counts, and what it stands with does not",
            left: "id: 1\ndata: a\n\n",
            right: "id: 1\ndata: b\n\n",
            areSame: true
        ),
        Pair(reason: "an id is no content", left: "id: a\ndata: x\n\n", right: "data: a\n\n", areSame: false),
        Pair(
            reason: "two lines are not one",
            left: "data: a\ndata: b\n\n",
            right: "data: ab\n\n",
            areSame: false
        ),
        Pair(
            reason: "the field that a line belongs to counts",
            left: "event: a\ndata: b\n\n",
            right: "data: a\nevent: b\n\n",
            areSame: false
        ),
    ]

    @Test(arguments: pairs) func keysTellEventsApart(_ row: Pair) {
        let left = Self.blocks(of: [Array(row.left.utf8)])
        let right = Self.blocks(of: [Array(row.right.utf8)])
        #expect(left.count == 1 && right.count == 1)
        #expect((left == right) == row.areSame)
    }

    private static func blocks(of pieces: [[UInt8]]) -> [ServerEventReader.Block] {
        var reader = ServerEventReader()
        var blocks: [ServerEventReader.Block] = []
        for piece in pieces {
            var offset = 0
            while let block = reader.next(piece.span, at: &offset) { blocks.append(block) }
            #expect(offset == piece.count)
        }
        return blocks
    }

    private static func letters(_ blocks: [ServerEventReader.Block]) -> String {
        String(
            blocks.map { block in
                switch block {
                case .event(let key): key.isID ? "#" : "e"
                case .other: "."
                }
            }
        )
    }
}
