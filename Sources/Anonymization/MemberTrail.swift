import Bytes

/// Remembers which member came behind which in the objects of JSON met last, as it was written, and what is done with it.
///
/// The texts of one sender have the same members in the same order and layout, so that most members are what is
/// remembered, and one comparison of bytes takes the place of reading and looking up a name. About 350 KB, allocated once.
struct MemberTrail {
    /// A power of two.
    static let places = 2048
    /// Commas, blanks, names and colons that are longer are read each time.
    static let longestSpelling = 63

    private struct Entry {
        var before: UInt64 = 0
        var behind: UInt64 = 0
        /// Of the name of the object, and of the rules that apply.
        var parent: UInt64 = 0
        var length: UInt8 = 0
        var use: FieldUse?
    }

    private var spellings = [UInt8](repeating: 0, count: places * longestSpelling)
    private var entries = [Entry](repeating: Entry(), count: places)

    /// The number of the members of an object that has none yet.
    static func start(_ parent: UInt64) -> UInt64 { mixed(parent) }

    /// The number of some members and one more.
    static func number(_ before: UInt64, _ name: FieldName) -> UInt64 { mixed(before ^ name.hash) }

    private static func mixed(_ number: UInt64) -> UInt64 {
        let product = number.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        return product.high ^ product.low
    }

    private static func place(_ before: UInt64) -> Int { Int(truncatingIfNeeded: before) & (places &- 1) }

    /// Where the member stands that came last behind those with this number, in an object of this name.
    func place(behind before: UInt64, under parent: UInt64) -> Int? {
        let place = Self.place(before)
        guard entries[place].before == before, entries[place].parent == parent, entries[place].length > 0
        else {
            return nil
        }
        return place
    }

    /// How the member is written, with the comma before it and the colon behind it.
    @_lifetime(borrow self)
    func spelling(at place: Int) -> Span<UInt8> {
        let start = place &* Self.longestSpelling
        return spellings.span.extracting(start..<start &+ Int(entries[place].length))
    }

    func use(at place: Int) -> FieldUse? { entries[place].use }

    /// The number of the members, this one included.
    func number(at place: Int) -> UInt64 { entries[place].behind }

    mutating func remember(
        _ spelling: Span<UInt8>,
        behind before: UInt64,
        under parent: UInt64,
        _ use: FieldUse,
        as number: UInt64
    ) {
        guard (1...Self.longestSpelling).contains(spelling.count) else { return }
        let place = Self.place(before)
        entries[place] = Entry(
            before: before,
            behind: number,
            parent: parent,
            length: UInt8(spelling.count),
            use: use
        )
        spellings.overwrite(at: place &* Self.longestSpelling, with: spelling)
    }
}
