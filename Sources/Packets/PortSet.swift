/// A set of TCP ports that answers in constant time, without hashing.
@usableFromInline
package struct PortSet: Hashable, Sendable {
    private var words: [UInt64] = []
    @usableFromInline package private(set) var count = 0

    @inlinable package var isEmpty: Bool { count == 0 }

    package init(_ ports: some Sequence<UInt16>) {
        for port in ports { insert(port) }
    }

    package mutating func insert(_ port: UInt16) {
        if words.isEmpty { words = Array(repeating: 0, count: 1024) }
        let bit = UInt64(1) << UInt64(port & 63)
        let index = Int(port >> 6)
        if words[index] & bit == 0 { count += 1 }
        words[index] |= bit
    }

    package func contains(_ port: UInt16) -> Bool {
        !words.isEmpty && words[Int(port >> 6)] >> UInt64(port & 63) & 1 == 1
    }

    /// Whether either port of the segment is in the set.
    package func contains(_ segment: TCPSegment) -> Bool {
        contains(segment.destination.port) || contains(segment.source.port)
    }
}
