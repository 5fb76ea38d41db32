extension Span where Element == UInt8 {
    /// Whether the bytes are those of `other`; 32 at a time, then eight.
    @inlinable
    package func equals(_ other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        let (left, right) = (bytes, other.bytes)
        // Called only where eight bytes are left in both.
        func difference(at index: Int) -> UInt64 {
            unsafe left.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)
                ^ right.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)
        }
        var index = 0
        while index &+ 32 <= count {
            let first = difference(at: index) | difference(at: index &+ 8)
            let second = difference(at: index &+ 16) | difference(at: index &+ 24)
            guard first | second == 0 else { return false }
            index &+= 32
        }
        while index &+ 8 <= count {
            guard difference(at: index) == 0 else { return false }
            index &+= 8
        }
        return index == count || tail == other.tail
    }

    /// How many bytes from `offset` on are those that `other` begins with; eight at a time.
    ///
    /// Traps where `offset` lies outside.
    @inlinable
    package func commonPrefix(with other: Span<UInt8>, from offset: Int) -> Int {
        precondition(offset >= 0 && offset <= count, "a comparison cannot begin outside")
        let limit = Swift.min(other.count, count &- offset)
        let (left, right) = (bytes, other.bytes)
        // Eight bytes are loaded only where as many are left before `limit`.
        func difference(at index: Int) -> UInt64 {
            unsafe left.unsafeLoadUnaligned(fromUncheckedByteOffset: offset &+ index, as: UInt64.self)
                ^ right.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)
        }
        var index = 0
        while index &+ 8 <= limit {
            let found = difference(at: index).littleEndian
            if found != 0 { return index &+ found.trailingZeroBitCount &>> 3 }
            index &+= 8
        }
        if limit >= 8 {
            // The last eight, the first of which have been found equal already.
            index = limit &- 8
            let found = difference(at: index).littleEndian
            return found == 0 ? limit : index &+ found.trailingZeroBitCount &>> 3
        }
        while index < limit, self[offset &+ index] == other[index] { index &+= 1 }
        return index
    }

    /// A number of the bytes, the same for the same bytes and `seed`, whose low bits choose a place in a table.
    ///
    /// It is for tables that compare the bytes they find: whoever sends texts that share a number makes such a table
    /// forget, and nothing else. Eight bytes at a time; O(n).
    @inlinable
    package func number(seed: UInt64 = 0) -> UInt64 {
        let raw = bytes
        var number = seed ^ UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15
        var index = 0
        while index &+ 8 <= count {
            let chunk = raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            number = Self.mixed(number ^ chunk)
            index &+= 8
        }
        return index == count ? number : Self.mixed(number ^ tail)
    }

    /// ``number(seed:)`` of the bytes with capital ASCII letters made small; O(n).
    @inlinable
    package func caselessNumber(seed: UInt64 = 0) -> UInt64 {
        let raw = bytes
        var number = seed ^ UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15
        var index = 0
        while index &+ 8 <= count {
            let chunk = raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            number = Self.mixed(number ^ ByteLanes.lowercased(chunk))
            index &+= 8
        }
        return index == count ? number : Self.mixed(number ^ ByteLanes.lowercased(tail))
    }

    /// The last eight bytes, or all of fewer; which of them are there twice depends on the length alone. Not for no bytes.
    @inlinable
    @inline(__always)
    var tail: UInt64 {
        let raw = bytes
        if count >= 8 { return raw.unsafeLoadUnaligned(fromByteOffset: count &- 8, as: UInt64.self) }
        if count >= 4 {
            return UInt64(raw.unsafeLoadUnaligned(as: UInt32.self)) << 32
                | UInt64(raw.unsafeLoadUnaligned(fromByteOffset: count &- 4, as: UInt32.self))
        }
        return UInt64(self[0]) << 16 | UInt64(self[count >> 1]) << 8 | UInt64(self[count &- 1])
    }

    /// Lets every bit of a number count in every bit of the answer: both halves of a product of 128 bits.
    @inlinable
    static func mixed(_ number: UInt64) -> UInt64 {
        let product = number.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        return product.high ^ product.low
    }
}
