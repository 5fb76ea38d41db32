import Messages
import Packets
import SeededRandom
import Traces

extension RecordedMessage {
    /// A recorded message; the head without its empty line, `|` for line ends, times in milliseconds since 2023.
    static func recorded(
        _ kind: MessageKind,
        _ exchange: UInt64,
        at milliseconds: Int64,
        _ head: String,
        body: String = "",
        lasting: Int64 = 0
    ) -> RecordedMessage {
        let bytes = Array(head.split(separator: "|").joined(separator: "\r\n").utf8) + Array("\r\n\r\n".utf8)
        let start = PacketTime(nanoseconds: 1_700_000_000_000_000_000 + milliseconds * 1_000_000)
        return RecordedMessage(
            head: HeadRecord(
                kind: kind,
                exchange: exchange,
                connection: exchange,
                start: start,
                encoding: .http1,
                bytes: bytes,
                framing: (try? Head(parsing: bytes, kind: kind))?.framing ?? .none
            ),
            body: Array(body.utf8),
            end: EndRecord(
                kind: kind,
                exchange: exchange,
                connection: exchange,
                time: start.advanced(by: lasting * 1_000_000),
                wireLength: UInt64(body.utf8.count),
                flags: [],
                trailers: []
            )
        )
    }
}

/// Exchanges one after the other, a millisecond apart.
struct Conversation {
    private(set) var messages: [RecordedMessage] = []
    private var exchange: UInt64 = 0
    private var time: Int64 = 0

    mutating func add(
        _ request: String,
        body: String = "",
        answer: String = "HTTP/1.1 200 OK",
        _ answered: String = ""
    ) {
        let type =
            body.isEmpty
            ? ""
            : body.first == "{"
                ? "|Content-Type: application/json" : "|Content-Type: application/x-www-form-urlencoded"
        let isJSON = answered.first == "{" || answered.first == "["
        messages.append(
            .recorded(.request, exchange, at: time, "\(request) HTTP/1.1|Host: a\(type)", body: body)
        )
        messages.append(
            .recorded(
                .response,
                exchange,
                at: time + 1,
                answer + (isJSON ? "|Content-Type: application/json" : ""),
                body: answered
            )
        )
        exchange += 1
        time += 2
    }
}

extension SeededGenerator {
    mutating func text(_ count: Int, of letters: String = "abcdefghijklmnopqrstuvwxyz0123456789") -> String {
        let letters = Array(letters)
        return String((0..<count).map { _ in letters[Int.random(in: letters.indices, using: &self)] })
    }
}
