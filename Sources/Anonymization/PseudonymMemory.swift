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

    /// Where a value may stand.
    struct Place {
        fileprivate let pair: Int
        /// Tells most values that share a pair apart, so that the values themselves are seldom fetched in vain.
        fileprivate let tag: UInt32
    }

    private var bytes: [UInt8] = Array(repeating: 0, count: 2 * pairs * stride)
    /// Of the value in each place.
    private var tags: [UInt32] = Array(repeating: 0, count: 2 * pairs)
    /// By pair, which of the two was of use last.
    private var latest: [UInt8] = Array(repeating: 0, count: pairs)

    /// The place of a value; `nil` where it is too long to be remembered.
    func place(of value: Span<UInt8>, _ kind: PseudonymKind) -> Place? {
        guard (1...Self.longestValue).contains(value.count) else { return nil }
        let number = value.number(seed: UInt64(kind.rawValue) &* 0x9E37_79B9_7F4A_7C15)
        return Place(
            pair: Int(truncatingIfNeeded: number) & (Self.pairs &- 1),
            tag: UInt32(truncatingIfNeeded: number >> 32)
        )
    }

    /// Appends the pseudonym of a value if it is there.
    mutating func recall(
        _ value: Span<UInt8>,
        _ kind: PseudonymKind,
        at place: Place,
        to output: inout [UInt8]
    ) -> Bool {
        guard let side = side(of: value, kind, at: place) else { return false }
        latest[place.pair] = UInt8(truncatingIfNeeded: side)
        let slot = (2 &* place.pair &+ side) &* Self.stride
        let start = slot &+ 3 &+ value.count
        output.append(contentsOf: bytes.span.extracting(start..<start &+ Int(bytes[slot &+ 2])))
        return true
    }

    private func side(of value: Span<UInt8>, _ kind: PseudonymKind, at place: Place) -> Int? {
        for side in 0..<2 where tags[2 &* place.pair &+ side] == place.tag {
            let known = bytes.span
            let slot = (2 &* place.pair &+ side) &* Self.stride
            if Int(known[slot &+ 1]) == value.count, known[slot] == kind.rawValue,
                known.extracting(slot &+ 3..<slot &+ 3 &+ value.count).equals(value)
            {
                return side
            }
        }
        return nil
    }

    /// Puts a value in the place of the one of its pair that was not of use last.
    mutating func remember(
        _ value: Span<UInt8>,
        _ kind: PseudonymKind,
        as pseudonym: Span<UInt8>,
        at place: Place
    ) {
        guard pseudonym.count <= Self.longestPseudonym else { return }
        let side = latest[place.pair] ^ 1
        latest[place.pair] = side
        tags[2 &* place.pair &+ Int(side)] = place.tag
        let slot = (2 &* place.pair &+ Int(side)) &* Self.stride
        bytes[slot] = kind.rawValue
        bytes[slot &+ 1] = UInt8(value.count)
        bytes[slot &+ 2] = UInt8(pseudonym.count)
        bytes.overwrite(at: slot &+ 3, with: value)
        bytes.overwrite(at: slot &+ 3 &+ value.count, with: pseudonym)
    }
}
