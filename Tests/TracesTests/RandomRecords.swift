import Messages
import Packets
import SeededRandom
import Traces

/// Records of every type with every optional part present and absent, and numbers at the ends of their ranges.
struct RandomRecords {
    private var random: SeededGenerator

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    mutating func list(_ count: Int) -> [TraceRecord] {
        (0..<count).map { _ in next() }
    }

    mutating func next() -> TraceRecord {
        switch Int.random(in: 0..<12, using: &random) {
        case 0: connectionOpen()
        case 1: connectionClose()
        case 2: .head(head())
        case 3: body()
        case 4: event()
        case 5: .end(end(of: head()))
        case 6: whole()
        case 7: .note(note())
        case 8: summary()
        case 9: endpointLedger()
        case 10: anonymized()
        default: ledger()
        }
    }

    private mutating func number() -> UInt64 {
        [0, 1, UInt64(UInt32.max), .max - 1, random.next() & 0xFFFF].randomElement(using: &random) ?? 0
    }

    private mutating func time() -> PacketTime {
        let usual = Int64(1_700_000_000_000_000_000 + random.next() % 1_000_000_000)
        return PacketTime(nanoseconds: [usual, 0, -1, .min, .max].randomElement(using: &random) ?? 0)
    }

    private mutating func bytes(_ maximum: Int = 100) -> [UInt8] {
        let count = Int.random(in: 0...maximum, using: &random)
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    private mutating func kind() -> MessageKind { Bool.random(using: &random) ? .request : .response }

    private mutating func endpoint() -> Endpoint {
        let isIPv4 = Bool.random(using: &random)
        return Endpoint(
            address: isIPv4
                ? IPAddress(ipv4: UInt32(truncatingIfNeeded: random.next()))
                : IPAddress(ipv6High: random.next(), low: random.next()),
            port: UInt16(truncatingIfNeeded: random.next())
        )
    }

    private mutating func connectionOpen() -> TraceRecord {
        .connectionOpen(
            ConnectionOpenRecord(
                connection: number(),
                time: time(),
                source: UInt16(truncatingIfNeeded: random.next()),
                client: endpoint(),
                server: endpoint(),
                sawHandshake: Bool.random(using: &random),
                isRepeated: Bool.random(using: &random)
            )
        )
    }

    private mutating func connectionClose() -> TraceRecord {
        let reasons: [ConnectionCloseRecord.Reason] = [.fin, .reset, .expired, .endOfCapture, .reused]
        return .connectionClose(
            ConnectionCloseRecord(
                connection: number(),
                time: time(),
                reason: reasons.randomElement(using: &random) ?? .fin
            )
        )
    }

    private mutating func head() -> HeadRecord {
        let framings: [BodyFraming] = [.none, .length(number()), .chunked, .untilClose]
        let schemes = [nil, "github", String(repeating: "s", count: 255)]
        let scheme = schemes.randomElement(using: &random) ?? nil
        let state = UInt8.random(in: 0...4, using: &random)
        return HeadRecord(
            kind: kind(),
            exchange: number(),
            connection: number(),
            start: time(),
            encoding: Bool.random(using: &random) ? .http1 : .fieldList,
            bytes: bytes(),
            framing: framings.randomElement(using: &random) ?? .none,
            signature: scheme.map { RecordedSignature(scheme: $0, state: state) },
            of: Bool.random(using: &random) ? reference() : nil,
            hasMalformedSignature: scheme != nil && Bool.random(using: &random)
        )
    }

    private mutating func reference() -> ObservedReference {
        ObservedReference(
            trace: TraceID(high: random.next(), low: random.next()),
            exchange: number(),
            loop: UInt32(truncatingIfNeeded: random.next()),
            copy: UInt32(truncatingIfNeeded: random.next())
        )
    }

    private mutating func body() -> TraceRecord {
        .body(
            BodyRecord(
                kind: kind(),
                exchange: number(),
                connection: number(),
                time: time(),
                bytes: bytes(2_000)
            )
        )
    }

    private mutating func event() -> TraceRecord {
        .event(
            EventRecord(
                kind: kind(),
                exchange: number(),
                connection: number(),
                time: time(),
                eventKind: Bool.random(using: &random) ? .serverSentEvent : .webSocket,
                opcode: UInt8.random(in: 0...15, using: &random),
                bytes: bytes(),
                start: time(),
                frames: UInt32(truncatingIfNeeded: random.next()),
                flags: EventFlags(rawValue: UInt32(truncatingIfNeeded: random.next())),
                wireLength: number()
            )
        )
    }

    private mutating func end(of head: HeadRecord) -> EndRecord {
        EndRecord(
            kind: head.kind,
            exchange: head.exchange,
            connection: head.connection,
            time: time(),
            wireLength: number(),
            flags: MessageFlags(rawValue: UInt32(truncatingIfNeeded: random.next())),
            trailers: bytes()
        )
    }

    private mutating func whole() -> TraceRecord {
        let head = head()
        return .whole(head, body: bytes(2_000), end(of: head))
    }

    private mutating func ledger() -> TraceRecord {
        let names = ["packets.delivered", "", String(repeating: "n", count: 255)]
        let counts = (0..<Int.random(in: 0...3, using: &random)).map { index in
            LedgerCount(name: names[index], value: number())
        }
        return .ledgerSnapshot(LedgerRecord(time: time(), counts: counts))
    }

    private mutating func note(embedded: Bool = false) -> NoteRecord {
        NoteRecord(
            connection: Bool.random(using: &random) && !embedded ? number() % 1_000 : nil,
            exchange: Bool.random(using: &random) ? number() % 1_000 : nil,
            time: time(),
            direction: kind(),
            subject: NoteSubject(rawValue: UInt8.random(in: 0...255, using: &random)),
            amount: number(),
            offset: number(),
            detail: ["", "websocket", String(repeating: "d", count: 255)].randomElement(using: &random) ?? ""
        )
    }

    private mutating func summary() -> TraceRecord {
        .connectionSummary(
            ConnectionSummaryRecord(
                connection: Bool.random(using: &random) ? number() % 1_000 : nil,
                opened: time(),
                closed: time(),
                source: UInt16.random(in: 0...9, using: &random),
                client: endpoint(),
                server: endpoint(),
                sawHandshake: Bool.random(using: &random),
                isEvicted: Bool.random(using: &random),
                reason: .reset,
                content: .other,
                packets: number(),
                bytes: [LedgerCount(name: "heads", value: number())],
                notesLeftOut: number(),
                notes: (0..<Int.random(in: 0...3, using: &random)).map { _ in note(embedded: true) }
            )
        )
    }

    private mutating func anonymized() -> TraceRecord {
        .anonymized(LedgerRecord(time: time(), counts: [LedgerCount(name: "a/*b as email", value: number())]))
    }

    private mutating func endpointLedger() -> TraceRecord {
        let subjects: [EndpointRecord.Subject] = [.server(endpoint()), .other, .none]
        return .endpointLedger(
            EndpointRecord(
                time: time(),
                subject: subjects.randomElement(using: &random) ?? .none,
                counts: [LedgerCount(name: "packets.followed", value: number())]
            )
        )
    }
}
