/// Reads integers and runs of bytes from a borrowed buffer, front to back.
///
/// Every read answers `nil` when too little is left and then leaves the cursor where it was, so a
/// decoder of untrusted bytes needs no check of its own before a read.
@usableFromInline
package struct ByteCursor: ~Escapable {
    @usableFromInline let bytes: Span<UInt8>
    @usableFromInline var position = 0

    @inlinable
    @_lifetime(copy bytes)
    package init(_ bytes: Span<UInt8>) {
        self.bytes = bytes
    }

    /// How many bytes have been read.
    @inlinable package var offset: Int { position }

    /// How many bytes are left.
    @inlinable package var remaining: Int { bytes.count - position }

    /// Reads a little-endian integer.
    @inlinable
    @_lifetime(self: copy self)
    package mutating func littleEndian<I: FixedWidthInteger & BitwiseCopyable>(_ type: I.Type) -> I? {
        guard remaining >= MemoryLayout<I>.size else { return nil }
        defer { position += MemoryLayout<I>.size }
        return bytes.littleEndian(type, at: position)
    }

    /// Reads an integer in network byte order.
    @inlinable
    @_lifetime(self: copy self)
    package mutating func bigEndian<I: FixedWidthInteger & BitwiseCopyable>(_ type: I.Type) -> I? {
        guard remaining >= MemoryLayout<I>.size else { return nil }
        defer { position += MemoryLayout<I>.size }
        return bytes.bigEndian(type, at: position)
    }

    /// Passes over `count` bytes and answers where they stand in the buffer.
    @inlinable
    @_lifetime(self: copy self)
    package mutating func range(_ count: Int) -> ByteRange? {
        guard count >= 0, remaining >= count else { return nil }
        defer { position += count }
        return ByteRange(offset: position, count: count)
    }

    /// Copies the next `count` bytes out.
    @inlinable
    @_lifetime(self: copy self)
    package mutating func array(_ count: Int) -> [UInt8]? {
        guard let range = range(count) else { return nil }
        return Array(bytes.extracting(range.bounds))
    }
}
