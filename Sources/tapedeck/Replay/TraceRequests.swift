import Messages
import Packets
import Replay
import TraceFiles
import Traces

/// The messages of the named traces as the source of a replay.
///
/// Exchanges and connections of further traces get numbers of their own, so that those of several recordings cannot
/// be taken for one.
struct TraceRequests: RequestSource {
    private let readers: [TraceReader]
    private let selection: RecordSelection
    private var messages: OrderedMessages

    /// Numbers of the trace with index `n` start at `n` times this.
    private static let stride: UInt64 = 1 << 40

    /// `withAnswers`: what was answered is asked for, too.
    init(_ readers: [TraceReader], withAnswers: Bool) throws {
        self.readers = readers
        selection = withAnswers ? .withoutResponseBodies : .requestsOnly
        messages = try OrderedMessages(readers, selection: selection)
    }

    var isPipe: Bool { readers.contains { $0.fileSize == nil } }

    mutating func next() throws -> RecordedMessage? {
        guard var next = try messages.next() else { return nil }
        guard max(next.message.exchange, next.message.connection) < Self.stride else {
            throw CommandFailure(
                "\(readers[next.trace].path) numbers an exchange \(next.message.exchange), which no recorder does"
            )
        }
        if next.trace > 0 {
            let offset = Self.offset(ofTrace: next.trace)
            next.message.head.exchange &+= offset
            next.message.head.connection &+= offset
        }
        return next.message
    }

    mutating func rewind() throws {
        for reader in readers {
            guard reader.fileSize != nil else {
                throw CommandFailure(
                    "\(reader.path) can be read only once, and --rate, --loop and a target that is not on this "
                        + "machine take two passes; save it to a file first, or add --allow-target HOST"
                )
            }
            try reader.rewind()
        }
        messages = try OrderedMessages(readers, selection: selection)
    }

    mutating func recordedServers() throws -> Set<IPAddress> {
        try readers.reduce(into: []) { $0.formUnion(try $1.servers()) }
    }

    /// What is added to the numbers of a trace's exchanges and connections.
    static func offset(ofTrace index: Int) -> UInt64 { UInt64(index) * stride }

    /// Which trace an exchange is from, and its number there.
    static func origin(of exchange: UInt64) -> (trace: Int, exchange: UInt64) {
        (Int(exchange / stride), exchange % stride)
    }
}

extension TraceReader {
    /// The server addresses among the connections of a trace; reads it once and goes back to its start.
    func servers() throws -> Set<IPAddress> {
        guard fileSize != nil else { return [] }
        var servers: Set<IPAddress> = []
        while let record = try nextRecord(.connectionsOnly) {
            if case .connectionOpen(let open) = record { servers.insert(open.server.address) }
        }
        try rewind()
        return servers
    }
}
