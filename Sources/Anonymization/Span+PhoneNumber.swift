import Bytes

extension Span where Element == UInt8 {
    /// Where the phone number stands that starts at `start` with `+`, `(` or a digit.
    ///
    /// Found are `+` and 8 to 15 digits with any usual separators (ITU-T E.123), and national numbers that cannot be
    /// read otherwise: `(ddd) ddd-dddd`, `ddd-ddd-dddd`, `ddd.ddd.dddd`, the same behind `1-` or `001-`, and numbers
    /// with a leading 0 in groups. An extension behind `x` belongs to it. Bare digits are no phone number.
    func phoneNumber(at start: Int) -> Range<Int>? {
        let before = byte(start &- 1)
        if before.isWordByte || before == 0x2E || before == 0x2D || before == 0x2F || before == 0x2B {
            return nil
        }
        let bare: Int?
        switch self[start] {
        case 0x2B: bare = internationalNumberEnd(at: start)
        case 0x30: bare = northAmericanNumberEnd(at: start) ?? trunkNumberEnd(at: start)
        default: bare = northAmericanNumberEnd(at: start)
        }
        guard let bare else { return nil }
        let end = withExtension(bare)
        guard !byte(end).isWordByte, byte(end) != 0x40 else { return nil }
        if byte(end) == 0x2D || byte(end) == 0x2E, byte(end &+ 1).isWordByte { return nil }
        return start..<end
    }

    private func internationalNumberEnd(at start: Int) -> Int? {
        guard (0x31...0x39).contains(byte(start &+ 1)) else { return nil }
        var index = start &+ 1
        var digits = 0
        var end = index
        while index < count, digits < 15 {
            let byte = self[index]
            if byte.isASCIIDigit {
                digits &+= 1
                index &+= 1
                end = index
            } else if byte.isPhoneSeparator, index &- end < 2 {
                index &+= 1
            } else {
                break
            }
        }
        return digits >= 8 && !byte(end).isASCIIDigit ? end : nil
    }

    private func northAmericanNumberEnd(at start: Int) -> Int? {
        var index = start
        var hasPrefix = false
        if byte(index) == 0x30, byte(index &+ 1) == 0x30, byte(index &+ 2) == 0x31 {
            hasPrefix = true
            index &+= 3
        } else if byte(index) == 0x31, !byte(index &+ 1).isASCIIDigit {
            hasPrefix = true
            index &+= 1
        }
        if hasPrefix {
            guard byte(index) == 0x2D || byte(index) == 0x2E || byte(index) == 0x20 else { return nil }
            index &+= 1
        }
        let hasParentheses = byte(index) == 0x28
        if hasParentheses { index &+= 1 }
        guard areDigits(3, at: index) else { return nil }
        index &+= 3
        if hasParentheses {
            guard byte(index) == 0x29 else { return nil }
            index &+= 1
            if byte(index) == 0x20 || byte(index) == 0x2D { index &+= 1 }
        } else {
            // Groups between blanks alone are as often something else.
            guard byte(index) == 0x2D || byte(index) == 0x2E || hasPrefix && byte(index) == 0x20 else {
                return nil
            }
            index &+= 1
        }
        guard areDigits(3, at: index) else { return nil }
        index &+= 3
        if byte(index) == 0x2D || byte(index) == 0x2E || byte(index) == 0x20 {
            index &+= 1
        } else if !hasParentheses {
            return nil
        }
        return areDigits(4, at: index) ? index &+ 4 : nil
    }

    /// `0` and a first group, a separator, and 9 to 12 digits in all, in groups of two at least.
    private func trunkNumberEnd(at start: Int) -> Int? {
        guard (0x31...0x39).contains(byte(start &+ 1)) else { return nil }
        var index = start
        var digits = 0
        var group = 0
        var groups = 1
        while index < count, digits < 13 {
            let byte = self[index]
            if byte.isASCIIDigit {
                digits &+= 1
                group &+= 1
                index &+= 1
            } else if byte == 0x20 || byte == 0x2D || byte == 0x2F, group >= 2,
                self.byte(index &+ 1).isASCIIDigit
            {
                groups &+= 1
                group = 0
                index &+= 1
            } else {
                break
            }
        }
        return (9...12).contains(digits) && groups >= 2 && group >= 2 ? index : nil
    }

    private func withExtension(_ end: Int) -> Int {
        var index = end
        if byte(index) == 0x20 { index &+= 1 }
        guard byte(index) | 0x20 == 0x78 else { return end }
        index &+= 1
        let first = index
        while index < count, index < first &+ 7, self[index].isASCIIDigit { index &+= 1 }
        return index > first && index < first &+ 7 && !byte(index).isWordByte ? index : end
    }

    private func areDigits(_ number: Int, at start: Int) -> Bool {
        guard start &+ number <= count else { return false }
        for index in start..<start &+ number where !self[index].isASCIIDigit { return false }
        return true
    }
}

extension UInt8 {
    fileprivate var isPhoneSeparator: Bool {
        switch self {
        case 0x20, 0x2D, 0x2E, 0x28, 0x29, 0x2F: true
        default: false
        }
    }
}
