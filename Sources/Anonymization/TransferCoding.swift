import Bytes

/// How a part of a multipart body is written so that it survives mail (RFC 2045, section 6).
enum TransferCoding {
    case base64
    case quotedPrintable
    /// One that nobody knows.
    case unknown

    /// `nil` for the codings that leave a part as it is.
    init?(_ value: Span<UInt8>) {
        if value.equalsIgnoringCase("base64") {
            self = .base64
        } else if value.equalsIgnoringCase("quoted-printable") {
            self = .quotedPrintable
        } else {
            let plain: [StaticString] = ["7bit", "8bit", "binary", ""]
            if plain.contains(where: { value.equalsIgnoringCase($0) }) { return nil }
            self = .unknown
        }
    }

    /// The bytes that a part stands for; `nil` where it is not in this coding.
    func decode(_ text: Span<UInt8>) -> [UInt8]? {
        switch self {
        case .base64: Base64.decode(text, allowsLines: true)?.bytes
        case .quotedPrintable: Self.decodeQuotedPrintable(text)
        case .unknown: nil
        }
    }

    func encode(_ bytes: Span<UInt8>, to text: inout [UInt8]) {
        switch self {
        case .base64: Base64.encodeLines(bytes, to: &text)
        case .quotedPrintable: Self.encodeQuotedPrintable(bytes, to: &text)
        case .unknown: text.append(contentsOf: bytes)
        }
    }

    private static func decodeQuotedPrintable(_ text: Span<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            if text[index] == 0x3D, index &+ 2 < text.count, let high = text[index &+ 1].hexDigitValue,
                let low = text[index &+ 2].hexDigitValue
            {
                bytes.append(high << 4 | low)
                index &+= 3
            } else if text[index] == 0x3D, text.byte(index &+ 1) == 0x0A {
                index &+= 2
            } else if text[index] == 0x3D, text.byte(index &+ 1) == 0x0D, text.byte(index &+ 2) == 0x0A {
                index &+= 3
            } else {
                bytes.append(text[index])
                index &+= 1
            }
        }
        return bytes
    }

    private static func encodeQuotedPrintable(_ bytes: Span<UInt8>, to text: inout [UInt8]) {
        let digits: StaticString = "0123456789ABCDEF"
        /// Lines are of 76 characters at most, the `=` that breaks one included.
        let longestLine = 75
        var column = 0
        for index in bytes.indices {
            let byte = bytes[index]
            if byte == 0x0A || byte == 0x0D && bytes.byte(index &+ 1) == 0x0A {
                text.append(byte)
                column = 0
                continue
            }
            let next = bytes.byte(index &+ 1)
            let endsLine = index &+ 1 == bytes.count || next == 0x0D || next == 0x0A
            let isPlain = (0x21..<0x7F).contains(byte) && byte != 0x3D || byte == 0x20 && !endsLine
            if column &+ (isPlain ? 1 : 3) > longestLine {
                text.append(contentsOf: [0x3D, 0x0D, 0x0A])
                column = 0
            }
            if isPlain {
                text.append(byte)
                column &+= 1
            } else {
                text.append(contentsOf: [
                    0x3D, digits.utf8Start[Int(byte >> 4)], digits.utf8Start[Int(byte & 15)],
                ])
                column &+= 3
            }
        }
    }
}
