/// How a base64 text is written (RFC 4648, sections 4 and 5).
package struct Base64Form: Hashable, BitwiseCopyable, Sendable {
    /// `-` and `_` stand for `+` and `/`.
    package var isURLSafe: Bool
    /// The last group is filled up with `=`.
    package var isPadded: Bool

    package init(isURLSafe: Bool = false, isPadded: Bool = true) {
        self.isURLSafe = isURLSafe
        self.isPadded = isPadded
    }
}

/// Base64 texts, to bytes and back (RFC 4648).
package enum Base64 {
    private static let alphabet: StaticString =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    private static let safeAlphabet: StaticString =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    private static let lineFeed: UInt8 = 0x0A
    /// Of a byte that is no digit of base64.
    private static let none: UInt8 = 0xFF
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: none, count: 256)
        for index in 0..<64 {
            values[Int(alphabet.utf8Start[index])] = UInt8(index)
            values[Int(safeAlphabet.utf8Start[index])] = UInt8(index)
        }
        return values
    }()

    /// The first three bytes that a text stands for, however long it is; `nil` where its first four are no base64.
    package static func firstBytes(of text: Span<UInt8>) -> (UInt8, UInt8, UInt8)? {
        guard text.count >= 4 else { return nil }
        let values = values.span
        var group: UInt32 = 0
        for index in 0..<4 {
            let value = values[Int(text[index])]
            guard value != none else { return nil }
            group = group << 6 | UInt32(value)
        }
        return (
            UInt8(truncatingIfNeeded: group >> 16), UInt8(truncatingIfNeeded: group >> 8),
            UInt8(truncatingIfNeeded: group)
        )
    }

    /// The bytes that `text` stands for and how it is written; `nil` if it is not base64 to its last byte.
    ///
    /// Either alphabet, with or without padding, but not both alphabets in one text. Line ends are passed over where
    /// `allowsLines` says so (RFC 2045, section 6.8).
    package static func decode(_ text: Span<UInt8>, allowsLines: Bool = false) -> (
        bytes: [UInt8], form: Base64Form
    )? {
        let values = values.span
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 &* 3 &+ 3)
        var form = Base64Form(isURLSafe: false, isPadded: false)
        var isStandard = false
        var group: UInt32 = 0
        var digits = 0
        var padding = 0
        for index in text.indices {
            let byte = text[index]
            if byte == 0x3D {
                padding &+= 1
                continue
            }
            if allowsLines, byte == lineFeed || byte == 0x0D || byte == 0x20 { continue }
            let value = values[Int(byte)]
            guard value != none, padding == 0 else { return nil }
            if byte == 0x2D || byte == 0x5F { form.isURLSafe = true }
            if byte == 0x2B || byte == 0x2F { isStandard = true }
            group = group << 6 | UInt32(value)
            digits &+= 1
            guard digits & 3 == 0 else { continue }
            for shift: UInt32 in [16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: group >> shift)) }
            group = 0
        }
        let rest = digits & 3
        guard digits > 0, rest != 1, !(isStandard && form.isURLSafe) else { return nil }
        guard padding == 0 || padding <= 2 && (rest &+ padding) == 4 else { return nil }
        form.isPadded = padding > 0 || rest == 0 && !form.isURLSafe
        if rest >= 2 {
            group <<= UInt32(6 &* (4 &- rest))
            bytes.append(UInt8(truncatingIfNeeded: group >> 16))
            if rest == 3 { bytes.append(UInt8(truncatingIfNeeded: group >> 8)) }
        }
        return (bytes, form)
    }

    /// Appends `bytes` in base64.
    package static func encode(
        _ bytes: Span<UInt8>,
        as form: Base64Form = Base64Form(),
        to text: inout [UInt8]
    ) {
        let alphabet = form.isURLSafe ? safeAlphabet : alphabet
        var index = 0
        while index < bytes.count {
            let left = Swift.min(3, bytes.count &- index)
            var group: UInt32 = 0
            for offset in 0..<3 { group = group << 8 | (offset < left ? UInt32(bytes[index &+ offset]) : 0) }
            for position in 0..<4 {
                guard position <= left else {
                    if form.isPadded { text.append(0x3D) }
                    continue
                }
                let digit = Int(group >> UInt32(18 &- 6 &* position) & 63)
                text.append(alphabet.utf8Start[digit])
            }
            index &+= 3
        }
    }

    /// Appends `bytes` in lines of 76 digits, as in mail (RFC 2045, section 6.8).
    package static func encodeLines(_ bytes: Span<UInt8>, to text: inout [UInt8]) {
        var start = 0
        while start < bytes.count {
            let end = Swift.min(bytes.count, start &+ 57)
            encode(bytes.extracting(start..<end), to: &text)
            if end < bytes.count { text.append(contentsOf: [0x0D, lineFeed]) }
            start = end
        }
    }
}

extension String {
    /// `bytes` in base64 with padding (RFC 4648, section 4).
    package init(base64 bytes: Span<UInt8>) {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count &+ 2) / 3 &* 4)
        Base64.encode(bytes, to: &text)
        self.init(decoding: text, as: UTF8.self)
    }
}
