import Bytes

extension HTTPParser {
    /// Goes over to searching; `head.bytes` is then the candidate's.
    mutating func lookForStart(skippingAs reason: SkippedBytes, atLineStart: Bool) {
        head.bytes.removeAll(keepingCapacity: true)
        state = .searching(reason, atLineStart: atLineStart)
    }

    /// Looks for a start line at the start of a line; everything before it is skipped.
    mutating func search(
        _ bytes: Span<UInt8>,
        at offset: inout Int,
        for reason: SkippedBytes,
        atLineStart: Bool
    ) -> ParserStep? {
        var atLineStart = atLineStart
        while offset < bytes.count {
            guard atLineStart else {
                let end = bytes.firstIndex(of: .lineFeed, from: offset).map { $0 &+ 1 }
                skip((end ?? bytes.count) &- offset, as: reason)
                offset = end ?? bytes.count
                atLineStart = end != nil
                continue
            }
            let room = limits.headBytes &- head.bytes.count
            let window = bytes.extracting(offset..<min(bytes.count, offset &+ room))
            if let lineFeed = window.firstIndex(of: .lineFeed) {
                if beginAtCandidate(window.extracting(first: lineFeed &+ 1), at: &offset) { return nil }
                skip(head.bytes.count &+ lineFeed &+ 1, as: reason)
                head.bytes.removeAll(keepingCapacity: true)
                offset &+= lineFeed &+ 1
                continue
            }
            if head.bytes.isEmpty { sniffer = StartLineSniffer(kind) }
            if window.count == room || sniffer.feed(window) == .impossible {
                skip(head.bytes.count &+ window.count, as: reason)
                head.bytes.removeAll(keepingCapacity: true)
                atLineStart = false
            } else {
                head.bytes.append(contentsOf: window)
            }
            offset &+= window.count
        }
        state = .searching(reason, atLineStart: atLineStart)
        return takeDueStep() ?? .more
    }

    /// Begins a message if the line of which `rest` is the last part is a start line.
    private mutating func beginAtCandidate(_ rest: Span<UInt8>, at offset: inout Int) -> Bool {
        if head.bytes.isEmpty {
            guard StartLine.isRecognised(rest.line(endingAt: rest.count), as: kind) else { return false }
            beginMessage()
            return true
        }
        head.bytes.append(contentsOf: rest)
        guard StartLine.isRecognised(head.bytes.span.line(endingAt: head.bytes.count), as: kind) else {
            head.bytes.removeLast(rest.count)
            return false
        }
        swap(&head.bytes, &trailers)
        beginFromHeld()
        offset &+= rest.count
        return true
    }

    /// Begins a message whose start line is in `trailers`.
    mutating func beginFromHeld() {
        beginMessage()
        head.bytes.append(contentsOf: trailers)
        var finder = BlankLineFinder()
        _ = finder.feed(head.bytes.span)
        self.finder = finder
        startLineIsChecked = true
    }

    mutating func skipRest(_ bytes: Span<UInt8>, at offset: inout Int, as reason: SkippedBytes) -> ParserStep?
    {
        guard offset < bytes.count else { return .more }
        skip(bytes.count &- offset, as: reason)
        offset = bytes.count
        return nil
    }
}
