import Bytes

extension HTTP2Conversation {
    mutating func takeData(
        _ bytes: Span<UInt8>,
        of id: UInt32,
        _ kind: MessageKind,
        into sink: inout some MessageSink & ~Copyable
    ) {
        let count = UInt64(bytes.count)
        guard let index = streams.index(of: id), streams[index][kind].phase == .body else {
            // The head was not seen, or the stream is over and its sender did not know yet.
            return skip(count, kind, as: self[kind].isPartial ? .beforeJoin : .aborted, into: &sink)
        }
        self[kind].frames.counts.bodies &+= count
        let before = streams[index][kind].length
        streams[index][kind].length = before &+ count
        let room = limits.bodyBytes &- min(limits.bodyBytes, before)
        if count > room { streams[index][kind].flags.insert(.truncated) }
        let kept = Int(min(count, room))
        if kept > 0 {
            sink.receive(.body(kind, streams[index].ordinal), bytes: bytes.extracting(first: kept))
        }
    }

    mutating func takeGap(
        _ count: UInt64,
        of id: UInt32,
        _ kind: MessageKind,
        into sink: inout some MessageSink & ~Copyable
    ) {
        guard let index = streams.index(of: id), streams[index][kind].phase == .body else { return }
        streams[index][kind].length &+= count
        streams[index][kind].flags.insert(.gap)
        sink.receive(.bodyGap(kind, streams[index].ordinal, count: count), bytes: Span())
    }

    mutating func endStream(_ id: UInt32, _ kind: MessageKind, into sink: inout some MessageSink & ~Copyable)
    {
        guard let index = streams.index(of: id), streams[index][kind].phase == .body else { return }
        endHalf(index, kind, into: &sink)
    }

    /// One side gives a stream up; what the other has sent by then may still come.
    mutating func reset(_ id: UInt32, by kind: MessageKind, into sink: inout some MessageSink & ~Copyable) {
        guard let index = streams.index(of: id) else { return }
        for half in [MessageKind.request, .response] where streams[index][half].phase == .body {
            cutShort(index, half, [.incomplete, .reset], into: &sink)
        }
        // What a client gives up may be answered already.
        if kind == .request, streams[index].response.phase == .idle, streams[index].request.phase == .ended {
            return
        }
        settle(index, into: &sink)
    }

    /// Nobody can tell which frames are missing: every message under way may miss some, and the table is not known.
    mutating func loseFrames(_ kind: MessageKind) {
        self[kind].forgetTable()
        for index in 0..<streams.count where streams[index][kind].phase == .body {
            streams[index][kind].flags.insert(.gap)
        }
    }

    /// Ends a direction of a stream, and the stream when it was the last.
    mutating func endHalf(_ index: Int, _ kind: MessageKind, into sink: inout some MessageSink & ~Copyable) {
        end(index, kind, into: &sink)
        let isAnswered = streams[index].response.phase == .ended
        let isAsked = streams[index].request.phase == .ended || streams[index].request.phase == .idle
        if isAnswered, isAsked { streams.remove(at: index) }
    }

    mutating func end(_ index: Int, _ kind: MessageKind, into sink: inout some MessageSink & ~Copyable) {
        var half = streams[index][kind]
        if kind == .response, streams[index].request.phase == .idle { half.flags.insert(.noRequest) }
        if half.contradictsLength(isAnswerTo: kind == .response ? streams[index].method : nil) {
            half.flags.insert(.smuggling)
        }
        half.phase = .ended
        streams[index][kind] = half
        let end = MessageEnd(bodyLength: half.length, flags: half.flags)
        sink.receive(.end(kind, streams[index].ordinal, end), bytes: Span())
    }

    mutating func cutShort(
        _ index: Int,
        _ kind: MessageKind,
        _ flags: MessageFlags,
        into sink: inout some MessageSink & ~Copyable
    ) {
        streams[index][kind].flags.formUnion(flags)
        end(index, kind, into: &sink)
    }

    /// Takes a stream out on which nothing will come any more.
    mutating func settle(_ index: Int, into sink: inout some MessageSink & ~Copyable) {
        endHalves(of: index, into: &sink)
        let stream = streams.remove(at: index)
        if stream.isUnanswered { unanswered &+= 1 }
    }

    /// Makes room for one stream more.
    mutating func giveUpOldest(into sink: inout some MessageSink & ~Copyable) {
        endHalves(of: 0, into: &sink)
        let stream = streams.remove(at: 0)
        if stream.isUnanswered { forgottenRequests &+= 1 }
    }

    /// Ends what is under way on a stream.
    private mutating func endHalves(of index: Int, into sink: inout some MessageSink & ~Copyable) {
        for half in [MessageKind.request, .response] {
            switch streams[index][half].phase {
            case .body: cutShort(index, half, .incomplete, into: &sink)
            case .head:
                sink.receive(.abandoned(half, streams[index].ordinal), bytes: Span())
                streams[index][half].phase = .idle
            case .idle, .ended: break
            }
        }
    }

    mutating func skip(
        _ count: UInt64,
        _ kind: MessageKind,
        as reason: SkippedBytes,
        into sink: inout some MessageSink & ~Copyable
    ) {
        guard count > 0 else { return }
        self[kind].frames.counts[reason] &+= count
        sink.receive(.skipped(kind, count: count, reason), bytes: Span())
    }
}

extension StreamTable.Stream {
    /// A request was there that a client sent, and no final response to it.
    var isUnanswered: Bool {
        (request.phase == .body || request.phase == .ended) && !request.flags.contains(.pushed)
            && (response.phase == .idle || response.phase == .head)
    }
}

extension StreamTable.Half {
    /// Whether Content-Length says otherwise than the frames (RFC 9113, section 8.1.1).
    ///
    /// A response to HEAD, and one that says that nothing has changed, has the length of what it does not carry.
    fileprivate func contradictsLength(isAnswerTo method: RequestMethod?) -> Bool {
        guard let announced, announced != length, flags.isDisjoint(with: [.gap, .incomplete]) else {
            return false
        }
        return method == nil || length > 0
    }
}
