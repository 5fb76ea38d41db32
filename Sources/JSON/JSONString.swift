import Bytes

/// The contents of JSON strings: from their spelling to UTF-8 and back (RFC 8259, section 7).
package enum JSONString {
    private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    /// The UTF-8 text that the bytes between two quotes stand for.
    ///
    /// An escaped surrogate without its partner becomes U+FFFD. Bytes that ``JSONScanner`` would refuse are copied
    /// as they are. O(n).
    package static func unescape(_ spelling: Span<UInt8>) -> [UInt8] {
        guard var index = spelling.firstIndex(of: 0x5C) else { return Array(spelling) }
        var text: [UInt8] = []
        text.reserveCapacity(spelling.count)
        text.append(contentsOf: spelling.extracting(0..<index))
        while index < spelling.count {
            if spelling[index] == 0x5C, index + 1 < spelling.count {
                index += appendEscape(spelling.extracting(index..<spelling.count), to: &text)
            } else {
                let end = spelling.firstIndex(of: 0x5C, from: index + 1) ?? spelling.count
                text.append(contentsOf: spelling.extracting(index..<end))
                index = end
            }
        }
        return text
    }

    /// Appends what the escape at the start of `rest` stands for and answers its length in bytes.
    private static func appendEscape(_ rest: Span<UInt8>, to text: inout [UInt8]) -> Int {
        let plain: UInt8
        switch rest[1] {
        case 0x22, 0x5C, 0x2F: plain = rest[1]
        case 0x62: plain = 0x08
        case 0x66: plain = 0x0C
        case 0x6E: plain = 0x0A
        case 0x72: plain = 0x0D
        case 0x74: plain = 0x09
        default:
            guard let unit = codeUnit(rest) else {
                text.append(rest[0])
                return 1
            }
            return appendCodeUnit(unit, rest, to: &text)
        }
        text.append(plain)
        return 2
    }

    private static func appendCodeUnit(_ unit: UInt32, _ rest: Span<UInt8>, to text: inout [UInt8]) -> Int {
        if let scalar = Unicode.Scalar(unit) {
            text.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? replacement)
            return 6
        }
        if unit < 0xDC00, let low = codeUnit(rest.extracting(6..<rest.count)),
            (0xDC00...0xDFFF).contains(low),
            let scalar = Unicode.Scalar(0x1_0000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        {
            text.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? replacement)
            return 12
        }
        text.append(contentsOf: replacement)
        return 6
    }

    /// The UTF-16 code unit of the `\uXXXX` that `bytes` starts with.
    private static func codeUnit(_ bytes: Span<UInt8>) -> UInt32? {
        guard bytes.count >= 6, bytes[0] == 0x5C, bytes[1] == 0x75 else { return nil }
        var unit: UInt32 = 0
        for index in 2..<6 {
            guard let digit = bytes[index].hexDigitValue else { return nil }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }

    /// Appends `text` as it is spelled between two quotes.
    ///
    /// Quotes, backslashes and control characters are escaped, nothing else; each byte that belongs to no
    /// well-formed UTF-8 sequence becomes U+FFFD, so that what comes out is always valid. O(n).
    package static func escape(_ text: Span<UInt8>, into output: inout [UInt8]) {
        var index = 0
        while index < text.count {
            let end = text.endOfPlainASCII(from: index)
            output.append(contentsOf: text.extracting(index..<end))
            index = end
            guard index < text.count else { return }
            let byte = text[index]
            if byte < 0x80 {
                appendEscaped(byte, to: &output)
                index += 1
            } else if case let length = text.utf8SequenceLength(at: index), length > 0 {
                output.append(contentsOf: text.extracting(index..<index + length))
                index += length
            } else {
                output.append(contentsOf: replacement)
                index += 1
            }
        }
    }

    private static func appendEscaped(_ byte: UInt8, to output: inout [UInt8]) {
        let letter: UInt8
        switch byte {
        case 0x22, 0x5C: letter = byte
        case 0x08: letter = 0x62
        case 0x0C: letter = 0x66
        case 0x0A: letter = 0x6E
        case 0x0D: letter = 0x72
        case 0x09: letter = 0x74
        default:
            output.append(contentsOf: [0x5C, 0x75, 0x30, 0x30, 0x30 + byte >> 4])
            output.append(byte & 15 < 10 ? 0x30 + byte & 15 : 0x57 + byte & 15)
            return
        }
        output.append(0x5C)
        output.append(letter)
    }
}
