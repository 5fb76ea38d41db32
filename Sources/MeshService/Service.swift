import Glibc
import MeshDatabase
import MeshTarget
import NIOCore
import NIOHTTP1
import SeededRandom

/// The service on its event loop: answers requests out of the database. Confined to the loop.
final class Service {
    var options: ServiceOptions
    let loop: any EventLoop
    let database: Database
    var directory = Directory()
    let tokens: WebToken
    /// The opaque tokens of the seed's tenants.
    let opaque: [String: String]
    var counts = ServiceCounts()
    var buckets: [String: TokenBucket] = [:]
    var audits: TokenBucket
    var generator: SeededGenerator
    var feeds: [String: ProjectFeed] = [:]
    /// Runs made lately and their projects; only for a planted defect.
    var knownProjects: [String: String] = [:]
    /// How long answers took before a planted slowness; only for that.
    var unslowed: [String: DurationHistogram] = [:]
    var isLeaving = false
    /// Deliveries whose run id had been used before.
    var spares: UInt32 = 0
    private let epoch: Int64
    private let start: NIODeadline

    init(_ options: ServiceOptions, database: Database, loop: any EventLoop) {
        loop.preconditionInEventLoop()
        self.options = options
        self.loop = loop
        self.database = database
        tokens = WebToken(seed: options.seed)
        opaque = Dictionary(
            uniqueKeysWithValues: MeshTenant.all(seed: options.seed).map { ($0.token, $0.id) }
        )
        generator = SeededGenerator(seed: options.seed ^ 0x7365_7276_6963_6531)
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        epoch = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
        start = .now()
        audits = TokenBucket(rate: 20, now: 0)
    }

    /// The wall clock as of the start, moved on by the monotonic one, in nanoseconds since 1970.
    var now: Int64 { epoch + (NIODeadline.now() - start).nanoseconds }

    /// Reads which hook is whose; again a little later where the database is not there.
    func loadDirectory(then: @escaping (Result<Void, DatabaseError>) -> Void) {
        var transaction = Transaction(Queries.routes)
        transaction.add(Queries.keys)
        transaction.add(Queries.partitions)
        run(transaction) { service, answer in
            switch answer {
            case .success(let tables):
                service.directory = Directory(routes: tables[0], keys: tables[1], options: service.options)
                then(.success(()))
            case .failure(let error):
                then(.failure(error))
            }
        }
    }

    /// Runs `transaction`, as `project` where one is named; `then` is called on the loop, and what it does counts as work.
    func run(
        _ transaction: Transaction,
        as project: String? = nil,
        then: @escaping (Service, Database.Answer) -> Void
    ) {
        var whole = Transaction()
        if let project { whole.add(Queries.asProject, Parameter(project)) }
        for step in transaction.steps { whole.add(step) }
        let skipped = project == nil ? 0 : 1
        database.run(whole, on: loop) { [weak self] answer in
            guard let self else { return }
            working { then(self, answer.map { Array($0.dropFirst(skipped)) }) }
        }
    }

    func working(_ work: () -> Void) {
        let begin = NIODeadline.now()
        work()
        counts.loopBusy += Double((NIODeadline.now() - begin).nanoseconds) / 1e9
    }

    func after(_ time: TimeAmount, _ what: @escaping (Service) -> Void) {
        loop.assumeIsolated().scheduleTask(in: time) { [weak self] in
            if let self { what(self) }
        }
    }

    /// Answers a request; the exchange is told once, now or later.
    func answer(_ request: ServiceRequest, _ exchange: Exchange) {
        let begin = NIODeadline.now()
        take(request, exchange)
        counts.routeBusy[exchange.route, default: 0] += Double((NIODeadline.now() - begin).nanoseconds) / 1e9
    }

    private func take(_ request: ServiceRequest, _ exchange: Exchange) {
        guard let route = ServiceRoute(path: request.path) else {
            exchange.route = "other"
            return exchange.reply(.failure(404, "not found"))
        }
        exchange.route = route.template
        guard route.methods.contains(request.method) else {
            let allowed = route.methods.joined(separator: ", ")
            return exchange.reply(MeshReply.failure(405, "method not allowed").adding("Allow", allowed))
        }
        burn(in: route.template)
        switch route {
        case .health: return health(exchange)
        case .metrics: return metrics(exchange)
        case .queueDepth: return queueDepth(exchange)
        case .hook(let slug): return takeDelivery(request, slug: slug, exchange)
        case .realtime:
            // What came this far asked for no socket, or showed a token that is not good. The parser takes nothing after
            // a request for an upgrade.
            exchange.keepAlive = false
            if request.parameter("apikey").map({ project(of: $0) == nil }) ?? false {
                return exchange.reply(Refusal.unauthorized.reply)
            }
            return exchange.reply(MeshReply.failure(426, "upgrade required").adding("Upgrade", "websocket"))
        default: break
        }
        switch reader(of: request) {
        case .failure(let refusal): exchange.reply(refusal.reply)
        case .success(let project): read(route, request, project: project, exchange)
        }
    }

    private func read(_ route: ServiceRoute, _ request: ServiceRequest, project: String, _ exchange: Exchange)
    {
        switch route {
        case .runs: listRuns(request, project: project, exchange)
        case .run(let id): showRun(id, project: project, exchange)
        case .events(let id): listEvents(id, request, project: project, exchange)
        case .log(let id): listLog(id, request, project: project, exchange)
        case .runStream(let id): streamRun(id, request, project: project, exchange)
        case .projectStream: streamProject(request, project: project, exchange)
        case .health, .metrics, .queueDepth, .hook, .realtime: break
        }
    }

    /// The planted use of the processor.
    private func burn(in route: String) {
        guard let planted = options.bottlenecks.processor, planted.route == route else { return }
        let end = NIODeadline.now() + .nanoseconds(planted.burn)
        while NIODeadline.now() < end {}
    }

    /// What went wrong with the database, as an answer.
    static func reply(to error: DatabaseError) -> MeshReply {
        switch error {
        case .queueFull, .waitedTooLong, .connectionLost, .closed:
            MeshReply.failure(503, "database unavailable", "\(error)").adding("Retry-After", "1")
        case .refused(let state, _) where state.isPassing:
            MeshReply.failure(503, "database unavailable", "\(error)").adding("Retry-After", "1")
        case .refused: .failure(500, "internal error")
        }
    }

    func count(_ status: Int, route: String, seconds: Double) {
        counts.statuses[status, default: 0] &+= 1
        counts.durations[route, default: DurationHistogram()].record(seconds: seconds)
    }
}
