package import Messages

/// What is kept of each exchange of a trace, in 64 bytes: what the list shows, and where the rest stands.
package struct ExchangeRow: Sendable, BitwiseCopyable {
    /// Nanoseconds since 1970.
    package var start: Int64
    package var exchange: UInt64
    /// The key of its session.
    package var session: UInt64 = 0
    package var request = RecordPlace.none
    /// Of its first response, which may be an interim one.
    package var response = RecordPlace.none
    /// An index into ``TraceOutline/connections``; ``unknown`` where the trace does not tell, or there were too many.
    package var connection = ExchangeRow.unknown
    /// Microseconds from the start of the request to the end of the response; ``unknown`` without both.
    package var duration = ExchangeRow.unknown
    /// Bytes of the bodies on the wire, of both directions; the largest value stands for more.
    package var requestBytes: UInt32 = 0
    package var responseBytes: UInt32 = 0
    /// The flags of both messages, and ``Mark``s from bit 24 on.
    private var bits: UInt32 = 0
    /// 0 without a response.
    package var status: UInt16 = 0
    /// An index into ``TraceOutline/routes``.
    package var route: UInt16 = 0

    package static let unknown = UInt32.max

    /// What is known beyond the flags of messages.
    package struct Mark: OptionSet, Sendable {
        package var rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        package static let requestEnded = Mark(rawValue: 1)
        package static let responseEnded = Mark(rawValue: 2)
        /// The recorder noted something about it.
        package static let noted = Mark(rawValue: 4)
        package static let signed = Mark(rawValue: 8)
        /// It has WebSocket messages.
        package static let events = Mark(rawValue: 16)
    }

    package init(exchange: UInt64, start: Int64) {
        self.exchange = exchange
        self.start = start
    }

    package var flags: MessageFlags { MessageFlags(rawValue: bits & 0xFF_FFFF) }

    package var marks: Mark { Mark(rawValue: UInt8(truncatingIfNeeded: bits >> 24)) }

    package mutating func insert(_ flags: MessageFlags) { bits |= flags.rawValue & 0xFF_FFFF }

    package mutating func insert(_ mark: Mark) { bits |= UInt32(mark.rawValue) << 24 }

    package mutating func remove(_ flags: MessageFlags) { bits &= ~(flags.rawValue & 0xFF_FFFF) }
}
