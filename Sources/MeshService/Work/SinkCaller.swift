import MeshTarget
import NIOCore
import NIOHTTP1
import NIOPosix

/// Posts what runs call out to one place, over connections that are kept: the callback by which a load test learns that a run
/// came to its end.
///
/// Confined to its event loop.
final class SinkCaller {
    /// Most connections, and most posts that wait for one; a post beyond is answered 0.
    static let connections = 32
    static let queue = 20_000
    static let patience = TimeAmount.seconds(10)

    private typealias Post = (request: SinkRequest, then: (CallAnswer) -> Void)

    private let host: String
    private let port: Int
    private let path: String
    private let loop: any EventLoop
    private var idle: [any Channel] = []
    private var open = 0
    private var waiting = CircularBuffer<Post>()

    /// - Parameter url: `http://HOST:PORT/PATH`.
    init?(url: String, loop: any EventLoop) {
        guard url.hasPrefix("http://") else { return nil }
        let rest = url.dropFirst(7)
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<slash]
        let colon = authority.lastIndex(of: ":")
        guard !authority.isEmpty, let port = colon.map({ Int(authority[$0...].dropFirst()) }) ?? 80 else {
            return nil
        }
        host = String(authority[..<(colon ?? authority.endIndex)])
        self.port = port
        path = slash == rest.endIndex ? "/" : String(rest[slash...])
        self.loop = loop
    }

    /// Posts `{"run_id","project_id","workflow_id","correlation_id"}` for the run of `job`.
    func post(_ job: Job, then: @escaping (CallAnswer) -> Void) {
        guard waiting.count < Self.queue else { return then(CallAnswer(status: 0)) }
        waiting.append((SinkRequest(job: job, host: "\(host):\(port)", path: path), then))
        serve()
    }

    private func serve() {
        while let channel = idle.popLast() {
            guard channel.isActive else { continue }
            guard let post = waiting.popFirst() else {
                idle.append(channel)
                return
            }
            send(post, over: channel)
        }
        while open < Self.connections, open < waiting.count { connect() }
    }

    private func connect() {
        open += 1
        let connecting = ClientBootstrap(group: loop)
            .connectTimeout(.seconds(2))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandler(SinkHandler())
                }
            }
            .connect(host: host, port: port)
        connecting.assumeIsolated().whenComplete { [weak self] result in
            guard let self else { return }
            switch result {
            case .success(let channel):
                channel.closeFuture.assumeIsolated().whenComplete { _ in self.open -= 1 }
                idle.append(channel)
                serve()
            case .failure:
                open -= 1
                // Nobody listens: what waits is answered so, and the runs try again later.
                if open == 0 {
                    let failed = waiting
                    waiting.removeAll()
                    failed.forEach { $0.then(CallAnswer(status: 0)) }
                }
            }
        }
    }

    private func send(_ post: Post, over channel: any Channel) {
        let promise = loop.makePromise(of: Int.self)
        let timeout = loop.assumeIsolated().scheduleTask(in: Self.patience) { channel.close(promise: nil) }
        promise.futureResult.assumeIsolated().whenComplete { [weak self] result in
            timeout.cancel()
            let status = (try? result.get()) ?? 0
            if status != 0 { self?.idle.append(channel) }
            post.then(CallAnswer(status: status))
            self?.serve()
        }
        channel.writeAndFlush(SinkHandler.Exchange(request: post.request, promise: promise), promise: nil)
    }
}

/// A request as it goes out.
struct SinkRequest: Sendable {
    var head: HTTPRequestHead
    var body: ByteBuffer

    init(job: Job, host: String, path: String) {
        head = HTTPRequestHead(version: .http1_1, method: .POST, uri: path)
        body = ByteBuffer(
            bytes: JSONText.object {
                $0.member("run_id", job.run)
                $0.member("project_id", job.project)
                $0.member("workflow_id", job.workflow)
                $0.member("correlation_id", job.correlation)
            }
        )
        head.headers = [
            "Host": host, "Content-Type": "application/json", "Content-Length": "\(body.readableBytes)",
            "Idempotency-Key": "mh-\(job.run)-\(job.step)", "X-Run-Id": job.run,
        ]
    }
}

/// One exchange at a time: writes a request, and answers its status, or 0 where the connection ends before.
final class SinkHandler: ChannelDuplexHandler {
    struct Exchange: Sendable {
        var request: SinkRequest
        var promise: EventLoopPromise<Int>
    }

    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = Exchange
    typealias OutboundOut = HTTPClientRequestPart

    private var awaited: EventLoopPromise<Int>?
    private var status = 0

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let exchange = unwrapOutboundIn(data)
        guard context.channel.isActive else { return exchange.promise.succeed(0) }
        awaited = exchange.promise
        context.write(wrapOutboundOut(.head(exchange.request.head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(exchange.request.body))), promise: nil)
        context.write(wrapOutboundOut(.end(nil)), promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): status = Int(head.status.code)
        case .body: break
        case .end: answer(status)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        answer(0)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func answer(_ status: Int) {
        // Whoever hears it may send the next request at once.
        let answered = awaited
        awaited = nil
        answered?.succeed(status)
    }
}
