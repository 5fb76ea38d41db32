import Dispatch
import LoadPlans
import Reports
import Synchronization

/// Puts the query of a plan to the target's database again and again, on a thread of its own, and reads runs from it.
///
/// One reader sees the runs of all tenants. Each look is a transaction that only reads.
final class DatabaseRuns: RunSource {
    private let query: ExecutionRule.Query
    private let delay: ExecutionRule.DelayPlace?
    private let interval: UInt64
    private let state = Mutex<State>(State())
    private let stopped = DispatchSemaphore(value: 0)
    private let done = DispatchSemaphore(value: 0)

    private struct State {
        var isRunning = false
        var failures: UInt64 = 0
        var lastFailure = ""
        var longestRound: UInt64 = 0
    }

    /// Milliseconds that the client may take to answer; the database itself gives up before.
    private static let patience = Int32(ExecutionRule.Query.patience + 2) * 1_000
    /// Bytes of one answer, about a million runs.
    private static let limit = 256 << 20
    /// Runs that the book is told of at once.
    private static let batch = 1_000

    /// An error names the place of the connection string, and never what it holds.
    init(_ query: ExecutionRule.Query, rule: ExecutionRule) throws {
        try DatabaseClient.check(query.connection)
        self.query = query
        delay = rule.delay
        interval = rule.interval
    }

    let isOfTenant = false

    func start(_ desk: ExecutionDesk) {
        state.withLock { $0 = State(isRunning: true) }
        ReplayThread.start {
            self.run(desk)
            self.done.signal()
        }
    }

    func stop() {
        let wasRunning = state.withLock { state in
            defer { state.isRunning = false }
            return state.isRunning
        }
        guard wasRunning else { return }
        stopped.signal()
        done.wait()
    }

    private func run(_ desk: ExecutionDesk) {
        var client: DatabaseClient?
        var first: String?
        var last: String?
        var isLast = false
        while true {
            let start = Clock.monotonic()
            do {
                let open = try client ?? DatabaseClient(query.connection, takesErrors: true)
                client = open
                // The last look is over the whole stage, so that nothing that was written late is missed.
                let moment = try look(open, since: isLast ? first : last, desk)
                first = first ?? moment
                last = moment ?? last
            } catch {
                client = nil
                let message = (error as? CommandFailure)?.message ?? "\(error)"
                state.withLock {
                    $0.lastFailure = message
                    $0.failures += 1
                }
            }
            let took = Clock.monotonic() - start
            state.withLock { $0.longestRound = max($0.longestRound, took) }
            if isLast { return }
            let rest = interval - min(interval, took)
            isLast = stopped.wait(timeout: .now() + .nanoseconds(Int(clamping: rest))) == .success
        }
    }

    /// One look; answers when it was, by the clock of the database.
    private func look(_ client: DatabaseClient, since: String?, _ desk: ExecutionDesk) throws -> String? {
        var moment: String?
        var failure: String?
        var page = RunPage([])
        let script = query.script(since: since.map { .moment($0) } ?? .now)
        try client.ask(script, patience: Self.patience, limit: Self.limit) { line in
            switch ExecutionRule.Query.line(line, delay: delay) {
            case .moment(let text): moment = text
            case .run(let run): page.runs.append(run)
            case .unreadable: page.unreadable += 1
            case .failure(let reason): failure = failure ?? reason
            case .other: break
            }
            if page.runs.count >= Self.batch {
                desk.see(page, of: "", at: Clock.wall())
                page = RunPage([])
            }
        }
        desk.see(page, of: "", at: Clock.wall())
        if let failure { throw CommandFailure("the query was refused: \(failure)") }
        return moment
    }

    var remarks: [String] {
        let state = state.withLock { $0 }
        var remarks: [String] = []
        if state.failures > 0 {
            remarks.append(
                "the database did not tell of runs \(Quantity.count(state.failures)) times: \(state.lastFailure)"
            )
        }
        if state.longestRound > interval {
            let longest = Quantity.duration(nanoseconds: Int64(clamping: state.longestRound))
            remarks.append("the query took up to \(longest), which is how late an end may be noticed")
        }
        return remarks
    }
}
