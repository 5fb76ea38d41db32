import Bytes

/// Remembers which member came behind which in the objects of JSON met last, as it was written, what is done with it, and the
/// value it had, if that stayed.
///
/// The texts of one sender have the same members in the same order and layout, and many of the same values, so that most of a
/// text is what is remembered, and one comparison of bytes takes the place of reading, of looking up a name and of looking
/// into a value. Two members can be known behind the same one. About 1.3 MB, allocated once.
struct MemberTrail {
    /// A power of two.
    static let pairs = 4096
    /// What is longer is read each time: commas, blanks, names and colons, or these and values.
    static let longestSpelling = 96
    /// How many other values come in a row before only one of as many is remembered.
    private static let patience: UInt8 = 16

    /// Where in the texts of one sender a member may stand.
    struct Position {
        /// The number of the object: of its name, of the rules that apply, and of how many texts are open.
        var object: UInt64
        /// The number of the object and of the member before.
        var before: UInt64

        /// Before the first member of an object.
        init(inObject object: UInt64) {
            self.object = object
            before = MemberTrail.mixed(object)
        }

        mutating func pass(_ name: FieldName) { before = MemberTrail.mixed(object ^ name.hash) }
    }

    private struct Entry {
        var object: UInt64 = 0
        var before: UInt64 = 0
        /// The number of the object and of this member.
        var behind: UInt64 = 0
        /// Whether it was the first of its object, without a comma before it.
        var isFirst = false
        /// Up to and with the colon.
        var nameLength: UInt8 = 0
        /// The same where no value is known that stays.
        var length: UInt8 = 0
        /// How many other values came since the known one, which is counted round and round.
        var others: UInt8 = 0
        var use = FieldUse()
    }

    private var spellings = [UInt8](repeating: 0, count: 2 * pairs * longestSpelling)
    private var entries = [Entry](repeating: Entry(), count: 2 * pairs)
    /// By pair, which of the two was of use last; of none the second, so that the first one, which is looked at first, is
    /// taken first.
    private var latest = [UInt8](repeating: 1, count: pairs)

    static func mixed(_ number: UInt64) -> UInt64 {
        let product = number.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        return product.high ^ product.low
    }

    private static func pair(_ before: UInt64) -> Int {
        Int(truncatingIfNeeded: before) & (pairs &- 1)
    }

    /// Where one of the two members stands that may be known at a position; `nil` where that is for another position.
    @inline(__always)
    func index(of side: Int, at position: Position, isFirst: Bool) -> Int? {
        let index = 2 &* Self.pair(position.before) &+ side
        guard entries[index].before == position.before, entries[index].object == position.object,
            entries[index].isFirst == isFirst
        else { return nil }
        return index
    }

    /// The bytes of a member, with its value where one is known that stays and `withValue` asks for it.
    @_lifetime(borrow self)
    @inline(__always)
    func spelling(at index: Int, withValue: Bool) -> Span<UInt8> {
        let start = index &* Self.longestSpelling
        let length = withValue ? entries[index].length : entries[index].nameLength
        return spellings.span.extracting(start..<start &+ Int(length))
    }

    @inline(__always)
    func nameLength(at index: Int) -> Int { Int(entries[index].nameLength) }

    @inline(__always)
    func use(at index: Int) -> FieldUse { entries[index].use }

    /// Notes that the member was met, and moves behind it.
    @inline(__always)
    mutating func follow(_ index: Int, _ position: inout Position) {
        position.before = entries[index].behind
        let side = UInt8(truncatingIfNeeded: index & 1)
        if latest[index &>> 1] != side { latest[index &>> 1] = side }
    }

    /// Puts a member in the place of the one of its pair that was not of use last, and answers where.
    ///
    /// `spelling` is what leads up to and over the colon.
    mutating func remember(
        _ spelling: Span<UInt8>,
        at position: Position,
        isFirst: Bool,
        _ use: FieldUse
    ) -> Int? {
        guard (1...Self.longestSpelling).contains(spelling.count) else { return nil }
        let pair = Self.pair(position.before)
        let side = latest[pair] ^ 1
        latest[pair] = side
        let index = 2 &* pair &+ Int(side)
        var behind = position
        behind.pass(use.name)
        entries[index] = Entry(
            object: position.object,
            before: position.before,
            behind: behind.before,
            isFirst: isFirst,
            nameLength: UInt8(spelling.count),
            length: UInt8(spelling.count),
            use: use
        )
        spellings.overwrite(at: index &* Self.longestSpelling, with: spelling)
        return index
    }

    /// Notes that another value came than the one that is known, if one is.
    @inline(__always)
    mutating func noteOtherValue(at index: Int) {
        if entries[index].length > entries[index].nameLength { entries[index].others &+= 1 }
    }

    /// Notes that the value came that is known.
    @inline(__always)
    mutating func noteSameValue(at index: Int) {
        if entries[index].others > 0 { entries[index].others = 0 }
    }

    /// Notes a value of a member that stayed: what stands behind the colon.
    ///
    /// Of members that have another value nearly every time few are, since each takes longer to note than it takes to
    /// look at it.
    mutating func rememberValue(_ spelling: Span<UInt8>, at index: Int) {
        let others = entries[index].others
        guard others < Self.patience || others % Self.patience == 0 else { return }
        let nameLength = nameLength(at: index)
        guard nameLength &+ spelling.count <= Self.longestSpelling else { return }
        spellings.overwrite(at: index &* Self.longestSpelling &+ nameLength, with: spelling)
        entries[index].length = UInt8(nameLength &+ spelling.count)
    }
}
