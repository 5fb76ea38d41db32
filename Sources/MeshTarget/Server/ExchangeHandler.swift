import NIOCore
import NIOHTTP1

/// The exchanges of one connection, one at a time: collects a request, asks the room, writes the answer.
final class ExchangeHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum Phase {
        /// Becomes `collecting`, `discarding`.
        case idle
        /// Becomes `discarding`, `holding`, `streaming`, `idle`.
        case collecting(HTTPRequestHead, body: [UInt8])
        /// The body is too long and thrown away; becomes `holding`, `idle`, or the connection closes.
        case discarding(HTTPRequestHead, count: Int)
        /// The reader has not yet taken the answer; its end waits, because it lets the next request in.
        /// Becomes `idle`.
        case holding(keepAlive: Bool)
        /// Becomes `idle`.
        case streaming(MeshStreamID, keepAlive: Bool)
    }

    private let room: MeshRoom
    private var phase = Phase.idle
    private var context: ChannelHandlerContext?
    private var isCounted = false
    /// The sender has closed its direction.
    private var isInputClosed = false
    /// The end of an answer is written and not yet taken by the socket.
    private var isEnding = false
    private var stall: Scheduled<Void>?

    init(room: MeshRoom) {
        self.room = room
    }

    /// Whether an answer is under way.
    private var isAnswering: Bool {
        switch phase {
        case .holding, .streaming: true
        case .idle, .collecting, .discarding: isEnding
        }
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        isCounted = room.open()
        guard isCounted else {
            context.close(promise: nil)
            return
        }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        if case .streaming(let stream, _) = phase { room.closeStream(stream) }
        phase = .idle
        stall?.cancel()
        if isCounted { room.close() }
        self.context = nil
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head, context)
        case .body(let part): append(part, context)
        case .end: finish(context)
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let length = head.headers.first(name: "Content-Length").flatMap { Int($0) } ?? 0
        // Such a sender waits for a word before its body (RFC 9110, section 10.1.1).
        let isWaiting =
            head.version != .http1_0 && head.headers.first(name: "Expect")?.lowercased() == "100-continue"
        switch (length <= MeshLimits.body, isWaiting) {
        case (true, true):
            phase = .collecting(head, body: [])
            let interim = HTTPResponseHead(version: .http1_1, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(interim)), promise: nil)
        case (true, false):
            phase = .collecting(head, body: [])
        case (false, true):
            room.count(status: MeshState.tooLong.status)
            write(MeshState.tooLong, isHead: false, keepAlive: false, context)
        case (false, false):
            phase = .discarding(head, count: 0)
        }
    }

    private func append(_ part: ByteBuffer, _ context: ChannelHandlerContext) {
        // Each case is taken out of `phase` before its payload grows, so that the body is never copied.
        switch phase {
        case .collecting(let head, var body):
            phase = .idle
            guard body.count + part.readableBytes <= MeshLimits.body else {
                phase = .discarding(head, count: body.count + part.readableBytes)
                return
            }
            body.append(contentsOf: part.readableBytesView)
            phase = .collecting(head, body: body)
        case .discarding(let head, let count):
            let count = count + part.readableBytes
            phase = .discarding(head, count: count)
            guard count > MeshLimits.discardedBody else { return }
            room.countBrokenConnection()
            context.close(promise: nil)
        case .idle, .holding, .streaming:
            break
        }
    }

    private func finish(_ context: ChannelHandlerContext) {
        switch phase {
        case .collecting(let head, let body):
            let isHead = head.method == .HEAD
            switch room.answer(MeshRequest(head, body: body), for: self) {
            case .reply(let reply):
                write(reply, isHead: isHead, keepAlive: head.isKeepAlive, context)
            case .stream(let stream):
                openStream(stream, head: head, context)
            }
        case .discarding(let head, _):
            room.count(status: MeshState.tooLong.status)
            write(MeshState.tooLong, isHead: false, keepAlive: head.isKeepAlive, context)
        case .idle, .holding, .streaming:
            break
        }
    }

    private func write(
        _ reply: MeshReply,
        isHead: Bool,
        keepAlive: Bool,
        _ context: ChannelHandlerContext
    ) {
        var head = responseHead(reply.status, keepAlive: keepAlive)
        for (name, value) in reply.fields { head.headers.add(name: name, value: value) }
        head.headers.add(name: "Content-Length", value: String(reply.body.count))
        phase = .idle
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !isHead {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: reply.body)))), promise: nil)
        }
        context.flush()
        if context.channel.isWritable {
            end(keepAlive: keepAlive, context)
        } else {
            phase = .holding(keepAlive: keepAlive)
        }
    }

    private func end(keepAlive: Bool, _ context: ChannelHandlerContext) {
        let promise = context.eventLoop.makePromise(of: Void.self)
        isEnding = true
        promise.futureResult.assumeIsolated().whenComplete { _ in
            self.isEnding = false
            if !keepAlive || self.isInputClosed { self.context?.close(promise: nil) }
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: promise)
    }

    private func responseHead(_ status: Int, keepAlive: Bool) -> HTTPResponseHead {
        var head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: status))
        head.headers.add(name: "Date", value: room.now.httpDate)
        // Said always: HTTP/1.0 needs the word for staying, HTTP/1.1 the one for leaving.
        head.headers.add(name: "Connection", value: keepAlive ? "keep-alive" : "close")
        return head
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reset by the peer is how some connections end; only what is not HTTP is the peer's mistake.
        if error is HTTPParserError { room.countBrokenConnection() }
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent {
            isInputClosed = true
            // While an answer is under way, its end closes the connection.
            if !isAnswering { context.close(promise: nil) }
        }
        context.fireUserInboundEventTriggered(event)
    }
}

// MARK: Event streams and slow readers

extension ExchangeHandler {
    private func openStream(
        _ stream: MeshStreamID,
        head request: HTTPRequestHead,
        _ context: ChannelHandlerContext
    ) {
        // HTTP/1.0 has no chunks: there the end of the connection is the end of the events.
        let keepAlive = request.isKeepAlive && request.version != .http1_0
        var head = responseHead(200, keepAlive: keepAlive)
        head.version = request.version
        head.headers.add(name: "Content-Type", value: "text/event-stream")
        head.headers.add(name: "Cache-Control", value: "no-store")
        if request.version != .http1_0 {
            head.headers.add(name: "Transfer-Encoding", value: "chunked")
        }
        phase = .streaming(stream, keepAlive: keepAlive)
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
        pump()
    }

    /// Writes what the stream has to say, as far as the reader takes it.
    func pump() {
        guard let context, case .streaming(let stream, let keepAlive) = phase else { return }
        var bytes: [UInt8] = []
        while context.channel.isWritable {
            bytes.removeAll(keepingCapacity: true)
            let progress = room.pull(stream, into: &bytes)
            if !bytes.isEmpty {
                let part = ByteBuffer(bytes: bytes)
                context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(part))), promise: nil)
            }
            switch progress {
            case .more: continue
            case .waiting: return
            case .ended:
                phase = .idle
                end(keepAlive: keepAlive, context)
                return
            }
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stall?.cancel()
        stall = nil
        if context.channel.isWritable {
            if case .holding(let keepAlive) = phase {
                phase = .idle
                end(keepAlive: keepAlive, context)
            }
            pump()
        } else {
            let limit = TimeAmount.nanoseconds(room.limits.writeStall)
            stall = context.eventLoop.assumeIsolated().scheduleTask(in: limit) { [weak self] in
                self?.room.countSlowReader()
                self?.context?.close(promise: nil)
            }
        }
        context.fireChannelWritabilityChanged()
    }
}

extension MeshRequest {
    fileprivate init(_ head: HTTPRequestHead, body: [UInt8]) {
        self.init(method: head.method.rawValue, target: head.uri, body: body) { head.headers.first(name: $0) }
    }
}
