import Bytes

/// An open element of XML or HTML.
private struct MarkupLevel {
    /// By its local name.
    var name: FieldName
    /// For the text in it.
    var treatment: Treatment?
    /// For what is in it and has no rule of its own.
    var inherited: Treatment?
    /// Whether texts that no rule names are what rule sets say of other strings: in XML, where they are data.
    var holdsData: Bool
}

/// A run of the text of an element, or a comment within it.
private struct MarkupRun {
    enum Kind {
        case text
        /// In CDATA, or in a script.
        case literal
        /// A comment or an instruction, which is no part of the text.
        case aside
    }

    var range: Range<Int>
    var kind: Kind
}

extension Anonymizer {
    /// Appends XML or HTML with values replaced; `nil` for XML that is not well-formed.
    ///
    /// The text of an element is the value of a field of the element's name, and attributes are fields in it; prefixes of
    /// namespaces do not count. Where an attribute `name`, `key`, `field` or `id` says what an element holds, as in forms,
    /// that is the name of its text and of its attribute `value`. Comments and what no rule names are looked at as
    /// running text. References and CDATA are seen through; a text that is replaced is written in their stead.
    mutating func rewriteMarkup(_ source: Span<UInt8>, isStrict: Bool, to output: inout [UInt8]) -> Bool? {
        guard !isStrict || source.isXML else { return nil }
        var scanner = MarkupScanner(source, isStrict: isStrict)
        var edit = ByteEdit()
        var levels: [MarkupLevel] = []
        var runs: [MarkupRun] = []
        var attributes: [(name: Range<Int>, value: Range<Int>)] = []
        var tag = 0..<0
        while let token = scanner.next() {
            switch token {
            case .text(let range): runs.append(MarkupRun(range: range, kind: .text))
            case .literal(let range): runs.append(MarkupRun(range: range, kind: .literal))
            case .comment(let range), .instruction(let range):
                runs.append(MarkupRun(range: range, kind: .aside))
            case .startTag(let name):
                replaceRuns(&runs, of: source, levels.last, &edit)
                tag = name
                attributes.removeAll(keepingCapacity: true)
            case .attribute(let name, let value): attributes.append((name, value))
            case .endOfTag(let isEmpty):
                let level = openElement(tag, attributes, of: source, levels.last, holdsData: isStrict, &edit)
                if !isEmpty, !source.isVoidElement(tag, isStrict) { levels.append(level) }
                if !isStrict, levels.count > MarkupScanner.maximumDepth { levels.removeFirst() }
            case .endTag:
                replaceRuns(&runs, of: source, levels.last, &edit)
                _ = levels.popLast()
            }
        }
        replaceRuns(&runs, of: source, levels.last, &edit)
        guard edit.isChanged else { return false }
        edit.finish(source)
        output.append(contentsOf: edit.output)
        return true
    }

    /// Replaces the values of attributes and answers what the element means for what is in it.
    private mutating func openElement(
        _ tag: Range<Int>,
        _ attributes: [(name: Range<Int>, value: Range<Int>)],
        of source: Span<UInt8>,
        _ parent: MarkupLevel?,
        holdsData: Bool,
        _ edit: inout ByteEdit
    ) -> MarkupLevel {
        let local = source.extracting(tag).localName
        let use = use(ofField: local, under: parent?.name ?? .empty, in: .json)
        if isInspecting { place.enter(.body, name: local) }
        var level = MarkupLevel(
            name: use.name,
            treatment: use.treatment ?? parent?.inherited,
            holdsData: holdsData
        )
        level.inherited =
            level.treatment?.isDeep == true || level.treatment?.action == .keep ? level.treatment : nil
        guard !attributes.isEmpty else { return level }
        let naming = namingAttribute(attributes, of: source, use.name)
        var named: Treatment?
        if let naming {
            let found = self.use(ofField: source.extracting(naming), under: use.name, in: .form)
            named = found.treatment
            if level.treatment == nil { level.treatment = named }
        }
        for (name, value) in attributes where !value.isEmpty {
            let spelled = source.extracting(name)
            if spelled.starts(with: "xmlns", at: 0) { continue }
            let attribute = spelled.localName
            if isInspecting { place.enter(.body, name: attribute) }
            var treatment: Treatment?
            if value != naming {
                treatment =
                    self.use(ofField: attribute, under: use.name, in: .json).treatment ?? level.inherited
                if attribute.equalsIgnoringCase("value") || attribute.equalsIgnoringCase("content") {
                    treatment = treatment ?? named ?? level.treatment
                }
            }
            replaceMarkup(
                value,
                of: source,
                treatment,
                isLiteral: false,
                isData: holdsData && value != naming,
                &edit
            )
        }
        if isInspecting { place.enter(.body, name: local) }
        return level
    }

    /// The value of the attribute that says what an element holds.
    private mutating func namingAttribute(
        _ attributes: [(name: Range<Int>, value: Range<Int>)],
        of source: Span<UInt8>,
        _ element: FieldName
    ) -> Range<Int>? {
        let names: [StaticString] = ["name", "key", "field", "property", "id"]
        for name in names {
            for attribute in attributes where !attribute.value.isEmpty && attribute.value.count <= 64 {
                let spelled = source.extracting(attribute.name).localName
                guard spelled.equalsIgnoringCase(name) else { continue }
                // It may be a value itself, such as the name of a person.
                let isValue = use(ofField: spelled, under: element, in: .json).treatment != nil
                if !isValue { return attribute.value }
            }
        }
        return nil
    }

    /// Replaces the text of an element that has been put together so far.
    private mutating func replaceRuns(
        _ runs: inout [MarkupRun],
        of source: Span<UInt8>,
        _ level: MarkupLevel?,
        _ edit: inout ByteEdit
    ) {
        defer { runs.removeAll(keepingCapacity: true) }
        let pieces = runs.count(where: { $0.kind != .aside })
        guard pieces > 1 else {
            for run in runs {
                let treatment = run.kind == .aside ? nil : level?.treatment
                let isData = run.kind != .aside && level?.holdsData == true
                replaceMarkup(
                    run.range,
                    of: source,
                    treatment,
                    isLiteral: run.kind != .text,
                    isData: isData,
                    &edit
                )
            }
            return
        }
        // A text may be cut by CDATA and comments; it is replaced as one, in the place of its first piece.
        var text: [UInt8] = []
        for run in runs where run.kind != .aside {
            Markup.append(source.extracting(run.range), isLiteral: run.kind == .literal, to: &text)
        }
        var made: [UInt8] = []
        let isChanged = rewriteTrimmed(
            text.span,
            level?.treatment,
            isData: level?.holdsData == true,
            to: &made
        )
        var isFirst = true
        for run in runs {
            guard run.kind != .aside else {
                replaceMarkup(run.range, of: source, nil, isLiteral: true, isData: false, &edit)
                continue
            }
            guard isChanged else { continue }
            var spelling: [UInt8] = []
            if isFirst {
                let written = source.extracting(run.range)
                Markup.spell(made.span, like: written, isLiteral: run.kind == .literal, to: &spelling)
            }
            edit.replace(run.range, of: source, with: spelling.span)
            isFirst = false
        }
    }

    private mutating func replaceMarkup(
        _ range: Range<Int>,
        of source: Span<UInt8>,
        _ treatment: Treatment?,
        isLiteral: Bool,
        isData: Bool,
        _ edit: inout ByteEdit
    ) {
        guard !range.isEmpty else { return }
        let written = source.extracting(range)
        var made: [UInt8] = []
        let isChanged: Bool
        if isLiteral || written.firstIndex(of: 0x26) == nil {
            isChanged = rewriteTrimmed(written, treatment, isData: isData, to: &made)
        } else {
            var text: [UInt8] = []
            Markup.append(written, isLiteral: false, to: &text)
            isChanged = rewriteTrimmed(text.span, treatment, isData: isData, to: &made)
        }
        guard isChanged else { return }
        var spelling: [UInt8] = []
        Markup.spell(made.span, like: written, isLiteral: isLiteral, to: &spelling)
        edit.replace(range, of: source, with: spelling.span)
    }

    /// The same as ``rewrite(_:_:to:)`` for what stands between the white space around a text.
    private mutating func rewriteTrimmed(
        _ text: Span<UInt8>,
        _ treatment: Treatment?,
        isData: Bool,
        to output: inout [UInt8]
    ) -> Bool {
        let start = text.firstVisible
        var end = text.count
        while end > start, text[end &- 1] <= 0x20 { end &-= 1 }
        guard start < end else { return false }
        var made: [UInt8] = []
        let value = text.extracting(start..<end)
        let other = isData && treatment == nil ? otherText(value) : nil
        guard rewrite(value, treatment ?? other, to: &made) else { return false }
        output.append(contentsOf: text.extracting(0..<start))
        output.append(contentsOf: made)
        output.append(contentsOf: text.extracting(end..<text.count))
        return true
    }
}

/// Character data: from its spelling to UTF-8 and back (XML 1.0, section 2.4).
enum Markup {
    /// Appends what character data says.
    static func append(_ written: Span<UInt8>, isLiteral: Bool, to text: inout [UInt8]) {
        guard !isLiteral else {
            text.append(contentsOf: written)
            return
        }
        var index = 0
        while index < written.count {
            if written[index] == 0x26, let (scalar, length) = written.characterReference(at: index) {
                if let scalar = Unicode.Scalar(scalar), let bytes = UTF8.encode(scalar) {
                    text.append(contentsOf: bytes)
                }
                index &+= length
            } else {
                text.append(written[index])
                index &+= 1
            }
        }
    }

    /// Appends `text` as character data: what `original` spells as a reference is one again.
    static func spell(
        _ text: Span<UInt8>,
        like original: Span<UInt8>,
        isLiteral: Bool,
        to output: inout [UInt8]
    ) {
        guard !isLiteral else {
            appendLiteral(text, to: &output)
            return
        }
        let references = ReferenceTable(original)
        let quotes = (
            double: original.firstIndex(of: 0x22) != nil, single: original.firstIndex(of: 0x27) != nil
        )
        for index in text.indices {
            let byte = text[index]
            if let range = references[byte] {
                output.append(contentsOf: original.extracting(range))
                continue
            }
            switch byte {
            case 0x26: output.append(contentsOf: "&amp;".utf8)
            case 0x3C: output.append(contentsOf: "&lt;".utf8)
            case 0x3E: output.append(contentsOf: "&gt;".utf8)
            // One that stood there can stand there; another one could end the value of an attribute.
            case 0x22 where !quotes.double: output.append(contentsOf: "&quot;".utf8)
            case 0x27 where !quotes.single: output.append(contentsOf: "&#39;".utf8)
            default: output.append(byte)
            }
        }
    }

    /// CDATA ends with `]]>`, which within it is spelled by two of them; HTML has none, and scripts do not hold it.
    private static func appendLiteral(_ text: Span<UInt8>, to output: inout [UInt8]) {
        var copied = 0
        var index = 0
        while index < text.count {
            if text[index] == 0x5D, text.starts(with: "]]>", at: index) {
                output.append(contentsOf: text.extracting(copied..<index &+ 2))
                output.append(contentsOf: "]]><![CDATA[".utf8)
                copied = index &+ 2
                index = copied
            }
            index &+= 1
        }
        output.append(contentsOf: text.extracting(copied..<text.count))
    }
}

/// Where a text spells characters of ASCII as references, by the character.
private struct ReferenceTable {
    private var starts: [128 of UInt32] = .init(repeating: 0)
    private var lengths: [128 of UInt8] = .init(repeating: 0)

    init(_ text: Span<UInt8>) {
        var index = 0
        while let and = text.firstIndex(of: 0x26, from: index) {
            index = and &+ 1
            guard let (scalar, length) = text.characterReference(at: and), scalar < 128 else { continue }
            starts[Int(scalar)] = UInt32(truncatingIfNeeded: and)
            lengths[Int(scalar)] = UInt8(length)
        }
    }

    subscript(_ byte: UInt8) -> Range<Int>? {
        guard byte < 128, lengths[Int(byte)] > 0, !byte.isASCIILetter, !byte.isASCIIDigit else { return nil }
        let start = Int(starts[Int(byte)])
        return start..<start &+ Int(lengths[Int(byte)])
    }
}

extension Span where Element == UInt8 {
    /// A name without the prefix of a namespace.
    var localName: Span<UInt8> {
        @_lifetime(copy self)
        get {
            guard let colon = firstIndex(of: 0x3A), colon &+ 1 < count else { return self }
            return extracting(colon &+ 1..<count)
        }
    }

    /// Whether an element of HTML has no content and no end tag (HTML standard, section 13.1.2).
    fileprivate func isVoidElement(_ tag: Range<Int>, _ isStrict: Bool) -> Bool {
        guard !isStrict else { return false }
        let names: [StaticString] = [
            "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
            "wbr",
        ]
        let name = extracting(tag)
        return names.contains { name.equalsIgnoringCase($0) }
    }
}
