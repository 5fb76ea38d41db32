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
    /// The message that was read last, or what was given for it.
    private var current = OrderedMessage.blank
    private(set) var client: IPAddress?

    /// Numbers of the trace with index `n` start at `n` times this.
    private static let stride: UInt64 = 1 << 40

    /// What may wait for its turn: a replay holds a good deal more of what it has prepared.
    private static let limits = OrderedMessages.Limits(
        order: MessageOrder.Limits(messages: 65_536, bytes: 16 << 20)
    )

    /// `selection` is what of the traces is asked for.
    init(_ readers: [TraceReader], selection: RecordSelection) throws {
        self.readers = readers
        self.selection = selection
        messages = try OrderedMessages(readers, selection: selection, limits: Self.limits)
    }

    var isPipe: Bool { readers.contains { $0.fileSize == nil } }

    /// What the indexes tell; `nil` where a trace has none.
    var size: SourceSize? {
        var size = SourceSize(requests: 0, bytes: 0)
        for reader in readers {
            guard let totals = reader.index?.totals else { return nil }
            size.requests &+= totals.requests
            size.bytes &+= totals.rawBytes
        }
        return size
    }

    mutating func next() throws -> RecordedMessage? {
        var message = RecordedMessage.blank
        return try next(exchanging: &message) ? message : nil
    }

    mutating func next(exchanging message: inout RecordedMessage) throws -> Bool {
        guard try messages.next(exchanging: &current) else { return false }
        let trace = current.trace
        client = current.connection?.client.address
        swap(&message, &current.message)
        guard max(message.exchange, message.connection) < Self.stride else {
            throw CommandFailure(
                "\(readers[trace].path) numbers an exchange \(message.exchange), which no recorder does"
            )
        }
        if trace > 0 {
            let offset = Self.offset(ofTrace: trace)
            message.head.exchange &+= offset
            message.head.connection &+= offset
        }
        return true
    }

    mutating func reuse(_ bytes: consuming [UInt8]) { messages.reuse(bytes) }

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
        messages = try OrderedMessages(readers, selection: selection, limits: Self.limits)
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
