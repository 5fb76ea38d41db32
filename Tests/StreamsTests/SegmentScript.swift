import Bytes
import Packets
import Streams

/// Feeds a reassembler segments between two fixed ends and writes down what comes out.
struct SegmentScript {
    static let client = Endpoint(address: IPAddress(ipv4: 0x0A00_0001), port: 40_000)
    static let server = Endpoint(address: IPAddress(ipv4: 0x0A00_0002), port: 80)

    var reassembler: Reassembler
    var log = StreamLog()
    /// The sequence number of each side's SYN.
    var clientStart: UInt32 = 1_000
    var serverStart: UInt32 = 9_000
    /// Milliseconds of packet time.
    var now: Int64 = 0

    init(limits: ReassemblyLimits = .standard) {
        reassembler = Reassembler(limits: limits)
    }

    /// A segment of a side; `offset` counts from the byte after its SYN, `ack` from that of the other side.
    mutating func send(
        _ side: Side,
        _ payload: some Collection<UInt8>,
        at offset: Int = 0,
        ack: Int? = nil,
        flags: TCPFlags = [],
        uncaptured: Int = 0,
        from source: Endpoint? = nil
    ) {
        let (own, other) = side == .client ? (clientStart, serverStart) : (serverStart, clientStart)
        var flags = flags
        if ack != nil { flags.insert(.acknowledgement) }
        let first: UInt32 = flags.contains(.syn) ? 0 : 1
        let isFromClient = side == .client
        let bytes = Array(payload)
        let segment = TCPSegment(
            source: source ?? (isFromClient ? Self.client : Self.server),
            destination: isFromClient ? Self.server : Self.client,
            sequence: own &+ first &+ UInt32(truncatingIfNeeded: offset),
            acknowledgement: ack.map { other &+ 1 &+ UInt32(truncatingIfNeeded: $0) } ?? 0,
            flags: flags,
            window: 65_535,
            payload: ByteRange(offset: 0, count: bytes.count),
            uncaptured: uncaptured
        )
        reassembler.receive(segment, payload: bytes.span, at: time, into: &log)
    }

    mutating func send(
        _ side: Side,
        _ text: String,
        at offset: Int = 0,
        ack: Int? = nil,
        flags: TCPFlags = [],
        uncaptured: Int = 0
    ) {
        send(side, Array(text.utf8), at: offset, ack: ack, flags: flags, uncaptured: uncaptured)
    }

    /// SYN, SYN-ACK, ACK.
    mutating func handshake() {
        send(.client, "", flags: .syn)
        send(.server, "", ack: 0, flags: .syn)
        send(.client, "", ack: 0)
    }

    mutating func finish() {
        reassembler.finish(at: time, into: &log)
    }

    var time: PacketTime { PacketTime(nanoseconds: now * 1_000_000) }
}

/// What a reassembler said, by connection and side.
struct StreamLog: StreamSink {
    var lines: [String] = []
    /// The bytes of each side, all connections one after the other; a gap is as many `_`.
    var streams: [Side: [UInt8]] = [:]
    var gapBytes = 0
    var times: [Int64] = []

    mutating func opened(_ opening: ConnectionOpening, at time: PacketTime) {
        let kind = opening.sawHandshake ? "open" : "join"
        lines.append("\(opening.connection.rawValue) \(kind) \(opening.client.port)>\(opening.server.port)")
    }

    mutating func receive(_ event: StreamEvent, bytes: Span<UInt8>, at time: PacketTime) {
        times.append(time.nanoseconds / 1_000_000)
        switch event {
        case .data(let id, let side):
            let text = String(decoding: Array(bytes), as: UTF8.self)
            lines.append("\(id.rawValue) \(side.letter) \(text)")
            streams[side, default: []].append(contentsOf: bytes)
        case .gap(let id, let side, let count):
            lines.append("\(id.rawValue) \(side.letter) gap \(count)")
            streams[side, default: []].append(contentsOf: [UInt8](repeating: 0x5F, count: Int(count)))
            gapBytes += Int(count)
        case .finished(let id, let side): lines.append("\(id.rawValue) \(side.letter) fin")
        case .setAside: break
        case .closed(let id, let reason): lines.append("\(id.rawValue) \(reason)")
        }
    }

    func text(_ side: Side) -> String { String(decoding: streams[side] ?? [], as: UTF8.self) }
}

extension Side {
    fileprivate var letter: String { self == .client ? "C" : "S" }
}
