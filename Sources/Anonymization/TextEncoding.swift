import Bytes

/// The character set of a text, as far as it can be read and written again.
enum TextEncoding: UInt8, BitwiseCopyable, Sendable {
    case utf8
    /// Windows-1252, and every other set of one byte for a character that begins with ASCII: what stands in its upper
    /// half is read as letters of Latin-1 and comes back as it was.
    case singleByte
    case utf16Little, utf16Big
    case utf32Little, utf32Big
    /// ASCII below 128 and nothing known above, such as GBK: a text in it can be read while it is ASCII alone.
    case asciiBased
    case unknown

    /// The label of a character set (Encoding standard, section 4.2), as far as it is known here.
    init(label: Span<UInt8>) {
        let utf8: [StaticString] = ["utf-8", "utf8", "us-ascii", "ascii", "unicode-1-1-utf-8"]
        let single: [StaticString] = [
            "latin1", "latin-1", "l1", "koi8-r", "koi8-u", "macintosh", "ibm850", "cp437",
        ]
        let singlePrefixes: [StaticString] = ["iso-8859-", "iso8859-", "iso_8859-", "windows-125", "cp125"]
        let based: [StaticString] = [
            "gbk", "gb2312", "gb18030", "big5", "euc-jp", "euc-kr", "shift_jis", "sjis", "windows-31j",
            "ks_c_5601-1987",
        ]
        func isOne(of names: [StaticString]) -> Bool { names.contains { label.equalsIgnoringCase($0) } }
        if isOne(of: utf8) {
            self = .utf8
        } else if isOne(of: single)
            || singlePrefixes.contains(where: { prefix in
                label.count > prefix.utf8CodeUnitCount
                    && label.extracting(first: prefix.utf8CodeUnitCount).equalsIgnoringCase(prefix)
            })
        {
            self = .singleByte
        } else if isOne(of: ["utf-16le"]) {
            self = .utf16Little
        } else if isOne(of: ["utf-16be", "utf-16"]) {
            self = .utf16Big
        } else if isOne(of: ["utf-32le"]) {
            self = .utf32Little
        } else if isOne(of: ["utf-32be", "utf-32"]) {
            self = .utf32Big
        } else {
            self = isOne(of: based) ? .asciiBased : .unknown
        }
    }

    /// Whether a character takes two bytes or more.
    var isWide: Bool {
        switch self {
        case .utf16Little, .utf16Big, .utf32Little, .utf32Big: true
        case .utf8, .singleByte, .asciiBased, .unknown: false
        }
    }

    /// What a text that is said to be in `self` shows to be in: by its byte order mark or, of the wide sets, by where
    /// its first zeros stand (RFC 4627, section 3).
    func seen(in text: Span<UInt8>) -> TextEncoding {
        let (first, second, third, fourth) = (text.byte(0), text.byte(1), text.byte(2), text.byte(3))
        if text.count & 3 == 0, text.count >= 4 {
            if first == 0xFF, second == 0xFE, third == 0, fourth == 0 { return .utf32Little }
            if first == 0, second == 0, third == 0xFE, fourth == 0xFF { return .utf32Big }
            if first == 0, second == 0, third == 0, fourth != 0 { return .utf32Big }
            if first != 0, second == 0, third == 0, fourth == 0 { return .utf32Little }
        }
        if text.count & 1 == 0, text.count >= 2 {
            if first == 0xFF, second == 0xFE { return .utf16Little }
            if first == 0xFE, second == 0xFF { return .utf16Big }
            if first == 0, second != 0 { return .utf16Big }
            if first != 0, second == 0 { return .utf16Little }
        }
        if first == 0xEF, second == 0xBB, third == 0xBF { return .utf8 }
        return self
    }

    /// The text in UTF-8; `nil` where it is not in this set.
    func decode(_ text: Span<UInt8>) -> [UInt8]? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(text.count)
        switch self {
        case .utf8: return Array(text)
        case .unknown: return nil
        case .asciiBased:
            for index in text.indices where text[index] >= 0x80 || text[index] == 0x1B { return nil }
            return Array(text)
        case .singleByte:
            for index in text.indices {
                Self.append(UInt32(WindowsLatin.scalar(text[index])), to: &decoded)
            }
        case .utf16Little, .utf16Big:
            guard text.count & 1 == 0 else { return nil }
            var index = 0
            while index < text.count {
                var scalar = unit(text, at: index)
                index &+= 2
                if (0xD800..<0xE000).contains(scalar) {
                    guard scalar < 0xDC00, index < text.count, case let low = unit(text, at: index),
                        (0xDC00..<0xE000).contains(low)
                    else { return nil }
                    scalar = 0x1_0000 &+ (scalar &- 0xD800) << 10 &+ (low &- 0xDC00)
                    index &+= 2
                }
                Self.append(scalar, to: &decoded)
            }
        case .utf32Little, .utf32Big:
            guard text.count & 3 == 0 else { return nil }
            var index = 0
            while index < text.count {
                let scalar =
                    self == .utf32Big
                    ? text.bigEndian(UInt32.self, at: index) : text.littleEndian(UInt32.self, at: index)
                guard scalar < 0x11_0000, !(0xD800..<0xE000).contains(scalar) else { return nil }
                Self.append(scalar, to: &decoded)
                index &+= 4
            }
        }
        return decoded
    }

    private func unit(_ text: Span<UInt8>, at index: Int) -> UInt32 {
        UInt32(
            self == .utf16Big
                ? text.bigEndian(UInt16.self, at: index) : text.littleEndian(UInt16.self, at: index)
        )
    }

    /// `text`, which is UTF-8, in this set; a character that is not in it is written as `escape` says.
    func encode(_ text: Span<UInt8>, escaping escape: CharacterEscape) -> [UInt8] {
        var encoded: [UInt8] = []
        encoded.reserveCapacity(text.count)
        switch self {
        case .utf8, .asciiBased, .unknown: return Array(text)
        case .singleByte, .utf16Little, .utf16Big, .utf32Little, .utf32Big: break
        }
        for scalar in String(decoding: Array(text), as: UTF8.self).unicodeScalars {
            switch self {
            case .utf16Little, .utf16Big:
                for unit in String(scalar).utf16 {
                    if self == .utf16Big {
                        encoded.appendBigEndian(unit)
                    } else {
                        encoded.appendLittleEndian(unit)
                    }
                }
            case .utf32Little: encoded.appendLittleEndian(scalar.value)
            case .utf32Big: encoded.appendBigEndian(scalar.value)
            case .utf8, .asciiBased, .unknown, .singleByte:
                if let byte = WindowsLatin.byte(scalar.value) {
                    encoded.append(byte)
                } else {
                    escape.append(scalar, to: &encoded)
                }
            }
        }
        return encoded
    }

    private static func append(_ scalar: UInt32, to text: inout [UInt8]) {
        if scalar < 0x80 {
            text.append(UInt8(truncatingIfNeeded: scalar))
        } else if let scalar = Unicode.Scalar(scalar), let bytes = UTF8.encode(scalar) {
            text.append(contentsOf: bytes)
        }
    }
}

/// How a character is written in a text whose character set does not have it.
enum CharacterEscape {
    case question
    /// `\u20ac`, and two of them beyond 16 bits.
    case json
    /// `&#8364;`
    case markup

    func append(_ scalar: Unicode.Scalar, to text: inout [UInt8]) {
        switch self {
        case .question: text.append(0x3F)
        case .markup: text.append(contentsOf: "&#\(scalar.value);".utf8)
        case .json:
            for unit in String(scalar).utf16 {
                let digits = String(unit, radix: 16)
                text.append(contentsOf: "\\u".utf8)
                text.append(contentsOf: repeatElement(0x30, count: 4 - digits.utf8.count))
                text.append(contentsOf: digits.utf8)
            }
        }
    }
}

/// Windows-1252, which is what is sent as ISO-8859-1 (Encoding standard, section 9).
private enum WindowsLatin {
    /// From 0x80 to 0x9F; the five that stand for nothing stand for themselves.
    private static let upper: [UInt16] = [
        0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
        0x0152, 0x008D,
        0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122,
        0x0161, 0x203A,
        0x0153, 0x009D, 0x017E, 0x0178,
    ]

    static func scalar(_ byte: UInt8) -> UInt16 {
        (0x80..<0xA0).contains(byte) ? upper[Int(byte) - 0x80] : UInt16(byte)
    }

    static func byte(_ scalar: UInt32) -> UInt8? {
        if scalar < 0x80 || (0xA0..<0x100).contains(scalar) { return UInt8(scalar) }
        return upper.firstIndex { UInt32($0) == scalar }.map { UInt8(0x80 + $0) }
    }
}
