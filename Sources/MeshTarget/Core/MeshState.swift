/// The stand-in without its sockets: tenants, runs, timers and event streams as one value.
///
/// Requests and the time go in, answers come out. A caller tells it the time through `advance` when `deadline`
/// is reached, and after every call serves the streams that `takeReadyStreams` names.
package struct MeshState: Sendable {
    enum TimerEvent: Sendable {
        /// The run with this number takes its next step.
        case step(UInt64)
        /// The stream may have been silent for too long.
        case heartbeat(MeshStreamID)
    }

    struct Delivered: Sendable {
        var run: RunID
        var body: [UInt8]
    }

    package let tenants: [MeshTenant]
    package let limits: MeshLimits
    package var counts = MeshCounts()
    let seed: UInt64
    let authentication: MeshAuthentication
    /// Where each slug leads.
    let hooks: [String: (tenant: Int, hook: MeshHook)]

    var runs: [UInt64: Run] = [:]
    var numbers: [RunID: UInt64] = [:]
    var nextNumber: UInt64 = 1
    /// The numbers of each tenant's runs, ascending; those of forgotten runs are dropped now and then.
    var numbersByTenant: [[UInt64]]
    /// Finished runs, the one that finished first at `oldestFinished`.
    var finishedNumbers: [UInt64] = []
    var oldestFinished = 0
    var delivered: [IdempotencyKey: Delivered] = [:]
    /// How often a delivery of the same identity has come, by the id of its first run.
    var occurrences: [RunID: UInt32] = [:]

    var timers = TimerHeap<TimerEvent>()
    var streams: [MeshStreamID: LogStream] = [:]
    var nextStream: UInt64 = 1
    var readyStreams: [MeshStreamID] = []

    package init(
        seed: UInt64,
        signingSecret: [UInt8]? = nil,
        authentication: MeshAuthentication = .tokens,
        limits: MeshLimits = MeshLimits()
    ) {
        self.seed = seed
        self.authentication = authentication
        self.limits = limits
        let tenants = MeshTenant.all(seed: seed, signingSecret: signingSecret)
        self.tenants = tenants
        var hooks: [String: (tenant: Int, hook: MeshHook)] = [:]
        for (index, tenant) in tenants.enumerated() {
            for hook in tenant.hooks { hooks[hook.slug] = (index, hook) }
        }
        self.hooks = hooks
        numbersByTenant = Array(repeating: [], count: tenants.count)
    }

    /// When `advance` has something to do next.
    package var deadline: MeshTime? { timers.deadline }

    /// Answers `request`, after everything that is due at `now`.
    package mutating func answer(_ request: MeshRequest, at now: MeshTime) -> MeshAnswer {
        advance(to: now)
        let answer = route(request, at: now)
        switch answer {
        case .reply(let reply): counts.statuses[reply.status, default: 0] &+= 1
        case .stream: counts.statuses[200, default: 0] &+= 1
        }
        return answer
    }

    /// Counts an answer that was given without asking the core.
    package mutating func count(status: Int) {
        counts.statuses[status, default: 0] &+= 1
    }

    private mutating func route(_ request: MeshRequest, at now: MeshTime) -> MeshAnswer {
        guard let route = Route(path: request.path) else { return .reply(.failure(404, "not found")) }
        guard route.methods.contains(request.method) else {
            let allowed = route.methods.joined(separator: ", ")
            return .reply(.failure(405, "method not allowed").adding("Allow", allowed))
        }
        switch route {
        case .health: return .reply(health())
        case .metrics: return .reply(metrics())
        case .hook(let slug): return .reply(takeDelivery(request, slug: slug, at: now))
        case .reading(let reading):
            switch reader(of: request) {
            case .success(let tenant): return answer(reading, request, tenant: tenant, at: now)
            case .failure(let refusal): return .reply(refusal.reply)
            }
        }
    }

    private mutating func answer(
        _ reading: Route.Reading,
        _ request: MeshRequest,
        tenant: Int,
        at now: MeshTime
    ) -> MeshAnswer {
        switch reading {
        case .runs: .reply(list(request, tenant: tenant))
        case .run(let id): .reply(show(id, tenant: tenant))
        case .log(let id): .reply(log(id, request, tenant: tenant))
        case .stream(let id): openStream(id, request, tenant: tenant, at: now)
        }
    }
}
