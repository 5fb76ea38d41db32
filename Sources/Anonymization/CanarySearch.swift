import Bytes

/// Looks for planted values in bytes, whatever those are wrapped in.
///
/// A value is found literally and in any case of its ASCII letters; percent-encoded, behind escapes of JSON, as character
/// references, in quoted-printable, base64 and base64url (in lines or not, at any place of a longer text), hexadecimal,
/// UTF-16 and Latin-1, inside gzip and zlib; and in each of these within another, ``maximumDepth`` deep. One with twelve
/// letters and digits or more is found too where blanks, hyphens and other signs have been put in or left out.
package struct CanarySearch: Sendable {
    /// Shorter values would be found by chance.
    package static let shortestValue = 4
    /// More values are refused.
    package static let maximumValues = 100_000
    /// How many wrappings, one within another, are taken off.
    static let maximumDepth = 6
    /// How many bytes are looked at for one text, those behind its wrappings included.
    static let budget = 256 << 20
    /// Values with fewer letters and digits are looked for as they are only.
    static let shortestSqueezed = 12

    /// In small letters.
    private var values: [[UInt8]] = []
    /// Letters and digits alone.
    private var squeezed: [[UInt8]] = []
    /// The indices of the values, and then of the squeezed ones, by their first four bytes.
    private var byStart: [UInt32: [Int]] = [:]
    /// One bit for each low half of a mixed start, so that most places are passed over.
    private var filter = [UInt64](repeating: 0, count: 1024)

    package var isEmpty: Bool { values.isEmpty }

    /// `nil` where a value is shorter than ``shortestValue``, or there are too many.
    package init?(_ values: [[UInt8]]) {
        guard values.count <= Self.maximumValues, values.allSatisfy({ $0.count >= Self.shortestValue }) else {
            return nil
        }
        self.values = values.map { $0.map(\.asciiLowercased) }
        squeezed = self.values.map { $0.filter(\.isLetterOrDigit) }
        for index in values.indices {
            enter(self.values[index], index)
            if squeezed[index].count >= Self.shortestSqueezed { enter(squeezed[index], index + values.count) }
        }
    }

    private mutating func enter(_ value: [UInt8], _ index: Int) {
        let start = UInt32(littleEndian: value.span.start(at: 0))
        byStart[start, default: []].append(index)
        let bit = Self.bit(of: start)
        filter[bit >> 6] |= 1 << UInt64(bit & 63)
    }

    private static func bit(of start: UInt32) -> Int { Int((start &* 0x9E37_79B1) >> 16) }

    /// The indices of the values that stand in `bytes`, in ascending order.
    package func search(_ bytes: Span<UInt8>) -> [Int] {
        guard !values.isEmpty else { return [] }
        var found: Set<Int> = []
        var budget = Self.budget
        look(in: Array(bytes), depth: 0, &budget, &found)
        return found.sorted()
    }

    private func look(in bytes: [UInt8], depth: Int, _ budget: inout Int, _ found: inout Set<Int>) {
        budget -= bytes.count
        guard budget >= 0, bytes.count >= Self.shortestValue else { return }
        let folded = bytes.map(\.asciiLowercased)
        match(folded, isSqueezed: false, &found)
        match(folded.filter(\.isLetterOrDigit), isSqueezed: true, &found)
        guard depth < Self.maximumDepth, found.count < values.count,
            depth == 0 || bytes.span.isWorthUnwrapping
        else { return }
        Wrapping.forEachContent(of: bytes) { content in
            look(in: content, depth: depth + 1, &budget, &found)
        }
    }

    private func match(_ text: [UInt8], isSqueezed: Bool, _ found: inout Set<Int>) {
        guard text.count >= Self.shortestValue else { return }
        let span = text.span
        for place in 0...(text.count - Self.shortestValue) {
            let start = span.start(at: place)
            let bit = Self.bit(of: start)
            guard filter[bit >> 6] & 1 << UInt64(bit & 63) != 0, let candidates = byStart[start] else {
                continue
            }
            for candidate in candidates where (candidate >= values.count) == isSqueezed {
                let index = isSqueezed ? candidate - values.count : candidate
                let value = isSqueezed ? squeezed[index] : values[index]
                guard place + value.count <= text.count, !found.contains(index),
                    span.extracting(place..<place + value.count).equals(value.span)
                else { continue }
                found.insert(index)
            }
        }
    }
}

extension Span where Element == UInt8 {
    /// Four bytes as a number, the first one lowest.
    fileprivate func start(at place: Int) -> UInt32 {
        UInt32(self[place]) | UInt32(self[place &+ 1]) << 8 | UInt32(self[place &+ 2]) << 16
            | UInt32(self[place &+ 3]) << 24
    }

    /// Whether the bytes can be text, or something compressed: what base64 makes of a word is neither.
    var isWorthUnwrapping: Bool {
        if Wrapping.isCompressed(self) { return true }
        var printable = 0
        for index in indices {
            let byte = self[index]
            // Every other byte of UTF-16 is NUL.
            if byte >= 0x20 && byte < 0x7F || byte == 0x0A || byte == 0x0D || byte == 0x09 || byte == 0 {
                printable &+= 1
            }
        }
        return printable &* 4 >= count &* 3
    }
}
