import Bytes

extension Span where Element == UInt8 {
    /// The length in bytes of the well-formed UTF-8 sequence that starts at `index`, or 0 when none does.
    ///
    /// Well-formed means table 3-7 of the Unicode standard: no overlong forms, no surrogates, nothing above U+10FFFF.
    package func utf8SequenceLength(at index: Int) -> Int {
        let lead = self[index]
        if lead < 0x80 { return 1 }
        func continues(_ distance: Int, _ range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool {
            index + distance < count && range.contains(self[index + distance])
        }
        switch lead {
        case 0xC2...0xDF:
            return continues(1) ? 2 : 0
        case 0xE0...0xEF:
            let second: ClosedRange<UInt8> =
                switch lead {
                case 0xE0: 0xA0...0xBF
                case 0xED: 0x80...0x9F
                default: 0x80...0xBF
                }
            return continues(1, second) && continues(2) ? 3 : 0
        case 0xF0...0xF4:
            let second: ClosedRange<UInt8> =
                switch lead {
                case 0xF0: 0x90...0xBF
                case 0xF4: 0x80...0x8F
                default: 0x80...0xBF
                }
            return continues(1, second) && continues(2) && continues(3) ? 4 : 0
        default:
            return 0
        }
    }

    /// Whether the bytes stand between two quotes as they are: printable ASCII without quotes and backslashes. Of text that
    /// is not, some may all the same. O(n).
    package var isPlainJSONText: Bool { endOfPlainASCII(from: 0) == count }

    /// Where the first byte stands at or after `start` that JSON does not take as it is: a quote, a backslash, a
    /// control character, or a byte of a sequence beyond ASCII; `count` when there is none.
    func endOfPlainASCII(from start: Int) -> Int {
        let raw = bytes
        var index = start
        let (blank, quote, backslash) = (WideLanes.all(0x20), WideLanes.all(0x22), WideLanes.all(0x5C))
        while index &+ 16 <= count {
            let chunk = raw.wideLanes(at: index)
            let found = ((chunk .< blank) .| (chunk .== quote) .| (chunk .== backslash)).firstLane
            index &+= found
            if found < 16 { return index }
        }
        while index &+ 8 <= count {
            let chunk = raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
            let found = Self.unusual(in: chunk)
            if found != 0 { return index &+ found.trailingZeroBitCount >> 3 }
            index &+= 8
        }
        if index < count, index &- start >= 8 {
            // The last eight, the first of which have been looked at already.
            let chunk = raw.unsafeLoadUnaligned(fromByteOffset: count &- 8, as: UInt64.self).littleEndian
            let found = Self.unusual(in: chunk)
            return found == 0 ? count : count &- 8 &+ found.trailingZeroBitCount >> 3
        }
        while index < count {
            let byte = self[index]
            if byte == 0x22 || byte == 0x5C || byte < 0x20 || byte >= 0x80 { return index }
            index &+= 1
        }
        return index
    }

    /// The lanes that JSON does not take as they are; the lowest one that is set can be relied on.
    ///
    /// As ``ByteLanes`` looks for zeros and small bytes, in one go: what they leave out, lanes with the top bit set,
    /// is unusual too.
    @inline(__always)
    private static func unusual(in lanes: UInt64) -> UInt64 {
        let ones = ByteLanes.ones
        let quotes = (lanes ^ 0x22 &* ones) &- ones
        let backslashes = (lanes ^ 0x5C &* ones) &- ones
        let controls = lanes &- 0x20 &* ones
        return (quotes | backslashes | controls | lanes) & ByteLanes.tops
    }
}
