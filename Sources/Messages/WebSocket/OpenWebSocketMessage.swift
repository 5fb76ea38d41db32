import Bytes

/// A WebSocket message of which the end has not come yet.
struct OpenWebSocketMessage: Sendable {
    var message: WebSocketMessage
    /// What is kept of it, unmasked and inflated.
    var bytes: [UInt8] = []
    private var coding = Coding.plain

    private enum Coding {
        case plain
        case compressed
        /// Compressed, or written by an extension that is not known; kept as it is.
        case unreadable
    }

    init(_ opcode: WebSocketOpcode) {
        message = WebSocketMessage(opcode: opcode)
    }

    mutating func begin(_ frame: WebSocketFrame, inflater: MessageInflater?) {
        message.frames &+= 1
        guard frame.opcode != .continuation, frame.reserved != 0 else { return }
        message.isCompressed = frame.isCompressed && inflater != nil
        if let inflater, frame.reserved == 4, inflater.isReadable {
            coding = .compressed
            inflater.beginMessage()
        } else {
            coding = .unreadable
            message.isUndecoded = true
        }
    }

    mutating func take(
        _ payload: Span<UInt8>,
        at position: UInt64,
        of frame: WebSocketFrame,
        limit: Int,
        room: Int,
        _ inflater: MessageInflater?
    ) {
        message.wireLength &+= UInt64(payload.count)
        let most = max(bytes.count, min(limit, bytes.count &+ room))
        if coding == .compressed {
            inflate(payload, at: position, of: frame, limit: limit, most: most, inflater)
            return
        }
        let isCut = message.flags.contains(.truncated)
        let kept = isCut ? 0 : min(payload.count, most &- bytes.count)
        bytes.appendUnmasked(payload.extracting(first: kept), frame.mask, at: position)
        leaveOut(UInt64(payload.count &- kept), isLimit: most == limit)
    }

    /// Counts bytes that are not kept; what follows is not kept either, or the message would have a hole.
    private mutating func leaveOut(_ count: UInt64, isLimit: Bool) {
        guard count > 0 else { return }
        message.flags.formUnion(.truncated)
        if isLimit { message.truncatedBytes &+= count } else { message.refusedBytes &+= count }
    }

    private mutating func inflate(
        _ payload: Span<UInt8>,
        at position: UInt64,
        of frame: WebSocketFrame,
        limit: Int,
        most: Int,
        _ inflater: MessageInflater?
    ) {
        var plain: [UInt8] = []
        plain.appendUnmasked(payload, frame.mask, at: position)
        let most = message.flags.contains(.truncated) ? bytes.count : most
        switch inflater?.inflate(plain.span, into: &bytes, limit: most) {
        case .whole: break
        case .truncated: leaveOut(UInt64(payload.count), isLimit: most == limit || bytes.count >= limit)
        case .broken, nil: breakOff(UInt64(payload.count))
        }
    }

    private mutating func breakOff(_ count: UInt64) {
        message.isUndecoded = true
        message.undecodedBytes &+= count
        message.flags.formUnion(.truncated)
    }

    mutating func noteGap(inflater: MessageInflater?) {
        message.flags.formUnion(.gap)
        if coding == .compressed { inflater?.breakOff() }
    }

    mutating func finish(limit: Int, _ inflater: MessageInflater?) {
        guard coding == .compressed, let inflater else { return }
        let most = message.flags.contains(.truncated) ? bytes.count : limit
        switch inflater.finish(into: &bytes, limit: most) {
        case .whole: break
        case .truncated: message.flags.formUnion(.truncated)
        case .broken: breakOff(0)
        }
    }

    mutating func interrupt(_ inflater: MessageInflater?) {
        message.flags.formUnion(.incomplete)
        if coding == .compressed { inflater?.breakOff() }
    }
}

extension [UInt8] {
    /// Appends payload bytes without their mask; `position` is where they stand in the payload.
    fileprivate mutating func appendUnmasked(_ payload: Span<UInt8>, _ mask: UInt32?, at position: UInt64) {
        let start = count
        append(contentsOf: payload)
        guard let mask, mask != 0 else { return }
        // The key as it stands at the first byte, twice.
        let turn = UInt32(truncatingIfNeeded: position & 3) &* 8
        let key = turn == 0 ? mask : mask >> turn | mask << (32 &- turn)
        let wide = UInt64(key) << 32 | UInt64(key)
        withUnsafeMutableBytes { buffer in
            var index = start
            while index &+ 8 <= buffer.count {
                let word = buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                buffer.storeBytes(of: word ^ wide.littleEndian, toByteOffset: index, as: UInt64.self)
                index &+= 8
            }
            var shift: UInt64 = 0
            while index < buffer.count {
                buffer[index] ^= UInt8(truncatingIfNeeded: wide >> shift)
                shift &+= 8
                index &+= 1
            }
        }
    }
}
