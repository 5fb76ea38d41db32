import Bytes
import JSON
import Messages

extension Anonymizer {
    /// A multipart body in which the head of a part takes more bytes is malformed.
    static let maximumPartHead = 16 << 10

    /// Replaces values in the parts of a multipart body and answers whether it has changed.
    ///
    /// A field is treated by its name; a file by its type, and whole where that cannot be looked into. A body that does
    /// not keep to its boundary is replaced whole, and so is what stands before the first and after the last part.
    mutating func anonymizeMultipart(_ body: inout [UInt8], _ boundary: MultipartBoundary) -> Bool {
        guard let parts = Self.parts(of: body.span, boundary) else {
            replaceWhole(&body, .malformed)
            return true
        }
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
        let disposition = PartHead(body.extracting(part.head))
        if let name = disposition.name, let treatment = treatment(ofField: name.span, in: .part),
            treatment.action == .drop
        {
            if isInspecting { place.enter(.body, name: name.span) }
            noteDropped(treatment)
            if !isInspecting { edit.replace(part.whole, of: body, with: Span()) }
            return
        }
        if let file = disposition.fileName {
            replaceFileName(file, in: part.head, of: body, &edit)
        }
        guard !part.content.isEmpty else { return }
        let name = disposition.name ?? []
        if isInspecting { place.enter(.body, name: name.span) }
        let content = disposition.contentType.map { BodyContent($0.span) }
        var value: [UInt8] = []
        if disposition.fileName != nil || content.map({ !$0.isText }) == true {
            value = Array(body.extracting(part.content))
            let isChanged = anonymizeContent(content ?? .opaque, &value)
            if isChanged, !isInspecting { edit.replace(part.content, of: body, with: value.span) }
            return
        }
        let text = body.extracting(part.content)
        guard text.isText else {
            value = Array(text)
            replaceWhole(&value, .malformed)
            if !isInspecting { edit.replace(part.content, of: body, with: value.span) }
            return
        }
        if rewrite(text, treatment(ofField: name.span, in: .part) ?? rules.otherStrings, to: &value) {
            edit.replace(part.content, of: body, with: value.span)
        }
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

    private mutating func replaceFileName(
        _ name: [UInt8],
        in head: Range<Int>,
        of body: Span<UInt8>,
        _ edit: inout ByteEdit
    ) {
        // An extension would hide the end of a number from the detectors.
        let stem = name.span.extracting(0..<(name.lastIndex(of: 0x2E) ?? name.count))
        var text: [UInt8] = []
        guard rewriteText(stem, to: &text) else { return }
        text.append(contentsOf: name[stem.count...])
        var index = head.lowerBound
        while index &+ name.count <= head.upperBound {
            if body.extracting(index..<index &+ name.count).equals(name.span) {
                edit.replace(index..<index &+ name.count, of: body, with: text.span)
                return
            }
            index &+= 1
        }
    }
}

/// What the head of a part says (RFC 7578, section 4).
private struct PartHead {
    private(set) var name: [UInt8]?
    private(set) var fileName: [UInt8]?
    private(set) var contentType: [UInt8]?

    init(_ head: Span<UInt8>) {
        var start = 0
        while start < head.count {
            let end = head.firstIndex(of: 0x0A, from: start) ?? head.count
            var stop = end
            if stop > start, head[stop &- 1] == 0x0D { stop &-= 1 }
            let line = head.extracting(start..<stop)
            if let colon = line.firstIndex(of: 0x3A) {
                var first = colon &+ 1
                while first < line.count, line[first] == 0x20 { first &+= 1 }
                let value = line.extracting(first..<line.count)
                let field = line.extracting(0..<colon)
                if field.equalsIgnoringCase("content-disposition") {
                    name = value.parameter("name")
                    fileName = value.parameter("filename") ?? value.parameter("filename*")
                } else if field.equalsIgnoringCase("content-type") {
                    contentType = Array(value)
                }
            }
            start = end &+ 1
        }
    }
}

extension BodyContent {
    /// Whether a field of this type is plain text.
    fileprivate var isText: Bool {
        switch self {
        case .text: true
        case .json, .jsonLines, .form, .multipart, .events, .csv, .grpc, .opaque: false
        }
    }
}
