/// The header of a WebSocket frame (RFC 6455, section 5.2).
///
///     0               1               2
///     +-+-+-+-+-------+-+-------------+---------------------------+---------------+---------
///     |F|R|R|R| opcode|M| length, 126 | length, where the seven   | masking key,  | payload …
///     |I|S|S|S|       |A| or 127      | bits say 126 (16 bits) or | where M is set|
///     |N|V|V|V|       |S|             | 127 (64 bits)             | (32 bits)     |
///     +-+-+-+-+-------+-+-------------+---------------------------+---------------+---------
package struct WebSocketFrame: Hashable, Sendable {
    /// Whether it is the last frame of its message.
    package var isFinal: Bool
    /// RSV1 to RSV3 as a number of three bits, RSV1 the highest; extensions say what they mean.
    package var reserved: UInt8
    package var opcode: WebSocketOpcode
    /// The masking key, its first byte on the wire the lowest; `nil` where the payload is not masked.
    package var mask: UInt32?
    /// Bytes of payload, below 2⁶³.
    package var length: UInt64
    /// Bytes of the header, 2 to 14.
    package var headerLength: Int

    /// RSV1: the message is compressed (RFC 7692, section 6).
    package var isCompressed: Bool { reserved & 4 != 0 }

    /// How long a header is of which at least the first two bytes are in `bytes`.
    static func headerCount(_ bytes: Span<UInt8>) -> Int {
        let mask = bytes[1] & 0x80 != 0 ? 4 : 0
        switch bytes[1] & 0x7F {
        case 126: return 4 + mask
        case 127: return 10 + mask
        default: return 2 + mask
        }
    }

    /// Reads a whole header; `nil` where its opcode is reserved or its length too large.
    init?(header bytes: Span<UInt8>) {
        guard let opcode = WebSocketOpcode(rawValue: bytes[0] & 0x0F) else { return nil }
        headerLength = bytes.count
        isFinal = bytes[0] & 0x80 != 0
        reserved = bytes[0] >> 4 & 7
        self.opcode = opcode
        var end = 2
        switch bytes[1] & 0x7F {
        case 126:
            var count: UInt64 = 0
            while end < 4 {
                count = count << 8 | UInt64(bytes[end])
                end &+= 1
            }
            length = count
        case 127:
            var count: UInt64 = 0
            while end < 10 {
                count = count << 8 | UInt64(bytes[end])
                end &+= 1
            }
            guard count >> 63 == 0 else { return nil }
            length = count
        default:
            length = UInt64(bytes[1] & 0x7F)
        }
        if bytes[1] & 0x80 != 0 {
            var key: UInt32 = 0
            for index in 0..<4 { key |= UInt32(bytes[end &+ index]) << UInt32(8 &* index) }
            mask = key
        } else {
            mask = nil
        }
    }
}
