import Bytes

/// Notices two values of one kind that were given the same pseudonym, among the ``places`` pseudonyms made last.
///
/// Kept are 64 bits of digests, half a megabyte allocated once; no value can be read from them without trying values, and
/// they are not written anywhere.
struct CollisionBook {
    /// A power of two.
    static let places = 1 << 16
    /// So many are told apart, so that a pair that comes again is counted once; those beyond count each time.
    static let mostPairs = 4096
    private static let mostSteps = 8

    /// The value's digest in the upper half, the pseudonym's in the lower; 0 where nothing is known.
    private var slots: [UInt64] = Array(repeating: 0, count: places)
    private var pairs: Set<UInt64> = []
    private var counts = [UInt64](repeating: 0, count: PseudonymKind.allCases.count)

    private(set) var hasAny = false

    /// How many values of a kind share their pseudonym with one met before.
    subscript(_ kind: PseudonymKind) -> UInt64 { counts[Int(kind.rawValue)] }

    /// Where a pseudonym stands or is put: the first of a few places that is its own or empty, or the first of them.
    private func place(of made: UInt64) -> Int {
        let first = Int(truncatingIfNeeded: made) & (Self.places &- 1)
        for step in 0..<Self.mostSteps {
            let place = (first &+ step) & (Self.places &- 1)
            if slots[place] == 0 || slots[place] & 0xFFFF_FFFF == made >> 32 { return place }
        }
        return first
    }

    /// Notes that `value` has `pseudonym`; letter case does not tell either apart.
    mutating func note(_ kind: PseudonymKind, _ value: Span<UInt8>, as pseudonym: Span<UInt8>) {
        let seed = UInt64(kind.rawValue) &* 0x9E37_79B9_7F4A_7C15
        let made = pseudonym.caselessNumber(seed: seed)
        let owner = value.caselessNumber(seed: ~seed) >> 32
        let place = place(of: made)
        let known = slots[place]
        guard known != 0, known & 0xFFFF_FFFF == made >> 32 else {
            slots[place] = owner << 32 | made >> 32
            return
        }
        guard known >> 32 != owner else { return }
        let pair = made ^ owner &* 0xBF58_476D_1CE4_E5B9
        guard !pairs.contains(pair) else { return }
        if pairs.count < Self.mostPairs { pairs.insert(pair) }
        hasAny = true
        counts[Int(kind.rawValue)] &+= 1
    }
}
