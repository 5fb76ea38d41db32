import Bytes

extension Span where Element == UInt8 {
    /// Whether the number of this shape at `start` is one that a state gives its people.
    ///
    /// A US social security number has no check: `ddd-dd-dddd` is one wherever it stands, `ddd dd dddd` unless a word says
    /// that it is something else, and nine digits where a word says so. Of the others, those with a strong check or telling
    /// groups are found unless a word says that they are something else, and weaker ones where a word says what they are.
    func isNationalNumber(_ shape: NumberShape, at start: Int, field: Lexicon.Roles) -> Bool {
        guard (9...18).contains(shape.digits), startsNumber(start), endsNumber(shape.end) else {
            return false
        }
        if shape.groups == 0x324, shape.separator == 0x2D { return isSocialSecurityNumber(at: start) }
        let schemes = NationalNumber.schemes(ofDigits: shape.digits)
        guard !schemes.isEmpty else { return false }
        let digits = DigitList(extracting(start..<shape.end))
        var isTelling = shape.groups == 0x324 && shape.separator == 0x20 && isSocialSecurityNumber(at: start)
        var isChecked = isTelling || digits.count == 9 && shape.isPlain && Self.couldBeSocialSecurity(digits)
        for scheme in schemes where scheme.matches(digits) {
            let isGrouped = scheme.groups == shape.groups
            isChecked = true
            isTelling =
                isTelling || isGrouped && scheme.isTellingInGroups
                || scheme.isTellingAlone && (shape.isPlain || isGrouped)
        }
        guard isChecked else { return false }
        let context = context(before: start, field: field)
        if context.contains(.nationalNumber) { return true }
        // A group of a longer number tells nothing.
        if byte(start &- 1) == 0x20, byte(start &- 2).isASCIIDigit { return false }
        return isTelling && context.isDisjoint(with: [.reference, .phone])
    }

    /// Area, group and serial number are none of them zeros (SSA, "Social Security Number Randomization", 2011).
    private static func couldBeSocialSecurity(_ digits: DigitList) -> Bool {
        digits.number(0, 3) > 0 && digits.number(3, 2) > 0 && digits.number(5, 4) > 0
    }

    /// Whether `ddd-dd-dddd` or the same between blanks starts at `start`, with no part that is all zeros.
    private func isSocialSecurityNumber(at start: Int) -> Bool {
        guard count &- start >= 11 else { return false }
        return Self.couldBeSocialSecurity(DigitList(extracting(start..<start &+ 11)))
    }

    /// The end of the number with letters that a state gives its people and that starts at `start`; blanks are read over in a
    /// British number, a hyphen before the last letter in a Spanish one.
    func letteredNumberEnd(at start: Int, field: Lexicon.Roles) -> Int? {
        if byte(start &- 1).isLetterOrDigit || byte(start &- 1) == 0x5F || byte(start &- 1) == 0x2D {
            return nil
        }
        var compact: [18 of UInt8] = .init(repeating: 0)
        var length = 0
        var digits = 0
        var index = start
        while index < count {
            let byte = self[index]
            if byte.isCapital || byte.isASCIIDigit {
                guard length < 18 else { return nil }
                compact[length] = byte
                length &+= 1
                digits &+= byte.isASCIIDigit ? 1 : 0
                index &+= 1
            } else if byte == 0x20, length >= 2, length <= 8, length & 1 == 0, compact[0].isCapital,
                compact[1].isCapital, self.byte(index &+ 1).isASCIIDigit || length == 8
            {
                // As in `AB 12 34 56 C`; a word in capitals may follow another.
                index &+= 1
            } else if byte == 0x2D, length == 8, self.byte(index &+ 1).isCapital {
                index &+= 1
            } else if byte == 0x2D || byte == 0x2B, length == 6, digits == 6 {
                compact[length] = byte
                length &+= 1
                index &+= 1
            } else {
                break
            }
        }
        guard digits >= 4, length > digits, length >= 8, endsNumber(index), byte(index) < 0x80 else {
            return nil
        }
        let scheme = compact.span.extracting(0..<length)
        guard let found = LetteredNumber(scheme) else { return nil }
        let context = context(before: start, field: field)
        if context.contains(.nationalNumber) { return index }
        return found.isTelling && !context.contains(.reference) ? index : nil
    }

    /// The end of the bank identifier code (ISO 9362) that starts at `start`: eight or eleven capitals and digits with the code of
    /// a country in them, where a word says what they are.
    func bankIdentifierEnd(at start: Int, field: Lexicon.Roles) -> Int? {
        if byte(start &- 1).isLetterOrDigit { return nil }
        var index = start
        while index < count, self[index].isCapital || self[index].isASCIIDigit, index &- start < 12 {
            index &+= 1
        }
        guard index &- start == 8 || index &- start == 11, !byte(index).isWordByte else { return nil }
        for place in start..<start &+ 6 where !self[place].isCapital { return nil }
        guard Country.isCode(self[start &+ 4], self[start &+ 5]) else { return nil }
        return context(before: start, field: field).contains(.bank) ? index : nil
    }
}
