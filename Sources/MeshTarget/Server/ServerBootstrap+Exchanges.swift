package import NIOCore
package import NIOHTTP1
package import NIOPosix

extension ServerBootstrap {
    /// Serves HTTP/1 on `group`, each connection with an `ExchangeHandler` that asks `service`.
    ///
    /// `upgrade` gives what a connection may become, and `handlers` what stands before its handler.
    package static func exchanges<Service: ExchangeService>(
        of service: NIOLoopBound<Service>,
        on group: MultiThreadedEventLoopGroup,
        upgrade: @escaping @Sendable () -> NIOHTTPServerUpgradeConfiguration? = { nil },
        handlers: @escaping @Sendable () -> [any ChannelHandler] = { [] }
    ) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 4)
            // A sender that closes its own direction after the request still gets the answer.
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.configureHTTPServerPipeline(withServerUpgrade: upgrade())
                    try pipeline.addHandlers(handlers())
                    try pipeline.addHandler(ExchangeHandler(service: service.value))
                }
            }
    }
}
