import MeshDatabase
import MeshTarget
import NIOCore

/// One request and its answer, which is given once.
final class Exchange {
    /// The template of the path, for the metrics.
    var route = "other"
    /// What is added to the time of the answer, in nanoseconds.
    var delay: Int64 = 0
    /// Who asks, as an address.
    let peer: String?
    var keepAlive: Bool
    let isHead: Bool
    /// HTTP/1.0 has no chunks: there the end of the connection is the end of the events.
    let hasChunks: Bool
    private let service: Service
    private weak var handler: ServiceHandler?
    private let begin = NIODeadline.now()
    private var isAnswered = false

    init(
        service: Service,
        handler: ServiceHandler,
        keepAlive: Bool,
        isHead: Bool,
        hasChunks: Bool,
        peer: String?
    ) {
        self.hasChunks = hasChunks
        self.service = service
        self.handler = handler
        self.keepAlive = keepAlive
        self.isHead = isHead
        self.peer = peer
    }

    func reply(_ reply: MeshReply) {
        guard !isAnswered else { return }
        isAnswered = true
        let late = delay + service.plantedDelay(route: route, seconds: seconds)
        guard late > 0 else { return finish(reply) }
        service.after(.nanoseconds(late)) { _ in self.finish(reply) }
    }

    private func finish(_ reply: MeshReply) {
        count(reply.status)
        handler?.complete(reply, of: self)
    }

    /// Begins to answer with events; `nil` where the reader has gone.
    func openStream() -> EventStream? {
        guard !isAnswered else { return nil }
        isAnswered = true
        count(200)
        return handler?.openStream(for: self)
    }

    private func count(_ status: Int) {
        service.count(status, route: route, seconds: seconds)
    }

    /// Since the request came.
    private var seconds: Double { Double((NIODeadline.now() - begin).nanoseconds) / 1e9 }
}

extension Service {
    /// The planted slowness: now and then twice what 95 of a hundred answers of the route take without it.
    func plantedDelay(route: String, seconds: Double) -> Int64 {
        guard options.defects.has(.slowP95) else { return 0 }
        unslowed[route, default: DurationHistogram()].record(seconds: seconds)
        guard options.defects.strikes(.slowP95) else { return 0 }
        let usual = unslowed[route]?.bound(ofShare: 0.95) ?? 0
        return max(50_000_000, Int64(usual * 2e9))
    }
}
