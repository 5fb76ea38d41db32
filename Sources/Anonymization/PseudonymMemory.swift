import Bytes

/// Remembers the pseudonyms of the values met last, in clear, each in the one place that its kind and bytes choose.
///
/// About 420 KB, allocated once.
struct PseudonymMemory {
    /// How many values are remembered; a power of two.
    static let places = 2048
    /// Longer values are worked out each time.
    static let longestValue = 96
    /// Longer pseudonyms are too. Few are longer than what they stand for: of addresses, e-mail and IP.
    static let longestPseudonym = 109
    /// Kind, both lengths, value and pseudonym.
    private static let stride = 3 + longestValue + longestPseudonym

    private var bytes: [UInt8] = Array(repeating: 0, count: places * stride)

    /// The place of a value; `nil` where it is too long to be remembered.
    func place(of value: Span<UInt8>, _ kind: PseudonymKind) -> Int? {
        guard (1...Self.longestValue).contains(value.count) else { return nil }
        let number = value.number(seed: UInt64(kind.rawValue) &* 0x9E37_79B9_7F4A_7C15)
        return (Int(truncatingIfNeeded: number) & (Self.places &- 1)) &* Self.stride
    }

    /// Appends the pseudonym of a value if it stands in its place.
    func recall(_ value: Span<UInt8>, _ kind: PseudonymKind, at place: Int, to output: inout [UInt8]) -> Bool
    {
        let known = bytes.span
        let start = place &+ 3
        guard Int(known[place &+ 1]) == value.count, known[place] == kind.rawValue,
            known.extracting(start..<start &+ value.count).equals(value)
        else { return false }
        let pseudonym = start &+ value.count
        output.append(contentsOf: known.extracting(pseudonym..<pseudonym &+ Int(known[place &+ 2])))
        return true
    }

    mutating func remember(
        _ value: Span<UInt8>,
        _ kind: PseudonymKind,
        as pseudonym: Span<UInt8>,
        at place: Int
    ) {
        guard pseudonym.count <= Self.longestPseudonym else { return }
        bytes[place] = kind.rawValue
        bytes[place &+ 1] = UInt8(value.count)
        bytes[place &+ 2] = UInt8(pseudonym.count)
        bytes.overwrite(at: place &+ 3, with: value)
        bytes.overwrite(at: place &+ 3 &+ value.count, with: pseudonym)
    }
}
