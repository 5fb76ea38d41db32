import Bytes

/// Base64 as it stands in fields and cursors (RFC 4648, sections 4 and 5), decoded and written again in its own form.
struct Base64Text: Hashable {
    /// `-` and `_` stand for `+` and `/`.
    private var isURLSafe = false
    private var isPadded = true
    private(set) var bytes: [UInt8] = []

    /// Texts shorter than this could be words.
    static let minimumCount = 8

    /// Answers `nil` for what is not base64 to its last byte, and for what stands for anything but printable ASCII.
    init?(_ text: Span<UInt8>) {
        var digits = text.count
        while digits > 0, text[digits - 1] == 0x3D { digits -= 1 }
        let padding = text.count - digits
        guard text.count >= Self.minimumCount, digits & 3 != 1, padding == 0 || (digits + padding) & 3 == 0,
            padding <= 2
        else { return nil }
        isPadded = padding > 0 || digits & 3 == 0
        bytes.reserveCapacity(digits / 4 * 3 + 3)
        var group: UInt32 = 0
        var isStandard = false
        for index in 0..<digits {
            let byte = text[index]
            guard let value = Self.value(of: byte) else { return nil }
            if byte == 0x2D || byte == 0x5F { isURLSafe = true }
            if byte == 0x2B || byte == 0x2F { isStandard = true }
            group = group << 6 | UInt32(value)
            switch index & 3 {
            case 1: bytes.append(UInt8(truncatingIfNeeded: group >> 4))
            case 2: bytes.append(UInt8(truncatingIfNeeded: group >> 2))
            case 3: bytes.append(UInt8(truncatingIfNeeded: group))
            default: break
            }
        }
        guard !(isStandard && isURLSafe), bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
    }

    /// `other` in the form of this text.
    func spelled(_ other: [UInt8]) -> [UInt8] {
        let alphabet: StaticString =
            isURLSafe
            ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
            : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        var text: [UInt8] = []
        text.reserveCapacity(other.count / 3 * 4 + 4)
        var index = 0
        while index < other.count {
            let left = min(3, other.count - index)
            var group: UInt32 = 0
            for place in 0..<3 { group = group << 8 | (place < left ? UInt32(other[index + place]) : 0) }
            for place in 0..<(left + 1) {
                text.append(alphabet.utf8Start[Int(group >> (18 - 6 * UInt32(place)) & 63)])
            }
            if isPadded { for _ in left..<3 { text.append(0x3D) } }
            index += 3
        }
        return text
    }

    private static func value(of byte: UInt8) -> UInt8? {
        switch byte {
        case 0x41...0x5A: byte - 0x41
        case 0x61...0x7A: byte - 0x47
        case 0x30...0x39: byte + 4
        case 0x2B, 0x2D: 62
        case 0x2F, 0x5F: 63
        default: nil
        }
    }
}
