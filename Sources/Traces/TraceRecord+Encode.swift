import Bytes
import Messages
import Packets

/// A record is longer than the format allows; it was left out.
package struct RecordTooLong: Error, Hashable, Sendable, CustomStringConvertible {
    /// Bytes of the part that is too long.
    package var count: Int
    package var limit: Int

    package init(count: Int, limit: Int) {
        self.count = count
        self.limit = limit
    }

    package var description: String {
        "a part of a record has \(count) bytes or entries; the trace format allows \(limit)"
    }
}

extension TraceRecord {
    /// Appends the record with its length in front; on an error `bytes` is as it was.
    func append(to bytes: inout [UInt8]) throws(RecordTooLong) {
        if case .whole(let head, let body, let end) = self {
            return try bytes.append(whole: head, body: body, end)
        }
        try checkLengths()
        let start = bytes.count
        bytes.appendLittleEndian(UInt32(0))
        switch self {
        case .connectionOpen(let open): open.append(to: &bytes)
        case .connectionClose(let close):
            bytes.appendPrefix(.connectionClose, connection: close.connection, time: close.time)
            bytes.append(close.reason.rawValue)
        case .head(let head):
            bytes.appendPrefix(
                head.kind == .request ? .requestHead : .responseHead,
                of: head,
                time: head.start
            )
            bytes.append(addingCapacity: head.fieldsSize) { head.appendFields(to: &$0) }
        case .body(let body):
            bytes.appendPrefix(.body, body.kind, body.connection, body.exchange, body.time)
            bytes.appendCounted(body.bytes)
        case .event(let event):
            bytes.appendPrefix(.event, event.kind, event.connection, event.exchange, event.time)
            bytes.append(event.eventKind.rawValue)
            bytes.append(event.opcode)
            bytes.appendLittleEndian(UInt16(0))
            bytes.appendCounted(event.bytes)
            bytes.appendLittleEndian(event.start.nanoseconds)
            bytes.appendLittleEndian(event.frames)
            bytes.appendLittleEndian(event.flags.rawValue)
            bytes.appendLittleEndian(event.wireLength)
        case .end(let end):
            bytes.appendPrefix(.end, end.kind, end.connection, end.exchange, end.time)
            bytes.append(addingCapacity: end.fieldsSize) { end.appendFields(to: &$0) }
        // Written above, with its length.
        case .whole: break
        case .ledgerSnapshot(let ledger):
            bytes.appendPrefix(.ledgerSnapshot, connection: RecordType.none, time: ledger.time)
            bytes.appendCounts(ledger.counts)
        case .note(let note): note.append(to: &bytes)
        case .connectionSummary(let summary): summary.append(to: &bytes)
        case .endpointLedger(let endpoint): endpoint.append(to: &bytes)
        case .anonymized(let counts):
            bytes.appendPrefix(.anonymized, connection: RecordType.none, time: counts.time)
            bytes.appendCounts(counts.counts)
        }
        bytes.patchLength(at: start)
    }

    private func checkLengths() throws(RecordTooLong) {
        switch self {
        case .connectionOpen, .connectionClose: break
        case .head(let head): try check(head.bytes.count, TraceLimits.head)
        case .body(let body): try check(body.bytes.count, BodyRecord.maximumCount)
        case .event(let event): try check(event.bytes.count, TraceLimits.event)
        case .end(let end): try check(end.trailers.count, TraceLimits.trailers)
        case .whole: break
        case .ledgerSnapshot(let ledger): try check(ledger.counts.count, TraceLimits.counts)
        case .note: break
        case .connectionSummary(let summary):
            try check(summary.bytes.count, TraceLimits.counts)
            try check(summary.notes.count, TraceLimits.summaryNotes)
        case .endpointLedger(let endpoint): try check(endpoint.counts.count, TraceLimits.counts)
        case .anonymized(let counts): try check(counts.counts.count, TraceLimits.counts)
        }
    }
}

private func check(_ count: Int, _ limit: Int) throws(RecordTooLong) {
    if count > limit { throw RecordTooLong(count: count, limit: limit) }
}

private func checkWhole(
    _ head: HeadRecord,
    _ body: [UInt8],
    _ end: EndRecord
) throws(RecordTooLong) {
    try check(head.bytes.count, TraceLimits.head)
    try check(body.count, BodyRecord.maximumCount)
    try check(end.trailers.count, TraceLimits.trailers)
}

/// Bytes of a record of type 8 behind its length.
private func wholeSize(
    _ head: HeadRecord,
    _ body: [UInt8],
    _ end: EndRecord
) -> Int {
    RecordCursor.prefixSize - 4 + 8 + head.fieldsSize + 4 + body.count + end.fieldsSize
}

extension ConnectionOpenRecord {
    fileprivate func append(to bytes: inout [UInt8]) {
        bytes.appendPrefix(.connectionOpen, connection: connection, time: time)
        bytes.appendLittleEndian(source)
        bytes.append((sawHandshake ? 1 : 0) | (isRepeated ? 2 : 0))
        bytes.append(client.address.isIPv4 ? 4 : 6)
        bytes.append(server.address.isIPv4 ? 4 : 6)
        bytes.append(0)
        bytes.appendLittleEndian(client.port)
        bytes.appendLittleEndian(server.port)
        bytes.appendAddress(client.address)
        bytes.appendAddress(server.address)
    }
}

extension [UInt8] {
    /// Appends a message as one record, with one look at the room for it; on an error nothing is appended.
    mutating func append(whole head: HeadRecord, body: [UInt8], _ end: EndRecord) throws(RecordTooLong) {
        try checkWhole(head, body, end)
        precondition(
            head.kind == end.kind && head.exchange == end.exchange && head.connection == end.connection,
            "head and end of one record belong to the same message"
        )
        let size = wholeSize(head, body, end)
        // What the closure captures is copied: so it captures numbers and spans, and no record.
        let (prefix, fields) = (WholePrefix(head, end), HeadFields(head))
        let scheme = fields.hasSignature ? head.signature?.scheme : nil
        let of = head.of
        let headBytes = head.bytes.span
        let bodyBytes = body.span
        let trailers = end.trailers.span
        let (wireLength, flags) = (end.wireLength, end.flags.rawValue)
        append(addingCapacity: 4 + size) { bytes in
            bytes.appendLittleEndian(UInt32(size))
            prefix.append(to: &bytes)
            fields.append(to: &bytes)
            if let scheme { for byte in scheme.utf8 { bytes.append(byte) } }
            bytes.append(contentsOf: headBytes)
            of?.append(to: &bytes)
            bytes.appendLittleEndian(UInt32(bodyBytes.count))
            bytes.append(contentsOf: bodyBytes)
            bytes.appendLittleEndian(wireLength)
            bytes.appendLittleEndian(flags)
            bytes.appendLittleEndian(UInt32(trailers.count))
            bytes.append(contentsOf: trailers)
        }
    }
}

/// What stands in front of the head fields of a record of type 8, behind its length.
private struct WholePrefix: BitwiseCopyable {
    let type: UInt32
    let connection: UInt64
    let exchange: UInt64
    let start: Int64
    let end: Int64

    // Borrowed: what an initializer takes is copied otherwise.
    init(_ head: borrowing HeadRecord, _ end: borrowing EndRecord) {
        type = UInt32(RecordType.whole.rawValue) | UInt32(head.kind.rawValue) << 8
        connection = head.connection
        exchange = head.exchange
        start = head.start.nanoseconds
        self.end = end.time.nanoseconds
    }

    func append(to bytes: inout OutputSpan<UInt8>) {
        bytes.appendLittleEndian(type)
        bytes.appendLittleEndian(connection)
        bytes.appendLittleEndian(exchange)
        bytes.appendLittleEndian(start)
        bytes.appendLittleEndian(end)
    }
}

/// The head fields of fixed length.
private struct HeadFields: BitwiseCopyable {
    let codes: UInt32
    let count: UInt32
    let length: UInt64
    let flags: UInt64

    /// The name of a scheme is not empty, so its length is no 0.
    var hasSignature: Bool { codes >> 24 != 0 }

    init(_ head: borrowing HeadRecord) {
        let (code, length): (FramingCode, UInt64) =
            switch head.framing {
            case .none: (.none, 0)
            case .length(let length): (.length, length)
            case .chunked: (.chunked, 0)
            case .untilClose: (.untilClose, 0)
            }
        let scheme = head.signature?.scheme.utf8.count ?? 0
        precondition(
            head.signature == nil || (1...255).contains(scheme),
            "a scheme's name has 1 to 255 bytes"
        )
        codes =
            UInt32(head.encoding.rawValue) | UInt32(code.rawValue) << 8 | UInt32(head.signature?.state ?? 0)
            << 16
            | UInt32(scheme) << 24
        count = UInt32(head.bytes.count)
        self.length = length
        flags =
            (head.of == nil ? 0 : 1) | (head.isRepeated ? 2 : 0) | (head.hasMalformedSignature ? 4 : 0)
    }

    func append(to bytes: inout OutputSpan<UInt8>) {
        bytes.appendLittleEndian(codes)
        bytes.appendLittleEndian(count)
        bytes.appendLittleEndian(length)
        bytes.appendLittleEndian(flags)
    }
}

extension ObservedReference {
    fileprivate func append(to bytes: inout OutputSpan<UInt8>) {
        bytes.appendLittleEndian(trace.high.byteSwapped)
        bytes.appendLittleEndian(trace.low.byteSwapped)
        bytes.appendLittleEndian(exchange)
        bytes.appendLittleEndian(loop)
        bytes.appendLittleEndian(copy)
    }
}

extension HeadRecord {
    /// Bytes of the head fields.
    fileprivate var fieldsSize: Int {
        24 + (signature?.scheme.utf8.count ?? 0) + bytes.count + (of == nil ? 0 : 32)
    }

    fileprivate func appendFields(to bytes: inout OutputSpan<UInt8>) {
        HeadFields(self).append(to: &bytes)
        if let signature { for byte in signature.scheme.utf8 { bytes.append(byte) } }
        bytes.append(contentsOf: self.bytes.span)
        of?.append(to: &bytes)
    }
}

extension EndRecord {
    /// Bytes of the end fields.
    fileprivate var fieldsSize: Int { 16 + trailers.count }

    fileprivate func appendFields(to bytes: inout OutputSpan<UInt8>) {
        bytes.appendLittleEndian(wireLength)
        bytes.appendLittleEndian(flags.rawValue)
        bytes.appendLittleEndian(UInt32(trailers.count))
        bytes.append(contentsOf: trailers.span)
    }
}

extension [UInt8] {
    mutating func appendPrefix(
        _ type: RecordType,
        _ kind: MessageKind = .request,
        _ connection: UInt64,
        _ exchange: UInt64,
        _ time: PacketTime
    ) {
        appendLittleEndian(UInt32(type.rawValue) | UInt32(kind.rawValue) << 8)
        appendLittleEndian(connection)
        appendLittleEndian(exchange)
        appendLittleEndian(time.nanoseconds)
    }

    mutating func appendPrefix(_ type: RecordType, connection: UInt64, time: PacketTime) {
        appendPrefix(type, .request, connection, RecordType.none, time)
    }

    mutating func appendPrefix(_ type: RecordType, of head: HeadRecord, time: PacketTime) {
        appendPrefix(type, head.kind, head.connection, head.exchange, time)
    }

    mutating func appendCounted(_ bytes: [UInt8]) {
        appendLittleEndian(UInt32(bytes.count))
        append(contentsOf: bytes)
    }

    mutating func appendAddress(_ address: IPAddress) {
        if address.isIPv4 {
            appendBigEndian(UInt32(truncatingIfNeeded: address.low))
            appendBigEndian(UInt32(0))
            appendBigEndian(UInt64(0))
        } else {
            appendBigEndian(address.high)
            appendBigEndian(address.low)
        }
    }

    mutating func patchLength(at start: Int) {
        let length = UInt32(count - start - 4)
        for index in 0..<4 {
            self[start + index] = UInt8(truncatingIfNeeded: length >> (8 * UInt32(index)))
        }
    }
}
