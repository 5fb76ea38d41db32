/// The event streams and WebSocket sessions of the traces that are replayed, by exchange.
package struct RecordedStreams: Sendable {
    /// How much is kept of them; what goes past it is counted and not compared.
    package struct Limits: Hashable, Sendable {
        package var streams = 100_000
        /// Events of all streams, 24 bytes each.
        package var events = 1_000_000
        /// Bytes of the messages that clients sent.
        package var messageBytes = 32 << 20

        package init() {}
    }

    private var streams: [UInt64: RecordedStream] = [:]
    /// Streams behind the limit, of which nothing is known.
    package var leftOut: UInt64 = 0

    package init() {}

    package init(_ streams: [UInt64: RecordedStream], leftOut: UInt64 = 0) {
        self.streams = streams
        self.leftOut = leftOut
    }

    package var isEmpty: Bool { streams.isEmpty }
    package var count: Int { streams.count }

    package subscript(_ exchange: UInt64) -> RecordedStream? { streams.isEmpty ? nil : streams[exchange] }

    /// Takes over what another trace holds; the exchanges are others.
    package mutating func formUnion(_ other: RecordedStreams) {
        streams.merge(other.streams) { first, _ in first }
        leftOut += other.leftOut
    }
}
