import Messages
import Packets
import Replay
import Signatures
import Traces

/// A trace in memory that may refuse to be read twice.
struct MemorySource: RequestSource {
    struct IsPipe: Error {}

    var messages: [RecordedMessage]
    var isPipe = false
    private(set) var reads = 0
    private var index = 0

    init(_ messages: [RecordedMessage], isPipe: Bool = false) {
        self.messages = messages
        self.isPipe = isPipe
    }

    mutating func next() -> RecordedMessage? {
        guard index < messages.count else { return nil }
        defer { index += 1 }
        reads += 1
        return messages[index]
    }

    mutating func rewind() throws {
        if isPipe { throw IsPipe() }
        index = 0
    }
}

extension RecordedMessage {
    /// A recorded message; the head without its empty line, `|` for line ends, times in milliseconds.
    static func recorded(
        _ kind: MessageKind,
        _ exchange: UInt64,
        on connection: UInt64 = 0,
        at milliseconds: Int64 = 0,
        _ head: String,
        body: String = "",
        trailers: String = "",
        flags: MessageFlags = [],
        encoding: HeadEncoding = .http1,
        signature: (WebhookScheme, SignatureState)? = nil
    ) -> RecordedMessage {
        let lines = head.split(separator: "|", omittingEmptySubsequences: false)
        let bytes = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
        let framing = (try? Head(parsing: bytes, kind: kind))?.framing ?? .none
        let time = PacketTime(nanoseconds: milliseconds * 1_000_000)
        return RecordedMessage(
            head: HeadRecord(
                kind: kind,
                exchange: exchange,
                connection: connection,
                start: time,
                encoding: encoding,
                bytes: bytes,
                framing: framing,
                signature: signature.map {
                    RecordedSignature(scheme: $0.0.name, state: $0.1.rawValue)
                }
            ),
            body: Array(body.utf8),
            end: EndRecord(
                kind: kind,
                exchange: exchange,
                connection: connection,
                time: time,
                wireLength: UInt64(body.utf8.count),
                flags: flags,
                trailers: Array(trailers.utf8)
            )
        )
    }

    /// A small request of the given number.
    static func get(_ exchange: UInt64, on connection: UInt64 = 0, at milliseconds: Int64 = 0)
        -> RecordedMessage
    {
        recorded(
            .request,
            exchange,
            on: connection,
            at: milliseconds,
            "GET /\(exchange) HTTP/1.1|Host: a.example"
        )
    }
}

extension ReplayPlan {
    /// A plan for a target on loopback.
    static func test(_ change: (inout ReplayPlan) throws -> Void = { _ in }) throws -> ReplayPlan {
        var plan = ReplayPlan(target: try ReplayTarget("http://127.0.0.1:8080"), run: "run")
        try change(&plan)
        return plan
    }
}
