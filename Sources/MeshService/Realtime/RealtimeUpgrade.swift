import MeshTarget
import NIOCore
import NIOHTTP1
import NIOWebSocket

/// How a connection becomes a socket: `GET /realtime/v1/websocket`, with a good token in `apikey` or with none.
enum RealtimeUpgrade {
    static func configuration(_ service: NIOLoopBound<Service>) -> NIOHTTPServerUpgradeConfiguration {
        let upgrader = NIOWebSocketServerUpgrader(
            maxFrameSize: RealtimeSocket.message,
            shouldUpgrade: { channel, head in
                let project = project(of: head, service.value)
                // With the time, from which a client tells how far the clocks are apart.
                let fields: HTTPHeaders = ["Date": service.value.date.httpDate]
                return channel.eventLoop.makeSucceededFuture(project == .none ? nil : fields)
            },
            upgradePipelineHandler: { channel, head in
                channel.eventLoop.makeCompletedFuture {
                    guard case .some(let project) = project(of: head, service.value) else { return }
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(
                        NIOWebSocketFrameAggregator(
                            minNonFinalFragmentSize: 1,
                            maxAccumulatedFrameCount: 64,
                            maxAccumulatedFrameSize: RealtimeSocket.message
                        )
                    )
                    try pipeline.addHandler(RealtimeSocket(service: service.value, project: project))
                }
            }
        )
        return (
            [upgrader],
            { context in
                let pipeline = context.pipeline.syncOperations
                guard let handler = try? pipeline.handler(type: ExchangeHandler<Service>.self) else { return }
                _ = pipeline.removeHandler(handler)
            }
        )
    }

    /// Whose token the address has; `.some(nil)` where it has none, which a join may show; `nil` where it is another's
    /// address or no good token. Where a project is named beside any token, that is whose the socket is.
    private static func project(of head: HTTPRequestHead, _ service: Service) -> String?? {
        let request = ServiceRequest(head, body: [])
        guard ServiceRoute(path: request.path) == .realtime else { return nil }
        if service.options.authentication == .project, let named = request.field("X-Project-Id"),
            service.directory.projects.contains(named)
        {
            return .some(named)
        }
        guard let token = request.parameter("apikey") else { return .some(nil) }
        guard let project = service.project(of: token) else { return nil }
        return .some(project)
    }
}
