/// Tells the places in which values come again from those in which each is another one, such as identifiers, for which it
/// takes longer to remember them than to look at them.
///
/// A place is a number, of the name of a field for instance; places that share a row are taken for one. It changes how long
/// something takes and never what comes of it.
struct ValueNovelty: Sendable {
    /// A power of two.
    private static let rows = 1024
    /// How many new values come in a row before only one of as many is looked up, a power of two.
    private static let patience: UInt8 = 16

    /// How many values were new since one was known, or not looked up, counted round from ``patience`` on.
    private var counts = [UInt8](repeating: 0, count: rows)

    @inline(__always)
    private static func row(_ place: UInt64) -> Int { Int(truncatingIfNeeded: place) & (rows &- 1) }

    /// Whether it is worth while to look up the next value in a place, and to remember it.
    mutating func isLookedUp(at place: UInt64) -> Bool {
        let row = Self.row(place)
        let count = counts[row]
        guard count >= Self.patience else { return true }
        counts[row] = count == 2 &* Self.patience &- 1 ? Self.patience : count &+ 1
        return count == Self.patience
    }

    /// Notes whether the value that was looked up in a place was known.
    mutating func note(isKnown: Bool, at place: UInt64) {
        let row = Self.row(place)
        let count = counts[row]
        if isKnown {
            if count > 0 { counts[row] = 0 }
        } else if count < Self.patience {
            counts[row] = count &+ 1
        }
    }
}
