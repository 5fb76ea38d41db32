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
    func equals(_ other: StaticString) -> Bool {
        guard other.utf8CodeUnitCount == count else { return false }
        let expected = UnsafeBufferPointer(start: other.utf8Start, count: count)
        for index in indices where self[index] != expected[index] { return false }
        return true
    }

    /// Whether the bytes are those of `other` when ASCII letters are compared without their case.
    func equalsIgnoringCase(_ other: Span<UInt8>) -> Bool {
        guard other.count == count else { return false }
        for index in indices where self[index].asciiLowercased != other[index].asciiLowercased {
            return false
        }
        return true
    }

    /// Whether the bytes start with `prefix`, case included.
    func starts(with prefix: StaticString) -> Bool {
        guard prefix.utf8CodeUnitCount <= count else { return false }
        return extracting(first: prefix.utf8CodeUnitCount).equals(prefix)
    }

    /// The index of the first NUL, line feed, vertical tab, form feed, carriage return or other control below
    /// 0x0E except tab, at or after `start`; or `nil`.
    func firstControl(from start: Int) -> Int? {
        var index = start
        let raw = bytes
        let bound = SIMD16<UInt8>(repeating: 0x0E)
        let tab = SIMD16<UInt8>(repeating: .tab)
        while index &+ 16 <= count {
            let chunk = raw.unsafeLoadUnaligned(fromByteOffset: index, as: SIMD16<UInt8>.self)
            if any((chunk .< bound) .& (chunk .!= tab)) { break }
            index &+= 16
        }
        while index < count {
            let byte = self[index]
            if byte < 0x0E, byte != .tab { return index }
            index &+= 1
        }
        return nil
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
