package import Bytes
package import Messages
package import Packets

/// What every record starts with, and where its fields stand in the inflated block.
package struct RecordPrefix: Hashable, Sendable {
    /// The number of the type; ``RecordCursor`` decodes it.
    package var type: UInt8
    /// The direction; `request` where there is none.
    package var kind: MessageKind
    package var connection: UInt64
    package var exchange: UInt64
    package var time: PacketTime
    /// Bytes of the block before the record.
    package var offset: Int
    /// The fields behind the prefix.
    package var fields: ByteRange

    /// Whether the record is a piece of a message.
    package var belongsToMessage: Bool {
        switch RecordType(rawValue: type) {
        case .requestHead, .responseHead, .body, .event, .end, .whole: true
        case .connectionOpen, .connectionClose, .ledgerSnapshot, nil: false
        case .note, .connectionSummary, .endpointLedger, .anonymized: false
        }
    }
}

/// Which records a reader wants decoded.
package enum RecordSelection: Sendable {
    case everything
    /// Bodies of responses are left out; their heads and ends are there.
    case withoutResponseBodies
    /// Bodies of requests are left out; their heads and ends are there.
    case withoutRequestBodies
    /// Nothing of responses.
    case requestsOnly
    /// Nothing of messages.
    case connectionsOnly
    /// No bodies; events, heads and ends of both directions.
    case withoutBodies
}

extension RecordSelection {
    /// Whether the bodies of messages of one direction are wanted, where those are.
    func keepsBodies(of kind: MessageKind) -> Bool {
        switch self {
        case .everything: true
        case .withoutResponseBodies, .requestsOnly, .connectionsOnly: kind == .request
        case .withoutRequestBodies: kind == .response
        case .withoutBodies: false
        }
    }
}

/// Walks through the records of an inflated block.
package struct RecordCursor: ~Escapable {
    let bytes: Span<UInt8>
    /// Bytes of the block that have been passed.
    package private(set) var offset: Int
    /// Records of unknown type that were passed over, as their types allow.
    package private(set) var ignored = 0

    static let prefixSize = 32

    /// Starts at `offset`, which must be where a record starts.
    @_lifetime(copy bytes)
    package init(_ bytes: Span<UInt8>, from offset: Int = 0) {
        self.bytes = bytes
        self.offset = offset
    }

    /// The next record's prefix; the cursor moves past the whole record. `nil` at the end.
    @_lifetime(self: copy self)
    package mutating func nextPrefix() throws(RecordFault) -> RecordPrefix? {
        guard offset < bytes.count else { return nil }
        let start = offset
        guard bytes.count - start >= Self.prefixSize else { throw RecordFault(.cut, at: start) }
        let length = Int(bytes.littleEndian(UInt32.self, at: start))
        guard length <= TraceLimits.record else { throw RecordFault(.tooLong, at: start) }
        guard length >= Self.prefixSize - 4, length <= bytes.count - start - 4 else {
            throw RecordFault(.cut, at: start)
        }
        guard let kind = MessageKind(rawValue: bytes[start + 5]) else {
            throw RecordFault(.badValue, at: start)
        }
        offset = start + 4 + length
        return RecordPrefix(
            type: bytes[start + 4],
            kind: kind,
            connection: bytes.littleEndian(UInt64.self, at: start + 8),
            exchange: bytes.littleEndian(UInt64.self, at: start + 16),
            time: PacketTime(nanoseconds: bytes.littleEndian(Int64.self, at: start + 24)),
            offset: start,
            fields: ByteRange(start + Self.prefixSize..<offset)
        )
    }

    /// The next record of one message; `nil` at the end of the block. Others are passed over, and not decoded.
    @_lifetime(self: copy self)
    package mutating func next(of message: OpenMessage) throws(RecordFault) -> TraceRecord? {
        while let prefix = try nextPrefix() {
            guard prefix.exchange == message.exchange, prefix.kind == message.kind, prefix.belongsToMessage,
                let type = RecordType(rawValue: prefix.type)
            else { continue }
            var spares = SpareBytes()
            return try decode(type, prefix, keepsBody: true, &spares)
        }
        return nil
    }

    /// The next record of the selection; `nil` at the end of the block.
    @_lifetime(self: copy self)
    package mutating func next(
        _ selection: RecordSelection = .everything
    ) throws(RecordFault) -> TraceRecord? {
        var spares = SpareBytes()
        return try next(selection, &spares)
    }

    /// The next record of the selection; `nil` at the end of the block. Its bytes are copied into memory from `spares`.
    @_lifetime(self: copy self)
    package mutating func next(
        _ selection: RecordSelection,
        _ spares: inout SpareBytes
    ) throws(RecordFault) -> TraceRecord? {
        guard let (type, prefix) = try nextSelected(selection) else { return nil }
        return try decode(type, prefix, keepsBody: selection.keepsBodies(of: prefix.kind), &spares)
    }

    /// What the next record is.
    package enum Step {
        /// A message in one piece, which stands in the memory that was given for it.
        case message
        case record(TraceRecord)
    }

    /// The next record of the selection, as above; a message in one piece takes the place of `message`, and is moved
    /// nowhere else. Where this throws, `message` is of no use.
    @_lifetime(self: copy self)
    package mutating func next(
        _ selection: RecordSelection,
        _ spares: inout SpareBytes,
        into message: inout RecordedMessage
    ) throws(RecordFault) -> Step? {
        guard let (type, prefix) = try nextSelected(selection) else { return nil }
        let keepsBody = selection.keepsBodies(of: prefix.kind)
        guard type == .whole else { return .record(try decode(type, prefix, keepsBody: keepsBody, &spares)) }
        try decode(whole: prefix, keepsBody: keepsBody, &spares, into: &message)
        return .message
    }

    @_lifetime(self: copy self)
    private mutating func nextSelected(
        _ selection: RecordSelection
    ) throws(RecordFault) -> (type: RecordType, prefix: RecordPrefix)? {
        while let prefix = try nextPrefix() {
            guard let type = RecordType(rawValue: prefix.type) else {
                guard prefix.type & RecordType.mayIgnore != 0 else {
                    throw RecordFault(.unknownType(prefix.type), at: prefix.offset)
                }
                ignored += 1
                continue
            }
            if selection == .connectionsOnly, prefix.belongsToMessage { continue }
            if prefix.kind == .response, prefix.belongsToMessage {
                if selection == .requestsOnly { continue }
                if selection == .withoutResponseBodies, type == .body || type == .event { continue }
            }
            if type == .body, !selection.keepsBodies(of: prefix.kind) { continue }
            return (type, prefix)
        }
        return nil
    }
}
