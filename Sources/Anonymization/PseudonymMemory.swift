import Bytes

/// Remembers the pseudonyms of the values met last, in clear, each in one of the two places that its kind and bytes
/// choose.
///
/// Two, so that a value which is met once takes the place of another one that was, and not of one that comes again and
/// again. About 420 KB, allocated once.
struct PseudonymMemory {
    /// How many pairs of places there are; a power of two.
    static let pairs = 1024
    /// Longer values are worked out each time.
    static let longestValue = 96
    /// Longer pseudonyms are too. Few are longer than what they stand for: of addresses, e-mail and IP.
    static let longestPseudonym = 109
    /// Kind, both lengths, value and pseudonym.
    private static let stride = 3 + longestValue + longestPseudonym

    private var bytes: [UInt8] = Array(repeating: 0, count: 2 * pairs * stride)
    /// By pair, which of the two was of use last.
    private var latest: [UInt8] = Array(repeating: 0, count: pairs)

    /// The pair of places of a value; `nil` where it is too long to be remembered.
    func pair(of value: Span<UInt8>, _ kind: PseudonymKind) -> Int? {
        guard (1...Self.longestValue).contains(value.count) else { return nil }
        let number = value.number(seed: UInt64(kind.rawValue) &* 0x9E37_79B9_7F4A_7C15)
        return Int(truncatingIfNeeded: number) & (Self.pairs &- 1)
    }

    /// Appends the pseudonym of a value if it stands in one of its places.
    mutating func recall(
        _ value: Span<UInt8>,
        _ kind: PseudonymKind,
        in pair: Int,
        to output: inout [UInt8]
    ) -> Bool {
        guard let side = side(of: value, kind, in: pair) else { return false }
        latest[pair] = UInt8(truncatingIfNeeded: side)
        let place = (2 &* pair &+ side) &* Self.stride
        let start = place &+ 3 &+ value.count
        output.append(contentsOf: bytes.span.extracting(start..<start &+ Int(bytes[place &+ 2])))
        return true
    }

    private func side(of value: Span<UInt8>, _ kind: PseudonymKind, in pair: Int) -> Int? {
        let known = bytes.span
        for side in 0..<2 {
            let place = (2 &* pair &+ side) &* Self.stride
            if Int(known[place &+ 1]) == value.count, known[place] == kind.rawValue,
                known.extracting(place &+ 3..<place &+ 3 &+ value.count).equals(value)
            {
                return side
            }
        }
        return nil
    }

    /// Puts a value in the place of the one of the pair that was not of use last.
    mutating func remember(
        _ value: Span<UInt8>,
        _ kind: PseudonymKind,
        as pseudonym: Span<UInt8>,
        in pair: Int
    ) {
        guard pseudonym.count <= Self.longestPseudonym else { return }
        let side = latest[pair] ^ 1
        latest[pair] = side
        let place = (2 &* pair &+ Int(side)) &* Self.stride
        bytes[place] = kind.rawValue
        bytes[place &+ 1] = UInt8(value.count)
        bytes[place &+ 2] = UInt8(pseudonym.count)
        bytes.overwrite(at: place &+ 3, with: value)
        bytes.overwrite(at: place &+ 3 &+ value.count, with: pseudonym)
    }
}
