package import Messages

/// A part of a stream with its own time: a server-sent event, or a WebSocket message of either side.
package struct StreamPart: Sendable {
    package enum Content: Sendable {
        /// The body from the part before up to this offset, the empty line that ends the event included.
        case event(end: Int)
        /// Unmasked, joined and decompressed.
        case message(MessageKind, WebSocketMessage, [UInt8])
    }

    package var content: Content
    /// When its first byte was there, in nanoseconds since 1970.
    package var start: Int64
    /// When its last byte was.
    package var end: Int64
}

/// Collects the parts of a stream, for a trace of what was observed.
///
/// At most ``StreamLimits/keptParts`` of them, and ``StreamLimits/keptBytes`` of WebSocket messages; what is beyond is
/// left out, and ``isCut`` says so.
package struct StreamLog: Sendable {
    private var contents: [StreamPart.Content] = []
    private var times: [(start: MonotonicTime, end: MonotonicTime)] = []
    private var bytes = 0
    /// Parts were left out.
    package private(set) var isCut = false

    package init() {}

    mutating func append(_ content: StreamPart.Content, from start: MonotonicTime, to end: MonotonicTime) {
        var count = 0
        if case .message(_, _, let payload) = content { count = payload.count }
        guard !isCut, contents.count < StreamLimits.keptParts, bytes + count <= StreamLimits.keptBytes else {
            isCut = true
            return
        }
        bytes += count
        contents.append(content)
        times.append((start, end))
    }

    /// All of them, in order; `wall` reads the clock of the replay as nanoseconds since 1970.
    package func parts(_ wall: (MonotonicTime) -> Int64) -> [StreamPart] {
        zip(contents, times).map { StreamPart(content: $0, start: wall($1.start), end: wall($1.end)) }
    }
}
