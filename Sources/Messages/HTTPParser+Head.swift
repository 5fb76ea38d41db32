import Bytes

extension HTTPParser {
    mutating func beginMessage(_ bytes: Span<UInt8>, at offset: inout Int) -> ParserStep? {
        let first = offset
        while offset < bytes.count, bytes[offset] == .carriageReturn || bytes[offset] == .lineFeed {
            offset &+= 1
        }
        counts.framing &+= UInt64(offset &- first)
        guard offset < bytes.count else { return .more }
        // Only a server passes over empty lines before the first message (RFC 9112, section 2.2): a client takes
        // what starts with one for something else.
        if kind == .response, counts.framing > 0, counts.total == counts.framing {
            state = .refused
            return nil
        }
        guard StartLineSniffer.canStart(kind, with: bytes[offset]) else {
            lookForStart(skippingAs: .unparsable, atLineStart: true)
            return nil
        }
        beginMessage()
        return nil
    }

    /// Makes ready for a message whose first byte is at hand; the step `began` is due.
    mutating func beginMessage() {
        head.bytes.removeAll(keepingCapacity: true)
        finder = BlankLineFinder()
        sniffer = StartLineSniffer(kind)
        startLineIsChecked = false
        flags = nextIsJoined ? .joined : []
        nextIsJoined = false
        followsGap = searchFollowsGap
        searchFollowsGap = false
        bodyLength = 0
        resume = .idle
        due.began = true
        hasBegun = true
        state = .head
    }

    mutating func readHead(_ bytes: Span<UInt8>, at offset: inout Int) -> ParserStep? {
        guard offset < bytes.count else { return .more }
        let room = limits.headBytes &- head.bytes.count
        let window = bytes.extracting(offset..<min(bytes.count, offset &+ room))
        if head.bytes.isEmpty, takeWholeHead(window, at: &offset) { return .head }
        if let end = finder.feed(window) {
            return takeHead(window.extracting(first: end), at: &offset)
        }
        head.bytes.append(contentsOf: window)
        offset &+= window.count
        guard startLineIsChecked || startLineMayBeRight(window) else {
            dropStartLine(at: &offset)
            return nil
        }
        if head.bytes.count == limits.headBytes {
            dropHead(as: .oversize, abandoning: .answerable)
            lookForStart(skippingAs: .oversize, atLineStart: finder.isAtLineStart)
            return nil
        }
        return .more
    }

    /// Takes in a head that is all there and right, as nearly all are, in one pass; else nothing has changed.
    private mutating func takeWholeHead(_ window: Span<UInt8>, at offset: inout Int) -> Bool {
        var fields: [HeaderField] = []
        swap(&fields, &head.fields)
        defer { swap(&fields, &head.fields) }
        do {
            let parts = try HeadSplitter(
                window,
                as: kind,
                fieldLimit: limits.fieldCount,
                into: &fields,
                repeating: &lines
            )
            head.bytes.append(contentsOf: window.extracting(first: parts.count))
            offset &+= parts.count
            finish(parts)
            return true
        } catch {
            return false
        }
    }

    /// Goes on with a head that has been split.
    private mutating func finish(_ parts: HeadSplitter) {
        head.start = parts.start
        head.version = parts.version
        head.flags = parts.flags
        framingFields = parts.framing
        counts.heads &+= UInt64(head.bytes.count)
        framingIsDecided = false
        bodyIsInDoubt = false
        state = .framed
    }

    /// Takes in the last part of a head.
    private mutating func takeHead(_ part: Span<UInt8>, at offset: inout Int) -> ParserStep? {
        head.bytes.append(contentsOf: part)
        offset &+= part.count
        // A span of one part of `self` keeps all of it from being changed.
        var fields: [HeaderField] = []
        swap(&fields, &head.fields)
        defer { swap(&fields, &head.fields) }
        do {
            let parts = try HeadSplitter(
                head.bytes.span,
                as: kind,
                fieldLimit: limits.fieldCount,
                into: &fields
            )
            finish(parts)
            return .head
        } catch {
            switch error.code {
            case .startLine:
                dropStartLine(at: &offset)
            case .tooManyFields:
                dropHead(as: .oversize, abandoning: .answerable)
                lookForStart(skippingAs: .oversize, atLineStart: true)
            case .field, .unterminated:
                dropHead(as: .unparsable, abandoning: .answerable)
                lookForStart(skippingAs: .unparsable, atLineStart: true)
            }
            return nil
        }
    }

    /// Checks the first line as soon as it is there; `window` is the newest part of `head.bytes`.
    private mutating func startLineMayBeRight(_ window: Span<UInt8>) -> Bool {
        guard finder.firstLineEnd > 0 else { return sniffer.feed(window) != .impossible }
        startLineIsChecked = true
        return StartLine.parse(head.bytes.span.line(endingAt: finder.firstLineEnd), as: kind) != nil
    }

    /// Gives up what looked like a head up to the end of its first line; the bytes after it are looked at again.
    private mutating func dropStartLine(at offset: inout Int) {
        if finder.firstLineEnd > 0 {
            offset &-= head.bytes.count &- finder.firstLineEnd
            head.bytes.removeLast(head.bytes.count &- finder.firstLineEnd)
        }
        let atLineStart = finder.firstLineEnd > 0
        dropHead(as: .unparsable, abandoning: .unanswerable)
        lookForStart(skippingAs: .unparsable, atLineStart: atLineStart)
    }
}

extension HTTPParser {
    /// Derives how the body of the message in `head` ends; `method` is that of the request that a response answers.
    ///
    /// To be called at the step `head`; the next step does it for `.other` where nobody has.
    package mutating func decideFraming(answering method: RequestMethod = .other) {
        guard case .framed = state, !framingIsDecided else {
            preconditionFailure("framing is decided once, at the step `head`; state \(state)")
        }
        framingIsDecided = true
        let decision = BodyFraming.decide(
            for: head.start,
            version: head.version,
            fields: framingFields,
            answering: method
        )
        head.framing = decision.framing
        flags.formUnion(head.flags)
        flags.formUnion(decision.flags)
        head.flags = flags
        if decision.isLost {
            flags.insert(.incomplete)
            resume = .searching(.unparsable, atLineStart: true)
        }
    }

    mutating func enterBody() -> ParserStep? {
        if !framingIsDecided { decideFraming() }
        switch head.framing {
        case .none, .length(0): state = .ended
        case _ where bodyIsInDoubt: doubtBody()
        case .length(let count): state = .length(count)
        case .chunked: state = .chunkLine(ChunkLine())
        case .untilClose: state = .untilClose
        }
        return nil
    }

    mutating func endMessage() -> ParserStep? {
        switch resume {
        case .idle:
            state = .idle
        case .upgraded:
            state = .upgraded
        case .searching(let reason, let atLineStart):
            lookForStart(skippingAs: reason, atLineStart: atLineStart)
        case .held:
            let end = MessageEnd(bodyLength: bodyLength, flags: flags)
            beginFromHeld()
            return .end(end)
        }
        resume = .idle
        return .end(MessageEnd(bodyLength: bodyLength, flags: flags))
    }
}

extension Span where Element == UInt8 {
    /// The line that ends just before `end`, from the first byte on and without its line end.
    @_lifetime(copy self)
    func line(endingAt end: Int) -> Span<UInt8> {
        let content = end &- 1
        return extracting(0..<(content > 0 && self[content &- 1] == .carriageReturn ? content &- 1 : content))
    }
}
