import Bytes
import Compression

/// The notations in which text can stand inside other text, and what comes out where one is taken off.
enum Wrapping {
    /// The fewest characters of base64 that are looked at.
    private static let shortestBase64 = 6
    private static let maximumInflated = 64 << 20

    /// Hands over what stands in `bytes` by each notation of which there is a sign in them.
    static func forEachContent(of bytes: [UInt8], _ body: ([UInt8]) -> Void) {
        let text = bytes.span
        if isCompressed(text) {
            if let content = inflated(text) { body(content) }
            return
        }
        if text.firstIndex(of: 0x25) != nil { body(PercentEncoding.decode(text, plusIsBlank: false)) }
        if text.firstIndex(of: 0x2B) != nil { body(PercentEncoding.decode(text, plusIsBlank: true)) }
        if text.firstIndex(of: 0x5C) != nil { body(unescaped(text)) }
        if text.firstIndex(of: 0x26) != nil { body(dereferenced(text)) }
        if text.firstIndex(of: 0x3D) != nil { body(unquoted(text)) }
        if text.firstIndex(of: 0) != nil {
            body(bytes.filter { $0 != 0 })
            for isBigEndian in [true, false] { body(fromUTF16(text, isBigEndian: isBigEndian)) }
        }
        if !text.isText { body(fromLatin1(text)) }
        forEachBase64(in: text, body)
        forEachHexadecimal(in: text, body)
    }

    /// Whether the bytes begin like gzip, zlib or Zstandard.
    static func isCompressed(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count > 4 else { return false }
        switch (bytes[0], bytes[1]) {
        case (0x1F, 0x8B): return true
        case (0x28, 0xB5): return bytes[2] == 0x2F && bytes[3] == 0xFD
        case (0x78, let flags):
            return (0x7800 | UInt16(flags)) % 31 == 0 && flags & 0x20 == 0 && !bytes.isText
        default: return false
        }
    }

    private static func inflated(_ bytes: Span<UInt8>) -> [UInt8]? {
        let name: [UInt8] =
            switch bytes[0] {
            case 0x1F: Array("gzip".utf8)
            case 0x28: Array("zstd".utf8)
            default: Array("deflate".utf8)
            }
        return try? ContentCoding.decode(bytes, coding: ContentCoding(name.span), limit: maximumInflated)
    }

    /// Escapes of JSON, JavaScript and C.
    private static func unescaped(_ text: Span<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        var index = 0
        while index < text.count {
            guard text[index] == 0x5C, index &+ 1 < text.count else {
                output.append(text[index])
                index &+= 1
                continue
            }
            let kind = text[index &+ 1]
            index &+= 2
            switch kind {
            case 0x75, 0x78:
                let width = kind == 0x75 ? 4 : 2
                guard let unit = text.hexadecimal(at: index, width) else {
                    output.append(kind)
                    continue
                }
                index &+= width
                // A pair of surrogates is one character.
                if (0xD800..<0xDC00).contains(unit), text.byte(index) == 0x5C, text.byte(index &+ 1) == 0x75,
                    let low = text.hexadecimal(at: index &+ 2, 4), (0xDC00..<0xE000).contains(low)
                {
                    output.append(scalar: 0x10000 &+ (unit &- 0xD800) << 10 &+ (low &- 0xDC00))
                    index &+= 6
                } else {
                    output.append(scalar: unit)
                }
            case 0x6E: output.append(0x0A)
            case 0x72: output.append(0x0D)
            case 0x74: output.append(0x09)
            default: output.append(kind)
            }
        }
        return output
    }

    /// Character references of XML and HTML.
    private static func dereferenced(_ text: Span<UInt8>) -> [UInt8] {
        let named: [(StaticString, UInt8)] = [
            ("amp;", 0x26), ("lt;", 0x3C), ("gt;", 0x3E), ("quot;", 0x22), ("apos;", 0x27), ("commat;", 0x40),
            ("period;", 0x2E), ("nbsp;", 0x20),
        ]
        var output: [UInt8] = []
        var index = 0
        next: while index < text.count {
            guard text[index] == 0x26 else {
                output.append(text[index])
                index &+= 1
                continue
            }
            for (name, byte) in named where text.starts(with: name, at: index &+ 1) {
                output.append(byte)
                index &+= 1 &+ name.utf8CodeUnitCount
                continue next
            }
            if text.byte(index &+ 1) == 0x23 {
                let isHexadecimal = text.byte(index &+ 2) | 0x20 == 0x78
                var place = index &+ (isHexadecimal ? 3 : 2)
                var number: UInt32 = 0
                let first = place
                while place < text.count, place &- first < 8, let digit = text[place].hexDigitValue,
                    isHexadecimal || digit < 10
                {
                    number = number &* (isHexadecimal ? 16 : 10) &+ UInt32(digit)
                    place &+= 1
                }
                if place > first {
                    output.append(scalar: number)
                    index = place &+ (text.byte(place) == 0x3B ? 1 : 0)
                    continue
                }
            }
            output.append(0x26)
            index &+= 1
        }
        return output
    }

    /// Quoted-printable (RFC 2045, section 6.7).
    private static func unquoted(_ text: Span<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        var index = 0
        while index < text.count {
            if text[index] == 0x3D {
                if let byte = text.hexadecimal(at: index &+ 1, 2) {
                    output.append(UInt8(truncatingIfNeeded: byte))
                    index &+= 3
                    continue
                }
                if text.byte(index &+ 1) == 0x0A || text.byte(index &+ 2) == 0x0A, index &+ 2 < text.count {
                    index &+= text.byte(index &+ 1) == 0x0A ? 2 : 3
                    continue
                }
            }
            output.append(text[index])
            index &+= 1
        }
        return output
    }

    private static func fromUTF16(_ text: Span<UInt8>, isBigEndian: Bool) -> [UInt8] {
        var output: [UInt8] = []
        var index = 0
        while index &+ 1 < text.count {
            let (first, second) = (UInt32(text[index]), UInt32(text[index &+ 1]))
            output.append(scalar: isBigEndian ? first << 8 | second : second << 8 | first)
            index &+= 2
        }
        return output
    }

    private static func fromLatin1(_ text: Span<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        for index in text.indices { output.append(scalar: UInt32(text[index])) }
        return output
    }

    /// What each run of base64 or base64url stands for, line ends in it left out, from each of its first four characters
    /// on, since other characters of the alphabet may stand before it.
    private static func forEachBase64(in text: Span<UInt8>, _ body: ([UInt8]) -> Void) {
        var run: [UInt8] = []
        func flush() {
            if run.count >= shortestBase64 {
                for first in 0..<4 {
                    var bytes: [UInt8] = []
                    var group: UInt32 = 0
                    for index in first..<run.count {
                        group = group << 6 | UInt32(run[index])
                        switch (index - first) & 3 {
                        case 1: bytes.append(UInt8(truncatingIfNeeded: group >> 4))
                        case 2: bytes.append(UInt8(truncatingIfNeeded: group >> 2))
                        case 3: bytes.append(UInt8(truncatingIfNeeded: group))
                        default: break
                        }
                    }
                    body(bytes)
                }
            }
            run.removeAll(keepingCapacity: true)
        }
        for index in text.indices {
            if let digit = text[index].base64Value {
                run.append(digit)
            } else if text[index] != 0x0A && text[index] != 0x0D || run.count < shortestBase64 {
                flush()
            }
        }
        flush()
    }

    private static func forEachHexadecimal(in text: Span<UInt8>, _ body: ([UInt8]) -> Void) {
        var start = 0
        while start < text.count {
            var end = start
            while end < text.count, text[end].hexDigitValue != nil { end &+= 1 }
            if end &- start >= 2 &* CanarySearch.shortestValue {
                for first in start..<start &+ 2 {
                    var bytes: [UInt8] = []
                    var index = first
                    while index &+ 1 < end, let byte = text.hexadecimal(at: index, 2) {
                        bytes.append(UInt8(truncatingIfNeeded: byte))
                        index &+= 2
                    }
                    body(bytes)
                }
            }
            start = end &+ 1
        }
    }
}

extension [UInt8] {
    /// Appends a character in UTF-8; a number that is none becomes a question mark.
    fileprivate mutating func append(scalar number: UInt32) {
        guard let scalar = Unicode.Scalar(number) else { return append(0x3F) }
        append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
}

extension Span where Element == UInt8 {
    /// The number that some hexadecimal digits are.
    fileprivate func hexadecimal(at start: Int, _ width: Int) -> UInt32? {
        guard start &+ width <= count else { return nil }
        var number: UInt32 = 0
        for index in start..<start &+ width {
            guard let digit = self[index].hexDigitValue else { return nil }
            number = number << 4 | UInt32(digit)
        }
        return number
    }
}

extension UInt8 {
    /// What a character of base64 or base64url stands for (RFC 4648, sections 4 and 5).
    fileprivate var base64Value: UInt8? {
        switch self {
        case 0x41...0x5A: self &- 0x41
        case 0x61...0x7A: self &- 0x47
        case 0x30...0x39: self &+ 4
        case 0x2B, 0x2D: 62
        case 0x2F, 0x5F: 63
        default: nil
        }
    }
}
