import Bytes

extension HTTPParser {
    /// Says that a final response came before any byte of the body of a request with `Expect: 100-continue`: the
    /// client may keep the body back and go on with its next request (RFC 9110, section 10.1.1).
    ///
    /// Without effect where the request expects nothing, or part of its body is there already.
    package mutating func bodyMayBeWithheld() {
        guard framingFields.expectsContinue, bodyLength == 0 else { return }
        switch state {
        case .length: break
        case .chunkLine(let line) where line.count == 0: break
        default: return
        }
        doubtBody()
    }

    /// Waits whether a start line stands in the place of the body.
    mutating func doubtBody() {
        trailers.removeAll(keepingCapacity: true)
        sniffer = StartLineSniffer(kind)
        state = .unsent
    }

    /// Says, at the step `head`, that the request of this response is not known: one to HEAD has no body, whatever its
    /// head says (RFC 9112, section 6.3).
    package mutating func requestIsUnknown() {
        bodyIsInDoubt = true
    }

    /// Reads on until it is clear whether a start line stands in the place of the body.
    mutating func awaitBody(_ bytes: Span<UInt8>, at offset: inout Int) -> ParserStep? {
        guard offset < bytes.count else { return .more }
        let room = withheldLimit &- trailers.count
        let window = bytes.extracting(offset..<min(bytes.count, offset &+ room))
        if let lineFeed = window.firstIndex(of: .lineFeed) {
            let held = trailers.count
            trailers.append(contentsOf: window.extracting(first: lineFeed &+ 1))
            if StartLine.parse(trailers.span.line(endingAt: trailers.count), as: kind) != nil {
                offset &+= lineFeed &+ 1
                flags.insert(.incomplete)
                resume = .held
                state = .ended
                return nil
            }
            trailers.removeLast(trailers.count &- held)
            return releaseHeld()
        }
        if sniffer.feed(window) == .impossible { return releaseHeld() }
        if window.count == room {
            // The body is too short to tell, or the line too long.
            if bodyIsInDoubt { flags.insert(.incomplete) }
            return releaseHeld()
        }
        trailers.append(contentsOf: window)
        offset &+= window.count
        return .more
    }

    /// Up to this many bytes may be a start line, more are body.
    private var withheldLimit: Int {
        guard case .length(let count) = head.framing else { return limits.headBytes }
        return Int(min(count, UInt64(limits.headBytes)))
    }

    /// The bytes held back are body after all.
    private mutating func releaseHeld() -> ParserStep? {
        let held = trailers.count
        if case .untilClose = head.framing {
            state = .untilClose
            let kept = countBody(UInt64(held))
            trailers.removeLast(held &- kept)
            return kept > 0 ? .heldBody : nil
        }
        guard case .length(let count) = head.framing else {
            var line = ChunkLine()
            for index in 0..<held where line.feed(trailers[index], limit: limits.chunkLineBytes) == .junk {
                counts.framing &+= UInt64(index)
                skip(held &- index, as: .unparsable)
                loseFraming(atLineStart: false)
                return nil
            }
            counts.framing &+= UInt64(held)
            state = .chunkLine(line)
            return nil
        }
        state = count > UInt64(held) ? .length(count &- UInt64(held)) : .ended
        let kept = countBody(UInt64(held))
        trailers.removeLast(held &- kept)
        return kept > 0 ? .heldBody : nil
    }
}
