import Messages
import Packets
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

/// Numbers that look random and are the same in every run (SplitMix64, public domain).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    mutating func text(_ count: Int, of letters: String = "abcdefghijklmnopqrstuvwxyz0123456789") -> String {
        let letters = Array(letters)
        return String((0..<count).map { _ in letters[Int.random(in: letters.indices, using: &self)] })
    }
}
