import Glibc
import MeshTarget
import NIOCore
import NIOHTTP1

/// Answers callbacks; confined to its event loop.
final class CallbackService: ExchangeService {
    private(set) var counts = CallbackServer.Counts()
    private(set) var isLeaving = false
    private var connections = 0
    private let answer: (CallbackServer.Request) -> Int

    init(_ answer: @escaping (CallbackServer.Request) -> Int) {
        self.answer = answer
    }

    /// Keeps no connection beyond its answer from now on.
    func leave() -> CallbackServer.Counts {
        isLeaving = true
        return counts
    }

    var date: MeshTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return MeshTime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    var writeStall: TimeAmount { .seconds(30) }

    func openConnection() -> Bool {
        guard connections < CallbackServer.connectionLimit else {
            counts.refusedConnections += 1
            return false
        }
        connections += 1
        return true
    }

    func closeConnection() { connections -= 1 }

    func answer(_ head: HTTPRequestHead, body: [UInt8], _ exchange: HTTPExchange<CallbackService>) {
        let request = CallbackServer.Request(
            method: head.method.rawValue,
            target: head.uri,
            fields: head.headers.map { ($0.name, $0.value) },
            body: body
        )
        exchange.reply(MeshReply(status: answer(request), fields: [], body: []))
    }

    func refuse(_ head: HTTPRequestHead, _ exchange: HTTPExchange<CallbackService>) {
        counts.tooLong += 1
        exchange.reply(MeshReply(status: 413, fields: [], body: []))
    }

    func countBrokenConnection() { counts.broken += 1 }
    func countSlowReader() { counts.idle += 1 }
    func countIdle() { counts.idle += 1 }
}

/// Closes a connection on which nothing happens.
final class IdleCloser: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    private let service: CallbackService

    init(_ service: CallbackService) {
        self.service = service
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is IdleStateHandler.IdleStateEvent else {
            return context.fireUserInboundEventTriggered(event)
        }
        service.countIdle()
        context.close(promise: nil)
    }
}
