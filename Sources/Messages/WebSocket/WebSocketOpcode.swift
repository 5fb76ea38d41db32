/// What a WebSocket frame carries (RFC 6455, section 5.2); every other number is reserved.
package enum WebSocketOpcode: UInt8, Sendable {
    case continuation = 0
    case text = 1
    case binary = 2
    case close = 8
    case ping = 9
    case pong = 10

    /// Control frames are messages of their own, and may stand between the fragments of another.
    package var isControl: Bool { rawValue >= 8 }
}
