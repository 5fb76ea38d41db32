import LoadPlans

/// Puts the query of a plan to the target's database again and again, on a thread of its own, and reads runs from it.
///
/// One reader sees the runs of all tenants. Each look is a transaction that only reads.
final class DatabaseRuns: RunSource {
    private let query: ExecutionRule.Query
    private let delay: ExecutionRule.DelayPlace?
    private let rounds: Rounds

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
        rounds = Rounds(every: rule.interval)
    }

    let isOfTenant = false

    func start(_ desk: ExecutionDesk) {
        rounds.start {
            var client: DatabaseClient?
            var first: String?
            var last: String?
            return { isLast in
                let open = try client ?? DatabaseClient(self.query.connection)
                // After an error it is of no use any more.
                client = nil
                // The last look is over the whole stage, so that nothing that was written late is missed.
                let moment = try self.look(open, since: isLast ? first : last, desk)
                client = open
                first = first ?? moment
                last = moment ?? last
            }
        }
    }

    func stop() { rounds.stop() }

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

    var remarks: [String] { rounds.remarks(failure: "the database did not tell of runs", work: "the query") }
}
