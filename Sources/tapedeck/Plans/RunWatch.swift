import Configuration
import CurlTransport
import Dispatch
import JSON
import LoadPlans
import Replay
import Reports
import Synchronization

/// Asks for the runs of one tenant again and again, on a thread of its own.
///
/// It outlives a stage: where it is in the list is remembered for the next.
final class RunWatch: RunSource {
    let tenant: String
    private let url: String
    private let headers: [String]
    private let interval: UInt64
    private let delay: ExecutionRule.DelayPlace?
    private let isInsecure: Bool
    private let isolation: IsolationBook
    private let listing: Mutex<RunListing>
    private let state = Mutex<State>(State())
    private let stopped = DispatchSemaphore(value: 0)
    private let done = DispatchSemaphore(value: 0)

    private struct State {
        var isRunning = false
        var failures: UInt64 = 0
        var lastFailure = ""
        var rounds: UInt64 = 0
        var longestRound: UInt64 = 0
    }

    /// Seconds for one page.
    private static let timeout = 20
    private static let placeholder = "{cursor}"

    init(
        tenant: LoadPlan.Tenant,
        rule: ExecutionRule,
        poll: String,
        target: ReplayTarget,
        isInsecure: Bool,
        isolation: IsolationBook
    ) throws {
        self.tenant = tenant.name
        url = "\(target.scheme.rawValue)://\(target.authority)\(target.pathPrefix)\(poll)"
        headers = try tenant.credentials()
        self.isolation = isolation
        interval = rule.interval
        delay = rule.delay
        self.isInsecure = isInsecure
        listing = Mutex(RunListing(followsChanges: poll.contains(Self.placeholder)))
    }

    let isOfTenant = true

    func start(_ desk: ExecutionDesk) {
        state.withLock { $0 = State(isRunning: true) }
        ReplayThread.start {
            self.run(desk)
            self.done.signal()
        }
    }

    /// Ends the thread and waits for it.
    func stop() {
        let wasRunning = state.withLock { state in
            defer { state.isRunning = false }
            return state.isRunning
        }
        guard wasRunning else { return }
        stopped.signal()
        done.wait()
    }

    /// What went wrong, or took longer than the interval.
    var remarks: [String] {
        let state = state.withLock { $0 }
        let who = tenant.isEmpty ? "the list of runs" : "the list of \(tenant)'s runs"
        var remarks: [String] = []
        if state.failures > 0 {
            remarks.append(
                "\(who) was not to be had \(Quantity.count(state.failures)) times: \(state.lastFailure)"
            )
        }
        if state.longestRound > interval {
            let longest = Quantity.duration(nanoseconds: Int64(clamping: state.longestRound))
            remarks.append("\(who) took up to \(longest) to read, which is how late an end may be noticed")
        }
        return remarks
    }

    private func run(_ desk: ExecutionDesk) {
        let fetch: CurlFetch
        do {
            fetch = try CurlFetch(headers: headers, timeoutSeconds: Self.timeout, isInsecure: isInsecure)
        } catch {
            state.withLock {
                $0.lastFailure = "\(error)"; $0.failures += 1
            }
            return
        }
        var isLast = false
        while true {
            let start = Clock.monotonic()
            do {
                try readRound(fetch, desk)
            } catch {
                let message = (error as? CommandFailure)?.message ?? "\(error)"
                state.withLock {
                    $0.lastFailure = message; $0.failures += 1
                }
            }
            let took = Clock.monotonic() - start
            state.withLock {
                $0.rounds += 1; $0.longestRound = max($0.longestRound, took)
            }
            if isLast { return }
            let rest = interval - min(interval, took)
            // One more round after the stop, for what ended meanwhile.
            isLast = stopped.wait(timeout: .now() + .nanoseconds(Int(clamping: rest))) == .success
        }
    }

    private func readRound(_ fetch: CurlFetch, _ desk: ExecutionDesk) throws {
        listing.withLock { $0.begin() }
        while let place = listing.withLock({ $0.next() }) {
            let answer = try fetch.get(url(at: place))
            let now = Clock.wall()
            guard answer.status == 200 else {
                throw CommandFailure("answered with status \(answer.status)")
            }
            // Without tenants nobody is told apart.
            isolation.search(
                answer.body.span,
                place: "the list of runs",
                reader: tenant.isEmpty ? nil : tenant
            )
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
            return url.replacing(Self.placeholder, with: PercentText.escape(place ?? "0"))
        }
        guard let place else { return url }
        return url + (url.contains("?") ? "&" : "?") + "after=" + PercentText.escape(place)
    }
}
