import Bytes

/// Reads the frames of one direction of an HTTP/2 connection (RFC 9113, section 4), from bytes in any cut.
///
/// It is used as ``HTTPParser`` is: give bytes and ask for one step after the other until the answer is
/// ``FrameStep/more``. Only headers of frames and header blocks are copied. What the frames between the messages say
/// (SETTINGS, PING, PRIORITY, WINDOW_UPDATE, GOAWAY, unknown ones) changes nothing here; they are counted as framing.
struct FrameReader: Sendable {
    /// What a client sends first (RFC 9113, section 3.4).
    static let preface: StaticString = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

    let limits: HTTPLimits
    /// The header block at the step `block`, as on the wire.
    var block: [UInt8] = []
    var counts = ByteCounts()

    var state: State
    /// Of a frame header, of what stands before data or fields, or of the bytes that are searched.
    var held: [UInt8] = []
    /// The frame with which the header block under way began.
    var blockFrame: FrameHeader?
    var promised: UInt32 = 0
    var blockIsDamaged = false
    var blockIsTooLong = false
    /// Bytes that are missing and have not been told of yet.
    var missing: UInt64 = 0
    /// Why bytes that are passed over before the next frame belong to none.
    var searchReason = SkippedBytes.beforeJoin
    /// The next frame is the first one of a whole connection: SETTINGS (RFC 9113, section 3.4).
    var isFirst: Bool
    /// Steps of an interruption that come one after the other.
    var due: [FrameStep] = []

    /// What the next byte is.
    enum State {
        /// In the preface, of which so much was there → header, searching
        case preface(Int)
        /// In a frame header; what is there of it is in `held` → prelude, data, fragment, rest, searching
        case header
        /// Before data or fields; what is there is in `held` → data, fragment
        case prelude(FrameHeader)
        /// In data; so many bytes are left, and behind them so many of padding → rest
        case data(FrameHeader, left: Int, padding: Int)
        /// In a part of a header block → rest
        case fragment(FrameHeader, left: Int, padding: Int)
        /// In bytes of a frame that nobody needs → ended
        case rest(FrameHeader, left: Int, as: SkippedBytes?)
        /// Behind the last byte of a frame → header
        case ended(FrameHeader)
        /// Looking for frames; what is looked into is in `held` → header
        case searching
    }

    /// How the bytes of a direction begin.
    enum Beginning {
        /// With the preface of a client.
        case preface
        /// With a frame.
        case frame
        /// In the middle of a connection.
        case anywhere
    }

    init(limits: HTTPLimits, beginning: Beginning) {
        self.limits = limits
        isFirst = beginning != .anywhere
        switch beginning {
        case .preface: state = .preface(0)
        case .frame: state = .header
        case .anywhere: state = .searching
        }
    }

    /// Bytes that were taken in and belong to no bucket yet.
    var pendingBytes: UInt64 { UInt64(held.count &+ block.count) }

    /// Whether something has begun that ``finish()`` has to end: bytes in no bucket, or a header block without any yet.
    var isUnderWay: Bool { pendingBytes > 0 || blockFrame != nil }

    /// Takes the next step in `bytes`, from `offset` on, and moves `offset` past what it used.
    mutating func next(_ bytes: Span<UInt8>, at offset: inout Int) -> FrameStep {
        while true {
            if !due.isEmpty { return due.removeFirst() }
            let step: FrameStep? =
                switch state {
                case .ended(let frame): end(frame)
                case _ where missing > 0: passOverGap()
                case .preface(let count): readPreface(bytes, at: &offset, count)
                case .header: readHeader(bytes, at: &offset)
                case .prelude(let frame): readPrelude(of: frame, bytes, at: &offset)
                case .data(let frame, let left, let padding):
                    readData(of: frame, bytes, at: &offset, left: left, padding: padding)
                case .fragment(let frame, let left, let padding):
                    readFragment(of: frame, bytes, at: &offset, left: left, padding: padding)
                case .rest(let frame, let left, let reason):
                    readRest(of: frame, bytes, at: &offset, left: left, as: reason)
                case .searching: search(bytes, at: &offset)
                }
            if let step { return step }
        }
    }

    /// Empties the header block after it was read.
    mutating func dropBlock() {
        block.removeAll(keepingCapacity: true)
    }
}

extension FrameReader {
    private mutating func readPreface(_ bytes: Span<UInt8>, at offset: inout Int, _ count: Int) -> FrameStep?
    {
        var count = count
        let wanted = UnsafeBufferPointer(start: Self.preface.utf8Start, count: Self.preface.utf8CodeUnitCount)
        while count < wanted.count {
            guard offset < bytes.count else {
                state = .preface(count)
                return .more
            }
            guard bytes[offset] == wanted[count] else {
                counts.framing &-= UInt64(count)
                searchReason = .unparsable
                state = .searching
                return skip(UInt64(count), as: .unparsable)
            }
            counts.framing &+= 1
            count &+= 1
            offset &+= 1
        }
        state = .header
        return nil
    }

    private mutating func readHeader(_ bytes: Span<UInt8>, at offset: inout Int) -> FrameStep? {
        guard let frame = takeHeader(bytes, at: &offset) else { return .more }
        guard frame.isPossible, blockFrame == nil || frame.continues(blockFrame),
            !isFirst || frame.type == .settings
        else {
            isFirst = false
            // An endpoint would end the connection here. What was read as a header is part of the search.
            counts.framing &-= UInt64(FrameHeader.count)
            held.append(contentsOf: frame.bytes)
            loseFrames(as: .unparsable)
            return nil
        }
        isFirst = false
        if frame.type == .continuation, blockFrame == nil {
            // It belongs to a block of which the beginning is not there.
            state = .rest(frame, left: frame.length, as: .unparsable)
            return .lost
        }
        switch frame.type {
        case .data, .headers, .pushPromise: state = .prelude(frame)
        case .continuation: state = .fragment(frame, left: frame.length, padding: 0)
        default: state = .rest(frame, left: frame.length, as: nil)
        }
        if frame.type == .headers || frame.type == .pushPromise {
            blockFrame = frame
            blockIsDamaged = false
            blockIsTooLong = false
            promised = 0
            return .blockBegan(frame)
        }
        return nil
    }

    /// The next frame header, of which parts may have come before.
    private mutating func takeHeader(_ bytes: Span<UInt8>, at offset: inout Int) -> FrameHeader? {
        if held.isEmpty, offset &+ FrameHeader.count <= bytes.count {
            let frame = FrameHeader(bytes, at: offset)
            offset &+= FrameHeader.count
            counts.framing &+= UInt64(FrameHeader.count)
            return frame
        }
        guard hold(FrameHeader.count, of: bytes, at: &offset) else { return nil }
        let frame = FrameHeader(held.span)
        held.removeAll(keepingCapacity: true)
        counts.framing &+= UInt64(FrameHeader.count)
        return frame
    }

    /// Copies bytes until `count` are held; false while there are fewer.
    private mutating func hold(_ count: Int, of bytes: Span<UInt8>, at offset: inout Int) -> Bool {
        while held.count < count {
            guard offset < bytes.count else { return false }
            held.append(bytes[offset])
            offset &+= 1
        }
        return true
    }

    private mutating func readPrelude(
        of frame: FrameHeader,
        _ bytes: Span<UInt8>,
        at offset: inout Int
    ) -> FrameStep? {
        let count = frame.preludeCount
        guard hold(count, of: bytes, at: &offset) else { return .more }
        let padding = frame.flags.contains(.padded) ? Int(held[0]) : 0
        if frame.type == .pushPromise {
            promised = held.span.bigEndian(UInt32.self, at: count &- 4) & 0x7FFF_FFFF
        }
        held.removeAll(keepingCapacity: true)
        counts.framing &+= UInt64(count)
        let left = frame.length &- count &- padding
        guard left >= 0 else {
            // More padding than frame is an error of the connection; where the frame ends is known all the same.
            if frame.type != .data { blockIsDamaged = true }
            state = .rest(frame, left: frame.length &- count, as: .unparsable)
            return nil
        }
        state =
            frame.type == .data
            ? .data(frame, left: left, padding: padding) : .fragment(frame, left: left, padding: padding)
        return nil
    }

    private mutating func readData(
        of frame: FrameHeader,
        _ bytes: Span<UInt8>,
        at offset: inout Int,
        left: Int,
        padding: Int
    ) -> FrameStep? {
        guard left > 0 else {
            state = .rest(frame, left: padding, as: nil)
            return nil
        }
        let count = min(left, bytes.count &- offset)
        guard count > 0 else { return .more }
        state = .data(frame, left: left &- count, padding: padding)
        defer { offset &+= count }
        return .data(frame.stream, ByteRange(offset: offset, count: count))
    }

    private mutating func readFragment(
        of frame: FrameHeader,
        _ bytes: Span<UInt8>,
        at offset: inout Int,
        left: Int,
        padding: Int
    ) -> FrameStep? {
        guard left > 0 else {
            state = .rest(frame, left: padding, as: nil)
            return nil
        }
        let count = min(left, bytes.count &- offset)
        guard count > 0 else { return .more }
        let part = bytes.extracting(offset..<offset &+ count)
        offset &+= count
        state = .fragment(frame, left: left &- count, padding: padding)
        if blockIsDamaged { return skip(UInt64(count), as: blockIsTooLong ? .oversize : .unparsable) }
        guard block.count &+ count <= limits.headBytes else {
            blockIsDamaged = true
            blockIsTooLong = true
            let dropped = UInt64(block.count &+ count)
            dropBlock()
            return skip(dropped, as: .oversize)
        }
        block.append(contentsOf: part)
        return nil
    }

    private mutating func readRest(
        of frame: FrameHeader,
        _ bytes: Span<UInt8>,
        at offset: inout Int,
        left: Int,
        as reason: SkippedBytes?
    ) -> FrameStep? {
        guard left > 0 else {
            state = .ended(frame)
            return nil
        }
        let count = min(left, bytes.count &- offset)
        guard count > 0 else { return .more }
        offset &+= count
        state = .rest(frame, left: left &- count, as: reason)
        if let reason { return skip(UInt64(count), as: reason) }
        counts.framing &+= UInt64(count)
        return nil
    }

    /// The last byte of a frame was there.
    private mutating func end(_ frame: FrameHeader) -> FrameStep? {
        state = .header
        switch frame.type {
        case .data where frame.flags.contains(.endStream): return .endStream(frame.stream)
        case .resetStream: return .reset(frame.stream)
        case .headers, .pushPromise, .continuation:
            guard frame.flags.contains(.endHeaders), let first = blockFrame else { return nil }
            blockFrame = nil
            if !blockIsDamaged { return .block(HeaderBlock(frame: first, promised: promised)) }
            return .blockLost(first)
        default: return nil
        }
    }

    mutating func skip(_ count: UInt64, as reason: SkippedBytes) -> FrameStep? {
        guard count > 0 else { return nil }
        counts[reason] &+= count
        return .skipped(count, reason)
    }
}
