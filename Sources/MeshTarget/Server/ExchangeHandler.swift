package import NIOCore
package import NIOHTTP1

/// The exchanges of one connection, one at a time: collects a request, asks the service, writes the answer when it comes.
package final class ExchangeHandler<Service: ExchangeService>: ChannelInboundHandler, RemovableChannelHandler
{
    package typealias InboundIn = HTTPServerRequestPart
    package typealias OutboundOut = HTTPServerResponsePart

    private enum Phase {
        /// Becomes `collecting`, `discarding`.
        case idle
        /// Becomes `discarding`, `awaiting`.
        case collecting(HTTPRequestHead, body: [UInt8])
        /// The body is too long and thrown away; becomes `awaiting`, or the connection closes.
        case discarding(HTTPRequestHead, count: Int)
        /// Becomes `idle`, `holding` or `streaming`.
        case awaiting(HTTPExchange<Service>)
        /// The reader has not yet taken the answer; its end waits, because it lets the next request in. Becomes `idle`.
        case holding(keepAlive: Bool)
        /// Becomes `idle`.
        case streaming(any ServedStream, keepAlive: Bool)
    }

    private let service: Service
    private var phase = Phase.idle
    private var context: ChannelHandlerContext?
    private var isCounted = false
    /// The sender has closed its direction.
    private var isInputClosed = false
    /// The end of an answer is written and not yet taken by the socket.
    private var isEnding = false
    private var stall: Scheduled<Void>?

    package init(service: Service) {
        self.service = service
    }

    /// Whether the socket takes more bytes.
    package var isWritable: Bool { context?.channel.isWritable ?? false }

    /// Whether an answer is under way.
    private var isAnswering: Bool {
        switch phase {
        case .awaiting, .holding, .streaming: true
        case .idle, .collecting, .discarding: isEnding
        }
    }

    package func channelActive(context: ChannelHandlerContext) {
        self.context = context
        isCounted = service.openConnection()
        guard isCounted else {
            context.close(promise: nil)
            return
        }
        context.fireChannelActive()
    }

    package func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    /// The connection goes on as a socket: it is no more this handler's.
    package func handlerRemoved(context: ChannelHandlerContext) {
        leave()
    }

    private func leave() {
        if case .streaming(let stream, _) = phase { stream.close() }
        phase = .idle
        stall?.cancel()
        if isCounted { service.closeConnection() }
        isCounted = false
        context = nil
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
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
        guard length <= MeshLimits.body else {
            phase = .discarding(head, count: 0)
            if isWaiting { refuseBody(head, keepAlive: false, context) }
            return
        }
        phase = .collecting(head, body: [])
        if isWaiting {
            let interim = HTTPResponseHead(version: .http1_1, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(interim)), promise: nil)
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
            service.countBrokenConnection()
            context.close(promise: nil)
        case .idle, .awaiting, .holding, .streaming:
            break
        }
    }

    private func finish(_ context: ChannelHandlerContext) {
        switch phase {
        case .collecting(let head, let body):
            let exchange = exchange(head, keepAlive: head.isKeepAlive, context)
            phase = .awaiting(exchange)
            service.answer(head, body: body, exchange)
        case .discarding(let head, _):
            refuseBody(head, keepAlive: head.isKeepAlive, context)
        case .idle, .awaiting, .holding, .streaming:
            break
        }
    }

    private func refuseBody(_ head: HTTPRequestHead, keepAlive: Bool, _ context: ChannelHandlerContext) {
        let exchange = exchange(head, keepAlive: keepAlive, context)
        phase = .awaiting(exchange)
        service.refuse(head, exchange)
    }

    private func exchange(_ head: HTTPRequestHead, keepAlive: Bool, _ context: ChannelHandlerContext)
        -> HTTPExchange<Service>
    {
        HTTPExchange(
            head,
            keepAlive: keepAlive && !service.isLeaving,
            peer: context.remoteAddress?.ipAddress,
            handler: self
        )
    }

    /// Writes the answer of the exchange that is under way.
    func complete(_ reply: MeshReply, of exchange: HTTPExchange<Service>) {
        guard let context, case .awaiting(let current) = phase, current === exchange else { return }
        var head = responseHead(reply.status, keepAlive: exchange.keepAlive)
        for (name, value) in reply.fields { head.headers.add(name: name, value: value) }
        head.headers.add(name: "Content-Length", value: String(reply.body.count))
        phase = .idle
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !exchange.isHead {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: reply.body)))), promise: nil)
        }
        // Before it is asked whether the reader takes it: whoever takes it at once is told of no change afterwards.
        context.flush()
        if context.channel.isWritable {
            end(keepAlive: exchange.keepAlive, context)
        } else {
            phase = .holding(keepAlive: exchange.keepAlive)
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
        head.headers.add(name: "Date", value: service.date.httpDate)
        // Said always: HTTP/1.0 needs the word for staying, HTTP/1.1 the one for leaving.
        head.headers.add(name: "Connection", value: keepAlive ? "keep-alive" : "close")
        return head
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reset by the peer is how some connections end; only what is not HTTP is the peer's mistake.
        if error is HTTPParserError { service.countBrokenConnection() }
        context.close(promise: nil)
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent {
            isInputClosed = true
            // While an answer is under way, its end closes the connection; nobody waits for the end of events.
            if case .streaming = phase { context.close(promise: nil) }
            if !isAnswering { context.close(promise: nil) }
        }
        context.fireUserInboundEventTriggered(event)
    }
}

// MARK: Event streams and slow readers

extension ExchangeHandler {
    func openStream<Stream: ServedStream>(
        for exchange: HTTPExchange<Service>,
        _ make: (ExchangeHandler) -> Stream
    ) -> Stream? {
        guard let context, case .awaiting(let current) = phase, current === exchange else { return nil }
        let hasChunks = exchange.version != .http1_0
        let keepAlive = exchange.keepAlive && hasChunks
        var head = responseHead(200, keepAlive: keepAlive)
        head.version = exchange.version
        head.headers.add(name: "Content-Type", value: "text/event-stream")
        head.headers.add(name: "Cache-Control", value: "no-store")
        if hasChunks { head.headers.add(name: "Transfer-Encoding", value: "chunked") }
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
        let stream = make(self)
        phase = .streaming(stream, keepAlive: keepAlive)
        return stream
    }

    /// Writes a part of the stream that is open.
    package func send(_ bytes: [UInt8]) {
        guard let context, case .streaming = phase else { return }
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
    }

    /// Ends the stream that is open, which then hears no more.
    package func endStream() {
        guard let context, case .streaming(_, let keepAlive) = phase else { return }
        phase = .idle
        end(keepAlive: keepAlive, context)
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        stall?.cancel()
        stall = nil
        if context.channel.isWritable {
            switch phase {
            case .holding(let keepAlive):
                phase = .idle
                end(keepAlive: keepAlive, context)
            case .streaming(let stream, _):
                stream.resume()
            default: break
            }
        } else {
            stall = context.eventLoop.assumeIsolated().scheduleTask(in: service.writeStall) { [weak self] in
                self?.service.countSlowReader()
                self?.context?.close(promise: nil)
            }
        }
        context.fireChannelWritabilityChanged()
    }
}
