extension Span where Element == UInt8 {
    /// The index of the first `byte` at or after `start`, or `nil`.
    ///
    /// Looks at eight bytes at a time; O(n).
    @inlinable
    package func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? {
        let raw = bytes
        let needle = UInt64(byte) &* ByteLanes.ones
        var index = start
        while index &+ 8 <= count {
            let chunk = raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
            let found = ByteLanes.zeros(in: chunk ^ needle)
            if found != 0 { return index &+ found.trailingZeroBitCount >> 3 }
            index &+= 8
        }
        if index < count, index &- start >= 8 {
            // The last eight, the first of which have been looked at already.
            let chunk = raw.unsafeLoadUnaligned(fromByteOffset: count &- 8, as: UInt64.self).littleEndian
            let found = ByteLanes.zeros(in: chunk ^ needle)
            return found == 0 ? nil : count &- 8 &+ found.trailingZeroBitCount >> 3
        }
        while index < count {
            if self[index] == byte { return index }
            index &+= 1
        }
        return nil
    }

    /// Whether the bytes equal `other` when ASCII letters are compared without their case; eight at a time.
    @inlinable
    package func equalsIgnoringCase(_ other: StaticString) -> Bool {
        guard other.utf8CodeUnitCount == count else { return false }
        let raw = bytes
        let expected = UnsafeRawBufferPointer(start: other.utf8Start, count: count)
        guard count >= 8 else {
            for index in indices where self[index].asciiLowercased != expected[index].asciiLowercased {
                return false
            }
            return true
        }
        var index = 0
        while true {
            let isEqual = ByteLanes.areEqualIgnoringCase(
                raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self),
                expected.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            )
            guard isEqual else { return false }
            if index == count &- 8 { return true }
            // The last eight may have been looked at in part.
            index = min(index &+ 8, count &- 8)
        }
    }
}

extension Span where Element == UInt8 {
    /// Whether the bytes equal `other` when ASCII letters are compared without their case; eight at a time.
    @inlinable
    package func equalsIgnoringCase(_ other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        let (left, right) = (bytes, other.bytes)
        var index = 0
        while index &+ 8 <= count {
            let isEqual = ByteLanes.areEqualIgnoringCase(
                left.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self),
                right.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            )
            guard isEqual else { return false }
            index &+= 8
        }
        return index == count || ByteLanes.areEqualIgnoringCase(tail, other.tail)
    }
}

extension UInt8 {
    /// The lower-case form of an ASCII letter; every other byte as it is.
    @inlinable
    package var asciiLowercased: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }

    @inlinable
    package var isASCIIDigit: Bool { (0x30...0x39).contains(self) }

    /// The value of a hexadecimal digit of either case, or `nil`.
    @inlinable
    package var hexDigitValue: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x37
        case 0x61...0x66: self - 0x57
        default: nil
        }
    }
}
