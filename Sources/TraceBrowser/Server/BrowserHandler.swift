import NIOCore
import NIOHTTP1
import NIOPosix

/// The exchanges of one connection, one at a time: collects a request, asks the gate, has it answered elsewhere.
final class BrowserHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum Phase {
        /// Becomes `collecting`.
        case idle
        /// Becomes `answering`.
        case collecting(HTTPRequestHead, bodyCount: Int)
        /// Becomes `idle`.
        case answering
    }

    private let session: BrowserSession
    private let gate: GateSlot
    private let pool: NIOThreadPool
    private let clients: ClientCount
    private let limits: BrowserLimits
    private var phase = Phase.idle
    private var isCounted = false
    /// Closes the connection where a request or the taking of an answer lasts too long.
    private var patience: Scheduled<Void>?

    init(session: BrowserSession, gate: GateSlot, pool: NIOThreadPool, clients: ClientCount) {
        self.session = session
        self.gate = gate
        self.pool = pool
        self.clients = clients
        limits = session.options.limits
    }

    func channelActive(context: ChannelHandlerContext) {
        isCounted = true
        guard clients.enter() else {
            context.close(promise: nil)
            return
        }
        wait(limits.requestSeconds, context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        patience?.cancel()
        if isCounted { clients.leave() }
        isCounted = false
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            phase = .collecting(head, bodyCount: 0)
            wait(limits.requestSeconds, context)
        case .body(let part):
            guard case .collecting(let head, let count) = phase else { return }
            guard count + part.readableBytes <= limits.body else {
                phase = .idle
                context.close(promise: nil)
                return
            }
            phase = .collecting(head, bodyCount: count + part.readableBytes)
        case .end:
            guard case .collecting(let head, _) = phase else { return }
            phase = .answering
            patience?.cancel()
            answer(head, context)
        }
    }

    private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let asked = RequestGate.Asked(
            method: head.method.rawValue,
            target: head.uri,
            hosts: head.headers["Host"],
            origin: head.headers.first(name: "Origin"),
            fetchSite: head.headers.first(name: "Sec-Fetch-Site"),
            contentType: head.headers.first(name: "Content-Type")
        )
        let isHead = head.method == .HEAD
        guard let gate = gate.current else { return context.close(promise: nil) }
        let request: BrowserRequest
        do {
            request = try gate.admit(asked)
        } catch {
            // A stranger learns nothing, and keeps no connection.
            write(.refusal(error.status, error.sentence), isHead: isHead, keepAlive: false, context)
            return
        }
        let keepAlive = head.isKeepAlive
        let loop = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let session = session
        pool.runIfActive(eventLoop: context.eventLoop) { session.answer(request) }.whenComplete { result in
            let (handler, context) = loop.value
            switch result {
            case .success(let answer): handler.write(answer, isHead: isHead, keepAlive: keepAlive, context)
            case .failure: context.close(promise: nil)
            }
        }
    }

    private func write(
        _ answer: BrowserAnswer,
        isHead: Bool,
        keepAlive: Bool,
        _ context: ChannelHandlerContext
    ) {
        var head = HTTPResponseHead(
            version: .http1_1,
            status: HTTPResponseStatus(statusCode: answer.status)
        )
        for (name, value) in BrowserHeaders.always { head.headers.add(name: name, value: value) }
        head.headers.add(name: "Content-Type", value: answer.type)
        head.headers.add(name: "Content-Length", value: String(answer.body.count))
        if let name = answer.attachment {
            head.headers.add(name: "Content-Disposition", value: "attachment; filename=\"\(name)\"")
        }
        head.headers.add(name: "Connection", value: keepAlive ? "keep-alive" : "close")
        phase = .idle
        wait(limits.idleSeconds, context)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !isHead {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer.body)))), promise: nil)
        }
        let promise = context.eventLoop.makePromise(of: Void.self)
        if !keepAlive {
            let loop = NIOLoopBound(context, eventLoop: context.eventLoop)
            promise.futureResult.whenComplete { _ in loop.value.close(promise: nil) }
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: promise)
    }

    private func wait(_ seconds: Int64, _ context: ChannelHandlerContext) {
        patience?.cancel()
        let loop = NIOLoopBound(context, eventLoop: context.eventLoop)
        patience = context.eventLoop.scheduleTask(in: .seconds(seconds)) { loop.value.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
