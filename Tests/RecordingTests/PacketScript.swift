import Anonymization
import Bytes
import Messages
import Packets
import Recording
import Signatures
import Streams
import Traces

/// Feeds a pipeline raw IPv4 packets of conversations between clients and one server.
struct PacketScript: ~Copyable {
    static let serverAddress = UInt32(0x0A00_0002)

    var pipeline: RecordingPipeline<CollectedTrace>
    var serverPort: UInt16 = 80
    /// Milliseconds of packet time.
    var now: Int64 = 1_000
    /// Packets are sent as IP fragments of so many bytes of payload, a multiple of 8.
    var fragmentBytes: Int?
    /// Of these fragments, which are lost, counted over all from 0.
    var lostFragments: Set<Int> = []
    /// The interfaces on which every packet is seen, one after the other; empty where there is but one.
    var interfaces: [Int] = []
    /// What is put around every packet.
    var wrap: ([UInt8]) -> [UInt8] = { $0 }
    private var fragmentCount = 0
    private var offsets: [UInt16: [Side: UInt32]] = [:]

    init(
        options: RecordingOptions = RecordingOptions(),
        signatures: SignatureReader = SignatureReader(),
        rules: RuleSet? = nil
    ) {
        var anonymizer: Anonymizer?
        if let rules, let key = PseudonymKey([UInt8](repeating: 7, count: PseudonymKey.byteCount)) {
            anonymizer = Anonymizer(rules: rules, key: key)
        }
        pipeline = RecordingPipeline(
            options: options,
            signatures: signatures,
            anonymizer: anonymizer,
            output: CollectedTrace()
        )
    }

    /// SYN and SYN-ACK of a client port.
    mutating func open(_ port: UInt16) {
        packet(.client, port, [], flags: .syn)
        packet(.server, port, [], flags: [.syn, .acknowledgement])
    }

    mutating func client(_ text: String, _ port: UInt16 = 40_000) {
        packet(.client, port, Array(text.utf8))
    }

    mutating func server(_ text: String, _ port: UInt16 = 40_000) {
        packet(.server, port, Array(text.utf8))
    }

    /// FINs of both sides.
    mutating func close(_ port: UInt16 = 40_000) {
        packet(.client, port, [], flags: [.fin, .acknowledgement])
        packet(.server, port, [], flags: [.fin, .acknowledgement])
    }

    /// Passes over bytes of a side as if their packet had not been captured.
    mutating func lose(_ side: Side, _ count: UInt32, _ port: UInt16 = 40_000) {
        offsets[port, default: [:]][side, default: 0] &+= count
    }

    mutating func packet(
        _ side: Side,
        _ port: UInt16,
        _ payload: [UInt8],
        flags: TCPFlags = [.acknowledgement, .push]
    ) {
        let sequence = offsets[port]?[side] ?? 0
        let other = offsets[port]?[side.other] ?? 0
        let taken = UInt32(payload.count) + (flags.isDisjoint(with: [.syn, .fin]) ? 0 : 1)
        offsets[port, default: [:]][side] = sequence &+ taken
        segment(side, port, payload, flags: flags, sequence: sequence, acknowledgement: other)
    }

    /// Sends a generated segment; `start` is the number of both sides' SYNs.
    mutating func send(_ segment: GeneratedSegment, port: UInt16, start: UInt32) {
        let acknowledged = segment.acknowledged.map { UInt32(truncatingIfNeeded: $0) }
        self.segment(
            segment.side,
            port,
            segment.bytes,
            flags: acknowledged == nil ? segment.flags : segment.flags.union(.acknowledgement),
            sequence: start &+ 1 &+ UInt32(truncatingIfNeeded: segment.offset),
            acknowledgement: start &+ 1 &+ (acknowledged ?? 0)
        )
    }

    private mutating func segment(
        _ side: Side,
        _ port: UInt16,
        _ payload: [UInt8],
        flags: TCPFlags,
        sequence: UInt32,
        acknowledgement: UInt32
    ) {
        now += 1
        let isFromClient = side == .client
        let client = UInt32(0xC0A8_0001)
        var bytes: [UInt8] = [0x45, 0]
        bytes.appendBigEndian(UInt16(40 + payload.count))
        bytes += [0, 0, 0x40, 0, 64, 6, 0, 0]
        bytes.appendBigEndian(isFromClient ? client : Self.serverAddress)
        bytes.appendBigEndian(isFromClient ? Self.serverAddress : client)
        bytes.appendBigEndian(isFromClient ? port : serverPort)
        bytes.appendBigEndian(isFromClient ? serverPort : port)
        bytes.appendBigEndian(sequence)
        bytes.appendBigEndian(flags.contains(.acknowledgement) ? acknowledgement : 0)
        bytes += [0x50, flags.rawValue, 0xFF, 0xFF, 0, 0, 0, 0]
        bytes += payload
        bytes = wrap(bytes)
        if let fragmentBytes { sendFragments(of: bytes, fragmentBytes) } else { raw(bytes) }
    }

    /// The fragments of a packet, the last one first.
    private mutating func sendFragments(of packet: [UInt8], _ size: Int) {
        let identification = UInt16(truncatingIfNeeded: now)
        for start in stride(from: 20, to: packet.count, by: size).reversed() {
            defer { fragmentCount += 1 }
            if lostFragments.contains(fragmentCount) { continue }
            let end = min(packet.count, start + size)
            var bytes = Array(packet[..<2])
            bytes.appendBigEndian(UInt16(20 + end - start))
            bytes.appendBigEndian(identification)
            bytes.appendBigEndian(UInt16((start - 20) / 8) | (end < packet.count ? 0x2000 : 0))
            bytes += packet[8..<20] + packet[start..<end]
            raw(bytes)
        }
    }

    mutating func raw(_ bytes: [UInt8], link: LinkType = .rawIP) {
        let time = PacketTime(nanoseconds: now * 1_000_000)
        let seen: [Int?] = interfaces.isEmpty ? [nil] : interfaces
        for interface in seen {
            pipeline.receive(
                bytes.span,
                originalLength: bytes.count,
                link: link,
                interface: interface,
                at: time
            )
        }
    }

    mutating func finish() {
        pipeline.finish(at: PacketTime(nanoseconds: now * 1_000_000))
    }

    var trace: CollectedTrace { pipeline.output }
    var ledger: Ledger { pipeline.ledger }
}

extension TraceRecord {
    /// The record in short: what it is, whose it is, when it starts and ends in milliseconds.
    var brief: String {
        switch self {
        case .connectionOpen(let open):
            "open \(open.connection) \(open.client.port)>\(open.server.port) \(open.sawHandshake ? "syn" : "joined")"
        case .connectionClose(let close): "close \(close.connection) \(close.reason)"
        case .head(let head): "head \(head.kind) \(head.exchange)"
        case .body(let body): "body \(body.exchange) \(String(decoding: body.bytes, as: UTF8.self))"
        case .event(let event): "event \(event.exchange) \(String(decoding: event.bytes, as: UTF8.self))"
        case .end(let end): "end \(end.kind) \(end.exchange) \(end.wireLength)"
        case .whole(let head, let body, let end):
            "\(head.kind) \(head.exchange) \(String(decoding: body, as: UTF8.self))"
                + " \(head.start.nanoseconds / 1_000_000)-\(end.time.nanoseconds / 1_000_000)"
        case .ledgerSnapshot: "ledger"
        case .note(let note): note.brief
        case .connectionSummary(let summary):
            "summary \(summary.connection.map(String.init) ?? "-") \(summary.content) \(summary.reason)"
        case .endpointLedger: "endpoint"
        case .anonymized: "anonymized"
        }
    }
}

extension NoteRecord {
    /// The note in short: what it is about, of which direction, how much, where, and the detail.
    var brief: String {
        let parts = ["note \(subject.rawValue) \(direction) \(amount) at \(offset)", detail]
        return parts.filter { !$0.isEmpty }.joined(separator: " ")
    }
}
