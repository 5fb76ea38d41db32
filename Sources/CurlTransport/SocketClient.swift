import Bytes
import CCurl
import Messages
import Replay
import Transports

/// The client's side of one WebSocket connection, which tells the text messages that come (RFC 6455).
///
/// Pings are answered, and so is a close frame; no extension is offered.
final class SocketClient: SocketSpeaker {
    let id: Int
    private unowned let owner: CurlStreams
    private unowned let sockets: CurlSockets
    private var socket: CurlSocket?
    private var response: IncomingResponse
    /// There once the connection is no longer HTTP.
    private var conversation: WebSocketConversation?
    private var masks: MaskingKeys
    /// What was not handed over yet, the request first.
    private var outgoing: [UInt8]
    /// What the end of the connection will mean; nothing that comes counts any more.
    private var close: Close?
    private var hasEnded = false

    private enum Close {
        case asAgreed
        case because(String)
    }

    /// Bytes of frames that wait for the connection, after which it is given up.
    private static let outgoingLimit = 1 << 20

    /// `seed` decides the key of the handshake and the masks.
    init(_ id: Int, _ request: [UInt8], seed: UInt64, owner: CurlStreams, sockets: CurlSockets) {
        self.id = id
        self.owner = owner
        self.sockets = sockets
        outgoing = request
        masks = MaskingKeys(seed: seed)
        var limits = ReplayLimits()
        // What a server says instead is nobody's.
        limits.responseBody = 0
        response = IncomingResponse(isKeeping: true, limits: limits)
        response.begin(answering: .other, isFresh: true)
    }

    func open(_ target: SocketTarget) throws {
        let socket = try CurlSocket(target, owner: sockets, speaker: self)
        self.socket = socket
        try sockets.open(socket)
    }

    /// Sends a text message once the connection has gone over to WebSocket; before that there is nobody to hear it.
    func say(_ text: some Collection<UInt8>) {
        guard conversation != nil, close == nil else { return }
        append(.text, Array(text).span)
    }

    /// Ends the connection from this side, with a close frame where there is room for one; nothing more is told.
    func leave() {
        guard !hasEnded else { return }
        hasEnded = true
        if conversation != nil, close == nil, let socket, !socket.isBlocked {
            append(.close, [0x03, 0xE8].span)
            _ = outgoing.withUnsafeBytes { socket.send($0) }
        }
        if let socket { sockets.close(socket) }
    }

    private func append(_ opcode: WebSocketOpcode, _ payload: Span<UInt8>) {
        outgoing.appendWebSocketMessage(opcode, payload) { masks.next() }
    }

    // MARK: The connection

    func connected() { send() }

    func failed(_ result: CurlResult) { end(result.text) }

    func receive(_ bytes: Span<UInt8>) {
        guard !hasEnded else { return }
        guard conversation == nil else {
            hear(bytes)
            return
        }
        settle(response.receive(bytes), bytes)
    }

    func ended(_ failure: CurlResult?) {
        if conversation != nil {
            end(close == nil ? failure?.text ?? "closed without a close frame" : reason)
            return
        }
        settle(response.finish(failure == nil ? .closed : .reset), Span())
        end(failure?.text ?? "closed without an answer")
    }

    func send() {
        guard !hasEnded, let socket else { return }
        let sending = outgoing.withUnsafeBytes { socket.send($0) }
        switch sending {
        case .taken(let count): outgoing.removeFirst(count)
        case .failed(let result):
            end(result.text)
            return
        }
        if close != nil, outgoing.isEmpty, !socket.isBlocked { end(reason) }
        if outgoing.count > Self.outgoingLimit { end("the server takes nothing any more") }
    }

    // MARK: What comes

    private func settle(_ progress: IncomingResponse.Progress, _ bytes: Span<UInt8>) {
        switch progress {
        case .incomplete: break
        case .whole(let status, _):
            tellHead(Int(status), isEventStream: false)
            end(nil)
        case .eventStream:
            tellHead(Int(response.finalStatus), isEventStream: true)
            end("the answer is a stream of events, not a WebSocket")
        case .refused: end("the answer is not HTTP")
        case .webSocket(let offset):
            conversation = WebSocketConversation(response.webSocketExtensions)
            tellHead(101, isEventStream: false)
            hear(bytes.extracting(offset...))
        }
    }

    private func hear(_ bytes: Span<UInt8>) {
        guard close == nil else { return }
        var sink = Sink(client: self)
        conversation?.receive(bytes, from: .response, room: .max, into: &sink)
    }

    private func take(_ message: WebSocketMessage, _ bytes: Span<UInt8>) {
        guard close == nil, !hasEnded else { return }
        switch message.opcode {
        case .text:
            guard message.flags.isDisjoint(with: .truncated), !message.isUndecoded else {
                close = .because("a message is longer than is read, or cannot be read")
                append(.close, [0x03, 0xF1].span)
                return
            }
            bytes.withUnsafeBytes { owner.tell(id, .message($0)) }
        case .ping: append(.pong, bytes)
        case .close:
            let status = bytes.count >= 2 ? UInt16(bytes[0]) << 8 | UInt16(bytes[1]) : 1_000
            // What a server says with it may hold what nobody should read.
            close = status == 1_000 || status == 1_001 ? .asAgreed : .because("closed with status \(status)")
            append(.close, bytes.extracting(first: min(2, bytes.count)))
        case .binary, .pong, .continuation: break
        }
    }

    private var reason: String? {
        if case .because(let text)? = close { text } else { nil }
    }

    private func tellHead(_ status: Int, isEventStream: Bool) {
        let head = response.response(isWhole: false, clock: MonotonicClock())?.head ?? []
        head.withUnsafeBytes { owner.tell(id, .field($0)) }
        owner.tell(id, .head(status: status, isEventStream: isEventStream, date: Self.date(in: head)))
    }

    /// In seconds since 1970.
    private static func date(in head: [UInt8]) -> Int? {
        guard let fields = try? Head(parsing: head, kind: .response), let value = fields.value(of: "date")
        else { return nil }
        let seconds = curl_getdate(String(decoding: Array(value), as: UTF8.self), nil)
        return seconds > 0 ? Int(seconds) : nil
    }

    private func end(_ failure: String?) {
        guard !hasEnded else { return }
        hasEnded = true
        if let socket { sockets.close(socket) }
        owner.forget(id)
        owner.tell(id, .end(failure: failure))
    }

    private struct Sink: WebSocketSink {
        let client: SocketClient

        mutating func receive(_ event: WebSocketEvent, bytes: Span<UInt8>) {
            switch event {
            case .message(.response, let message): client.take(message, bytes)
            case .skipped(.response, _, .unparsable): client.end("what comes is not WebSocket")
            case .message, .skipped, .began, .frame, .abandoned: break
            }
        }
    }
}
