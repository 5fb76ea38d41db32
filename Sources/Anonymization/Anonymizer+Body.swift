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
        let coding = Self.coding(fields, of: head)
        guard coding != .unknown else { return replaceWhole(&body, .unknownCoding) }
        guard isComplete else { return anonymizeCutBody(&body, fields, of: head, coding) }
        guard coding != .identity else {
            _ = anonymizePlain(&body, fields, of: head)
            return
        }
        var plain: [UInt8]
        do {
            plain = try ContentCoding.decode(body.span, coding: coding, limit: Self.maximumDecodedBody)
        } catch {
            return replaceWhole(&body, .undecodable)
        }
        if isInspecting, plain.span.isFiller { return }
        if anonymizePlain(&plain, fields, of: head) {
            body = ContentCoding.encode(plain.span, coding: coding)
        }
    }

    private static func coding(_ fields: ContentFields, of head: borrowing Head) -> ContentCoding {
        guard let index = fields.coding else { return .identity }
        return fields.hasSeveralCodings ? .unknown : ContentCoding(head.value(of: head.fields[index]))
    }

    /// What Content-Type says; a body without one is looked at itself.
    private mutating func content(
        of body: Span<UInt8>,
        _ fields: ContentFields,
        of head: borrowing Head
    ) -> BodyContent {
        guard let index = fields.type, !head.fields[index].value.isEmpty else {
            return BodyContent(untyped: body)
        }
        return content(ofType: head.value(of: head.fields[index]))
    }

    /// Of an event stream without its end the whole events are kept, of everything else nothing.
    private mutating func anonymizeCutBody(
        _ body: inout [UInt8],
        _ fields: ContentFields,
        of head: borrowing Head,
        _ coding: ContentCoding
    ) {
        guard coding == .identity, case .events = content(of: body.span, fields, of: head) else {
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
        let content = content(of: body.span, fields, of: head)
        switch content {
        case .multipart:
            guard let index = fields.type,
                let boundary = MultipartBoundary(contentType: head.value(of: head.fields[index]))
            else {
                replaceWhole(&body, .malformed)
                return true
            }
            return anonymizeMultipart(&body, boundary)
        case .json, .jsonLines, .form, .events, .csv, .text, .grpc, .opaque:
            return anonymizeContent(content, &body)
        }
    }

    /// Replaces values in content of one kind and answers whether it has changed; what is not of that kind is
    /// replaced whole.
    mutating func anonymizeContent(_ content: BodyContent, _ bytes: inout [UInt8]) -> Bool {
        guard !bytes.isEmpty else { return false }
        if case .opaque = content {
            replaceWhole(&bytes, .unknownType)
            return true
        }
        if case .grpc = content {
            replaceMessages(&bytes)
            return true
        }
        guard content.isCheckedOnTheWay || bytes.span.isText else {
            replaceWhole(&bytes, .malformed)
            return true
        }
        var output = spare
        spare = []
        output.removeAll(keepingCapacity: true)
        let isChanged: Bool
        switch content {
        case .json:
            guard let changed = rewriteWholeJSON(bytes.span, to: &output) else {
                replaceWhole(&bytes, .malformed)
                return true
            }
            isChanged = changed
        case .jsonLines:
            guard let changed = rewriteJSONLines(bytes.span, to: &output) else {
                replaceWhole(&bytes, .malformed)
                return true
            }
            isChanged = changed
        case .form:
            if !subjects.isEmpty { noteSubjects(inPairs: bytes.span) }
            isChanged = rewritePairs(bytes.span, in: .form, to: &output)
        case .csv: isChanged = rewriteTable(bytes.span, to: &output)
        case .text: isChanged = rewriteText(ofBody: bytes.span, to: &output)
        case .events: isChanged = rewriteEvents(bytes.span, to: &output)
        case .multipart, .grpc, .opaque:
            replaceWhole(&bytes, .unknownType)
            return true
        }
        if isChanged, !isInspecting { swap(&bytes, &output) }
        spare = output
        return isChanged
    }

    /// Appends running text that no rule names with what is to go replaced; false if nothing is.
    mutating func rewriteText(ofBody text: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        if let strings = rules.otherStrings { return treat(text, strings, to: &output) }
        return rewriteProse(text, to: &output)
    }

    /// Appends a JSON text with values replaced, after a byte order mark if there is one; `nil` if it is no JSON.
    private mutating func rewriteWholeJSON(_ source: Span<UInt8>, to output: inout [UInt8]) -> Bool? {
        let start = source.starts(with: "\u{FEFF}", at: 0) ? 3 : 0
        let text = source.extracting(start..<source.count)
        if !subjects.isEmpty { noteSubjects(inJSON: text) }
        // Swapped out: a buffer with a second owner would be copied to be cleared.
        var buffer: [UInt8] = []
        swap(&buffer, &output)
        var edit = ByteEdit(reusing: buffer)
        do {
            try rewriteJSON(text, nesting: 0, &edit)
        } catch {
            return nil
        }
        guard edit.isChanged else {
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
