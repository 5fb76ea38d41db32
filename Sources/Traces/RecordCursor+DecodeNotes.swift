import Bytes
import Packets

extension RecordFields {
    @_lifetime(self: copy self)
    mutating func note() throws(RecordFault) -> NoteRecord {
        let subject = try integer(UInt8.self)
        _ = try integer(UInt8.self)
        let count = Int(try integer(UInt16.self))
        _ = try integer(UInt32.self)
        return NoteRecord(
            connection: prefix.connection == RecordType.none ? nil : prefix.connection,
            exchange: prefix.exchange == RecordType.none ? nil : prefix.exchange,
            time: prefix.time,
            direction: prefix.kind,
            subject: NoteSubject(rawValue: subject),
            amount: try integer(UInt64.self),
            offset: try integer(UInt64.self),
            detail: String(decoding: try array(count), as: UTF8.self)
        )
    }

    @_lifetime(self: copy self)
    mutating func connectionSummary() throws(RecordFault) -> ConnectionSummaryRecord {
        let opened = try integer(Int64.self)
        let source = try integer(UInt16.self)
        let flags = try integer(UInt8.self)
        let clientVersion = try integer(UInt8.self)
        let serverVersion = try integer(UInt8.self)
        let reason = ConnectionCloseRecord.Reason(rawValue: try integer(UInt8.self))
        let clientPort = try integer(UInt16.self)
        let serverPort = try integer(UInt16.self)
        let client = try address(version: clientVersion)
        let server = try address(version: serverVersion)
        let content = ConnectionSummaryRecord.Content(rawValue: try integer(UInt8.self))
        for _ in 0..<5 { _ = try integer(UInt8.self) }
        guard let reason, let content else { throw fault(.badValue) }
        let packets = try integer(UInt64.self)
        let notesLeftOut = try integer(UInt64.self)
        return ConnectionSummaryRecord(
            connection: prefix.connection == RecordType.none ? nil : prefix.connection,
            opened: PacketTime(nanoseconds: opened),
            closed: prefix.time,
            source: source,
            client: Endpoint(address: client, port: clientPort),
            server: Endpoint(address: server, port: serverPort),
            sawHandshake: flags & 1 != 0,
            isEvicted: flags & 2 != 0,
            reason: reason,
            content: content,
            packets: packets,
            bytes: try counts(),
            notesLeftOut: notesLeftOut,
            notes: try notes()
        )
    }

    /// Records of notes, one after the other.
    @_lifetime(self: copy self)
    private mutating func notes() throws(RecordFault) -> [NoteRecord] {
        let count = try integer(UInt32.self)
        guard count <= TraceLimits.summaryNotes else { throw fault(.tooLong) }
        var notes: [NoteRecord] = []
        for _ in 0..<count { notes.append(try embeddedNote()) }
        return notes
    }

    @_lifetime(self: copy self)
    mutating func endpointLedger() throws(RecordFault) -> EndpointRecord {
        let code = try integer(UInt8.self)
        let version = try integer(UInt8.self)
        let port = try integer(UInt16.self)
        _ = try integer(UInt32.self)
        let address = try address(version: version)
        let subject: EndpointRecord.Subject
        switch code {
        case 0: subject = .server(Endpoint(address: address, port: port))
        case 1: subject = .other
        case 2: subject = .none
        default: throw fault(.badValue)
        }
        return EndpointRecord(time: prefix.time, subject: subject, counts: try counts())
    }
}
