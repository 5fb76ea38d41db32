import Bytes

/// The scripts that names are told apart by.
enum Script: UInt8, BitwiseCopyable, Sendable {
    case latin, cyrillic, greek, hebrew, arabic, devanagari, kana, han, hangul
    /// Armenian, Georgian, Thai and the scripts of India but Devanagari.
    case other

    /// Whether the script writes names with capitals.
    var hasCase: Bool { self == .latin || self == .cyrillic || self == .greek }
}

/// A letter in UTF-8, and what it is without its case and marks.
struct Letter: BitwiseCopyable {
    /// The small letter without marks: `É` is `e`; a code point.
    var base: UInt32
    /// In bytes.
    var length: Int
    var isCapital: Bool
    var script: Script
}

extension Span where Element == UInt8 {
    /// The letter that starts at `index`; `nil` where there is none, also for digits and signs.
    func letter(at index: Int) -> Letter? {
        guard index >= 0, index < count else { return nil }
        let byte = self[index]
        if byte < 0x80 {
            guard byte.isASCIILetter else { return nil }
            return Letter(base: UInt32(byte | 0x20), length: 1, isCapital: byte.isCapital, script: .latin)
        }
        guard let (point, length) = codePoint(at: index) else { return nil }
        return Letter(point: point, length: length)
    }

    /// Whether a letter, digit or `_` ends right before `index`.
    func isInWord(at index: Int) -> Bool {
        guard index > 0, index <= count else { return false }
        if self[index &- 1] < 0x80 { return self[index &- 1].isWordByte }
        var lead = index &- 1
        while lead > 0, index &- lead < 4, self[lead] & 0xC0 == 0x80 { lead &-= 1 }
        return letter(at: lead) != nil
    }

    private func codePoint(at index: Int) -> (point: UInt32, length: Int)? {
        let lead = UInt32(self[index])
        let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0
        guard length > 0, index &+ length <= count else { return nil }
        var point = length == 2 ? lead & 0x1F : length == 3 ? lead & 0x0F : lead & 0x07
        for next in 1..<length {
            guard self[index &+ next] & 0xC0 == 0x80 else { return nil }
            point = point << 6 | UInt32(self[index &+ next] & 0x3F)
        }
        return (point, length)
    }
}

extension Letter {
    /// The letters without marks of U+00C0 to U+017F; `*` where there is no letter.
    private static let latinBases: StaticString = """
        aaaaaaaceeeeiiiidnooooo*ouuuuytsaaaaaaaceeeeiiiidnooooo*ouuuuyty\
        aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooo\
        rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs
        """

    fileprivate init?(point: UInt32, length: Int) {
        self.length = length
        switch point {
        case 0xC0...0x17F:
            let base = Self.latinBases.utf8Start[Int(point &- 0xC0)]
            guard base != 0x2A else { return nil }
            (self.base, script) = (UInt32(base), .latin)
            isCapital = Self.isLatinCapital(point)
        case 0x1A0, 0x1A1: (base, isCapital, script) = (0x6F, point & 1 == 0, .latin)
        case 0x1AF, 0x1B0: (base, isCapital, script) = (0x75, point & 1 == 1, .latin)
        case 0x218...0x21B: (base, isCapital, script) = (point < 0x21A ? 0x73 : 0x74, point & 1 == 0, .latin)
        case 0x1EA0...0x1EF9:
            (base, isCapital, script) = (Self.vietnameseBase(point), point & 1 == 0, .latin)
        case 0x386...0x3CE:
            guard let greek = Self.greekBase(point) else { return nil }
            (base, script) = (greek, .greek)
            isCapital = point <= 0x38F || (0x391...0x3A9).contains(point)
        case 0x400...0x45F:
            let small = point < 0x410 ? point &+ 0x50 : point < 0x430 ? point &+ 0x20 : point
            // `ё` is often written as `е`.
            (base, isCapital, script) = (small == 0x451 ? 0x435 : small, point < 0x430, .cyrillic)
        case 0x490, 0x491: (base, isCapital, script) = (0x433, point & 1 == 0, .cyrillic)
        case 0x5D0...0x5EA: (base, isCapital, script) = (point, false, .hebrew)
        case 0x620...0x64A, 0x671...0x6D3:
            // The forms of alef count as one.
            let isAlef = point == 0x622 || point == 0x623 || point == 0x625 || point == 0x671
            (base, isCapital, script) = (isAlef ? 0x627 : point, false, .arabic)
        case 0x900...0x963: (base, isCapital, script) = (point, false, .devanagari)
        case 0x3041...0x3096, 0x30A1...0x30FA, 0x30FC: (base, isCapital, script) = (point, false, .kana)
        case 0x3005, 0x3400...0x4DBF, 0x4E00...0x9FFF: (base, isCapital, script) = (point, false, .han)
        case 0xAC00...0xD7A3: (base, isCapital, script) = (point, false, .hangul)
        case 0x531...0x587, 0x980...0xDFF, 0xE01...0xE4E, 0x10A0...0x10FF:
            (base, isCapital, script) = (point, false, .other)
        default: return nil
        }
    }

    private static func isLatinCapital(_ point: UInt32) -> Bool {
        switch point {
        case ...0xDE: true
        case 0xDF...0xFF: false
        case 0x100...0x137, 0x14A...0x177: point & 1 == 0
        case 0x178: true
        default: point & 1 == 1 && point < 0x17F
        }
    }

    private static func vietnameseBase(_ point: UInt32) -> UInt32 {
        switch point {
        case ...0x1EB7: 0x61
        case ...0x1EC7: 0x65
        case ...0x1ECB: 0x69
        case ...0x1EE3: 0x6F
        case ...0x1EF1: 0x75
        default: 0x79
        }
    }

    private static func greekBase(_ point: UInt32) -> UInt32? {
        switch point {
        case 0x386, 0x3AC: 0x3B1
        case 0x388, 0x3AD: 0x3B5
        case 0x389, 0x3AE: 0x3B7
        case 0x38A, 0x3AF, 0x390, 0x3CA: 0x3B9
        case 0x38C, 0x3CC: 0x3BF
        case 0x38E, 0x3CD, 0x3B0, 0x3CB: 0x3C5
        case 0x38F, 0x3CE: 0x3C9
        case 0x3C2: 0x3C3
        case 0x391...0x3A9: point &+ 0x20
        case 0x3B1...0x3C9: point
        default: nil
        }
    }
}
