package import Messages

/// What is worth knowing about an event beyond its bytes; kept in the trace as these 32 bits.
///
/// What an event has in common with messages has the number that it has there.
package struct EventFlags: OptionSet, Hashable, Sendable {
    package var rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// It went on past a limit; the rest was counted, not kept.
    package static let truncated = EventFlags(rawValue: 1 << 1)
    /// Bytes of it were never captured.
    package static let gap = EventFlags(rawValue: 1 << 2)
    /// Its end was not seen; of a server-sent event also: only part of it stands in the record.
    package static let incomplete = EventFlags(rawValue: 1 << 3)
    /// It was compressed on the wire, and is not in the trace.
    package static let compressed = EventFlags(rawValue: 1 << 16)
    /// It could not be decompressed, or not all of it.
    package static let undecoded = EventFlags(rawValue: 1 << 17)

    /// The names used in JSON, in the order of the bits.
    package static let names: [(flag: EventFlags, name: String)] = [
        (.truncated, "truncated"), (.gap, "gap"), (.incomplete, "incomplete"),
        (.compressed, "compressed"), (.undecoded, "undecoded"),
    ]
}

extension EventFlags {
    /// What is worth knowing about a WebSocket message.
    package init(_ message: WebSocketMessage) {
        self = []
        if message.flags.contains(.truncated) { insert(.truncated) }
        if message.flags.contains(.gap) { insert(.gap) }
        if message.flags.contains(.incomplete) { insert(.incomplete) }
        if message.isCompressed { insert(.compressed) }
        if message.isUndecoded { insert(.undecoded) }
    }
}
