import Bytes

extension Span where Element == UInt8 {
    /// Where the phone number stands that starts at `start` with `+`, `(` or a digit.
    ///
    /// Found are `+` and 8 to 15 digits with any usual separators (ITU-T E.123); national numbers that are hardly read
    /// otherwise, unless a word says that they are: `(ddd) ddd-dddd`, `ddd-ddd-dddd`, `ddd.ddd.dddd`, the same behind `1-` or
    /// `001-`, area codes in parentheses, and numbers with a leading 0 in groups; and 7 to 12 digits in any groups where a
    /// word says that they are a phone number. An extension behind `x` belongs to it.
    func phoneNumber(at start: Int, field: Lexicon.Roles = []) -> Range<Int>? {
        let before = byte(start &- 1)
        if before.isWordByte || before == 0x2E || before == 0x2D || before == 0x2F || before == 0x2B {
            return nil
        }
        if self[start] == 0x2B { return internationalNumberEnd(at: start).flatMap { whole(start..<$0) } }
        // A group of a longer number.
        if before == 0x20, byte(start &- 2).isASCIIDigit, self[start] != 0x28 { return nil }
        let telling: Int?
        switch self[start] {
        case 0x30: telling = northAmericanNumberEnd(at: start) ?? trunkNumberEnd(at: start)
        case 0x28: telling = northAmericanNumberEnd(at: start) ?? parenthesizedNumberEnd(at: start)
        default: telling = northAmericanNumberEnd(at: start)
        }
        if let telling, let range = whole(start..<telling) {
            return context(before: start, field: field).contains(.reference) ? nil : range
        }
        guard let end = groupedNumberEnd(at: start), let range = whole(start..<end) else { return nil }
        let context = context(before: start, field: field)
        if context.contains(.phone) { return range }
        if context.isEmpty, isInContactBlock(range) { return range }
        // The number of whom a field names is plain more often than not.
        return context.contains(.party) && start == 0 && end == count && isNorthAmerican(range) ? range : nil
    }

    /// A number with its extension, unless it goes on as something else.
    private func whole(_ range: Range<Int>) -> Range<Int>? {
        let end = withExtension(range.upperBound)
        guard !byte(end).isWordByte, byte(end) != 0x40 else { return nil }
        if byte(end) == 0x2D || byte(end) == 0x2E, byte(end &+ 1).isWordByte { return nil }
        return range.lowerBound..<end
    }

    /// Whether a number stands where contact data does: behind an e-mail address, or alone on a line below a line of a few words.
    private func isInContactBlock(_ range: Range<Int>) -> Bool {
        var index = range.lowerBound
        while index > 0,
            self[index &- 1] == 0x20 || self[index &- 1] == 0x2C || self[index &- 1] == 0x3B
                || self[index &- 1] == 0x7C
        {
            index &-= 1
        }
        guard index > 0 else { return false }
        if index < range.lowerBound, self[index &- 1].isLetterOrDigit || self[index &- 1] == 0x3E {
            var word = index
            while word > 0, index &- word < 64, self[word &- 1] > 0x20 {
                word &-= 1
                if self[word] == 0x40 { return true }
            }
            return false
        }
        guard self[range.lowerBound &- 1] == 0x0A,
            byte(range.upperBound) == 0x0A || byte(range.upperBound) == 0x0D
                || range.upperBound == count
        else { return false }
        return isLineOfNames(endingAt: range.lowerBound &- 1)
    }

    /// Whether the line that ends at `end` consists of one to five words that begin with capitals.
    private func isLineOfNames(endingAt end: Int) -> Bool {
        var start = byte(end &- 1) == 0x0D ? end &- 1 : end
        let stop = start
        while start > 0, self[start &- 1] != 0x0A, stop &- start < 80 { start &-= 1 }
        var words = 0
        var index = start
        while index < stop {
            if letter(at: index) != nil, !isInWord(at: index) {
                guard let word = word(at: index), word.couldBeName || word.roles.contains(.particle) else {
                    return false
                }
                words &+= 1
                index = word.range.upperBound
            } else {
                guard !self[index].isASCIIDigit else { return false }
                index &+= 1
            }
        }
        return (1...5).contains(words)
    }

    /// 7 to 12 digits in groups of two at least, but for one before the first sign, which are no date and no time.
    private func groupedNumberEnd(at start: Int) -> Int? {
        var index = start
        var digits = 0
        var group = 0
        var isOpen = false
        var end = start
        let isPlain = self[start] != 0x28
        while index < count, digits < 13 {
            let byte = self[index]
            if byte.isASCIIDigit {
                digits &+= 1
                group &+= 1
                end = index &+ 1
            } else if byte == 0x28, !isOpen, self.byte(index &+ 1).isASCIIDigit {
                isOpen = true
                group = 0
            } else if byte == 0x29, isOpen {
                isOpen = false
            } else if byte == 0x20 || byte == 0x2D || byte == 0x2E || byte == 0x2F,
                self.byte(index &+ 1).isASCIIDigit || self.byte(index &+ 1) == 0x28, group != 1 || digits == 1
            {
                group = 0
            } else {
                break
            }
            index &+= 1
        }
        guard (7...12).contains(digits), !isOpen, byte(end) != 0x3A else { return nil }
        if isPlain, let form = DateForm(extracting(start..<Swift.min(count, start &+ 10))), form.length >= 8,
            form.length < 11,
            !byte(start &+ form.length).isASCIIDigit
        {
            return nil
        }
        return end
    }

    /// Ten digits whose area code and exchange begin with 2 to 9 (North American Numbering Plan), with or without 1 before them.
    private func isNorthAmerican(_ range: Range<Int>) -> Bool {
        let digits = DigitList(extracting(range))
        let first = digits.count == 11 && digits[0] == 1 ? 1 : 0
        return digits.count == first &+ 10 && digits[first] >= 2 && digits[first &+ 3] >= 2
    }

    /// An area code of one to five digits in parentheses, and at least five more digits.
    private func parenthesizedNumberEnd(at start: Int) -> Int? {
        var index = start &+ 1
        while index < count, index < start &+ 6, self[index].isASCIIDigit { index &+= 1 }
        let area = index &- start &- 1
        guard area >= 1, byte(index) == 0x29 else { return nil }
        index &+= 1
        if byte(index) == 0x20 { index &+= 1 }
        let first = index
        var digits = 0
        var end = index
        while index < count, digits < 10 {
            if self[index].isASCIIDigit {
                digits &+= 1
                end = index &+ 1
            } else if self[index] != 0x20 && self[index] != 0x2D || !byte(index &+ 1).isASCIIDigit
                || index == first
            {
                break
            }
            index &+= 1
        }
        return digits >= 5 && area &+ digits >= 8 && area &+ digits <= 12 && !byte(end).isASCIIDigit
            ? end : nil
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

    /// `0`, or `00` and a country's code, and a first group, a separator, and 9 to 12 digits in all, 15 behind `00`, in groups of
    /// two at least.
    private func trunkNumberEnd(at start: Int) -> Int? {
        let isInternational = byte(start &+ 1) == 0x30
        guard (0x31...0x39).contains(byte(start &+ (isInternational ? 2 : 1))) else { return nil }
        var index = start
        var digits = 0
        var group = 0
        var groups = 1
        while index < count, digits < 16 {
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
        return (isInternational ? 10...15 : 9...12).contains(digits) && groups >= 2 && group >= 2
            ? index : nil
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
