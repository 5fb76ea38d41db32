/// How a field of a header block begins, or a change of the table's size (RFC 7541, section 6).
struct HPACKInstruction {
    enum Kind {
        /// A field that the table holds at an index.
        case indexed(Int)
        /// A value behind a name that the table holds at an index, or behind a literal name at 0; `pattern` are the bits
        /// that say what becomes of the field.
        case literal(Int, pattern: UInt8)
        case sizeUpdate
    }

    let kind: Kind
    /// Bytes of the pattern and the integer behind it.
    let count: Int

    /// Whether the field is added to the table.
    var adds: Bool { if case .literal(_, 0x40) = kind { true } else { false } }

    /// Reads what stands at the beginning; `nil` at the end of the block, or where an integer is cut or too large.
    init?(_ bytes: Span<UInt8>) {
        guard !bytes.isEmpty else { return nil }
        let (first, prefix): (UInt8, Int) =
            switch bytes[0] {
            case 0x80...: (0x80, 7)
            case 0x40...: (0x40, 6)
            case 0x20...: (0x20, 5)
            case 0x10...: (0x10, 4)
            default: (0, 4)
            }
        guard let integer = Self.integer(bytes, prefix: prefix) else { return nil }
        count = integer.count
        switch first {
        case 0x80: kind = .indexed(integer.value)
        case 0x20: kind = .sizeUpdate
        default: kind = .literal(integer.value, pattern: first)
        }
    }

    /// An integer whose first byte has `prefix` bits for it, of less than 32 bits (section 5.1).
    private static func integer(_ bytes: Span<UInt8>, prefix: Int) -> (value: Int, count: Int)? {
        let most = 1 << prefix - 1
        var value = Int(bytes[0]) & most
        guard value == most else { return (value, 1) }
        for place in 1..<6 where place < bytes.count {
            value += Int(bytes[place] & 0x7F) << (7 * (place - 1))
            if bytes[place] < 0x80 { return value <= Int(UInt32.max) ? (value, place + 1) : nil }
        }
        return nil
    }

    /// The bytes that change the size of the table.
    static func sizeUpdate(to size: Int) -> [UInt8] {
        guard size >= 0x1F else { return [0x20 | UInt8(size)] }
        var bytes: [UInt8] = [0x3F]
        var rest = size - 0x1F
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
        return bytes
    }
}
