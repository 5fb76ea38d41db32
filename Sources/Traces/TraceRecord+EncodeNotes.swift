import Bytes
import Packets

extension NoteRecord {
    /// Appends the record behind its length.
    func append(to bytes: inout [UInt8]) {
        let detail = detail.utf8.prefix(Self.detailLimit)
        bytes.appendPrefix(
            .note,
            direction,
            connection ?? RecordType.none,
            exchange ?? RecordType.none,
            time
        )
        bytes.append(subject.rawValue)
        bytes.append(0)
        bytes.appendLittleEndian(UInt16(detail.count))
        bytes.appendLittleEndian(UInt32(0))
        bytes.appendLittleEndian(amount)
        bytes.appendLittleEndian(offset)
        bytes.append(contentsOf: detail)
    }
}

extension ConnectionSummaryRecord {
    /// Appends the record behind its length.
    func append(to bytes: inout [UInt8]) {
        bytes.appendPrefix(.connectionSummary, connection: connection ?? RecordType.none, time: closed)
        bytes.appendLittleEndian(opened.nanoseconds)
        bytes.appendLittleEndian(source)
        bytes.append((sawHandshake ? 1 : 0) | (isEvicted ? 2 : 0))
        bytes.append(client.address.isIPv4 ? 4 : 6)
        bytes.append(server.address.isIPv4 ? 4 : 6)
        bytes.append(reason.rawValue)
        bytes.appendLittleEndian(client.port)
        bytes.appendLittleEndian(server.port)
        bytes.appendAddress(client.address)
        bytes.appendAddress(server.address)
        bytes.append(content.rawValue)
        for _ in 0..<5 { bytes.append(0) }
        bytes.appendLittleEndian(packets)
        bytes.appendLittleEndian(notesLeftOut)
        bytes.appendCounts(self.bytes)
        bytes.appendLittleEndian(UInt32(notes.count))
        for note in notes {
            let start = bytes.count
            bytes.appendLittleEndian(UInt32(0))
            note.append(to: &bytes)
            bytes.patchLength(at: start)
        }
    }
}

extension EndpointRecord {
    /// Appends the record behind its length.
    func append(to bytes: inout [UInt8]) {
        bytes.appendPrefix(.endpointLedger, connection: RecordType.none, time: time)
        let (code, server): (UInt8, Endpoint) =
            switch subject {
            case .server(let server): (0, server)
            case .other: (1, Endpoint(address: IPAddress(ipv4: 0), port: 0))
            case .none: (2, Endpoint(address: IPAddress(ipv4: 0), port: 0))
            }
        bytes.append(code)
        bytes.append(server.address.isIPv4 ? 4 : 6)
        bytes.appendLittleEndian(server.port)
        bytes.appendLittleEndian(UInt32(0))
        bytes.appendAddress(server.address)
        bytes.appendCounts(counts)
    }
}
