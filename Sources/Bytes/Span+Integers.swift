extension Span where Element == UInt8 {
    /// Loads an integer in network byte order.
    ///
    /// Traps when fewer than `MemoryLayout<I>.size` bytes follow `offset`: check the length of a header
    /// once, then load its fields.
    @inlinable
    package func bigEndian<I: FixedWidthInteger & BitwiseCopyable>(_: I.Type, at offset: Int) -> I {
        I(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: I.self))
    }

    /// Loads a little-endian integer; the same rules as ``bigEndian(_:at:)``.
    @inlinable
    package func littleEndian<I: FixedWidthInteger & BitwiseCopyable>(_: I.Type, at offset: Int) -> I {
        I(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: I.self))
    }
}
