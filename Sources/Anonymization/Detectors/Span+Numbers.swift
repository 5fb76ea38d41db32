import Bytes

extension Span where Element == UInt8 {
    /// The end of the payment card number that starts at `start`: digits in a run or in groups between single blanks
    /// or hyphens. The longest that passes the checks counts; a part of a longer run of digits does not. Twelve digits are
    /// one where a word says so, and so are thirteen that could be those of an article.
    func cardNumberEnd(at start: Int, field: Lexicon.Roles = []) -> Int? {
        guard startsNumber(start) else { return nil }
        var index = start
        var digits = 0
        var best: Int?
        while index < count, digits < 20 {
            if self[index].isASCIIDigit {
                digits &+= 1
                index &+= 1
                let isGroupEnd = !byte(index).isASCIIDigit
                if isGroupEnd, CardNumber.lengths.contains(digits), endsNumber(index),
                    CardNumber(extracting(start..<index)) != nil
                {
                    best = index
                }
            } else if self[index] == 0x20 || self[index] == 0x2D, byte(index &+ 1).isASCIIDigit {
                index &+= 1
            } else {
                break
            }
        }
        guard let best else { return nil }
        if best &- start > 13
            || CardNumber(extracting(start..<best), isNamed: false).map({ $0.count > 12 }) ?? false
        {
            return best
        }
        return context(before: start, field: field).contains(.card) ? best : nil
    }

    /// The end of the IBAN that starts at `start`, in one piece or in groups of four, as long as its country has them.
    func ibanEnd(at start: Int) -> Int? {
        guard count &- start >= 15, byte(start &+ 2).isASCIIDigit, byte(start &+ 3).isASCIIDigit,
            let wanted = Country.lengthOfIBAN(self[start], byte(start &+ 1)), !byte(start &- 1).isWordByte
        else { return nil }
        var index = start
        var length = 0
        while index < count, length < wanted {
            if self[index].isCapital || self[index].isASCIIDigit {
                length &+= 1
            } else if self[index] != 0x20 || length & 3 != 0 {
                return nil
            }
            index &+= 1
        }
        guard length == wanted, !byte(index).isWordByte, extracting(start..<index).isIBAN else { return nil }
        return index
    }

    /// Whether the text is an IBAN with right check digits; blanks do not count.
    var isIBAN: Bool {
        var length = 0
        for index in indices where self[index] != 0x20 {
            let isLetter = self[index].isCapital
            guard isLetter || self[index].isASCIIDigit, length >= 2 || isLetter,
                isLetter == false || length != 2,
                isLetter == false || length != 3
            else { return false }
            length &+= 1
        }
        return (15...34).contains(length) && ibanRemainder == 1
    }

    /// The number that the text stands for, modulo 97 (ISO 13616-1): the first four characters last, letters as 10 to 35.
    var ibanRemainder: Int {
        var remainder = 0
        var head = 0
        var seen = 0
        func add(_ byte: UInt8, to sum: inout Int) {
            if byte.isASCIIDigit {
                sum = (sum &* 10 &+ Int(byte) &- 0x30) % 97
            } else {
                sum = (sum &* 100 &+ Int(byte | 0x20) &- 0x57) % 97
            }
        }
        for index in indices where self[index] != 0x20 {
            if seen >= 4 { add(self[index], to: &remainder) }
            seen &+= 1
        }
        head = remainder
        seen = 0
        for index in indices where self[index] != 0x20 {
            if seen < 4 { add(self[index], to: &head) }
            seen &+= 1
        }
        return head
    }
}

extension UInt8 {
    var isCapital: Bool { (0x41...0x5A).contains(self) }
}
