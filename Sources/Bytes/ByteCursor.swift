/// Reads integers and runs of bytes from a borrowed buffer, front to back.
///
/// Every read answers `nil` when too little is left and then leaves the cursor where it was, so a
/// decoder of untrusted bytes needs no check of its own before a read.
package struct ByteCursor: ~Escapable {
    private let bytes: Span<UInt8>
    /// How many bytes have been read.
    package private(set) var offset = 0

    @_lifetime(copy bytes)
    package init(_ bytes: Span<UInt8>) {
        self.bytes = bytes
    }

    /// How many bytes are left.
    package var remaining: Int { bytes.count - offset }

    /// Reads a little-endian integer.
    @_lifetime(self: copy self)
    package mutating func littleEndian<I: FixedWidthInteger & BitwiseCopyable>(_ type: I.Type) -> I? {
        guard remaining >= MemoryLayout<I>.size else { return nil }
        defer { offset += MemoryLayout<I>.size }
        return bytes.littleEndian(type, at: offset)
    }

    /// Reads an integer in network byte order.
    @_lifetime(self: copy self)
    package mutating func bigEndian<I: FixedWidthInteger & BitwiseCopyable>(_ type: I.Type) -> I? {
        guard remaining >= MemoryLayout<I>.size else { return nil }
        defer { offset += MemoryLayout<I>.size }
        return bytes.bigEndian(type, at: offset)
    }

    /// Passes over `count` bytes and answers where they stand in the buffer.
    @_lifetime(self: copy self)
    package mutating func range(_ count: Int) -> ByteRange? {
        guard count >= 0, remaining >= count else { return nil }
        defer { offset += count }
        return ByteRange(offset: offset, count: count)
    }

    /// Copies the next `count` bytes out.
    @_lifetime(self: copy self)
    package mutating func array(_ count: Int) -> [UInt8]? {
        guard let range = range(count) else { return nil }
        return Array(bytes.extracting(range.bounds))
    }
}
