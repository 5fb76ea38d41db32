import NIOCore
import NIOWebSocket

/// Keeps a refused upgrade from ending its connection: it goes on as a request, and is answered as one.
final class RefusedUpgradeHandler: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is NIOWebSocketUpgradeError { return }
        context.fireErrorCaught(error)
    }
}
