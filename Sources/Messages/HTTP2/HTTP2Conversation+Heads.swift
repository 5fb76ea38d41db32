import Bytes
import HeaderCompression

extension HTTP2Conversation {
    /// Begins the message of which a header block begins, where it is clear that one does.
    mutating func beginBlock(
        _ frame: FrameHeader,
        _ kind: MessageKind,
        into sink: inout some MessageSink & ~Copyable
    ) {
        guard frame.type == .headers else { return }
        if let index = streams.index(of: frame.stream) {
            if streams[index][kind].phase == .idle { begin(index, kind, into: &sink) }
        } else if kind == .request, !requests.isPartial, frame.stream % 2 == 1, frame.stream > highestRequest
        {
            begin(open(frame.stream, into: &sink), kind, into: &sink)
        }
    }

    /// Reads a whole header block.
    mutating func takeBlock(
        _ block: HeaderBlock,
        _ kind: MessageKind,
        into sink: inout some MessageSink & ~Copyable
    ) {
        let isRead = self[kind].decode()
        let count = UInt64(self[kind].frames.block.count)
        self[kind].frames.dropBlock()
        guard isRead, !self[kind].list.isTooLong else {
            abandon(block.frame, kind, into: &sink)
            return skip(count, kind, as: isRead ? .oversize : .unparsable, into: &sink)
        }
        if block.frame.type == .pushPromise { return takePromise(block, count, kind, into: &sink) }
        guard let index = streams.index(of: block.frame.stream) ?? openLate(block, kind, into: &sink) else {
            return skip(count, kind, as: self[kind].isPartial ? .beforeJoin : .aborted, into: &sink)
        }
        if streams[index][kind].phase == .idle { begin(index, kind, into: &sink) }
        switch streams[index][kind].phase {
        case .head where self[kind].looksLikeHead(kind, endsStream: block.endsStream):
            takeHead(index, block, count, kind, into: &sink)
        case .head:
            abandon(block.frame, kind, into: &sink)
            skip(count, kind, as: self[kind].isPartial ? .beforeJoin : .unparsable, into: &sink)
        case .body: takeTrailers(index, block, count, kind, into: &sink)
        case .idle, .ended: skip(count, kind, as: .unparsable, into: &sink)
        }
    }

    /// A header block has bytes missing: what it said is lost, and what it put into the table too.
    mutating func loseBlock(
        _ frame: FrameHeader,
        _ kind: MessageKind,
        into sink: inout some MessageSink & ~Copyable
    ) {
        self[kind].forgetTable()
        abandon(frame, kind, into: &sink)
    }

    /// Opens a stream of which the beginning of a message shows only now that its fields are known.
    private mutating func openLate(
        _ block: HeaderBlock,
        _ kind: MessageKind,
        into sink: inout some MessageSink & ~Copyable
    ) -> Int? {
        let id = block.frame.stream
        guard self[kind].looksLikeHead(kind, endsStream: block.endsStream) else { return nil }
        switch kind {
        case .request: guard id % 2 == 1, id > highestRequest || requests.isPartial else { return nil }
        // A stream that is not open any more, of which everything was seen, is over.
        case .response: guard id > highestRequest || requests.isPartial || id % 2 == 0 else { return nil }
        }
        return open(id, into: &sink)
    }

    private mutating func open(_ id: UInt32, into sink: inout some MessageSink & ~Copyable) -> Int {
        if streams.count == limits.outstandingRequests { giveUpOldest(into: &sink) }
        return streams.append(StreamTable.Stream(id: id, ordinal: takeOrdinal()))
    }

    private mutating func begin(
        _ index: Int,
        _ kind: MessageKind,
        into sink: inout some MessageSink & ~Copyable
    ) {
        streams[index][kind].phase = .head
        if kind == .request { highestRequest = max(highestRequest, streams[index].id) }
        sink.receive(.began(kind, streams[index].ordinal), bytes: Span())
    }

    private mutating func takeHead(
        _ index: Int,
        _ block: HeaderBlock,
        _ count: UInt64,
        _ kind: MessageKind,
        into sink: inout some MessageSink & ~Copyable
    ) {
        self[kind].takeHead(kind, endsStream: block.endsStream, count: count)
        let status = self[kind].head.status ?? 0
        let isInterim = kind == .response && (100...199).contains(status) && !block.endsStream
        if isInterim { self[kind].head.flags.insert(.interim) }
        if streams[index].request.flags.contains(.pushed) { self[kind].head.flags.insert(.pushed) }
        if kind == .request { streams[index].method = self[kind].head.requestMethod }
        streams[index][kind].phase = .body
        streams[index][kind].flags = self[kind].head.flags
        if case .value(let length) = self[kind].list.framing.length {
            streams[index][kind].announced = length
        }
        sink.head(&self[kind].head, of: streams[index].ordinal)
        if isInterim {
            end(index, kind, into: &sink)
            streams[index].response = StreamTable.Half()
        } else if block.endsStream {
            endHalf(index, kind, into: &sink)
        }
    }

    private mutating func takeTrailers(
        _ index: Int,
        _ block: HeaderBlock,
        _ count: UInt64,
        _ kind: MessageKind,
        into sink: inout some MessageSink & ~Copyable
    ) {
        self[kind].frames.counts.framing &+= count
        streams[index][kind].flags.formUnion(self[kind].list.flags)
        let lines = self[kind].list.trailers
        if lines.count <= limits.trailerBytes {
            sink.receive(.trailers(kind, streams[index].ordinal), bytes: lines.span)
        } else {
            streams[index][kind].flags.insert(.truncated)
        }
        // Trailers end a stream; who sends them without saying so ends it with the next frame.
        if block.endsStream { endHalf(index, kind, into: &sink) }
    }

    /// A server says that it will answer what nobody asked for (RFC 9113, section 8.4).
    private mutating func takePromise(
        _ block: HeaderBlock,
        _ count: UInt64,
        _ kind: MessageKind,
        into sink: inout some MessageSink & ~Copyable
    ) {
        guard kind == .response, block.promised != 0, block.promised % 2 == 0,
            streams.index(of: block.promised) == nil
        else { return skip(count, kind, as: .unparsable, into: &sink) }
        let index = open(block.promised, into: &sink)
        let ordinal = streams[index].ordinal
        sink.receive(.began(.request, ordinal), bytes: Span())
        responses.takeHead(.request, endsStream: true, count: count)
        responses.head.flags.insert(.pushed)
        streams[index].method = responses.head.requestMethod
        streams[index].request.flags = responses.head.flags
        sink.head(&responses.head, of: ordinal)
        end(index, .request, into: &sink)
    }

    /// Takes back that a message began whose head cannot be read.
    private mutating func abandon(
        _ frame: FrameHeader,
        _ kind: MessageKind,
        into sink: inout some MessageSink & ~Copyable
    ) {
        guard frame.type == .headers, let index = streams.index(of: frame.stream) else { return }
        if streams[index][kind].phase == .head {
            sink.receive(.abandoned(kind, streams[index].ordinal), bytes: Span())
            streams[index][kind].phase = .idle
        }
        guard frame.flags.contains(.endStream) else { return }
        switch kind {
        // It can still be answered.
        case .request: endLost(index, kind, into: &sink)
        case .response where streams[index].request.phase != .body: settle(index, into: &sink)
        case .response: break
        }
    }

    private mutating func endLost(
        _ index: Int,
        _ kind: MessageKind,
        into sink: inout some MessageSink & ~Copyable
    ) {
        guard streams[index][kind].phase == .body else { return }
        streams[index][kind].flags.formUnion([.gap, .incomplete])
        endHalf(index, kind, into: &sink)
    }
}

extension HTTP2Conversation.Direction {
    /// Reads the block that the frames hold into `list`.
    ///
    /// A table that does not have what a block points at is not the one that its sender has: the block is read once
    /// more with a table of which nothing is known.
    mutating func decode() -> Bool {
        if readBlock() { return true }
        forgetTable()
        if readBlock() { return true }
        forgetTable()
        return false
    }

    private mutating func readBlock() -> Bool {
        list.reset()
        guard forgotten <= Self.mostForgotten else { return false }
        do {
            // A copy of the reference to the block's storage, not of its bytes.
            let block = frames.block
            try decoder.decode(block.span, into: &list)
            return true
        } catch {
            return false
        }
    }

    mutating func forgetTable() {
        isPartial = true
        forgotten &+= 1
        guard forgotten <= Self.mostForgotten else { return }
        decoder = HPACKDecoder(isJoined: true)
    }

    /// Whether the fields just read are those of a head and not of trailers, which have no pseudo-fields.
    ///
    /// A first field that is not known may be a status, but not at the end of a stream: trailers are likelier there.
    func looksLikeHead(_ kind: MessageKind, endsStream: Bool) -> Bool {
        let startsUnknown =
            list.flags.contains(.unknownFields)
            && list.fields.first.map { list.bytes[$0.name].elementsEqual(":unknown".utf8) } == true
        switch kind {
        case .request: return list.method != nil || list.path != nil || (startsUnknown && !endsStream)
        case .response: return list.status != nil || (startsUnknown && !endsStream)
        }
    }

    mutating func takeHead(_ kind: MessageKind, endsStream: Bool, count: UInt64) {
        head.take(&list, as: kind, endsStream: endsStream)
        head.compressedCount = Int(count)
        frames.counts.heads &+= count
        if nextIsJoined { head.flags.insert(.joined) }
        nextIsJoined = false
    }
}
