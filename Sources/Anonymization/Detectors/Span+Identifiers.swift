import Bytes

extension Span where Element == UInt8 {
    /// Where the MAC address (IEEE 802) stands whose first sign after two digits is at `sign`: six pairs between hyphens or colons,
    /// or three groups of four between full stops.
    func macAddress(firstSignAt sign: Int, from floor: Int) -> Range<Int>? {
        let separator = self[sign]
        let group = separator == 0x2E ? 4 : 2
        let start = sign &- group
        let length = separator == 0x2E ? 14 : 17
        guard byte(sign &+ group &+ 1) == separator, start >= floor, start &+ length <= count,
            !isInWord(at: start),
            byte(start &- 1) != separator, !byte(start &+ length).isWordByte
        else { return nil }
        var hasLetter = false
        for offset in 0..<length {
            let byte = self[start &+ offset]
            if offset % (group &+ 1) == group {
                guard byte == separator else { return nil }
            } else {
                guard byte.hexDigitValue != nil else { return nil }
                hasLetter = hasLetter || !byte.isASCIIDigit
            }
        }
        // Another pair makes it a part of something longer, such as a fingerprint.
        let after = byte(start &+ length)
        if after == separator, byte(start &+ length &+ 1).hexDigitValue != nil { return nil }
        if after == 0x3A, separator == 0x3A { return nil }
        // Groups of digits alone between full stops or hyphens are numbers.
        return hasLetter || separator == 0x3A ? start..<start &+ length : nil
    }

    /// The end of the UUID (RFC 9562) that starts at `start`.
    func uuidEnd(at start: Int) -> Int? {
        guard start &+ 36 <= count, byte(start &+ 8) == 0x2D, !isInWord(at: start), byte(start &- 1) != 0x2D
        else {
            return nil
        }
        for offset in 0..<36 {
            let byte = self[start &+ offset]
            let isHyphen = offset == 8 || offset == 13 || offset == 18 || offset == 23
            guard isHyphen ? byte == 0x2D : byte.hexDigitValue != nil else { return nil }
        }
        let after = byte(start &+ 36)
        return after.isWordByte || after == 0x2D && byte(start &+ 37).isWordByte ? nil : start &+ 36
    }

    /// The end of the pair of decimal degrees that starts at `start`: latitude, comma, longitude.
    ///
    /// Pairs of numbers are many things: both have four decimals and a word says what they are, or six.
    func coordinatesEnd(at start: Int, field: Lexicon.Roles) -> Int? {
        guard let latitude = degreesEnd(at: start, below: 90) else { return nil }
        var index = latitude.end
        guard byte(index) == 0x2C || byte(index) == 0x3B else { return nil }
        index &+= 1
        if byte(index) == 0x20 { index &+= 1 }
        guard let longitude = degreesEnd(at: index, below: 180) else { return nil }
        let decimals = Swift.min(latitude.decimals, longitude.decimals)
        guard decimals >= 4, !byte(longitude.end).isWordByte, !isMoreOfNumber(longitude.end) else {
            return nil
        }
        if byte(start &- 1).isWordByte || byte(start &- 1) == 0x2E { return nil }
        return decimals >= 6 || context(before: start, field: field).contains(.coordinate)
            ? longitude.end : nil
    }

    private func isMoreOfNumber(_ index: Int) -> Bool {
        (byte(index) == 0x2E || byte(index) == 0x2C) && byte(index &+ 1).isASCIIDigit
    }

    private func degreesEnd(at start: Int, below limit: Int) -> (end: Int, decimals: Int)? {
        var index = start
        if byte(index) == 0x2D || byte(index) == 0x2B { index &+= 1 }
        let first = index
        var degrees = 0
        while index < count, index < first &+ 4, self[index].isASCIIDigit {
            degrees = degrees &* 10 &+ Int(self[index] &- 0x30)
            index &+= 1
        }
        guard index > first, index <= first &+ 3, degrees <= limit, byte(index) == 0x2E else { return nil }
        let point = index
        index &+= 1
        while index < count, index < point &+ 17, self[index].isASCIIDigit { index &+= 1 }
        return (index, index &- point &- 1)
    }

    /// The end of the date that starts at `start` where a word says that somebody was born then.
    func dateOfBirthEnd(at start: Int, field: Lexicon.Roles) -> Int? {
        guard startsNumber(start), let form = DateForm(extracting(start..<Swift.min(count, start &+ 10)))
        else {
            return nil
        }
        let end = start &+ form.length
        let after = byte(end)
        guard !after.isWordByte || after == 0x54, !isMoreOfNumber(end) else { return nil }
        return context(before: start, field: field).contains(.birth) ? end : nil
    }
}
