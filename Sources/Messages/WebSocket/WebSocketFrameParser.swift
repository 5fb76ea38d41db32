import Bytes

/// Reads the frames of one direction of a WebSocket connection (RFC 6455, section 5), from bytes in any cut.
///
/// The caller gives bytes and asks for one step after the other until the answer is ``WebSocketStep/more``; the steps
/// are the same however the bytes are cut, but for the cuts of payloads and skipped bytes. Nothing is copied but
/// headers, and nothing allocated.
///
/// What an endpoint must refuse (a reserved opcode, a control frame in fragments, a continuation of nothing, a message
/// inside a message, a length of 2⁶³ or more, a reserved bit without an extension) is `unparsable`, and so is the
/// rest of the direction: nobody can tell where the next frame starts. Control frames that are too long, payloads
/// that are masked by the server or not by the client, and lengths in more bytes than needed are read as they are.
package struct WebSocketFrameParser: Sendable {
    /// The reserved bits mean something: an extension was agreed on.
    package let allowsReservedBits: Bool
    /// Whether the payload is masked, as far as is known; clients mask, servers do not.
    private var expectsMask: Bool
    /// The frame that is under way.
    package private(set) var frame: WebSocketFrame?

    private var state = State.header
    private var header: [14 of UInt8] = .init(repeating: 0)
    private var headerCount = 0
    private var isInMessage = false
    /// Frames were lost, and perhaps the start of a message with them.
    private var mayContinueLost = false
    private var due = Due()

    /// What the next byte is.
    private enum State {
        /// Inside a header, or the first byte of one → payload, ended, lost, searching (gap)
        case header
        /// In a payload; 1… bytes are left → ended, searching (gap)
        case payload(left: UInt64)
        /// The frame is over; its end is the next step → header, searching
        case ended
        /// Behind a gap; the next bytes that are whole frames are taken for such → header
        case searching
        /// No frames any more; for good
        case lost
    }

    /// Steps that are certain and not yet taken.
    private struct Due {
        var gap: UInt64 = 0
        var isInterrupted = false
        var skipped: UInt64 = 0
        var reason = SkippedBytes.unparsable
    }

    package init(_ kind: MessageKind, allowsReservedBits: Bool) {
        self.allowsReservedBits = allowsReservedBits
        expectsMask = kind == .request
    }

    /// Bytes that were taken in and belong to no bucket yet: those of a header that is not whole.
    package var pendingBytes: UInt64 { UInt64(headerCount) }

    /// Takes the next step in `bytes`, from `offset` on, and moves `offset` past what it used.
    package mutating func next(_ bytes: Span<UInt8>, at offset: inout Int) -> WebSocketStep {
        while true {
            if let step = takeDueStep() { return step }
            switch state {
            case .header:
                if let step = readHeader(bytes, at: &offset) { return step }
            case .payload(let left):
                guard offset < bytes.count else { return .more }
                let count = Int(min(left, UInt64(bytes.count &- offset)))
                let range = ByteRange(offset: offset, count: count)
                offset &+= count
                state = left == UInt64(count) ? .ended : .payload(left: left &- UInt64(count))
                return .payload(range, position: (frame?.length ?? left) &- left)
            case .ended:
                return endFrame()
            case .searching:
                guard offset < bytes.count else { return .more }
                if holdsWholeFrames(bytes.extracting(offset...)) {
                    state = .header
                    mayContinueLost = true
                } else {
                    skip(bytes.count &- offset, as: .beforeJoin)
                    offset = bytes.count
                }
            case .lost:
                guard offset < bytes.count else { return .more }
                skip(bytes.count &- offset, as: .unparsable)
                offset = bytes.count
            }
        }
    }

    /// Says that the next `count` bytes were never captured; take the steps that follow before more bytes are given.
    ///
    /// A gap inside a payload stays inside it. Any other loses track of the frames, until bytes come that are whole
    /// frames from their first to their last.
    package mutating func gap(_ count: UInt64) {
        guard count > 0 else { return }
        switch state {
        case .payload(let left):
            due.gap = min(left, count)
            state = count < left ? .payload(left: left &- count) : .ended
            if count > left { interrupt() }
        case .header, .ended:
            interrupt()
        case .searching, .lost:
            break
        }
    }

    /// Says that no more bytes will come; take the steps that follow.
    package mutating func finish() {
        switch state {
        case .header, .payload, .ended: interrupt()
        case .searching, .lost: break
        }
    }

    private mutating func interrupt() {
        dropHeader()
        due.isInterrupted = true
        frame = nil
        isInMessage = false
        state = .searching
    }

    private mutating func lose() {
        interrupt()
        state = .lost
    }

    private mutating func dropHeader() {
        skip(headerCount, as: .unparsable)
        headerCount = 0
    }

    private mutating func skip(_ count: Int, as reason: SkippedBytes) {
        guard count > 0 else { return }
        due.skipped &+= UInt64(count)
        due.reason = reason
    }

    private mutating func takeDueStep() -> WebSocketStep? {
        if due.gap > 0 {
            defer { due.gap = 0 }
            return .payloadGap(due.gap)
        }
        if due.isInterrupted {
            due.isInterrupted = false
            return .interrupted
        }
        if due.skipped > 0 {
            defer { due.skipped = 0 }
            return .skipped(due.skipped, due.reason)
        }
        return nil
    }

    private mutating func readHeader(_ bytes: Span<UInt8>, at offset: inout Int) -> WebSocketStep? {
        guard offset < bytes.count else { return .more }
        if headerCount == 0 {
            header[0] = bytes[offset]
            headerCount = 1
            offset &+= 1
            guard mayBegin(with: header[0]) else {
                lose()
                return nil
            }
            let opcode = WebSocketOpcode(rawValue: header[0] & 0x0F)
            if let opcode, opcode != .continuation { return .began(opcode) }
        }
        while offset < bytes.count {
            header[headerCount] = bytes[offset]
            headerCount &+= 1
            offset &+= 1
            guard headerCount == WebSocketFrame.headerCount(header.span) else { continue }
            takeHeader()
            return frame.map { .frame($0) }
        }
        return .more
    }

    /// Whether a frame may start with this byte where the direction stands.
    private func mayBegin(with byte: UInt8) -> Bool {
        guard let opcode = WebSocketOpcode(rawValue: byte & 0x0F) else { return false }
        if byte & 0x70 != 0, !allowsReservedBits { return false }
        switch opcode {
        case .continuation: return isInMessage || mayContinueLost
        case .text, .binary: return !isInMessage
        case .close, .ping, .pong: return byte & 0x80 != 0
        }
    }

    private mutating func takeHeader() {
        guard let frame = WebSocketFrame(header: header.span.extracting(first: headerCount)) else {
            return lose()
        }
        headerCount = 0
        expectsMask = frame.mask != nil
        self.frame = frame
        state = frame.length == 0 ? .ended : .payload(left: frame.length)
        guard !frame.opcode.isControl else { return }
        if frame.opcode == .continuation, !isInMessage {
            // Of a message whose start was lost.
            mayContinueLost = !frame.isFinal
        } else {
            isInMessage = !frame.isFinal
            mayContinueLost = false
        }
    }

    private mutating func endFrame() -> WebSocketStep {
        state = .header
        guard let ended = frame.take() else { return .more }
        return .end(ended)
    }

    /// Whether `bytes` are frames from the first to the last.
    ///
    /// Bytes from inside a payload look so once in some thousand times, where they are few, and practically never
    /// where they fill a segment.
    private func holdsWholeFrames(_ bytes: Span<UInt8>) -> Bool {
        var start = 0
        while start < bytes.count {
            let rest = bytes.extracting(start...)
            guard rest.count >= 2, (rest[1] & 0x80 != 0) == expectsMask else { return false }
            let count = WebSocketFrame.headerCount(rest)
            guard rest.count >= count, let frame = WebSocketFrame(header: rest.extracting(first: count))
            else {
                return false
            }
            if frame.reserved != 0, !allowsReservedBits { return false }
            if frame.opcode.isControl, !frame.isFinal || frame.length > 125 { return false }
            guard frame.length <= UInt64(rest.count &- count) else { return false }
            start &+= count &+ Int(frame.length)
        }
        return true
    }
}
