import Bytes
import JSON

/// A text that is sought in bytes, ASCII letters compared without their case.
package struct FoldedText: Hashable, Sendable {
    /// In small letters; never empty.
    package let bytes: [UInt8]
    /// How far the text may be moved on where a byte stands under its end (Horspool's rule).
    private let shifts: [Int]

    /// `nil` for an empty text.
    package init?(_ text: String) {
        let bytes = text.utf8.map(\.asciiLowercased)
        guard !bytes.isEmpty else { return nil }
        self.bytes = bytes
        var shifts = [Int](repeating: bytes.count, count: 256)
        for (index, byte) in bytes.dropLast().enumerated() {
            let shift = bytes.count - 1 - index
            shifts[Int(byte)] = shift
            if (0x61...0x7A).contains(byte) { shifts[Int(byte - 0x20)] = shift }
        }
        self.shifts = shifts
    }

    /// Whether the text stands in `haystack`; O(n) for usual texts, O(n·m) at worst.
    package func isIn(_ haystack: Span<UInt8>) -> Bool {
        let count = bytes.count
        guard haystack.count >= count else { return false }
        let needle = bytes.span
        let shifts = shifts.span
        let last = needle[count - 1]
        var start = 0
        while start <= haystack.count - count {
            let end = haystack[start + count - 1]
            if end.asciiLowercased == last {
                var index = 0
                while index < count - 1, haystack[start + index].asciiLowercased == needle[index] {
                    index += 1
                }
                if index >= count - 1 { return true }
            }
            start += shifts[Int(end)]
        }
        return false
    }

    /// Whether the text stands in `haystack` as it is, or as JSON spells it with escapes: `\u00e9`, `\/`. O(n).
    package func isSpelled(in haystack: Span<UInt8>) -> Bool {
        if isIn(haystack) { return true }
        guard haystack.firstIndex(of: 0x5C) != nil else { return false }
        return isIn(JSONString.unescape(haystack).span)
    }
}
