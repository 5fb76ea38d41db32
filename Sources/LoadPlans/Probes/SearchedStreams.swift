/// Many streams at once, cut into lines whatever pieces they come in, each with who reads it.
///
/// The memory is bounded: of each stream the line under way is kept, at most ``StreamLines/limit`` bytes of it.
package struct SearchedStreams: Sendable {
    private struct Stream: Sendable {
        var reader: String
        var lines = StreamLines()
    }

    /// What is to be looked through, and who was shown it.
    package typealias Look = (Span<UInt8>, _ reader: String) -> Void

    private var streams: [Int: Stream] = [:]

    package init() {}

    /// A stream begins; what came of one with the same number is forgotten.
    package mutating func open(_ stream: Int, reader: String) {
        streams[stream] = Stream(reader: reader)
    }

    /// Takes a piece of a stream, and hands over the lines that it ends. One that was not opened is nobody's.
    package mutating func take(_ piece: Span<UInt8>, of stream: Int, _ look: Look) {
        guard let reader = streams[stream]?.reader else { return }
        streams[stream]?.lines.feed(piece) { line in
            if !line.isEmpty { look(line.span, reader) }
        }
    }

    /// Hands over what came in one: a message, or a line of a head.
    package func take(whole bytes: Span<UInt8>, of stream: Int, _ look: Look) {
        guard let reader = streams[stream]?.reader else { return }
        look(bytes, reader)
    }

    /// A stream is over; its last line need not have an end.
    package mutating func close(_ stream: Int, _ look: Look) {
        take([0x0A].span, of: stream, look)
        streams[stream] = nil
    }
}
