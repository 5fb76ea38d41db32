import Bytes

extension [UInt8] {
    /// Appends a message as a client sends it: in `frames` frames of about the same size, each masked with a key of its
    /// own (RFC 6455, sections 5.2 to 5.4). Control messages go out in one frame, with 125 bytes of payload at most.
    package mutating func appendWebSocketMessage(
        _ opcode: WebSocketOpcode,
        _ payload: Span<UInt8>,
        frames: UInt32 = 1,
        mask: () -> UInt32
    ) {
        if opcode.isControl {
            appendFrame(
                opcode,
                payload.extracting(first: Swift.min(125, payload.count)),
                isFinal: true,
                mask()
            )
            return
        }
        // More frames than bytes would only add empty ones.
        let frames = Swift.max(1, Swift.min(Int(frames), payload.count))
        let size = (payload.count &+ frames &- 1) / frames
        var start = 0
        repeat {
            let end = Swift.min(payload.count, start &+ size)
            appendFrame(
                start == 0 ? opcode : .continuation,
                payload.extracting(start..<end),
                isFinal: end == payload.count,
                mask()
            )
            start = end
        } while start < payload.count
    }

    private mutating func appendFrame(
        _ opcode: WebSocketOpcode,
        _ payload: Span<UInt8>,
        isFinal: Bool,
        _ mask: UInt32
    ) {
        append(opcode.rawValue | (isFinal ? 0x80 : 0))
        switch payload.count {
        case ...125: append(0x80 | UInt8(payload.count))
        case ...0xFFFF:
            append(0x80 | 126)
            append(UInt8(payload.count >> 8))
            append(UInt8(payload.count & 0xFF))
        default:
            append(0x80 | 127)
            for shift in stride(from: 56, through: 0, by: -8) {
                append(UInt8(truncatingIfNeeded: payload.count >> shift))
            }
        }
        appendLittleEndian(mask)
        reserveCapacity(count &+ payload.count)
        for index in 0..<payload.count {
            append(payload[index] ^ UInt8(truncatingIfNeeded: mask >> UInt32(8 &* (index & 3))))
        }
    }
}
