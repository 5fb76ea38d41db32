import Bytes
import Configuration
import CurlTransport
import JSON
import LoadPlans
import Replay
import Synchronization

/// Asks for the runs of one tenant again and again, on a thread of its own.
///
/// It outlives a stage: where it is in the list is remembered for the next.
final class RunWatch: RunSource {
    let tenant: String
    private let url: String
    private let headers: [String]
    private let delay: ExecutionRule.DelayPlace?
    private let connection: TargetConnection
    private let isolation: IsolationBook
    private let listing: Mutex<RunListing>
    private let rounds: Rounds

    /// Seconds for one page.
    private static let timeout = 20
    private static let placeholder = "{cursor}"

    init(
        tenant: LoadPlan.Tenant,
        rule: ExecutionRule,
        poll: String,
        target: ReplayTarget,
        connection: TargetConnection,
        isolation: IsolationBook
    ) throws {
        self.tenant = tenant.name
        url = "\(target.scheme.rawValue)://\(target.authority)\(target.pathPrefix)\(poll)"
        headers = try tenant.credentials()
        self.isolation = isolation
        rounds = Rounds(every: rule.interval)
        delay = rule.delay
        self.connection = connection
        listing = Mutex(RunListing(followsChanges: poll.contains(Self.placeholder)))
    }

    let isOfTenant = true

    func start(_ desk: ExecutionDesk) {
        rounds.start {
            var fetch: CurlFetch?
            return { _ in
                let open =
                    try fetch
                    ?? CurlFetch(
                        headers: self.headers,
                        timeoutSeconds: Self.timeout,
                        connection: self.connection,
                        isCancelled: { Interrupt.isOverdue }
                    )
                fetch = open
                try self.readRound(open, desk)
            }
        }
    }

    func stop() { rounds.stop() }

    /// What went wrong, or took longer than the interval.
    var remarks: [String] {
        let list = tenant.isEmpty ? "the list of runs" : "the list of \(tenant)'s runs"
        return rounds.remarks(failure: "\(list) was not to be had", work: list)
    }

    private func readRound(_ fetch: CurlFetch, _ desk: ExecutionDesk) throws {
        listing.withLock { $0.begin() }
        while let place = listing.withLock({ $0.next() }) {
            let answer = try fetch.get(url(at: place))
            let now = Clock.wall()
            // Without tenants nobody is told apart.
            isolation.search(answer, place: "the list of runs", reader: tenant.isEmpty ? nil : tenant)
            guard answer.status == 200 else {
                throw CommandFailure("answered with status \(answer.status)")
            }
            guard let value = try? JSONValue(parsing: answer.body.span),
                let page = RunPage(value, delay: delay)
            else {
                throw CommandFailure("answered with what is no list of runs")
            }
            let open = desk.see(page, of: tenant, at: now)
            listing.withLock { $0.take(page, openOwn: open.own, openOther: open.other) }
        }
    }

    private func url(at place: String?) -> String {
        if url.contains(Self.placeholder) {
            return url.replacing(Self.placeholder, with: PercentEncoding.encode(place ?? "0"))
        }
        guard let place else { return url }
        return url + (url.contains("?") ? "&" : "?") + "after=" + PercentEncoding.encode(place)
    }
}
