import Messages

/// Reads one direction of a WebSocket connection and keeps what comes out.
struct WebSocketReading: WebSocketSink {
    /// A message as it came out.
    struct Found: Equatable {
        var message: WebSocketMessage
        var bytes: [UInt8]

        var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    let kind: MessageKind
    private let conversation: WebSocketConversation
    private(set) var frames: [WebSocketFrame] = []
    private(set) var found: [Found] = []
    private(set) var begun = 0
    private(set) var abandoned = 0
    private(set) var unparsable: UInt64 = 0
    private(set) var beforeJoin: UInt64 = 0
    private(set) var given: UInt64 = 0

    init(
        _ kind: MessageKind = .request,
        _ extensions: WebSocketExtensions = WebSocketExtensions(),
        limits: WebSocketLimits = .default
    ) {
        self.kind = kind
        conversation = WebSocketConversation(extensions, limits: limits)
    }

    mutating func receive(_ event: WebSocketEvent, bytes: Span<UInt8>) {
        switch event {
        case .began: begun += 1
        case .frame(_, let frame): frames.append(frame)
        case .message(_, let message):
            found.append(Found(message: message, bytes: bytes.indices.map { bytes[$0] }))
        case .abandoned: abandoned += 1
        case .skipped(_, let count, .beforeJoin): beforeJoin += count
        case .skipped(_, let count, _): unparsable += count
        }
    }

    mutating func feed(_ bytes: some Collection<UInt8>, room: Int = .max) {
        let bytes = Array(bytes)
        given += UInt64(bytes.count)
        conversation.receive(bytes.span, from: kind, room: room, into: &self)
    }

    mutating func gap(_ count: UInt64) { conversation.gap(count, from: kind, into: &self) }

    mutating func finish() { conversation.finish(kind, into: &self) }

    var heldBytes: Int { conversation.heldBytes }

    /// The texts of the messages that are whole.
    var texts: [String] { found.map(\.text) }

    /// Whether every byte that was given is in one place.
    var sumsUp: Bool {
        let headers = frames.reduce(UInt64(0)) { $0 + UInt64($1.headerLength) }
        let payload = found.reduce(UInt64(0)) { $0 + $1.message.wireLength }
        return given == headers + payload + unparsable + beforeJoin + conversation.pendingBytes
    }
}

/// A frame as a peer would write it.
enum FrameBytes {
    static func frame(
        _ opcode: UInt8,
        _ payload: some Collection<UInt8>,
        isFinal: Bool = true,
        reserved: UInt8 = 0,
        mask: UInt32? = nil
    ) -> [UInt8] {
        var bytes: [UInt8] = [(isFinal ? 0x80 : 0) | reserved << 4 | opcode]
        let flag: UInt8 = mask == nil ? 0 : 0x80
        switch payload.count {
        case ..<126: bytes.append(flag | UInt8(payload.count))
        case ..<65_536: bytes += [flag | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default:
            bytes.append(flag | 127)
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: payload.count >> shift))
            }
        }
        guard let mask else { return bytes + payload }
        let key = (0..<4).map { UInt8(truncatingIfNeeded: mask >> (8 * UInt32($0))) }
        return bytes + key + payload.enumerated().map { $0.element ^ key[$0.offset & 3] }
    }

    static func text(_ text: String, isFinal: Bool = true, mask: UInt32? = nil) -> [UInt8] {
        frame(1, Array(text.utf8), isFinal: isFinal, mask: mask)
    }
}
