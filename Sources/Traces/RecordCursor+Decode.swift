import Bytes
import Messages
import Packets

extension RecordCursor {
    /// Decodes the fields of a record; what follows them belongs to a later version and is left alone.
    func decode(
        _ type: RecordType,
        _ prefix: RecordPrefix,
        keepsBody: Bool,
        _ spares: inout SpareBytes
    ) throws(RecordFault) -> TraceRecord {
        var fields = RecordFields(bytes.extracting(prefix.fields.bounds), prefix)
        switch type {
        case .connectionOpen: return .connectionOpen(try fields.connectionOpen())
        case .connectionClose: return .connectionClose(try fields.connectionClose())
        case .requestHead, .responseHead:
            guard (type == .requestHead) == (prefix.kind == .request) else {
                throw RecordFault(.badValue, at: prefix.offset)
            }
            var head = HeadRecord.blank(prefix.kind)
            try fields.head(&spares, into: &head)
            return .head(head)
        case .body: return .body(try fields.body(&spares))
        case .event: return .event(try fields.event())
        case .end:
            var end = EndRecord.blank(prefix.kind)
            try fields.end(at: prefix.time, into: &end)
            return .end(end)
        case .whole:
            var message = RecordedMessage.blank
            try fields.whole(keepsBody: keepsBody, &spares, into: &message)
            return .whole(message.head, body: message.body, message.end)
        case .ledgerSnapshot:
            return .ledgerSnapshot(LedgerRecord(time: prefix.time, counts: try fields.counts()))
        case .note: return .note(try fields.note())
        case .connectionSummary: return .connectionSummary(try fields.connectionSummary())
        case .endpointLedger: return .endpointLedger(try fields.endpointLedger())
        case .anonymized: return .anonymized(LedgerRecord(time: prefix.time, counts: try fields.counts()))
        }
    }
}

extension RecordCursor {
    /// Decodes a message in one piece into `message`.
    func decode(
        whole prefix: RecordPrefix,
        keepsBody: Bool,
        _ spares: inout SpareBytes,
        into message: inout RecordedMessage
    ) throws(RecordFault) {
        var fields = RecordFields(bytes.extracting(prefix.fields.bounds), prefix)
        try fields.whole(keepsBody: keepsBody, &spares, into: &message)
    }
}

/// Reads the fields behind a record's prefix, each with its limit.
struct RecordFields: ~Escapable {
    private var cursor: ByteCursor
    private let bytes: Span<UInt8>
    let prefix: RecordPrefix

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>, _ prefix: RecordPrefix) {
        cursor = ByteCursor(bytes)
        self.bytes = bytes
        self.prefix = prefix
    }

    func fault(_ reason: RecordFault.Reason) -> RecordFault {
        RecordFault(reason, at: prefix.offset)
    }

    @_lifetime(self: copy self)
    mutating func integer<I: FixedWidthInteger & BitwiseCopyable>(_ type: I.Type) throws(RecordFault) -> I {
        guard let value = cursor.littleEndian(type) else { throw fault(.cut) }
        return value
    }

    @_lifetime(self: copy self)
    private mutating func bigEndian<I: FixedWidthInteger & BitwiseCopyable>(
        _ type: I.Type
    ) throws(RecordFault) -> I {
        guard let value = cursor.bigEndian(type) else { throw fault(.cut) }
        return value
    }

    @_lifetime(self: copy self)
    mutating func array(_ count: Int) throws(RecordFault) -> [UInt8] {
        guard count > 0 else { return [] }
        guard let bytes = cursor.array(count) else { throw fault(.cut) }
        return bytes
    }

    @_lifetime(self: copy self)
    private mutating func array(_ count: Int, _ spares: inout SpareBytes) throws(RecordFault) -> [UInt8] {
        guard let range = cursor.range(count) else { throw fault(.cut) }
        return spares.copy(of: bytes.extracting(range.bounds))
    }

    @_lifetime(self: copy self)
    mutating func counted(limit: Int) throws(RecordFault) -> [UInt8] {
        let count = Int(try integer(UInt32.self))
        guard count <= limit else { throw fault(.tooLong) }
        return try array(count)
    }

    @_lifetime(self: copy self)
    mutating func counted(
        limit: Int,
        keeps: Bool = true,
        _ spares: inout SpareBytes
    ) throws(RecordFault) -> [UInt8] {
        let count = Int(try integer(UInt32.self))
        guard count <= limit else { throw fault(.tooLong) }
        if keeps { return try array(count, &spares) }
        guard cursor.range(count) != nil else { throw fault(.cut) }
        return []
    }

    @_lifetime(self: copy self)
    mutating func counts() throws(RecordFault) -> [LedgerCount] {
        guard let counts = cursor.counts() else { throw fault(.cut) }
        return counts
    }

    /// A record of a note that stands inside another record.
    @_lifetime(self: copy self)
    mutating func embeddedNote() throws(RecordFault) -> NoteRecord {
        let length = try integer(UInt32.self)
        guard length <= TraceLimits.record else { throw fault(.tooLong) }
        let bytes = try array(Int(length))
        // Nothing else may stand here: a record that holds records would have no bottom.
        guard bytes.first == RecordType.note.rawValue else { throw fault(.badValue) }
        var whole: [UInt8] = []
        whole.appendLittleEndian(length)
        whole.append(contentsOf: bytes)
        var cursor = RecordCursor(whole.span)
        guard let record = try cursor.next(), case .note(let note) = record else { throw fault(.badValue) }
        return note
    }

    @_lifetime(self: copy self)
    mutating func connectionOpen() throws(RecordFault) -> ConnectionOpenRecord {
        let source = try integer(UInt16.self)
        let flags = try integer(UInt8.self)
        let clientVersion = try integer(UInt8.self)
        let serverVersion = try integer(UInt8.self)
        _ = try integer(UInt8.self)
        let clientPort = try integer(UInt16.self)
        let serverPort = try integer(UInt16.self)
        let client = try address(version: clientVersion)
        let server = try address(version: serverVersion)
        return ConnectionOpenRecord(
            connection: prefix.connection,
            time: prefix.time,
            source: source,
            client: Endpoint(address: client, port: clientPort),
            server: Endpoint(address: server, port: serverPort),
            sawHandshake: flags & 1 != 0,
            isRepeated: flags & 2 != 0
        )
    }

    @_lifetime(self: copy self)
    mutating func address(version: UInt8) throws(RecordFault) -> IPAddress {
        let high = try bigEndian(UInt64.self)
        let low = try bigEndian(UInt64.self)
        switch version {
        case 4: return IPAddress(ipv4: UInt32(truncatingIfNeeded: high >> 32))
        case 6: return IPAddress(ipv6High: high, low: low)
        default: throw fault(.badValue)
        }
    }

    @_lifetime(self: copy self)
    mutating func connectionClose() throws(RecordFault) -> ConnectionCloseRecord {
        guard let reason = ConnectionCloseRecord.Reason(rawValue: try integer(UInt8.self)) else {
            throw fault(.badValue)
        }
        return ConnectionCloseRecord(connection: prefix.connection, time: prefix.time, reason: reason)
    }

    @_lifetime(self: copy self)
    mutating func whole(
        keepsBody: Bool,
        _ spares: inout SpareBytes,
        into message: inout RecordedMessage
    ) throws(RecordFault) {
        let time = PacketTime(nanoseconds: try integer(Int64.self))
        try head(&spares, into: &message.head)
        message.body = try counted(limit: BodyRecord.maximumCount, keeps: keepsBody, &spares)
        try end(at: time, into: &message.end)
    }

    /// Field by field where it is to stand: a record that is put together first is moved as a whole.
    @_lifetime(self: copy self)
    mutating func head(
        _ spares: inout SpareBytes,
        into head: inout HeadRecord
    ) throws(RecordFault) {
        let encoding = HeadEncoding(rawValue: try integer(UInt8.self))
        let framing = FramingCode(rawValue: try integer(UInt8.self))
        let state = try integer(UInt8.self)
        let schemeCount = Int(try integer(UInt8.self))
        let count = Int(try integer(UInt32.self))
        let length = try integer(UInt64.self)
        let bits = try integer(UInt64.self)
        guard let encoding, let framing else { throw fault(.badValue) }
        guard count <= TraceLimits.head else { throw fault(.tooLong) }
        let scheme = try array(schemeCount)
        head.kind = prefix.kind
        head.exchange = prefix.exchange
        head.connection = prefix.connection
        head.start = prefix.time
        head.encoding = encoding
        head.bytes = try array(count, &spares)
        head.framing = framing.framing(length: length)
        head.signature =
            scheme.isEmpty
            ? nil : RecordedSignature(scheme: String(decoding: scheme, as: UTF8.self), state: state)
        head.of = bits & 1 != 0 ? try reference() : nil
        head.isRepeated = bits & 2 != 0
        head.hasMalformedSignature = bits & 4 != 0
    }

    @_lifetime(self: copy self)
    private mutating func reference() throws(RecordFault) -> ObservedReference {
        let high = try bigEndian(UInt64.self)
        let low = try bigEndian(UInt64.self)
        return ObservedReference(
            trace: TraceID(high: high, low: low),
            exchange: try integer(UInt64.self),
            loop: try integer(UInt32.self),
            copy: try integer(UInt32.self)
        )
    }

    @_lifetime(self: copy self)
    mutating func body(_ spares: inout SpareBytes) throws(RecordFault) -> BodyRecord {
        BodyRecord(
            kind: prefix.kind,
            exchange: prefix.exchange,
            connection: prefix.connection,
            time: prefix.time,
            bytes: try counted(limit: BodyRecord.maximumCount, &spares)
        )
    }

    @_lifetime(self: copy self)
    mutating func event() throws(RecordFault) -> EventRecord {
        let eventKind = EventRecord.Kind(rawValue: try integer(UInt8.self))
        let opcode = try integer(UInt8.self)
        _ = try integer(UInt16.self)
        guard let eventKind else { throw fault(.badValue) }
        var event = EventRecord(
            kind: prefix.kind,
            exchange: prefix.exchange,
            connection: prefix.connection,
            time: prefix.time,
            eventKind: eventKind,
            opcode: opcode,
            bytes: try counted(limit: TraceLimits.event)
        )
        // Older records end here.
        if cursor.remaining > 0 {
            event.start = PacketTime(nanoseconds: try integer(Int64.self))
            event.frames = try integer(UInt32.self)
            event.flags = EventFlags(rawValue: try integer(UInt32.self))
            event.wireLength = try integer(UInt64.self)
        }
        return event
    }

    @_lifetime(self: copy self)
    mutating func end(at time: PacketTime, into end: inout EndRecord) throws(RecordFault) {
        end.kind = prefix.kind
        end.exchange = prefix.exchange
        end.connection = prefix.connection
        end.time = time
        end.wireLength = try integer(UInt64.self)
        end.flags = MessageFlags(rawValue: try integer(UInt32.self))
        end.trailers = try counted(limit: TraceLimits.trailers)
    }
}

extension FramingCode {
    fileprivate func framing(length: UInt64) -> BodyFraming {
        switch self {
        case .none: .none
        case .length: .length(length)
        case .chunked: .chunked
        case .untilClose: .untilClose
        }
    }
}
