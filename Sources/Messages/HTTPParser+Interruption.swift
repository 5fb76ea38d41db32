extension HTTPParser {
    /// Says that the next `count` bytes were never captured; take the steps that follow before more bytes are given.
    ///
    /// A gap inside a body whose end is known stays inside the message. Any other ends it as incomplete, and the
    /// parser looks for the next start line.
    package mutating func gap(_ count: UInt64) {
        guard count > 0 else { return }
        counts.gaps &+= count
        if case .framed = state { _ = enterBody() }
        if case .unsent = state {
            if bodyIsInDoubt {
                // Perhaps there is no body, and the gap is in another message.
                skip(trailers.count, as: .unparsable)
                flags.insert(.gap)
                endInGap()
                return
            }
            settleWithheld()
        }
        switch state {
        case .upgraded, .refused:
            break
        case .length(let left):
            take(gap: min(left, count))
            state = count < left ? .length(left &- count) : .ended
            if count > left { searchAfterEnd() }
        case .chunkData(let left) where count <= left:
            take(gap: count)
            state = count < left ? .chunkData(left &- count) : .chunkEnd(sawCarriageReturn: false)
        case .chunkData(let left):
            take(gap: left)
            endInGap()
        case .untilClose:
            take(gap: count)
        case .chunkLine, .chunkEnd, .trailers:
            flags.insert(.gap)
            endInGap()
        case .ended:
            searchAfterEnd()
        case .head:
            dropHead(as: .unparsable, abandoning: .answerable)
            searchNow()
        case .searching(let reason, _):
            dropHead(as: reason, abandoning: nil)
            searchNow()
        case .idle, .framed, .unsent:
            searchNow()
        }
    }

    /// What a gap of `count` bytes at this point takes away besides bytes of the message under way.
    func loss(inGapOf count: UInt64) -> MessageLoss {
        switch state {
        case .upgraded, .refused, .untilClose: .none
        case .idle: .certain
        case .head, .searching, .chunkLine, .chunkEnd, .trailers: .possible
        case .chunkData(let left): count <= left ? .none : .possible
        case .length(let left): count <= left ? .none : lossAfterMessage
        case .framed where bodyIsInDoubt, .unsent where bodyIsInDoubt: .possible
        case .framed, .unsent:
            switch head.framing {
            case .none: lossAfterMessage
            case .length(let left): count <= left ? .none : lossAfterMessage
            case .chunked: .possible
            case .untilClose: .none
            }
        case .ended: lossAfterMessage
        }
    }

    private var lossAfterMessage: MessageLoss {
        switch resume {
        case .idle: .certain
        case .held, .searching: .possible
        case .upgraded: .none
        }
    }

    /// Says that the bytes given next begin a segment: where a start line is looked for, one may stand there.
    ///
    /// What precedes it is the end of a body, which need not end a line.
    @inline(__always)
    package mutating func beginSegment() {
        guard case .searching(let reason, atLineStart: false) = state else { return }
        state = .searching(reason, atLineStart: true)
    }

    private mutating func searchNow() {
        lookForStart(skippingAs: .beforeJoin, atLineStart: true)
        searchFollowsGap = true
    }

    /// Once HTTP is left, a gap changes nothing.
    private mutating func searchAfterEnd() {
        if case .upgraded = resume { return }
        resume = .searching(.beforeJoin, atLineStart: true)
        searchFollowsGap = true
    }

    private mutating func take(gap count: UInt64) {
        guard count > 0 else { return }
        bodyLength &+= count
        due.bodyGap &+= count
        flags.insert(.gap)
    }

    private mutating func endInGap() {
        flags.insert(.incomplete)
        searchAfterEnd()
        state = .ended
    }

    /// Says that no more bytes will come; take the steps that follow.
    ///
    /// A body that lasts until close is whole if the sender closed; every other message that is not over is
    /// incomplete. A head that is not over is abandoned.
    package mutating func finish(_ end: DirectionEnd) {
        if case .framed = state { _ = enterBody() }
        if case .unsent = state { settleWithheld() }
        switch state {
        case .idle, .upgraded, .refused, .ended:
            break
        case .untilClose:
            if end != .closed { cutShort(end) }
            state = .ended
        case .length, .chunkLine, .chunkData, .chunkEnd, .trailers:
            cutShort(end)
            state = .ended
        case .head:
            dropHead(as: .unparsable, abandoning: .answerable)
            state = .idle
        case .searching(let reason, _):
            dropHead(as: reason, abandoning: nil)
            state = .idle
        case .framed, .unsent:
            preconditionFailure("left above")
        }
    }

    private mutating func cutShort(_ end: DirectionEnd) {
        flags.insert(.incomplete)
        if end == .reset { flags.insert(.reset) }
    }

    /// Says that what follows is no longer HTTP (101, or 2xx to CONNECT); take the steps that follow.
    ///
    /// A message under way that has a head is read to its end first.
    package mutating func leaveHTTP() {
        switch state {
        case .idle, .upgraded, .refused:
            state = .upgraded
        case .head:
            holdHead()
            dropHead(as: .upgraded, abandoning: .unanswerable)
            state = .upgraded
        case .searching:
            holdHead()
            dropHead(as: .upgraded, abandoning: nil)
            state = .upgraded
        case .framed, .unsent, .length, .chunkLine, .chunkData, .chunkEnd, .trailers, .untilClose, .ended:
            resume = .upgraded
        }
    }

    /// Keeps what is there of a head or candidate for those who read what follows HTTP.
    private mutating func holdHead() {
        trailers.removeAll(keepingCapacity: true)
        trailers.append(contentsOf: head.bytes)
    }

    /// Settles that the body was not sent, where nothing can tell any more; a started start line is no message.
    private mutating func settleWithheld() {
        skip(trailers.count, as: .unparsable)
        trailers.removeAll(keepingCapacity: true)
        switch head.framing {
        case .length(let count): state = .length(count)
        case .untilClose: state = .untilClose
        case .none, .chunked: state = .chunkLine(ChunkLine())
        }
    }
}
