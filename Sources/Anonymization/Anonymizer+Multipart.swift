import Bytes
import JSON
import Messages

extension Anonymizer {
    /// A multipart body in which the head of a part takes more bytes is malformed.
    static let maximumPartHead = 16 << 10

    /// Replaces values in the parts of a multipart body and answers whether it has changed.
    ///
    /// A field is treated by its name; a file by its type, and whole where that cannot be looked into; the head of a part
    /// by the rules for headers. A body that does not keep to its boundary is replaced whole, and so is what stands
    /// before the first and after the last part. A part may be multipart itself.
    mutating func anonymizeMultipart(_ body: inout [UInt8], type: Span<UInt8>) -> Bool {
        guard openTexts < Self.maximumNesting, let boundary = MultipartBoundary(contentType: type),
            let parts = Self.parts(of: body.span, boundary)
        else {
            replaceWhole(&body, .malformed)
            return true
        }
        openTexts &+= 1
        defer { openTexts &-= 1 }
        var edit = ByteEdit()
        for part in parts { anonymizePart(part, of: body.span, &edit) }
        guard edit.isChanged else { return false }
        edit.finish(body.span)
        body = edit.output
        return true
    }

    /// A part, or what stands outside the parts.
    private struct Part {
        /// Empty outside the parts.
        var head: Range<Int>
        var content: Range<Int>
        /// With the delimiter before it.
        var whole: Range<Int>
    }

    private static func parts(of body: Span<UInt8>, _ boundary: MultipartBoundary) -> [Part]? {
        guard var delimiter = boundary.next(in: body, from: 0) else { return nil }
        var parts = [Part(head: 0..<0, content: 0..<delimiter, whole: 0..<0)]
        while true {
            let after = delimiter &+ boundary.delimiter.count
            if body.starts(with: "--", at: after) {
                parts.append(Part(head: 0..<0, content: after &+ 2..<body.count, whole: 0..<0))
                return parts
            }
            guard let line = body.firstIndex(of: 0x0A, from: after),
                let next = boundary.next(in: body, from: line)
            else { return nil }
            var end = Swift.max(line &+ 1, next &- 1)
            if end > line &+ 1, body[end &- 1] == 0x0D { end &-= 1 }
            guard let content = contentStart(in: body, line &+ 1..<end) else { return nil }
            parts.append(Part(head: line &+ 1..<content, content: content..<end, whole: delimiter..<next))
            delimiter = next
        }
    }

    /// The end of the head of a part.
    private static func contentStart(in body: Span<UInt8>, _ part: Range<Int>) -> Int? {
        var start = part.lowerBound
        while start < part.upperBound, start &- part.lowerBound <= maximumPartHead {
            let end = body.firstIndex(of: 0x0A, from: start) ?? part.upperBound
            if end == start || end == start &+ 1 && body[start] == 0x0D {
                return Swift.min(end &+ 1, part.upperBound)
            }
            start = end &+ 1
        }
        return part.isEmpty ? part.lowerBound : nil
    }

    private mutating func anonymizePart(_ part: Part, of body: Span<UInt8>, _ edit: inout ByteEdit) {
        if isInspecting { place.enter(.body) }
        guard !part.head.isEmpty else {
            replaceOutside(part.content, of: body, &edit)
            return
        }
        let head = PartHead(body.extracting(part.head))
        if let name = head.name, let treatment = treatment(ofField: name.span, in: .part),
            treatment.action == .drop
        {
            if isInspecting { place.enter(.body, name: name.span) }
            noteDropped(treatment)
            if !isInspecting { edit.replace(part.whole, of: body, with: Span()) }
            return
        }
        for field in head.fields { replaceField(field, at: part.head.lowerBound, of: body, &edit) }
        guard !part.content.isEmpty else { return }
        if isInspecting {
            let name = head.name ?? []
            place.enter(.body, name: name.span)
        }
        let written = body.extracting(part.content)
        var bytes = Array(written)
        guard let coding = head.transferCoding, let decoded = coding.decode(written) else {
            if head.transferCoding != nil {
                replaceWhole(&bytes, .undecodable)
                if !isInspecting { edit.replace(part.content, of: body, with: bytes.span) }
            } else if anonymizePartContent(&bytes, head), !isInspecting {
                edit.replace(part.content, of: body, with: bytes.span)
            }
            return
        }
        bytes = decoded
        guard anonymizePartContent(&bytes, head), !isInspecting else { return }
        var encoded: [UInt8] = []
        coding.encode(bytes.span, to: &encoded)
        edit.replace(part.content, of: body, with: encoded.span)
    }

    /// Replaces values in what a part holds, without transfer coding, and answers whether it has changed.
    private mutating func anonymizePartContent(_ bytes: inout [UInt8], _ head: borrowing PartHead) -> Bool {
        var form = BodyForm(untyped: bytes.span)
        if let type = head.contentType {
            form = self.form(ofType: type.span)
        } else if head.isFile {
            if case .opaque = form.content, let ending = head.contentByFileName { form.content = ending }
        } else {
            // RFC 7578, section 4.4, and RFC 2046, section 5.1.
            form.content = .text
        }
        guard case .text = form.content, !head.isFile, let name = head.name,
            let treatment = treatment(ofField: name.span, in: .part)
        else {
            let type = head.contentType ?? []
            return anonymizeContent(form, type: type.span, &bytes)
        }
        guard bytes.span.isText else {
            replaceWhole(&bytes, .malformed)
            return true
        }
        var value: [UInt8] = []
        guard treat(bytes.span, treatment, to: &value) else { return false }
        bytes = value
        return true
    }

    private mutating func replaceField(
        _ field: PartHead.Field,
        at start: Int,
        of body: Span<UInt8>,
        _ edit: inout ByteEdit
    ) {
        let range = start &+ field.value.lowerBound..<start &+ field.value.upperBound
        let name = body.extracting(start &+ field.name.lowerBound..<start &+ field.name.upperBound)
        let value = body.extracting(range)
        var made: [UInt8] = []
        var isChanged: Bool
        if name.equalsIgnoringCase("content-type") {
            isChanged = rewriteDisposition(value, to: &made)
        } else {
            isChanged = rewriteFieldValue(value, use(ofHeader: name), to: &made)
        }
        guard isChanged else { return }
        for index in made.indices where made[index] == 0x0A || made[index] == 0x0D { made[index] = 0x20 }
        edit.replace(range, of: body, with: made.span)
    }

    private mutating func replaceOutside(_ range: Range<Int>, of body: Span<UInt8>, _ edit: inout ByteEdit) {
        for index in range where body[index] != 0x0D && body[index] != 0x0A && body[index] != Self.filler {
            if isInspecting {
                note(.opaque(.malformed))
                return
            }
            audit.count(.malformed)
            var filler = Array(body.extracting(range))
            for place in filler.indices where filler[place] != 0x0D && filler[place] != 0x0A {
                filler[place] = Self.filler
            }
            edit.replace(range, of: body, with: filler.span)
            return
        }
    }
}

/// What the head of a part says (RFC 7578, section 4; RFC 2045).
private struct PartHead {
    /// Places in the head; a value may go on over lines that begin with a blank.
    struct Field {
        var name: Range<Int>
        var value: Range<Int>
    }

    private(set) var fields: [Field] = []
    private(set) var name: [UInt8]?
    private(set) var fileName: [UInt8]?
    private(set) var contentType: [UInt8]?
    /// `nil` where the part is as it is.
    private(set) var transferCoding: TransferCoding?

    var isFile: Bool { fileName != nil }

    init(_ head: Span<UInt8>) {
        var start = 0
        while start < head.count {
            var end = head.firstIndex(of: 0x0A, from: start) ?? head.count
            while end &+ 1 < head.count, head[end &+ 1] == 0x20 || head[end &+ 1] == 0x09 {
                end = head.firstIndex(of: 0x0A, from: end &+ 1) ?? head.count
            }
            let line = start..<end
            start = end &+ 1
            guard let colon = head.extracting(line).firstIndex(of: 0x3A) else { continue }
            var first = line.lowerBound &+ colon &+ 1
            var stop = line.upperBound
            while first < stop, head[first] == 0x20 || head[first] == 0x09 { first &+= 1 }
            while stop > first, head[stop &- 1] <= 0x20 { stop &-= 1 }
            let field = Field(name: line.lowerBound..<line.lowerBound &+ colon, value: first..<stop)
            fields.append(field)
            note(head.extracting(field.name), head.extracting(field.value))
        }
    }

    private mutating func note(_ field: Span<UInt8>, _ value: Span<UInt8>) {
        if field.equalsIgnoringCase("content-disposition") {
            name = value.parameter("name")
            fileName = value.parameter("filename") ?? value.parameter("filename*")
        } else if field.equalsIgnoringCase("content-type") {
            contentType = Array(value)
        } else if field.equalsIgnoringCase("content-transfer-encoding") {
            transferCoding = TransferCoding(value)
        }
    }

    /// What a file holds that has no type, by the ending of its name.
    var contentByFileName: BodyContent? {
        guard let fileName, let dot = fileName.lastIndex(of: 0x2E) else { return nil }
        let ending = fileName.span.extracting(dot &+ 1..<fileName.count)
        let known: [(content: BodyContent, endings: [StaticString])] = [
            (.csv, ["csv", "tsv"]), (.text, ["txt", "log", "md", "yaml", "yml"]), (.json, ["json"]),
            (.jsonLines, ["ndjson", "jsonl"]), (.xml, ["xml"]), (.html, ["html", "htm"]),
        ]
        return known.first { $0.endings.contains { ending.equalsIgnoringCase($0) } }?.content
    }
}
