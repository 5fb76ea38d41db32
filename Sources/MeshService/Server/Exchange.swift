import MeshDatabase
import MeshTarget
import NIOCore

/// One request and its answer, which is given once, measured and counted.
final class Exchange {
    /// The template of the path, for the metrics.
    var route = "other"
    /// What is added to the time of the answer, in nanoseconds.
    var delay: Int64 = 0
    private let service: Service
    private let http: HTTPExchange<Service>
    private let begin = NIODeadline.now()
    private var isAnswered = false

    init(_ http: HTTPExchange<Service>, service: Service) {
        self.http = http
        self.service = service
    }

    /// Who asks, as an address.
    var peer: String? { http.peer }

    var keepAlive: Bool {
        get { http.keepAlive }
        set { http.keepAlive = newValue }
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
        http.reply(reply)
    }

    /// Begins to answer with events; `nil` where the reader has gone.
    func openStream() -> EventStream? {
        guard !isAnswered else { return nil }
        isAnswered = true
        count(200)
        return http.openStream { EventStream(handler: $0, service: service) }
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
