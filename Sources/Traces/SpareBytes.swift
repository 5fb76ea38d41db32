import Bytes

/// Arrays of bytes that are done with, whose memory serves for what is decoded next.
package struct SpareBytes: Sendable {
    /// Bytes kept at most, and of one array; more goes back at once.
    package static let limit = 4 << 20
    package static let arrayLimit = 64 << 10

    private var arrays: [[UInt8]] = []
    private var held = 0

    package init() {}

    /// Takes an array, which is best held by nobody else.
    package mutating func give(_ array: consuming [UInt8]) {
        let capacity = array.capacity
        guard capacity > 0, capacity <= Self.arrayLimit, held + capacity <= Self.limit else { return }
        held += capacity
        arrays.append(array)
    }

    /// The bytes as an array; O(n), and no allocation where one that was given has room.
    mutating func copy(of bytes: Span<UInt8>) -> [UInt8] {
        guard !bytes.isEmpty else { return [] }
        guard var array = arrays.popLast() else { return Array(bytes) }
        held -= array.capacity
        array.removeAll(keepingCapacity: true)
        array.append(contentsOf: bytes)
        return array
    }
}
