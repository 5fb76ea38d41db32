/// A run of bytes inside a buffer that somebody else owns, as an offset and a count.
///
/// Parsers hand out ranges instead of slices, so that pointing at a header value or a payload
/// neither copies nor retains the buffer.
@usableFromInline
package struct ByteRange: Hashable, Sendable {
    /// Where the run starts, in bytes from the start of the buffer; never negative.
    @usableFromInline package var offset: Int
    /// How many bytes the run holds; never negative.
    @usableFromInline package var count: Int

    @inlinable
    package init(offset: Int, count: Int) {
        precondition(offset >= 0 && count >= 0, "a byte range cannot start or end before its buffer")
        self.offset = offset
        self.count = count
    }

    /// The run from `bounds.lowerBound` up to `bounds.upperBound`.
    @inlinable
    package init(_ bounds: Range<Int>) {
        self.init(offset: bounds.lowerBound, count: bounds.count)
    }

    /// The offset just past the last byte.
    @inlinable package var end: Int { offset + count }

    @inlinable package var isEmpty: Bool { count == 0 }

    /// The same run as a half-open range of indices.
    @inlinable package var bounds: Range<Int> { offset..<end }
}
