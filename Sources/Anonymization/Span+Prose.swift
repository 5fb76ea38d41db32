import Bytes
import JSON

/// A name before a value in running text.
struct NameInProse {
    var range: Range<Int>
    /// The name stands in quotes, as in `"name": "value"`.
    var isQuoted: Bool
    /// The value goes on to the end of the line.
    var opensLine: Bool
}

extension Span where Element == UInt8 {
    /// How long a name before a value in running text may be.
    private static var longestName: Int { 64 }
    /// The longest run of an escaped text that is read at once, in bytes.
    private static var longestEscapedRun: Int { 16 << 10 }

    /// Where the next byte stands from which more than running text may begin: one of `: = { [ % & \`.
    func nextMark(from start: Int) -> Int? {
        let raw = bytes
        var index = start
        let (colon, equals, bracket) = (WideLanes.all(0x3A), WideLanes.all(0x3D), WideLanes.all(0x5B))
        let (percent, ampersand, backslash) = (WideLanes.all(0x25), WideLanes.all(0x26), WideLanes.all(0x5C))
        let withoutCase = WideLanes.all(0xDF)
        while index &+ 16 <= count {
            let chunk = raw.wideLanes(at: index)
            let opens = (chunk & withoutCase) .== bracket
            let found =
                (opens .| (chunk .== colon) .| (chunk .== equals) .| (chunk .== percent)
                .| (chunk .== ampersand) .| (chunk .== backslash)).firstLane
            index &+= found
            if found < 16 { return index }
        }
        while index &+ 8 <= count {
            let chunk = raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
            let found =
                ByteLanes.zeros(in: chunk ^ 0x3A &* ByteLanes.ones)
                | ByteLanes.zeros(in: chunk ^ 0x3D &* ByteLanes.ones)
                // `{` and `[` are told apart by one bit, and so are `%` and `&` from few others.
                | ByteLanes.zeros(in: (chunk & 0xDFDF_DFDF_DFDF_DFDF) ^ 0x5B &* ByteLanes.ones)
                | ByteLanes.zeros(in: chunk ^ 0x25 &* ByteLanes.ones)
                | ByteLanes.zeros(in: chunk ^ 0x26 &* ByteLanes.ones)
                | ByteLanes.zeros(in: chunk ^ 0x5C &* ByteLanes.ones)
            if found != 0 { return index &+ found.trailingZeroBitCount >> 3 }
            index &+= 8
        }
        while index < count {
            switch self[index] {
            case 0x3A, 0x3D, 0x7B, 0x5B, 0x25, 0x26, 0x5C: return index
            default: index &+= 1
            }
        }
        return nil
    }

    /// The run `scheme://…` around the colon, up to a blank, a quote or an angle bracket.
    func url(around colon: Int, from start: Int) -> Range<Int>? {
        guard starts(with: "//", at: colon &+ 1) else { return nil }
        var first = colon
        while first > start, colon &- first < 16, self[first &- 1].isASCIILetter { first &-= 1 }
        guard first < colon else { return nil }
        var end = colon
        while end < count, self[end].canStandInURL { end &+= 1 }
        return first..<end
    }

    /// What stands in base64 in a URL `data:…;base64,…` (RFC 2397) whose colon is at `colon`.
    func dataOfURL(at colon: Int) -> Range<Int>? {
        guard colon >= 4, extracting(colon &- 4..<colon).equalsIgnoringCase("data") else { return nil }
        var comma = colon
        while comma < count, comma &- colon < 128, self[comma] != 0x2C { comma &+= 1 }
        guard byte(comma) == 0x2C, comma &- colon >= 8,
            extracting(comma &- 7..<comma).equalsIgnoringCase(";base64")
        else { return nil }
        var end = comma &+ 1
        while end < count, self[end].isWordByte || self[end] == 0x2B || self[end] == 0x2F || self[end] == 0x2D
        {
            end &+= 1
        }
        while byte(end) == 0x3D { end &+= 1 }
        return end > comma &+ 1 ? comma &+ 1..<end : nil
    }

    /// The name that stands before `=` or `:` at `mark`, at or after `start`.
    ///
    /// Before `=` it is a word; before `:` it is a word in quotes, one in an object with a value in quotes behind it, or,
    /// with `hasLines`, what a line begins with.
    func nameInProse(before mark: Int, from start: Int, hasLines: Bool) -> NameInProse? {
        var end = mark
        while end > start, self[end &- 1] == 0x20, mark &- end < 2 { end &-= 1 }
        guard end > start else { return nil }
        let quote = self[end &- 1]
        if quote == 0x22 || quote == 0x27 {
            var first = end &- 1
            while first > start, end &- first <= Self.longestName, self[first &- 1].isNameByte { first &-= 1 }
            guard first < end &- 1, first > start, self[first &- 1] == quote else { return nil }
            return NameInProse(range: first..<end &- 1, isQuoted: true, opensLine: false)
        }
        var first = end
        while first > start, end &- first <= Self.longestName, self[first &- 1].isNameByte { first &-= 1 }
        guard first < end, end &- first <= Self.longestName else { return nil }
        if self[mark] == 0x3D {
            // `==`, `!=` and the padding of base64 are no names' ends.
            guard end == mark, byte(mark &+ 1) != 0x3D else { return nil }
            return NameInProse(range: first..<end, isQuoted: false, opensLine: false)
        }
        if opensQuote(behind: mark) {
            // A member of an object of JavaScript, whose name needs no quotes.
            var before = first
            while before > start, self[before &- 1] <= 0x20 { before &-= 1 }
            if before > start,
                self[before &- 1] == 0x7B || self[before &- 1] == 0x2C || self[before &- 1] == 0x28
            {
                return NameInProse(range: first..<end, isQuoted: true, opensLine: false)
            }
        }
        guard hasLines else { return nil }
        // A name on its line may be of several words.
        while first > start, end &- first <= Self.longestName,
            self[first &- 1].isNameByte || self[first &- 1] == 0x20
        {
            first &-= 1
        }
        var before = first
        while before > start, self[before &- 1].isListMark { before &-= 1 }
        guard before == 0 || self[before &- 1] == 0x0A || self[before &- 1] == 0x0D else { return nil }
        while first < end, self[first] == 0x20 { first &+= 1 }
        return NameInProse(range: first..<end, isQuoted: false, opensLine: true)
    }

    private func opensQuote(behind mark: Int) -> Bool {
        var next = mark &+ 1
        while byte(next) == 0x20, next < count { next &+= 1 }
        return byte(next) == 0x22 || byte(next) == 0x27
    }

    /// The value behind `=` or `:`, without quotes around it.
    func valueInProse(behind mark: Int, _ name: NameInProse) -> Range<Int> {
        var first = mark &+ 1
        while first < count, self[first] == 0x20 || self[first] == 0x09, name.opensLine || name.isQuoted {
            first &+= 1
        }
        let quote = byte(first)
        if quote == 0x22 || quote == 0x27 {
            var end = first &+ 1
            while end < count, self[end] != quote, self[end] != 0x0A { end &+= self[end] == 0x5C ? 2 : 1 }
            if end < count, self[end] == quote { return first &+ 1..<end }
        }
        var end = first
        if name.opensLine {
            while end < count, self[end] != 0x0A, self[end] != 0x0D { end &+= 1 }
            while end > first, self[end &- 1] == 0x20 || self[end &- 1] == 0x09 { end &-= 1 }
        } else {
            while end < count, !self[end].endsValueInProse { end &+= 1 }
        }
        return first..<end
    }

    /// Whether what stands behind `=` could be base64 of text.
    func base64MayFollow(_ mark: Int) -> Bool {
        let first = byte(mark &+ 1) == 0x22 || byte(mark &+ 1) == 0x27 ? mark &+ 2 : mark &+ 1
        return first < count && extracting(first..<Swift.min(count, first &+ 16)).mayBeBase64
    }

    /// The end of the JSON value that begins at `index`.
    func endOfJSON(at index: Int) -> Int? {
        var scanner = JSONScanner(extracting(index..<count))
        do {
            while try scanner.next() != nil {
                if scanner.depth == 0 { return index &+ scanner.offset }
            }
        } catch {}
        return nil
    }

    /// The line around an escape, or of a longer line a part between blanks.
    func escapedRun(around escape: Int, from start: Int) -> Range<Int> {
        var first = escape
        while first > start, self[first &- 1] != 0x0A {
            if escape &- first > Self.longestEscapedRun / 4, self[first &- 1] == 0x20 { break }
            first &-= 1
        }
        var end = escape
        while end < count, self[end] != 0x0A {
            if end &- first > Self.longestEscapedRun, self[end] == 0x20 { break }
            end &+= 1
        }
        return first..<end
    }
}

extension UInt8 {
    /// Bytes of the names of fields.
    fileprivate var isNameByte: Bool {
        isWordByte || self == 0x2D || self == 0x2E || self == 0x5B || self == 0x5D
    }

    /// What may stand before the first name on a line.
    fileprivate var isListMark: Bool {
        self == 0x20 || self == 0x09 || self == 0x2D || self == 0x2A || self == 0x3E || self == 0x23
    }

    fileprivate var endsValueInProse: Bool {
        switch self {
        case 0...0x20, 0x22, 0x26, 0x27, 0x29, 0x2C, 0x3B, 0x3C, 0x3E, 0x5D, 0x7D: true
        default: false
        }
    }

    fileprivate var canStandInURL: Bool {
        self > 0x20 && self != 0x22 && self != 0x3C && self != 0x3E && self != 0x27 && self != 0x7F
    }
}
