import CurlTransport
import Messages
import Packets
import Replay
import Traces
import Transports
import WireTransport

/// A trace in memory.
struct MemorySource: RequestSource {
    var messages: [RecordedMessage]
    private var index = 0

    init(_ messages: [RecordedMessage]) {
        self.messages = messages
    }

    mutating func next() -> RecordedMessage? {
        guard index < messages.count else { return nil }
        defer { index += 1 }
        return messages[index]
    }

    mutating func rewind() { index = 0 }
}

extension RecordedMessage {
    /// A recorded request; the head without its empty line, `|` for line ends, times in milliseconds.
    static func request(
        _ exchange: UInt64,
        on connection: UInt64 = 0,
        at milliseconds: Int64 = 0,
        _ head: String,
        body: String = "",
        trailers: String = "",
        flags: MessageFlags = []
    ) -> RecordedMessage {
        let lines = head.split(separator: "|", omittingEmptySubsequences: false)
        let bytes = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
        let framing = (try? Head(parsing: bytes, kind: .request))?.framing ?? .none
        let time = PacketTime(nanoseconds: milliseconds * 1_000_000)
        return RecordedMessage(
            head: HeadRecord(
                kind: .request,
                exchange: exchange,
                connection: connection,
                start: time,
                encoding: .http1,
                bytes: bytes,
                framing: framing
            ),
            body: Array(body.utf8),
            end: EndRecord(
                kind: .request,
                exchange: exchange,
                connection: connection,
                time: time,
                wireLength: UInt64(body.utf8.count),
                flags: flags,
                trailers: Array(trailers.utf8)
            )
        )
    }
}

/// Keeps what a replay observes.
struct KeepingObserver: ObservedSink {
    var isObserving: Bool { true }
    var exchanges: [ObservedExchange] = []

    mutating func observe(_ exchange: consuming ObservedExchange) {
        exchanges.append(exchange)
    }
}

/// The transports, each of which has to stand every test of this folder that is not about one of them.
let transports: [TransportChoice] = [.curl, .wire]

extension TransportChoice {
    func run(
        _ plan: ReplayPlan,
        source: inout some RequestSource,
        observer: inout some ObservedSink,
        stop: StopToken
    ) throws -> ReplaySummary {
        switch self {
        case .wire: try WireReplay(plan).run(source: &source, observer: &observer, stop: stop)
        case .auto, .curl: try CurlReplay(plan).run(source: &source, observer: &observer, stop: stop)
        }
    }
}

/// Replays messages against a server on a loopback port.
func replay(
    _ messages: [RecordedMessage],
    over transport: TransportChoice,
    to port: UInt16,
    scheme: String = "http",
    prefix: String = "",
    _ change: (inout ReplayPlan) -> Void = { _ in }
) throws -> (summary: ReplaySummary, observed: [ObservedExchange]) {
    var plan = ReplayPlan(target: try ReplayTarget("\(scheme)://127.0.0.1:\(port)\(prefix)"), run: "run")
    plan.timeout = 10_000_000_000
    change(&plan)
    var source = MemorySource(messages)
    var observer = KeepingObserver()
    let summary = try transport.run(plan, source: &source, observer: &observer, stop: try StopToken())
    return (summary, observer.exchanges)
}
