import Bytes

extension Anonymizer {
    /// Appends running text with what detectors find replaced, and with what stands in it looked into: URLs, JSON, and
    /// values behind their names, such as `user=ada`. False if nothing is replaced.
    ///
    /// With `hasLines` a line `name: value` is a value behind its name too.
    mutating func rewriteProse(_ text: Span<UInt8>, hasLines: Bool = false, to output: inout [UInt8]) -> Bool
    {
        guard text.nextMark(from: 0) != nil else { return rewriteText(text, to: &output) }
        var edit = ByteEdit()
        var search = ProseSearch(hasLines: hasLines)
        var start = 0
        while let island = nextIsland(in: text, &search) {
            replaceProse(start..<island.range.lowerBound, of: text, .prose, &edit)
            replaceProse(island.range, of: text, island.content, &edit)
            start = island.range.upperBound
            search.index = start
        }
        replaceProse(start..<text.count, of: text, .prose, &edit)
        guard edit.isChanged else { return false }
        edit.finish(text)
        output.append(contentsOf: edit.output)
        return true
    }

    private mutating func replaceProse(
        _ range: Range<Int>,
        of text: Span<UInt8>,
        _ content: ProseIsland.Content,
        _ edit: inout ByteEdit
    ) {
        guard !range.isEmpty else { return }
        let part = text.extracting(range)
        var made: [UInt8] = []
        let isChanged =
            switch content {
            case .prose: rewriteEscaped(part, to: &made)
            case .url: rewriteTarget(part, to: &made)
            case .structure: rewrite(part, nil, to: &made)
            case .field(let treatment): rewriteField(part, treatment, to: &made)
            }
        if isChanged { edit.replace(range, of: text, with: made.span) }
    }

    /// Appends what takes the place of a value behind its name, in the spelling of the old one.
    private mutating func rewriteField(
        _ value: Span<UInt8>,
        _ treatment: Treatment,
        to output: inout [UInt8]
    ) -> Bool {
        guard value.nextEscape(from: 0) != nil else { return treat(value, treatment, to: &output) }
        let read = EscapedText(value)
        var made: [UInt8] = []
        guard treat(read.bytes.span, treatment, to: &made) else { return false }
        read.spell(made.span, inPlaceOf: read.bytes.indices, of: value, to: &output)
        return true
    }

    /// The next part of a text that is not looked at by detectors alone.
    private mutating func nextIsland(in text: Span<UInt8>, _ search: inout ProseSearch) -> ProseIsland? {
        let first = search.index
        while let mark = text.nextMark(from: search.index) {
            search.index = mark &+ 1
            switch text[mark] {
            case 0x3A:
                if let url = text.url(around: mark, from: first) {
                    return ProseIsland(range: url, content: .url)
                }
                if let data = text.dataOfURL(at: mark) {
                    return ProseIsland(range: data, content: .structure)
                }
                if let field = field(at: mark, of: text, from: first, search.hasLines) { return field }
            case 0x3D:
                if let field = field(at: mark, of: text, from: first, search.hasLines) { return field }
            case 0x7B, 0x5B:
                if let end = search.endOfJSON(in: text, at: mark) {
                    return ProseIsland(range: mark..<end, content: .structure)
                }
            default: break
            }
        }
        return nil
    }

    /// The value behind the `=` or `:` at `mark` if a rule knows the name before it.
    private mutating func field(
        at mark: Int,
        of text: Span<UInt8>,
        from first: Int,
        _ hasLines: Bool
    ) -> ProseIsland? {
        guard let name = text.nameInProse(before: mark, from: first, hasLines: hasLines) else { return nil }
        let treatment = use(ofField: text.extracting(name.range), under: .empty, in: .form).treatment
        // Only a value that is taken is read to its end, so that a text of many names costs no more than a text of one.
        guard treatment != nil || text[mark] == 0x3D && text.base64MayFollow(mark) else { return nil }
        let value = text.valueInProse(behind: mark, name)
        guard !value.isEmpty else { return nil }
        return ProseIsland(range: value, content: treatment.map { .field($0) } ?? .structure)
    }

    /// Appends a text with what detectors find replaced, also where characters of it are spelled as `%40`, `&#64;` or
    /// `\u0040`; false if nothing is.
    mutating func rewriteEscaped(_ text: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        guard var escape = text.nextEscape(from: 0) else { return rewriteText(text, to: &output) }
        var edit = ByteEdit()
        var start = 0
        while true {
            let run = text.escapedRun(around: escape, from: start)
            replacePlain(start..<run.lowerBound, of: text, &edit)
            replaceEscapedRun(run, of: text, &edit)
            start = run.upperBound
            guard let next = text.nextEscape(from: start) else { break }
            escape = next
        }
        replacePlain(start..<text.count, of: text, &edit)
        guard edit.isChanged else { return false }
        edit.finish(text)
        output.append(contentsOf: edit.output)
        return true
    }

    private mutating func replacePlain(_ range: Range<Int>, of text: Span<UInt8>, _ edit: inout ByteEdit) {
        guard !range.isEmpty else { return }
        var made: [UInt8] = []
        if rewriteText(text.extracting(range), to: &made) { edit.replace(range, of: text, with: made.span) }
    }

    private mutating func replaceEscapedRun(_ run: Range<Int>, of text: Span<UInt8>, _ edit: inout ByteEdit) {
        let source = text.extracting(run)
        let read = EscapedText(source)
        let bytes = read.bytes
        var search = ProseSearch(hasLines: false)
        var start = 0
        while true {
            let island = nextIsland(in: bytes.span, &search)
            let end = island?.range.lowerBound ?? bytes.count
            while let found = self.text.next(in: bytes.span.extracting(0..<end), from: start) {
                var made: [UInt8] = []
                replaceFinding(found.kind, bytes.span.extracting(found.range), to: &made)
                if !isInspecting { respell(found.range, made, read, of: text, run, &edit) }
                start = found.range.upperBound
            }
            guard let island else { return }
            var made: [UInt8] = []
            let value = bytes.span.extracting(island.range)
            let isChanged =
                switch island.content {
                case .prose: false
                case .url: rewriteTarget(value, to: &made)
                case .structure: rewrite(value, nil, to: &made)
                case .field(let treatment): treat(value, treatment, to: &made)
                }
            if isChanged { respell(island.range, made, read, of: text, run, &edit) }
            start = island.range.upperBound
            search.index = start
        }
    }

    private func respell(
        _ range: Range<Int>,
        _ made: [UInt8],
        _ read: EscapedText,
        of text: Span<UInt8>,
        _ run: Range<Int>,
        _ edit: inout ByteEdit
    ) {
        var spelling: [UInt8] = []
        read.spell(made.span, inPlaceOf: range, of: text.extracting(run), to: &spelling)
        let place = read.source(of: range)
        edit.replace(
            run.lowerBound &+ place.lowerBound..<run.lowerBound &+ place.upperBound,
            of: text,
            with: spelling.span
        )
    }
}

/// A part of a running text that is more than running text.
private struct ProseIsland {
    enum Content {
        case prose
        case url
        /// JSON, or base64 of it.
        case structure
        case field(Treatment)
    }

    var range: Range<Int>
    var content: Content
}

/// How far a running text has been searched.
private struct ProseSearch {
    /// What looks like JSON and is none is read to the place of the error; after so many times no more.
    private static let maximumFailures = 8

    let hasLines: Bool
    var index = 0
    private var failures = 0

    init(hasLines: Bool) {
        self.hasLines = hasLines
    }

    /// The end of the JSON object or array that begins at `index`.
    mutating func endOfJSON(in text: Span<UInt8>, at index: Int) -> Int? {
        guard failures < Self.maximumFailures else { return nil }
        let next = text.byte(index &+ 1)
        guard next == 0x22 || next == 0x7B || next == 0x20 && text.byte(index &+ 2) == 0x22 else {
            return nil
        }
        guard let end = text.endOfJSON(at: index) else {
            failures &+= 1
            return nil
        }
        return end
    }
}
