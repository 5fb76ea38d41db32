import Bytes

/// Puts the messages of one direction of a WebSocket connection together: unmasked, joined and inflated.
struct WebSocketReader: Sendable {
    let kind: MessageKind
    private(set) var parser: WebSocketFrameParser
    private let limits: WebSocketLimits
    /// Reserved bits other than that of permessage-deflate mean something that is not known here.
    private let inflater: MessageInflater?
    private var message: OpenWebSocketMessage?
    private var control: OpenWebSocketMessage?

    init(_ kind: MessageKind, _ extensions: WebSocketExtensions, limits: WebSocketLimits) {
        self.kind = kind
        self.limits = limits
        parser = WebSocketFrameParser(kind, allowsReservedBits: !extensions.isNone)
        inflater = extensions.deflate.map {
            MessageInflater(keepsWindow: $0.keepsWindow(of: kind), discardLimit: limits.discardedBytes)
        }
    }

    /// Bytes of messages that are held until these are whole.
    var heldBytes: Int { (message?.bytes.count ?? 0) &+ (control?.bytes.count ?? 0) }

    /// Wire bytes that were taken in and belong to no bucket yet.
    var pendingBytes: UInt64 {
        parser.pendingBytes &+ (message?.message.wireLength ?? 0) &+ (control?.message.wireLength ?? 0)
    }

    /// Takes the next bytes; at most `room` bytes more can be held.
    mutating func receive(_ bytes: Span<UInt8>, room: Int, into sink: inout some WebSocketSink & ~Copyable) {
        var offset = 0
        // Clamped, so that nothing overflows.
        let most = heldBytes &+ min(max(0, room), Int.max / 2)
        while true {
            switch parser.next(bytes, at: &offset) {
            case .more: return
            case .began(let opcode):
                setOpen(OpenWebSocketMessage(opcode), isControl: opcode.isControl)
                sink.receive(.began(kind, opcode), bytes: Span())
            case .frame(let frame):
                begin(frame)
                sink.receive(.frame(kind, frame), bytes: Span())
            case .payload(let range, let position):
                guard let frame = parser.frame else { continue }
                let room = max(0, most &- heldBytes)
                take(bytes.extracting(range.bounds), at: position, of: frame, room: room, into: &sink)
            case .payloadGap:
                noteGap()
            case .end(let frame):
                end(frame, into: &sink)
            case .interrupted:
                interrupt(isControl: true, into: &sink)
                interrupt(isControl: false, into: &sink)
            case .skipped(let count, let reason):
                sink.receive(.skipped(kind, count: count, reason), bytes: Span())
            }
        }
    }

    /// Says that the next `count` bytes were never captured.
    mutating func gap(_ count: UInt64, into sink: inout some WebSocketSink & ~Copyable) {
        parser.gap(count)
        receive(Span(), room: 0, into: &sink)
    }

    /// Says that no more bytes will come: what is under way comes out `incomplete`.
    mutating func finish(into sink: inout some WebSocketSink & ~Copyable) {
        parser.finish()
        receive(Span(), room: 0, into: &sink)
    }

    private mutating func setOpen(_ open: OpenWebSocketMessage?, isControl: Bool) {
        if isControl { control = open } else { message = open }
    }

    private mutating func takeOpen(isControl: Bool) -> OpenWebSocketMessage? {
        isControl ? control.take() : message.take()
    }

    private mutating func begin(_ frame: WebSocketFrame) {
        if frame.opcode.isControl {
            control?.begin(frame, inflater: nil)
        } else {
            message?.begin(frame, inflater: inflater)
        }
    }

    private mutating func take(
        _ payload: Span<UInt8>,
        at position: UInt64,
        of frame: WebSocketFrame,
        room: Int,
        into sink: inout some WebSocketSink & ~Copyable
    ) {
        // Taken out, so that its bytes are changed in place.
        guard var open = takeOpen(isControl: frame.opcode.isControl) else {
            // The rest of a message whose start was lost.
            sink.receive(.skipped(kind, count: UInt64(payload.count), .beforeJoin), bytes: Span())
            return
        }
        open.take(payload, at: position, of: frame, limit: limits.messageBytes, room: room, inflater)
        setOpen(open, isControl: frame.opcode.isControl)
    }

    private mutating func noteGap() {
        if parser.frame?.opcode.isControl == true {
            control?.noteGap(inflater: nil)
        } else {
            message?.noteGap(inflater: inflater)
        }
    }

    private mutating func end(_ frame: WebSocketFrame, into sink: inout some WebSocketSink & ~Copyable) {
        guard frame.isFinal, var open = takeOpen(isControl: frame.opcode.isControl) else { return }
        open.finish(limit: limits.messageBytes, inflater)
        sink.receive(.message(kind, open.message), bytes: open.bytes.span)
    }

    private mutating func interrupt(isControl: Bool, into sink: inout some WebSocketSink & ~Copyable) {
        guard var open = takeOpen(isControl: isControl) else { return }
        open.interrupt(isControl ? nil : inflater)
        if open.message.frames > 0 {
            sink.receive(.message(kind, open.message), bytes: open.bytes.span)
        } else {
            sink.receive(.abandoned(kind, open.message.opcode), bytes: Span())
        }
    }
}
