import Bytes
import Compression
import JSON
import Messages

extension Anonymizer {
    /// What a body consists of after it was replaced whole.
    static let filler: UInt8 = 0x78

    /// Replaces values in a body; `fields` are those of `head` that say what it is.
    mutating func anonymizeBody(
        _ body: inout [UInt8],
        _ fields: ContentFields,
        of head: borrowing Head,
        isComplete: Bool
    ) {
        guard !body.isEmpty else { return }
        if isInspecting, body.span.isFiller { return }
        place.enter(.body)
        let codings = head.contentCodings(from: fields.coding)
        guard codings.isKnown else { return replaceWhole(&body, .unknownCoding) }
        guard isComplete else { return anonymizeCutBody(&body, fields, of: head, codings) }
        guard !codings.isIdentity else {
            _ = anonymizePlain(&body, fields, of: head)
            return
        }
        var plain: [UInt8]
        do {
            plain = try codings.decode(body.span, limit: Self.maximumDecodedBody)
        } catch {
            return replaceWhole(&body, .undecodable)
        }
        if anonymizePlain(&plain, fields, of: head), !isInspecting { body = codings.encode(plain) }
    }

    /// What Content-Type says; a body without one is looked at itself.
    private mutating func form(of body: Span<UInt8>, _ fields: ContentFields, of head: borrowing Head)
        -> BodyForm
    {
        guard let index = fields.type, !head.fields[index].value.isEmpty else {
            return BodyForm(untyped: body)
        }
        return form(ofType: head.value(of: head.fields[index]))
    }

    /// Of an event stream without its end the whole events are kept, of everything else nothing.
    private mutating func anonymizeCutBody(
        _ body: inout [UInt8],
        _ fields: ContentFields,
        of head: borrowing Head,
        _ codings: ContentCodings
    ) {
        guard codings.isIdentity, case .events = form(of: body.span, fields, of: head).content else {
            return replaceWhole(&body, .incomplete)
        }
        let end = body.span.endOfWholeEvents
        var events = Array(body[..<end])
        anonymizeEvents(&events)
        if end < body.count, !isInspecting {
            events.append(contentsOf: repeatElement(Self.filler, count: body.count &- end))
            audit.count(.incomplete)
        }
        body = events
    }

    /// Replaces values in a body without coding and answers whether it has changed.
    private mutating func anonymizePlain(
        _ body: inout [UInt8],
        _ fields: ContentFields,
        of head: borrowing Head
    ) -> Bool {
        var form = form(of: body.span, fields, of: head)
        form.content = framed(form.content, of: head)
        guard let index = fields.type else { return anonymizeContent(form, &body) }
        return anonymizeContent(form, type: head.value(of: head.fields[index]), &body)
    }

    /// With the coding of framed messages, which has a field of its own.
    func framed(_ content: BodyContent, of head: borrowing Head) -> BodyContent {
        guard case .framed(var framed) = content else { return content }
        if let value = head.value(of: framed.codingField) { framed.coding = ContentCoding(value) }
        return .framed(framed)
    }

    /// Replaces values in content of one kind and character set and answers whether it has changed.
    ///
    /// `type` is the whole Content-Type. What is in a character set that cannot be read is replaced whole.
    mutating func anonymizeContent(
        _ form: BodyForm,
        type: Span<UInt8> = Span(),
        _ bytes: inout [UInt8]
    ) -> Bool {
        guard form.content.isText else { return anonymizeContent(form.content, type: type, &bytes) }
        var encoding = form.encoding.seen(in: bytes.span)
        // A wide set without a mark and without zeros that is UTF-8 too is mislabelled.
        if encoding.isWide, encoding == form.encoding, !bytes.contains(0), bytes.span.isText {
            encoding = .utf8
        }
        if encoding == .utf8, let label = bytes.span.declaredCharset(of: form.content) {
            encoding = TextEncoding(label: label.span)
            // What can be read as ASCII to here is in no wide set.
            if encoding != .singleByte, encoding != .asciiBased, encoding != .unknown { encoding = .utf8 }
        }
        guard encoding != .utf8 else { return anonymizeContent(form.content, &bytes) }
        guard var text = encoding.decode(bytes.span) else {
            replaceWhole(&bytes, encoding == .unknown ? .unknownCharset : .malformed)
            return true
        }
        if isInspecting, bytes.span.isFiller { return false }
        guard anonymizeContent(form.content, &text), !isInspecting else { return false }
        if text.span.isFiller {
            text = [UInt8](repeating: Self.filler, count: bytes.count)
            bytes = text
        } else {
            bytes = encoding.encode(text.span, escaping: form.content.escape)
        }
        return true
    }

    /// Replaces values in content of one kind and answers whether it has changed; what is not of that kind is
    /// replaced whole.
    mutating func anonymizeContent(
        _ content: BodyContent,
        type: Span<UInt8> = Span(),
        _ bytes: inout [UInt8]
    ) -> Bool {
        guard !bytes.isEmpty, !(isInspecting && bytes.span.isFiller) else { return false }
        switch content {
        case .opaque:
            replaceWhole(&bytes, .unknownType)
            return true
        case .framed(let framed): return anonymizeFrames(&bytes, framed)
        case .protobuf: return anonymizeProtobuf(&bytes)
        case .http: return anonymizeHTTP(&bytes)
        case .multipart: return anonymizeMultipart(&bytes, type: type)
        case .json, .jsonLines, .form, .events, .csv, .xml, .html, .graphQL, .text: break
        }
        guard content.isCheckedOnTheWay || bytes.span.isText else {
            replaceWhole(&bytes, .malformed)
            return true
        }
        var output = spare
        spare = []
        output.removeAll(keepingCapacity: true)
        guard let isChanged = rewriteContent(content, bytes.span, to: &output) else {
            replaceWhole(&bytes, .malformed)
            return true
        }
        if isChanged, !isInspecting { swap(&bytes, &output) }
        spare = output
        return isChanged
    }

    /// Appends content of a kind of text with values replaced; `nil` if it is not of that kind.
    private mutating func rewriteContent(
        _ content: BodyContent,
        _ source: Span<UInt8>,
        to output: inout [UInt8]
    ) -> Bool? {
        switch content {
        case .json: rewriteWholeJSON(source, to: &output)
        case .jsonLines: rewriteJSONLines(source, to: &output)
        case .form:
            // What a sender forgot to name.
            source.startsLikeJSON && source.isJSON
                ? rewriteWholeJSON(source, to: &output) : rewriteForm(source, to: &output)
        case .csv: rewriteTable(source, to: &output)
        case .text: rewriteTextBody(source, to: &output)
        case .events: rewriteEvents(source, to: &output)
        case .xml: rewriteMarkup(source, isStrict: true, to: &output)
        case .html: rewriteMarkup(source, isStrict: false, to: &output)
        case .graphQL: rewriteGraphQL(source, to: &output)
        case .multipart, .protobuf, .http, .framed, .opaque: nil
        }
    }

    private mutating func rewriteForm(_ source: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        if rules.asksForSubjects { noteSubjects(inPairs: source) }
        return rewritePairs(source, in: .form, to: &output)
    }

    /// Appends text that may hold more than text, such as JSON that was sent as such.
    mutating func rewriteTextBody(_ source: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        openTexts &+= 1
        defer { openTexts &-= 1 }
        if let isChanged = rewriteStructure(source, to: &output) { return isChanged }
        if let strings = rules.otherStrings { return treat(source, strings, to: &output) }
        return rewriteProse(source, hasLines: true, to: &output)
    }

    /// Appends a JSON text with values replaced, after a byte order mark if there is one; `nil` if it is no JSON.
    mutating func rewriteWholeJSON(_ source: Span<UInt8>, to output: inout [UInt8]) -> Bool? {
        let start = source.starts(with: "\u{FEFF}", at: 0) ? 3 : 0
        let text = source.extracting(start..<source.count)
        if rules.asksForSubjects { noteSubjects(inJSON: text) }
        // Swapped out: a buffer with a second owner would be copied to be cleared.
        var buffer: [UInt8] = []
        swap(&buffer, &output)
        var edit = ByteEdit(reusing: consume buffer)
        do {
            try rewriteJSON(text, &edit)
        } catch {
            return nil
        }
        guard edit.isChanged else {
            edit.revert()
            output = edit.taken()
            return false
        }
        edit.finish(text)
        output = edit.taken()
        if start > 0 { output.insert(contentsOf: [0xEF, 0xBB, 0xBF], at: 0) }
        return true
    }

    /// Appends lines of JSON with values replaced; `nil` if one of them is none.
    private mutating func rewriteJSONLines(_ source: Span<UInt8>, to output: inout [UInt8]) -> Bool? {
        var edit = ByteEdit()
        var start = 0
        while start < source.count {
            var end = source.firstIndex(of: 0x0A, from: start) ?? source.count
            let next = end &+ 1
            if end > start, source[end &- 1] == 0x0D { end &-= 1 }
            // RFC 7464 puts a record separator before each text.
            while start < end, source[start] == 0x1E || source[start] == 0x20 { start &+= 1 }
            // One that was masked while the body was still open.
            if start < end, !isInspecting || !source.extracting(start..<end).isFiller {
                var line: [UInt8] = []
                guard let isChanged = rewriteWholeJSON(source.extracting(start..<end), to: &line) else {
                    return nil
                }
                if isChanged { edit.replace(start..<end, of: source, with: line.span) }
            }
            start = next
        }
        guard edit.isChanged else { return false }
        edit.finish(source)
        output = edit.taken()
        return true
    }

    /// Puts as many bytes of filler in the place of a body.
    mutating func replaceWhole(_ body: inout [UInt8], _ reason: WholeReplacement) {
        if isInspecting {
            note(.opaque(reason))
            return
        }
        let count = body.count
        body.removeAll(keepingCapacity: true)
        body.append(contentsOf: repeatElement(Self.filler, count: count))
        audit.count(reason)
    }
}

extension Span where Element == UInt8 {
    /// How far into a text it may say which character set it is in.
    private static var longestDeclaration: Int { 1024 }

    /// The label of the character set that XML or HTML names itself.
    fileprivate func declaredCharset(of content: BodyContent) -> [UInt8]? {
        let name: StaticString
        switch content {
        case .xml:
            guard starts(with: "<?xml", at: 0) else { return nil }
            name = "encoding="
        case .html: name = "charset="
        case .json, .jsonLines, .form, .multipart, .events, .csv, .graphQL, .protobuf, .http, .text, .framed,
            .opaque:
            return nil
        }
        let length = name.utf8CodeUnitCount
        var index = 0
        let limit = Swift.min(count &- length, Self.longestDeclaration)
        while index < limit, !extracting(index..<index &+ length).equalsIgnoringCase(name) {
            if content.isXML, self[index] == 0x3E { return nil }
            index &+= 1
        }
        guard index < limit else { return nil }
        index &+= length
        if byte(index) == 0x22 || byte(index) == 0x27 { index &+= 1 }
        var label: [UInt8] = []
        while index < count, self[index].isWordByte || self[index] == 0x2D, label.count < 40 {
            label.append(self[index])
            index &+= 1
        }
        return label.isEmpty ? nil : label
    }
}

extension BodyContent {
    fileprivate var isXML: Bool {
        if case .xml = self { true } else { false }
    }
}
