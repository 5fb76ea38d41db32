import Bytes

/// A field name reduced to a number, so that a name is looked up without copying it.
///
/// Letter case, `_`, `-`, `.` and blanks do not count: `first_name`, `firstName` and `First-Name` are one name.
/// The words of a name are kept apart as far as they are needed to look up its endings. Bytes go into the
/// number from the last to the first, so that the number of an ending is met on the way to the whole.
struct FieldName {
    /// Longer names are looked up by their last bytes only.
    static let maximumLength = 96
    private static let seed: UInt64 = 0xCBF2_9CE4_8422_2325

    /// FNV-1a of the whole name from back to front.
    private(set) var hash = Self.seed

    static let empty = FieldName()

    private init() {}

    init(_ name: Span<UInt8>) {
        self.init(name) { _ in }
    }

    /// Calls `ending` with the number of each ending of whole words that is shorter than the name, shortest first.
    init(_ name: Span<UInt8>, ending: (FieldName) -> Void) {
        var index = name.count
        // How many bytes went into the number.
        var length = 0
        let first = Swift.max(0, name.count &- Self.maximumLength)
        while index > first {
            index &-= 1
            let byte = name[index]
            if Self.isSeparator(byte) {
                if length > 0, index > first { ending(self) }
                continue
            }
            hash = (hash ^ UInt64(byte.asciiLowercased)) &* 0x0000_0100_0000_01B3
            length &+= 1
            // A capital behind a small letter or a digit begins a word.
            if index > first, (0x41...0x5A).contains(byte), !(0x41...0x5A).contains(name[index &- 1]),
                !Self.isSeparator(name[index &- 1])
            {
                ending(self)
            }
        }
    }

    /// The number of a name that counts under one parent only.
    func under(_ parent: FieldName) -> UInt64 {
        (hash ^ parent.hash &* 0x9E37_79B9_7F4A_7C15) &* 0x0000_0100_0000_01B3
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == 0x5F || byte == 0x2D || byte == 0x2E || byte == 0x20
    }
}
