import Bytes

extension UInt8 {
    /// A character of a token (RFC 9110, section 5.6.2).
    @inline(always)
    var isTokenCharacter: Bool {
        let low: UInt64 = 0x03FF_6CFA_0000_0000
        let high: UInt64 = 0x57FF_FFFF_C7FF_FFFE
        guard self < 0x80 else { return false }
        return (self < 0x40 ? low >> UInt64(self) : high >> UInt64(self &- 0x40)) & 1 == 1
    }

    /// Space or tab.
    @inline(always)
    var isBlank: Bool { self == .space || self == .tab }

    /// Space, tab, vertical tab or form feed: what a lenient reader takes for white space within a line.
    @inline(always)
    var isWhiteSpace: Bool { isBlank || self == 0x0B || self == 0x0C }

    static let tab: UInt8 = 0x09
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let space: UInt8 = 0x20
    static let quote: UInt8 = 0x22
    static let comma: UInt8 = 0x2C
    static let colon: UInt8 = 0x3A
    static let semicolon: UInt8 = 0x3B
    static let backslash: UInt8 = 0x5C
    static let delete: UInt8 = 0x7F
}

extension Span where Element == UInt8 {
    /// Whether the bytes are those of `other`, case included.
    package func equals(_ other: StaticString) -> Bool {
        guard other.utf8CodeUnitCount == count else { return false }
        let expected = UnsafeBufferPointer(start: other.utf8Start, count: count)
        for index in indices where self[index] != expected[index] { return false }
        return true
    }

    /// Whether the bytes start with `prefix`, case included.
    func starts(with prefix: StaticString) -> Bool {
        guard prefix.utf8CodeUnitCount <= count else { return false }
        return extracting(first: prefix.utf8CodeUnitCount).equals(prefix)
    }

    /// The index of the first NUL, line feed, vertical tab, form feed, carriage return or other control below
    /// 0x0E except tab, at or after `start`; or `nil`.
    ///
    /// `seen` gets the bits of all bytes looked at, some behind the one that was found included.
    func firstControl(from start: Int, seen: inout UInt8) -> Int? {
        let raw = bytes
        var index = start
        var wide = WideLanes.all(0)
        var bits: UInt64 = 0
        defer { seen |= bits.anyLane | wide.anyLane }
        // As signed numbers those from 0x80 on would be below all others.
        let (top, bound, tab) = (WideLanes.all(0x80), WideLanes.all(0x8E), WideLanes.all(.tab))
        while index &+ 16 <= count {
            let chunk = raw.wideLanes(at: index)
            wide |= chunk
            let found = (((chunk ^ top) .< bound) .& (chunk .!= tab)).firstLane
            index &+= found
            if found < 16 { return index }
        }
        while index &+ 8 <= count {
            let chunk = raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
            bits |= chunk
            let found = ByteLanes.lanes(of: chunk, below: 0x0E)
            guard found != 0 else {
                index &+= 8
                continue
            }
            index &+= found.trailingZeroBitCount >> 3
            if self[index] != .tab { return index }
            index &+= 1
        }
        while index < count {
            let byte = self[index]
            bits |= UInt64(byte)
            if byte < 0x0E, byte != .tab { return index }
            index &+= 1
        }
        return nil
    }

    /// The index of the first such control at or after `start`, or `nil`.
    func firstControl(from start: Int) -> Int? {
        var seen: UInt8 = 0
        return firstControl(from: start, seen: &seen)
    }

    /// The index of the first byte at or after `start` that is no token character, or the end.
    ///
    /// Letters, digits and hyphens, of which names of fields are made, pass eight at a time.
    func endOfToken(from start: Int) -> Int {
        let raw = bytes
        var index = start
        while index &+ 8 <= count {
            let chunk = raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
            let others = ~ByteLanes.lettersDigitsAndHyphens(in: chunk) & ByteLanes.tops
            guard others != 0 else {
                index &+= 8
                continue
            }
            index &+= others.trailingZeroBitCount >> 3
            if !self[index].isTokenCharacter { return index }
            index &+= 1
        }
        while index < count, self[index].isTokenCharacter { index &+= 1 }
        return index
    }

    /// Whether every byte is below 0x80; eight at a time.
    var isASCII: Bool {
        let raw = bytes
        var seen: UInt64 = 0
        var index = 0
        while index &+ 8 <= count {
            seen |= raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            index &+= 8
        }
        while index < count {
            seen |= UInt64(self[index])
            index &+= 1
        }
        return seen & 0x8080_8080_8080_8080 == 0
    }

    /// Whether the bytes are well-formed UTF-8.
    var isUTF8: Bool {
        if isASCII { return true }
        do {
            _ = try UTF8Span(validating: self)
            return true
        } catch {
            return false
        }
    }

    /// `range` without white space and the line ends of foldings at its outer ends.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var lower = range.lowerBound
        var upper = range.upperBound
        while lower < upper {
            if self[lower].isBlank || self[lower] == .lineFeed {
                lower &+= 1
            } else if self[lower] == .carriageReturn, lower &+ 1 < upper, self[lower &+ 1] == .lineFeed {
                lower &+= 2
            } else {
                break
            }
        }
        while lower < upper {
            if self[upper &- 1].isBlank {
                upper &-= 1
            } else if self[upper &- 1] == .lineFeed {
                upper &-= 1
                if lower < upper, self[upper &- 1] == .carriageReturn { upper &-= 1 }
            } else {
                break
            }
        }
        return lower..<upper
    }
}

extension UInt64 {
    /// The bits that are set in any of the eight bytes.
    fileprivate var anyLane: UInt8 {
        var lanes = self | self >> 32
        lanes |= lanes >> 16
        lanes |= lanes >> 8
        return UInt8(truncatingIfNeeded: lanes)
    }
}

extension ByteLanes {
    /// The lanes that hold an ASCII letter, a digit or a hyphen; every lane of the answer can be relied on.
    ///
    /// Bytes are taken without their top bit, so that no sum goes past its lane.
    @inline(always)
    fileprivate static func lettersDigitsAndHyphens(in lanes: UInt64) -> UInt64 {
        let low = lanes & ~tops
        let folded = low | (0x20 &* ones)
        let letters = (folded &+ (0x80 - 0x61) &* ones) & ~(folded &+ (0x80 - 0x7B) &* ones)
        let digits = (low &+ (0x80 - 0x30) &* ones) & ~(low &+ (0x80 - 0x3A) &* ones)
        let hyphens = ~((low ^ (0x2D &* ones)) &+ 0x7F &* ones)
        return (letters | digits | hyphens) & tops & ~lanes
    }
}
