import Bytes
package import Messages

extension Anonymizer {
    /// Replaces values in whole server-sent events (HTML standard, section 9.2), in place.
    ///
    /// The data of an event is treated as JSON if it is JSON, else as text; data that begins like JSON and is none is
    /// replaced whole. Every other line is text, identifiers and types among them, and the layout of lines stays. Events
    /// that are not UTF-8 are replaced whole.
    package mutating func anonymizeEvents(
        _ bytes: inout [UInt8],
        in scope: RuleScope = .unknown,
        of kind: MessageKind = .response
    ) {
        enter(scope, kind)
        _ = anonymizeContent(.events, &bytes)
    }

    mutating func rewriteEvents(_ source: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        var edit = ByteEdit()
        var data: [Range<Int>] = []
        var start = 0
        while start < source.count {
            let end = source.endOfLine(from: start)
            if end == start {
                replaceData(data, of: source, &edit)
                data.removeAll(keepingCapacity: true)
            } else if source.starts(with: "data", at: start), end == start &+ 4 || source[start &+ 4] == 0x3A
            {
                var value = Swift.min(end, start &+ 5)
                if value < end, source[value] == 0x20 { value &+= 1 }
                data.append(value..<end)
            } else {
                // Lines of data come in order before this one is written.
                replaceData(data, of: source, &edit)
                data.removeAll(keepingCapacity: true)
                replaceLine(start..<end, of: source, &edit)
            }
            start = source.startOfLine(after: end)
        }
        replaceData(data, of: source, &edit)
        guard edit.isChanged else { return false }
        edit.finish(source)
        output.append(contentsOf: edit.output)
        return true
    }

    private mutating func replaceLine(_ range: Range<Int>, of source: Span<UInt8>, _ edit: inout ByteEdit) {
        var text: [UInt8] = []
        if rewriteProse(source.extracting(range), to: &text) {
            edit.replace(range, of: source, with: text.span)
        }
    }

    /// Replaces values in the data of one event, which may be several lines of one text.
    private mutating func replaceData(_ lines: [Range<Int>], of source: Span<UInt8>, _ edit: inout ByteEdit) {
        guard let first = lines.first(where: { !$0.isEmpty }) else { return }
        guard lines.count > 1 else {
            let text = source.extracting(first)
            var made: [UInt8] = []
            guard let isChanged = rewriteData(text, to: &made) else {
                return replaceBroken(lines, of: source, &edit)
            }
            if isChanged { edit.replace(first, of: source, with: made.span) }
            return
        }
        var joined: [UInt8] = []
        for line in lines {
            joined.append(contentsOf: source.extracting(line))
            joined.append(0x0A)
        }
        joined.removeLast()
        var made: [UInt8] = []
        guard let isChanged = rewriteData(joined.span, to: &made) else {
            return replaceBroken(lines, of: source, &edit)
        }
        guard isChanged else { return }
        // Of JSON, line ends stand between tokens only, and those have stayed; so do those of running text.
        let parts = made.split(separator: 0x0A, omittingEmptySubsequences: false)
        if parts.count == lines.count {
            for (line, part) in zip(lines, parts) { edit.replace(line, of: source, with: part.span) }
            return
        }
        // Of base64 and the like none were in it.
        for (index, line) in lines.enumerated() {
            let text = index == 0 ? made.map { $0 == 0x0A ? 0x20 : $0 } : []
            edit.replace(line, of: source, with: text.span)
        }
    }

    /// Appends data with values replaced; `nil` for what begins like JSON and is none.
    private mutating func rewriteData(_ text: Span<UInt8>, to output: inout [UInt8]) -> Bool? {
        text.startsLikeJSON ? rewriteWholeJSON(text, to: &output) : rewriteTextBody(text, to: &output)
    }

    /// Puts filler in the place of data that begins like JSON and is none.
    private mutating func replaceBroken(_ lines: [Range<Int>], of source: Span<UInt8>, _ edit: inout ByteEdit)
    {
        if isInspecting {
            note(.opaque(.malformed))
            return
        }
        audit.count(.malformed)
        for line in lines {
            edit.replace(line, of: source, with: [UInt8](repeating: Self.filler, count: line.count).span)
        }
    }
}

extension Span where Element == UInt8 {
    /// Where the line feed or carriage return stands that ends the line.
    fileprivate func endOfLine(from start: Int) -> Int {
        var index = start
        while index < count, self[index] != 0x0A, self[index] != 0x0D { index &+= 1 }
        return index
    }

    fileprivate func startOfLine(after end: Int) -> Int {
        byte(end) == 0x0D && byte(end &+ 1) == 0x0A ? end &+ 2 : end &+ 1
    }

    /// The end of the last empty line.
    var endOfWholeEvents: Int {
        var end = 0
        var start = 0
        while start < count {
            let lineEnd = endOfLine(from: start)
            guard lineEnd < count else { break }
            let next = startOfLine(after: lineEnd)
            if lineEnd == start { end = next }
            start = next
        }
        return end
    }
}
