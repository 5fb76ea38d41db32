import Bytes
import LoadPlans
import Messages
import Replay
import Synchronization
import Transports

/// Sees every exchange of a replay and keeps what it comes to, by route and tenant.
final class StageWitness: Sendable {
    private let plan: LoadPlan
    private let scenario: LoadPlan.Scenario
    /// Those of the paths of the scenario's traces.
    private let parameters: PathParameters
    private let clock = MonotonicClock()
    private let book: Mutex<RequestBook>
    private let ended = Atomic<UInt64>(0)
    /// Is told of each answer that may have accepted an execution.
    private let executions: ExecutionDesk?
    private let watch: TargetWatch
    private let isolation: IsolationBook
    private let version: SpokenVersion

    /// `keepsTrends` says whether it matters how times went in the course of the stage.
    init(
        plan: LoadPlan,
        scenario: LoadPlan.Scenario,
        parameters: PathParameters,
        executions: ExecutionDesk?,
        watch: TargetWatch,
        isolation: IsolationBook,
        version: SpokenVersion,
        keepsTrends: Bool
    ) {
        self.isolation = isolation
        self.version = version
        book = Mutex(RequestBook(keepsTrends: keepsTrends))
        self.plan = plan
        self.scenario = scenario
        self.parameters = parameters
        self.executions = executions
        self.watch = watch
    }

    /// Exchanges seen so far.
    var count: UInt64 { ended.load(ordering: .relaxed) }

    /// What the exchanges seen so far come to.
    var requests: RequestBook { book.withLock { $0 } }

    func see(_ exchange: ObservedExchange) {
        let content = exchange.scheduled.request.content
        let bytes = content.bytes.span
        let route =
            String(decoding: content.bytes[content.method], as: UTF8.self) + " "
            + RouteTemplate(target: bytes.extracting(content.target.bounds), parameters: parameters)
            .description
        let tenant = tenant(of: exchange)
        // Of a stream that the end of the run cut off, too.
        if let response = exchange.response {
            isolation.search(response, place: route, reader: tenant.isEmpty ? nil : tenant)
        }
        // What the end of the run cut off says nothing of the target.
        guard exchange.outcome != .aborted else { return }
        ended.add(1, ordering: .relaxed)
        let intended = clock.wall(exchange.scheduled.intended)
        let fact = RequestFact(
            outcome: exchange.outcome,
            end: exchange.end,
            responseTime: UInt64(max(0, exchange.end - intended)),
            serviceTime: UInt64(max(0, exchange.end - exchange.sent))
        )
        watch.note(response: fact.responseTime, isSuccess: fact.outcome.isSuccess)
        book.withLock { $0.note(fact, route: route, tenant: tenant) }
        executions?.see(exchange, content, tenant: tenant)
        if exchange.outcome == .responded(status: 200), let response = exchange.response {
            version.see(response.body.span, of: route)
        }
    }

    /// Whose request it is: the scenario's tenant, else the first whose filter takes it; empty for nobody's.
    private func tenant(of exchange: ObservedExchange) -> String {
        if let tenant = scenario.tenant { return tenant }
        guard plan.tenants.contains(where: { $0.match != nil }),
            let head = try? Head(parsing: exchange.requestHead, kind: .request)
        else { return "" }
        return plan.tenants.first { $0.match?.matches(head) ?? false }?.name ?? ""
    }
}
