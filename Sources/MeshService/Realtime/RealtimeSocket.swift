import MeshTarget
import NIOCore
import NIOWebSocket

/// One WebSocket of a realtime client (RFC 6455): joins and leaves topics, answers heartbeats.
///
/// Behind a frame aggregator: each text frame is a whole message.
final class RealtimeSocket: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    /// Most topics that one socket joins.
    static let channels = 100
    /// A socket of which nothing was heard for so long is closed.
    static let silence = TimeAmount.seconds(60)
    /// Longest message.
    static let message = 65_536

    private let service: Service
    /// Whose token the address had; a join may show another.
    private let project: String?
    private var joined: [String: RealtimeChannel] = [:]
    private var context: ChannelHandlerContext?
    private var lastHeard = NIODeadline.now()
    private var isCounted = false

    init(service: Service, project: String?) {
        self.service = service
        self.project = project
    }

    var isWritable: Bool { context?.channel.isWritable ?? false }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        service.counts.openStreams += 1
        isCounted = true
        watch(context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        leave()
    }

    private func leave() {
        for channel in joined.values { channel.stop() }
        joined = [:]
        context = nil
        if isCounted { service.counts.openStreams -= 1 }
        isCounted = false
    }

    private func watch(_ context: ChannelHandlerContext) {
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.silence) { [weak self] in
            guard let self, let context = self.context else { return }
            guard NIODeadline.now() - lastHeard >= Self.silence else { return watch(context) }
            context.close(promise: nil)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        lastHeard = .now()
        switch frame.opcode {
        case .text:
            service.working { hear(Array(frame.unmaskedData.readableBytesView)) }
        case .ping:
            let pong = WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData)
            context.writeAndFlush(wrapOutboundOut(pong), promise: nil)
        case .connectionClose:
            let close = WebSocketFrame(fin: true, opcode: .connectionClose, data: frame.unmaskedData)
            context.writeAndFlush(wrapOutboundOut(close)).assumeIsolated().whenComplete { [weak self] _ in
                self?.context?.close(promise: nil)
            }
        case .binary:
            close(context, .unacceptableData)
        default:
            break
        }
    }

    private func close(_ context: ChannelHandlerContext, _ code: WebSocketErrorCode) {
        var data = context.channel.allocator.buffer(capacity: 2)
        data.write(webSocketErrorCode: code)
        let frame = WebSocketFrame(fin: true, opcode: .connectionClose, data: data)
        context.writeAndFlush(wrapOutboundOut(frame)).assumeIsolated().whenComplete { [weak self] _ in
            self?.context?.close(promise: nil)
        }
    }

    private func hear(_ text: [UInt8]) {
        guard let message = PhoenixMessage(json: text) else { return }
        switch message.event {
        case "heartbeat" where message.topic == "phoenix":
            reply(message, "ok") { _ in }
        case "phx_join":
            join(message)
        case "phx_leave":
            joined.removeValue(forKey: message.topic)?.stop()
            reply(message, "ok") { _ in }
            send(PhoenixMessage.text(topic: message.topic, event: "phx_close", ref: message.ref) { _ in })
        case "access_token":
            break
        default:
            reply(message, "error") { $0.member("reason", "unmatched topic") }
        }
    }

    private func join(_ message: PhoenixMessage) {
        let shown = message.payload?.access_token
        let isNamed = service.options.authentication == .project && project != nil
        guard let reader = isNamed ? project : shown.map({ service.project(of: $0) }) ?? project else {
            return reply(message, "error") { $0.member("reason", "unauthorized") }
        }
        guard joined.count < Self.channels || joined[message.topic] != nil else {
            return reply(message, "error") { $0.member("reason", "too many channels") }
        }
        let made = RealtimeChannel(topic: message.topic, project: reader, socket: self, service: service)
        guard let made else { return reply(message, "error") { $0.member("reason", "unmatched topic") } }
        joined.removeValue(forKey: message.topic)?.stop()
        joined[message.topic] = made
        reply(message, "ok") { text in
            text.member("postgres_changes", objects: [1]) { text, id in
                text.member("id", id)
                text.member("event", "INSERT")
                text.member("schema", "mesh")
                text.member("table", "logs")
            }
        }
        made.start()
    }

    /// A channel tells of what happens from now on.
    func noteSubscription(_ topic: String) {
        send(
            PhoenixMessage.text(topic: topic, event: "system", ref: nil) { text in
                text.member("extension", "postgres_changes")
                text.member("status", "ok")
                text.member("message", "Subscribed to PostgreSQL")
                text.member("channel", String(topic.dropFirst("realtime:".count)))
            }
        )
    }

    private func reply(
        _ message: PhoenixMessage,
        _ status: String,
        _ response: @escaping (inout JSONText) -> Void
    ) {
        send(
            PhoenixMessage.text(topic: message.topic, event: "phx_reply", ref: message.ref) { text in
                text.member("status", status)
                text.member("response", response)
            }
        )
    }

    func send(_ text: [UInt8]) {
        guard let context else { return }
        let frame = WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(bytes: text))
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { for channel in joined.values { channel.resume() } }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        service.counts.brokenConnections &+= 1
        context.close(promise: nil)
    }
}
