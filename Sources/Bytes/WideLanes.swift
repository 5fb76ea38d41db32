/// Looks at sixteen bytes at once, in a vector that every processor has; the first byte in memory is lane 0.
///
/// Bytes are compared as signed numbers, which is what there is an instruction for: those from 0x80 on are below all others.
@usableFromInline
package typealias WideLanes = SIMD16<Int8>

extension SIMD16 where Scalar == Int8 {
    /// The byte in each lane.
    @inlinable
    @inline(__always)
    package static func all(_ byte: UInt8) -> SIMD16<Int8> { SIMD16(repeating: Int8(bitPattern: byte)) }

    /// The bits of all lanes together.
    @inlinable
    @inline(__always)
    package var anyLane: UInt8 {
        let halves = unsafeBitCast(self, to: SIMD2<UInt64>.self)
        var bits = halves[0] | halves[1]
        bits |= bits &>> 32
        bits |= bits &>> 16
        bits |= bits &>> 8
        return UInt8(truncatingIfNeeded: bits)
    }
}

extension SIMDMask where Storage == SIMD16<Int8> {
    /// The first lane that is set; 16 where none is.
    @inlinable
    @inline(__always)
    package var firstLane: Int {
        let halves = unsafeBitCast(self, to: SIMD2<UInt64>.self)
        guard halves[0] | halves[1] != 0 else { return 16 }
        if halves[0] != 0 { return halves[0].littleEndian.trailingZeroBitCount &>> 3 }
        return 8 &+ halves[1].littleEndian.trailingZeroBitCount &>> 3
    }
}

extension RawSpan {
    /// Sixteen bytes from `offset` on; traps where there are fewer.
    @inlinable
    @inline(__always)
    package func wideLanes(at offset: Int) -> WideLanes {
        unsafeLoadUnaligned(fromByteOffset: offset, as: WideLanes.self)
    }
}
