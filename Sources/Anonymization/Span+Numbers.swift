import Bytes

extension Span where Element == UInt8 {
    /// The end of the payment card number that starts at `start`: digits in a run or in groups between single blanks
    /// or hyphens. The longest that passes the checks counts; a part of a longer run of digits does not.
    func cardNumberEnd(at start: Int) -> Int? {
        let before = byte(start &- 1)
        if before == 0x2E || before == 0x2D && byte(start &- 2).isWordByte { return nil }
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
        return best
    }

    /// Whether a number may end before `index`.
    private func endsNumber(_ index: Int) -> Bool {
        let after = byte(index)
        if after.isWordByte || after == 0x40 { return false }
        if after == 0x2D || after == 0x2E { return !byte(index &+ 1).isWordByte }
        return true
    }

    /// Whether `ddd-dd-dddd` starts at `start`, with no part that is all zeros.
    func isSocialSecurityNumber(at start: Int) -> Bool {
        let before = byte(start &- 1)
        guard count &- start >= 11, before != 0x2D, before != 0x2E, endsNumber(start &+ 11) else {
            return false
        }
        var sums = (0, 0, 0)
        for offset in 0..<11 {
            let byte = self[start &+ offset]
            if offset == 3 || offset == 6 {
                guard byte == 0x2D else { return false }
                continue
            }
            guard byte.isASCIIDigit else { return false }
            if offset < 3 {
                sums.0 &+= Int(byte) &- 0x30
            } else if offset < 6 {
                sums.1 &+= Int(byte) &- 0x30
            } else {
                sums.2 &+= Int(byte) &- 0x30
            }
        }
        return sums.0 > 0 && sums.1 > 0 && sums.2 > 0
    }

    /// The end of the IBAN that starts at `start`, in one piece or in groups of four.
    func ibanEnd(at start: Int) -> Int? {
        guard count &- start >= 15, byte(start &+ 1).isCapital, byte(start &+ 2).isASCIIDigit,
            byte(start &+ 3).isASCIIDigit
        else { return nil }
        var index = start
        var length = 0
        while index < count, length < 34 {
            if self[index].isCapital || self[index].isASCIIDigit {
                length &+= 1
                index &+= 1
            } else if self[index] == 0x20, length & 3 == 0,
                byte(index &+ 1).isCapital || byte(index &+ 1).isASCIIDigit
            {
                index &+= 1
            } else {
                break
            }
        }
        // Words in capitals may follow, so shorter ends are tried at the blanks.
        while index > start &+ 14 {
            if !byte(index).isWordByte, extracting(start..<index).isIBAN { return index }
            index &-= 1
            while index > start, self[index] != 0x20 { index &-= 1 }
        }
        return nil
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
