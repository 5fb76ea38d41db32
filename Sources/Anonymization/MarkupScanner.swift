import Bytes

/// A piece of XML or HTML; ranges are of the text that was scanned.
enum MarkupToken: Equatable {
    /// Character data, with its references.
    case text(Range<Int>)
    /// What stands between `<![CDATA[` and `]]>`.
    case literal(Range<Int>)
    case comment(Range<Int>)
    /// What stands between `<?` and `?>`, or between `<!` and `>`.
    case instruction(Range<Int>)
    /// The name of an element; its attributes follow, and then `endOfTag`.
    case startTag(Range<Int>)
    /// The value without its quotes; empty for one without a value.
    case attribute(name: Range<Int>, value: Range<Int>)
    case endOfTag(isEmpty: Bool)
    case endTag(Range<Int>)
}

/// Reads XML 1.0 strictly, or HTML as it comes, token by token.
///
/// It borrows the text and allocates only to remember the open elements. Strict means well-formed, but for what does
/// not matter here: attributes that are there twice, and references to entities, which are not resolved. A document
/// type with declarations of its own is refused, since values can stand there that references bring elsewhere. In
/// HTML everything has some meaning, and elements are not matched. A whole text costs O(n).
struct MarkupScanner: ~Escapable {
    /// How many elements may be open at once in XML.
    static let maximumDepth = 512

    private let source: Span<UInt8>
    private let isStrict: Bool
    private var offset: Int
    private var isInTag = false
    /// The names of the open elements of XML.
    private var open: [Range<Int>] = []
    private var hasRoot = false
    /// The element of HTML whose content has no markup.
    private var rawElement: Range<Int>?
    /// The text is not what it should be.
    private(set) var isBroken = false

    @_lifetime(copy source)
    init(_ source: Span<UInt8>, isStrict: Bool) {
        self.source = source
        self.isStrict = isStrict
        offset = source.starts(with: "\u{FEFF}", at: 0) ? 3 : 0
    }

    /// The next token; `nil` at the end, or where the text `isBroken`.
    @_lifetime(self: copy self)
    mutating func next() -> MarkupToken? {
        guard !isBroken else { return nil }
        if isInTag { return tagPart() }
        guard offset < source.count else {
            if isStrict, !open.isEmpty || !hasRoot { isBroken = true }
            return nil
        }
        if let element = rawElement { return rawText(of: element) }
        if source[offset] == 0x3C, let token = markup() { return token }
        return isBroken ? nil : text()
    }

    @_lifetime(self: copy self)
    private mutating func fail() -> MarkupToken? {
        isBroken = true
        return nil
    }

    @_lifetime(self: copy self)
    private mutating func text() -> MarkupToken? {
        let start = offset
        // In HTML a `<` that begins nothing is text.
        var end =
            source.firstIndex(of: 0x3C, from: offset &+ (source[offset] == 0x3C ? 1 : 0)) ?? source.count
        if !isStrict {
            while end < source.count, !source.beginsMarkup(at: end) {
                end = source.firstIndex(of: 0x3C, from: end &+ 1) ?? source.count
            }
        }
        offset = end
        guard isStrict else { return .text(start..<end) }
        guard source.hasWholeReferences(start..<end) else { return fail() }
        if open.isEmpty {
            for index in start..<end where source[index] > 0x20 { return fail() }
        }
        return .text(start..<end)
    }

    /// `nil` where `<` begins nothing, which in XML breaks the text.
    @_lifetime(self: copy self)
    private mutating func markup() -> MarkupToken? {
        guard source.beginsMarkup(at: offset) else { return isStrict ? fail() : nil }
        let next = source.byte(offset &+ 1)
        if next == 0x21 { return declaration() }
        if next == 0x3F { return enclosed(from: offset &+ 2, by: "?>", or: ">").map { .instruction($0) } }
        if next == 0x2F { return endTag() }
        let start = offset &+ 1
        let end = source.endOfMarkupName(from: start)
        offset = end
        isInTag = true
        if isStrict {
            guard open.count < Self.maximumDepth, !(open.isEmpty && hasRoot) else { return fail() }
            hasRoot = true
        }
        open.append(start..<end)
        return .startTag(start..<end)
    }

    @_lifetime(self: copy self)
    private mutating func declaration() -> MarkupToken? {
        if source.starts(with: "<!--", at: offset) {
            return enclosed(from: offset &+ 4, by: "-->", or: "-->").map { .comment($0) }
        }
        if source.starts(with: "<![CDATA[", at: offset) {
            if isStrict, open.isEmpty { return fail() }
            return enclosed(from: offset &+ 9, by: "]]>", or: "]]>").map { .literal($0) }
        }
        let start = offset &+ 2
        let end = source.firstIndex(of: 0x3E, from: start) ?? source.count
        if isStrict {
            guard end < source.count, !hasRoot, source.starts(with: "DOCTYPE", at: start),
                source.extracting(start..<end).firstIndex(of: 0x5B) == nil
            else { return fail() }
        }
        offset = Swift.min(end &+ 1, source.count)
        return .instruction(start..<end)
    }

    /// What stands before `end`, or in HTML before `lenientEnd` or the end of the text; the scanner goes on behind it.
    @_lifetime(self: copy self)
    private mutating func enclosed(
        from start: Int,
        by end: StaticString,
        or lenientEnd: StaticString
    ) -> Range<Int>? {
        let mark = isStrict ? end : lenientEnd
        var index = start
        while let found = source.firstIndex(of: mark.utf8Start[0], from: index) {
            if source.starts(with: mark, at: found) {
                offset = found &+ mark.utf8CodeUnitCount
                return start..<found
            }
            index = found &+ 1
        }
        if isStrict {
            isBroken = true
            return nil
        }
        offset = source.count
        return Swift.min(start, source.count)..<source.count
    }

    @_lifetime(self: copy self)
    private mutating func endTag() -> MarkupToken? {
        let start = offset &+ 2
        let end = source.endOfMarkupName(from: start)
        var close = end
        while close < source.count, source[close] <= 0x20 { close &+= 1 }
        if isStrict {
            guard source.byte(close) == 0x3E, close < source.count, let last = open.popLast(),
                source.extracting(last).equals(source.extracting(start..<end))
            else { return fail() }
        } else {
            close = source.firstIndex(of: 0x3E, from: end) ?? source.count
        }
        offset = Swift.min(close &+ 1, source.count)
        return .endTag(start..<end)
    }

    /// The next attribute of a tag, or its end.
    @_lifetime(self: copy self)
    private mutating func tagPart() -> MarkupToken? {
        let before = offset
        while offset < source.count, source[offset] <= 0x20 { offset &+= 1 }
        guard offset < source.count else {
            isInTag = false
            return isStrict ? fail() : .endOfTag(isEmpty: false)
        }
        if source[offset] == 0x3E { return endOfTag(isEmpty: false, count: 1) }
        if source[offset] == 0x2F, source.byte(offset &+ 1) == 0x3E {
            return endOfTag(isEmpty: true, count: 2)
        }
        if isStrict, offset == before { return fail() }
        let start = offset
        var end = source.endOfMarkupName(from: start)
        // Whatever else stands in a tag of HTML is a name.
        if end == start { end = start &+ 1 }
        if isStrict, !source[start].beginsMarkupName { return fail() }
        offset = end
        var equals = end
        while equals < source.count, source[equals] <= 0x20 { equals &+= 1 }
        guard source.byte(equals) == 0x3D, equals < source.count else {
            return isStrict ? fail() : .attribute(name: start..<end, value: end..<end)
        }
        var first = equals &+ 1
        while first < source.count, source[first] <= 0x20 { first &+= 1 }
        return attribute(start..<end, valueFrom: first)
    }

    @_lifetime(self: copy self)
    private mutating func attribute(_ name: Range<Int>, valueFrom first: Int) -> MarkupToken? {
        let quote = source.byte(first)
        if quote == 0x22 || quote == 0x27, first < source.count {
            guard let last = source.firstIndex(of: quote, from: first &+ 1) else {
                if isStrict { return fail() }
                offset = source.count
                return .attribute(name: name, value: first &+ 1..<source.count)
            }
            let value = first &+ 1..<last
            offset = last &+ 1
            if isStrict,
                source.extracting(value).firstIndex(of: 0x3C) != nil || !source.hasWholeReferences(value)
            {
                return fail()
            }
            return .attribute(name: name, value: value)
        }
        if isStrict { return fail() }
        var end = first
        while end < source.count, source[end] > 0x20, source[end] != 0x3E { end &+= 1 }
        offset = end
        return .attribute(name: name, value: first..<end)
    }

    @_lifetime(self: copy self)
    private mutating func endOfTag(isEmpty: Bool, count: Int) -> MarkupToken? {
        offset &+= count
        isInTag = false
        if isStrict {
            if isEmpty { open.removeLast() }
        } else if let name = open.popLast() {
            let element = source.extracting(name)
            if element.equalsIgnoringCase("script") || element.equalsIgnoringCase("style") {
                rawElement = name
            }
        }
        return .endOfTag(isEmpty: isEmpty)
    }

    /// The content of a script or a style sheet, up to its end tag.
    @_lifetime(self: copy self)
    private mutating func rawText(of element: Range<Int>) -> MarkupToken? {
        rawElement = nil
        let start = offset
        let length = element.count
        var index = offset
        while let found = source.firstIndex(of: 0x3C, from: index) {
            let end = found &+ 2 &+ length
            if source.byte(found &+ 1) == 0x2F, end <= source.count {
                let name = source.extracting(found &+ 2..<end)
                if name.equalsIgnoringCase("script") || name.equalsIgnoringCase("style") {
                    offset = found
                    return .literal(start..<found)
                }
            }
            index = found &+ 1
        }
        offset = source.count
        return .literal(start..<source.count)
    }
}

extension Span where Element == UInt8 {
    /// Whether the text is well-formed XML, as far as it is looked at here.
    var isXML: Bool {
        var scanner = MarkupScanner(self, isStrict: true)
        while scanner.next() != nil {}
        return !scanner.isBroken
    }

    /// Whether `<` at `index` begins a tag, a comment or the like.
    fileprivate func beginsMarkup(at index: Int) -> Bool {
        let next = byte(index &+ 1)
        return next.beginsMarkupName || next == 0x21 || next == 0x3F
            || next == 0x2F && byte(index &+ 2).beginsMarkupName
    }

    fileprivate func endOfMarkupName(from start: Int) -> Int {
        var index = start
        while index < count, self[index].isInMarkupName { index &+= 1 }
        return index
    }

    /// Whether every `&` in a run begins a reference with its end.
    fileprivate func hasWholeReferences(_ range: Range<Int>) -> Bool {
        let run = extracting(range)
        var index = 0
        while let and = run.firstIndex(of: 0x26, from: index) {
            index = and &+ 1
            if run.characterReference(at: and) != nil { continue }
            guard run.byte(index).beginsMarkupName else { return false }
            while index < run.count, run[index].isInMarkupName { index &+= 1 }
            guard run.byte(index) == 0x3B else { return false }
        }
        return true
    }
}

extension UInt8 {
    /// XML 1.0, section 2.3; bytes beyond ASCII are not told apart.
    fileprivate var beginsMarkupName: Bool {
        (0x61...0x7A).contains(self | 0x20) || self == 0x5F || self == 0x3A || self >= 0x80
    }

    fileprivate var isInMarkupName: Bool {
        beginsMarkupName || (0x30...0x39).contains(self) || self == 0x2D || self == 0x2E
    }
}
