extension OutputSpan where Element == UInt8 {
    /// Appends the bytes of a span; traps where there is no room for them.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    package mutating func append(contentsOf span: Span<UInt8>) {
        precondition(span.count <= freeCapacity, "room is made before bytes are written into it")
        withUnsafeMutableBufferPointer { buffer, count in
            span.withUnsafeBufferPointer { source in
                guard let from = source.baseAddress, let to = buffer.baseAddress else { return }
                (to + count).initialize(from: from, count: source.count)
            }
            count &+= span.count
        }
    }

    /// Appends an integer in little-endian order; traps where there is no room for it.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    package mutating func appendLittleEndian<I: FixedWidthInteger & BitwiseCopyable>(_ value: I) {
        precondition(MemoryLayout<I>.size <= freeCapacity, "room is made before bytes are written into it")
        withUnsafeMutableBufferPointer { buffer, count in
            UnsafeMutableRawBufferPointer(buffer)
                .storeBytes(of: value.littleEndian, toByteOffset: count, as: I.self)
            count &+= MemoryLayout<I>.size
        }
    }
}
