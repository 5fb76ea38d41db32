import Bytes

extension Span where Element == UInt8 {
    /// Where the e-mail address stands whose `@` is at `at`, if there is one.
    ///
    /// What stands before the `@` is a dot-atom (RFC 5322, section 3.2.3) without the signs that are hardly used and
    /// end values in URLs and markup; the domain has a dot, and its last label is made of letters. Names of image files
    /// such as `hero@2x.jpg` are none.
    func emailAddress(around at: Int, from floor: Int) -> Range<Int>? {
        var start = at
        let first = Swift.max(floor, at &- 64)
        while start > first, self[start &- 1].isLocalPartByte { start &-= 1 }
        while start < at, self[start] == 0x2E || self[start] == 0x27 || self[start] == 0x2D { start &+= 1 }
        guard start < at, self[at &- 1] != 0x2E else { return nil }
        guard let end = domainEnd(from: at &+ 1) else { return nil }
        return start..<end
    }

    private func domainEnd(from start: Int) -> Int? {
        let last = Swift.min(count, start &+ 253)
        var label = start
        var end: Int?
        var index = start
        var hasDot = false
        while true {
            while index < last, self[index].isDomainByte { index &+= 1 }
            guard index > label, self[label] != 0x2D else { break }
            var stop = index
            while stop > label, self[stop &- 1] == 0x2D { stop &-= 1 }
            if hasDot, isTopLevel(label..<stop) { end = stop }
            guard stop == index, index < last, self[index] == 0x2E else { break }
            hasDot = true
            index &+= 1
            label = index
        }
        guard let end, !isImageName(start..<end) else { return nil }
        return end
    }

    private func isTopLevel(_ label: Range<Int>) -> Bool {
        guard label.count >= 2 else { return false }
        let isPunycode = label.count > 4 && extracting(label).extracting(first: 4).equalsIgnoringCase("xn--")
        if isPunycode { return true }
        for index in label where !self[index].isASCIILetter && self[index] < 0x80 { return false }
        return true
    }

    private func isImageName(_ domain: Range<Int>) -> Bool {
        // As in `logo@2x.png`: one digit, `x`, a file name's ending.
        domain.count >= 5 && self[domain.lowerBound].isASCIIDigit
            && self[domain.lowerBound &+ 1] | 0x20 == 0x78
            && self[domain.lowerBound &+ 2] == 0x2E
    }
}

extension UInt8 {
    fileprivate var isLocalPartByte: Bool {
        switch self {
        case 0x2E, 0x2B, 0x2D, 0x27, 0x23, 0x24, 0x7E, 0x21: true
        default: isWordByte || self >= 0x80
        }
    }

    fileprivate var isDomainByte: Bool { isASCIILetter || isASCIIDigit || self == 0x2D || self >= 0x80 }
}
