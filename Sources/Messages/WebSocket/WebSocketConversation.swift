import Bytes

/// Reads both directions of a connection that has gone over to WebSocket (RFC 6455).
///
/// A reference, since the windows of its compression have one owner. Messages are given out when they are whole, the
/// two directions interleaved as the bytes are. Whether a key was accepted, and what a close frame means for what
/// follows, is not looked at: what was sent is what counts.
///
/// `@unchecked`: whoever holds it uses it from one thread at a time.
package final class WebSocketConversation: @unchecked Sendable {
    private var client: WebSocketReader
    private var server: WebSocketReader

    package init(_ extensions: WebSocketExtensions, limits: WebSocketLimits = .default) {
        client = WebSocketReader(.request, extensions, limits: limits)
        server = WebSocketReader(.response, extensions, limits: limits)
    }

    /// Takes the next bytes of a direction, of which no more than `room` can be held.
    package func receive(
        _ bytes: Span<UInt8>,
        from kind: MessageKind,
        room: Int,
        into sink: inout some WebSocketSink & ~Copyable
    ) {
        switch kind {
        case .request: client.receive(bytes, room: room, into: &sink)
        case .response: server.receive(bytes, room: room, into: &sink)
        }
    }

    /// Says that the next `count` bytes of a direction were never captured.
    package func gap(_ count: UInt64, from kind: MessageKind, into sink: inout some WebSocketSink & ~Copyable)
    {
        switch kind {
        case .request: client.gap(count, into: &sink)
        case .response: server.gap(count, into: &sink)
        }
    }

    /// Says that no more bytes of a direction will come.
    package func finish(_ kind: MessageKind, into sink: inout some WebSocketSink & ~Copyable) {
        switch kind {
        case .request: client.finish(into: &sink)
        case .response: server.finish(into: &sink)
        }
    }

    /// Bytes of messages that are held until these are whole.
    package var heldBytes: Int { client.heldBytes &+ server.heldBytes }

    /// Wire bytes of both directions that were taken in and belong to no bucket yet.
    package var pendingBytes: UInt64 { client.pendingBytes &+ server.pendingBytes }
}
