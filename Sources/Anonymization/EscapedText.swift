import Bytes

/// A text in which characters are spelled as `%40`, `&#64;`, `&amp;`, `\u0040` or `\n`, read, with where each byte of it
/// comes from.
///
/// What is spelled twice, such as `%2540`, is read twice. A value that is found in what was read is replaced where it
/// stands, and each byte of the new one is spelled as it was in the old one.
struct EscapedText {
    /// What is spelled more often than that stays spelled.
    private static let maximumRounds = 3

    /// What the text says.
    private(set) var bytes: [UInt8] = []
    /// Where the spelling of each byte starts; that of the end at last.
    private var starts: [Int] = []

    init(_ source: Span<UInt8>) {
        bytes.reserveCapacity(source.count)
        starts.reserveCapacity(source.count &+ 1)
        read(source)
        var rounds = 1
        while rounds < Self.maximumRounds, bytes.span.nextEscape(from: 0) != nil {
            let (spelling, origins) = (bytes, starts)
            bytes = []
            starts = []
            read(spelling.span)
            for index in starts.indices { starts[index] = origins[starts[index]] }
            rounds &+= 1
        }
    }

    private mutating func read(_ source: Span<UInt8>) {
        var index = 0
        while index < source.count {
            let length = source.appendEscaped(at: index, to: &bytes)
            while starts.count < bytes.count { starts.append(index) }
            index &+= length
        }
        starts.append(source.count)
    }

    /// Where the spelling of a run of bytes stands.
    func source(of range: Range<Int>) -> Range<Int> {
        starts[range.lowerBound]..<starts[range.upperBound]
    }

    /// Appends `text`, which takes the place of a run of bytes, in the spelling of that run.
    func spell(
        _ text: Span<UInt8>,
        inPlaceOf range: Range<Int>,
        of source: Span<UInt8>,
        to output: inout [UInt8]
    ) {
        for index in text.indices {
            let byte = text[index]
            guard !byte.isASCIILetter, !byte.isASCIIDigit,
                let place = range.first(where: { bytes[$0] == byte && starts[$0] < starts[$0 &+ 1] })
            else {
                output.append(byte)
                continue
            }
            output.append(contentsOf: source.extracting(starts[place]..<starts[place &+ 1]))
        }
    }
}

extension Span where Element == UInt8 {
    /// Where the next character stands that is spelled in another way than as itself.
    func nextEscape(from start: Int) -> Int? {
        let raw = bytes
        var index = start
        while index < count {
            while index &+ 8 <= count {
                let chunk = raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
                let found =
                    ByteLanes.zeros(in: chunk ^ 0x25 &* ByteLanes.ones)
                    | ByteLanes.zeros(in: chunk ^ 0x26 &* ByteLanes.ones)
                    | ByteLanes.zeros(in: chunk ^ 0x5C &* ByteLanes.ones)
                if found != 0 {
                    index &+= found.trailingZeroBitCount >> 3
                    break
                }
                index &+= 8
            }
            guard index < count else { return nil }
            switch self[index] {
            case 0x25, 0x26, 0x5C: if escape(at: index) != nil { return index }
            default: break
            }
            index &+= 1
        }
        return nil
    }

    /// Appends the character that is spelled at `index` and answers the length of its spelling.
    fileprivate func appendEscaped(at index: Int, to text: inout [UInt8]) -> Int {
        guard let (scalar, length) = escape(at: index) else {
            text.append(self[index])
            return 1
        }
        if self[index] == 0x25 {
            // Bytes of UTF-8 one by one.
            text.append(UInt8(truncatingIfNeeded: scalar))
        } else if let scalar = Unicode.Scalar(scalar), let spelled = UTF8.encode(scalar) {
            text.append(contentsOf: spelled)
        } else {
            text.append(contentsOf: [0xEF, 0xBF, 0xBD])
        }
        return length
    }

    /// What the escape at `index` stands for, and its length.
    private func escape(at index: Int) -> (scalar: UInt32, length: Int)? {
        switch self[index] {
        case 0x25:
            guard let value = hexadecimal(at: index &+ 1, digits: 2) else { return nil }
            return (value, 3)
        case 0x26: return characterReference(at: index)
        case 0x5C: return backslash(at: index)
        default: return nil
        }
    }

    private func backslash(at index: Int) -> (scalar: UInt32, length: Int)? {
        switch byte(index &+ 1) {
        case 0x75:
            guard let unit = hexadecimal(at: index &+ 2, digits: 4) else { return nil }
            if (0xD800..<0xDC00).contains(unit), byte(index &+ 6) == 0x5C, byte(index &+ 7) == 0x75,
                let low = hexadecimal(at: index &+ 8, digits: 4), (0xDC00..<0xE000).contains(low)
            {
                return (0x1_0000 &+ (unit &- 0xD800) << 10 &+ (low &- 0xDC00), 12)
            }
            return (unit, 6)
        case 0x78: return hexadecimal(at: index &+ 2, digits: 2).map { ($0, 4) }
        case 0x6E: return (0x0A, 2)
        case 0x72: return (0x0D, 2)
        case 0x74: return (0x09, 2)
        case 0x22, 0x27, 0x2F, 0x5C: return (UInt32(self[index &+ 1]), 2)
        default: return nil
        }
    }

    /// A reference of XML or HTML to a character, with its semicolon.
    func characterReference(at index: Int) -> (scalar: UInt32, length: Int)? {
        guard byte(index &+ 1) == 0x23 else {
            for (name, scalar) in NamedCharacter.all where starts(with: name, at: index) {
                return (scalar, name.utf8CodeUnitCount)
            }
            return nil
        }
        let isHexadecimal = byte(index &+ 2) | 0x20 == 0x78
        var end = index &+ (isHexadecimal ? 3 : 2)
        let first = end
        var scalar: UInt32 = 0
        while end < count, end &- first < 8, let digit = self[end].hexDigitValue, isHexadecimal || digit < 10
        {
            scalar = scalar &* (isHexadecimal ? 16 : 10) &+ UInt32(digit)
            end &+= 1
        }
        guard end > first, byte(end) == 0x3B, scalar > 0, scalar < 0x11_0000 else { return nil }
        return (scalar, end &+ 1 &- index)
    }

    /// Those of XML (section 4.6), and those of HTML that stand in addresses and numbers.

    private func hexadecimal(at index: Int, digits: Int) -> UInt32? {
        guard index &+ digits <= count else { return nil }
        var value: UInt32 = 0
        for place in index..<index &+ digits {
            guard let digit = self[place].hexDigitValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}

private enum NamedCharacter {
    /// Those of XML (section 4.6), and those of HTML that stand in addresses and numbers.
    static let all: [(StaticString, UInt32)] = [
        ("&amp;", 0x26), ("&lt;", 0x3C), ("&gt;", 0x3E), ("&quot;", 0x22), ("&apos;", 0x27),
        ("&nbsp;", 0xA0), ("&commat;", 0x40), ("&period;", 0x2E), ("&plus;", 0x2B), ("&colon;", 0x3A),
        ("&sol;", 0x2F), ("&lowbar;", 0x5F), ("&num;", 0x23), ("&equals;", 0x3D), ("&semi;", 0x3B),
        ("&lpar;", 0x28), ("&rpar;", 0x29), ("&comma;", 0x2C), ("&percnt;", 0x25),
    ]
}
