import NIOCore
import NIOHTTP1

/// One connection of a traffic run: sends each request when it is due and the one before is answered.
final class SenderHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let connection: Int
    private let requests: [PlannedRequest]
    private let run: TrafficRun
    private var next = 0
    private var pending: PlannedRequest?
    private var status = 0
    private var runID: String?

    init(connection: Int, requests: [PlannedRequest], run: TrafficRun) {
        self.connection = connection
        self.requests = requests
        self.run = run
    }

    func channelActive(context: ChannelHandlerContext) {
        proceed(context)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            status = Int(head.status.code)
            runID = head.headers.first(name: "X-Run-Id")
        case .body:
            break
        case .end:
            guard let request = pending else { return }
            pending = nil
            run.answered(request, status: status, run: runID)
            proceed(context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        run.closed(connection, failed: pending == nil ? 0 : 1, notSent: requests.count - next)
        next = requests.count
        pending = nil
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    /// Sends the next request, or waits until it is due, or closes after the last.
    private func proceed(_ context: ChannelHandlerContext) {
        while pending == nil {
            guard next < requests.count else {
                context.close(promise: nil)
                return
            }
            let due = run.start + .nanoseconds(requests[next].time)
            let late = (NIODeadline.now() - due).nanoseconds
            guard late >= 0 else {
                context.eventLoop.assumeIsolated().scheduleTask(deadline: due) { self.proceed(context) }
                return
            }
            let request = requests[next]
            next += 1
            if let path = run.path(of: request.target) {
                send(request, path: path, context)
                run.sent(late: late)
            } else {
                run.skipped()
            }
        }
    }

    private func send(_ request: PlannedRequest, path: String, _ context: ChannelHandlerContext) {
        var head = HTTPRequestHead(version: .http1_1, method: HTTPMethod(rawValue: request.method), uri: path)
        for (name, value) in request.fields { head.headers.add(name: name, value: value) }
        switch request.body.count {
        case 0: break
        case 1: head.headers.add(name: "Content-Length", value: String(request.body[0].count))
        default: head.headers.add(name: "Transfer-Encoding", value: "chunked")
        }
        pending = request
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        for piece in request.body {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: piece)))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
