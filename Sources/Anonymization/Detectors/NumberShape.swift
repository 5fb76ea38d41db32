import Bytes

/// How a number is written: runs of digits with single signs between them.
///
/// The shape of `536-90-4399` has the groups `0x324`: one hexadecimal digit for the length of each, 15 for longer ones.
struct NumberShape {
    /// More digits than any number has that is looked for.
    static let mostDigits = 24

    private(set) var groups: UInt64 = 0
    private(set) var digits = 0
    /// The sign between all groups; 0 where there is none, 0xFF where they differ.
    private(set) var separator: UInt8 = 0
    private(set) var end: Int

    /// Reads the number that starts at `start`, between whose groups blanks, hyphens, full stops and slashes may stand.
    init(_ text: Span<UInt8>, at start: Int) {
        var index = start
        var group: UInt64 = 0
        end = start
        while index < text.count {
            let byte = text[index]
            if byte.isASCIIDigit {
                digits &+= 1
                group &+= 1
                index &+= 1
                guard digits <= Self.mostDigits else { break }
            } else if byte == 0x20 || byte == 0x2D || byte == 0x2E || byte == 0x2F,
                text.byte(index &+ 1).isASCIIDigit
            {
                add(group)
                group = 0
                separator = separator == 0 || separator == byte ? byte : 0xFF
                index &+= 1
            } else {
                break
            }
        }
        add(group)
        end = index
    }

    private mutating func add(_ group: UInt64) { groups = groups << 4 | Swift.min(group, 15) }

    /// Whether all digits stand together.
    var isPlain: Bool { separator == 0 }
}

extension Span where Element == UInt8 {
    /// Whether a number may start at `start`: not in the middle of a longer one or of an identifier.
    func startsNumber(_ start: Int) -> Bool {
        let before = byte(start &- 1)
        if before.isWordByte || before == 0x2E || before == 0x2B { return false }
        if before == 0x2D || before == 0x2F { return !byte(start &- 2).isWordByte }
        return true
    }

    /// Whether a number may end before `index`.
    func endsNumber(_ index: Int) -> Bool {
        let after = byte(index)
        if after.isWordByte || after == 0x40 { return false }
        if after == 0x2D || after == 0x2E { return !byte(index &+ 1).isWordByte }
        return after != 0x25 && after != 0x3A || !byte(index &+ 1).isASCIIDigit
    }
}
