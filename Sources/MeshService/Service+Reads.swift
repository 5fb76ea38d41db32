import MeshDatabase
import MeshTarget

/// Where in a list something stands: the transaction that wrote it, and its number.
struct ListCursor: Equatable {
    var writer: Int64 = 0
    var number: Int64 = 0

    init(writer: Int64, number: Int64) {
        self.writer = writer
        self.number = number
    }

    /// `0` or `WRITER.NUMBER`.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let writer = Int64(parts[0]), writer >= 0 else { return nil }
        self.writer = writer
        guard parts.count == 2 else { return }
        guard let number = Int64(parts[1]), number >= 0 else { return nil }
        self.number = number
    }

    var text: String { "\(writer).\(number)" }
}

extension Service {
    static let unknownRun = MeshReply.failure(404, "unknown run")
    private static let badPage = MeshReply.failure(
        400,
        "invalid parameter",
        "after and changed_after are cursors, limit is a number from 1 to \(MeshLimits.page)"
    )
    static let statuses = ["queued", "running", "succeeded", "failed", "canceled"]

    private func limit(_ request: ServiceRequest) -> Int? {
        guard let text = request.parameter("limit") else { return MeshLimits.defaultPage }
        guard let limit = Int(text), (1...MeshLimits.page).contains(limit) else { return nil }
        return limit
    }

    /// The project's runs in the order they were made, or, with `changed_after`, by their last change.
    ///
    /// What was made or changed commits in another order than its transactions began. So `cursor` stops before the first
    /// row that some transaction still under way might precede: who goes on from it sees some rows twice and misses none.
    func listRuns(_ request: ServiceRequest, project: String, _ exchange: Exchange) {
        let changed = request.parameter("changed_after")
        guard let limit = limit(request), let after = ListCursor(changed ?? request.parameter("after") ?? "0")
        else {
            return exchange.reply(Self.badPage)
        }
        let status = request.parameter("status")
        guard status.map(Self.statuses.contains) ?? true else {
            let known = Self.statuses.joined(separator: ", ")
            return exchange.reply(.failure(400, "invalid parameter", "status is one of \(known)"))
        }
        let list = Transaction(
            changed == nil ? Queries.runs : Queries.changedRuns,
            Parameter(project),
            Parameter(after.writer),
            Parameter(after.number),
            Parameter(status),
            Parameter(request.parameter("workflow_id")),
            Parameter(request.parameter("correlation_id")),
            Parameter(limit + 1)
        )
        run(list, as: project) { _, answer in
            guard let table = exchange.table(answer) else { return }
            let shown = min(table.rowCount, limit)
            var settled = after
            for row in 0..<shown {
                guard table.flag(row, 14) else { break }
                settled = Self.cursor(table, row)
            }
            let body = JSONText.object {
                $0.member("runs", objects: 0..<shown) { Self.write(table, row: $1, to: &$0) }
                $0.member("next", table.rowCount > limit ? Self.cursor(table, shown - 1).text : nil)
                $0.member("cursor", settled.text)
            }
            exchange.reply(.json(200, body))
        }
    }

    private static func cursor(_ table: ResultTable, _ row: Int) -> ListCursor {
        ListCursor(writer: table.integer(row, 12) ?? 0, number: table.integer(row, 13) ?? 0)
    }

    static func write(
        _ table: ResultTable,
        row: Int,
        status: String? = nil,
        to text: inout JSONText,
        from first: Int = 0
    ) {
        let names = [
            "id", "project_id", "workflow_id", "slug", "status", "attempt", "correlation_id", "created_at",
            "started_at",
            "finished_at", "error", "delay_ms",
        ]
        for (column, name) in names.enumerated() {
            switch name {
            case "attempt", "delay_ms": text.member(name, table.integer(row, first + column) ?? 0)
            case "status": text.member(name, status ?? table.text(row, first + column))
            default: text.member(name, table.text(row, first + column))
            }
        }
    }

    func showRun(_ id: String, project: String, _ exchange: Exchange) {
        run(Transaction(Queries.run, Parameter(id)), as: owner(of: id, reader: project)) { _, answer in
            guard let table = exchange.table(answer) else { return }
            guard table.rowCount == 1 else { return exchange.reply(Self.unknownRun) }
            exchange.reply(.json(200, JSONText.object { Self.write(table, row: 0, to: &$0) }))
        }
    }

    func listEvents(_ id: String, _ request: ServiceRequest, project: String, _ exchange: Exchange) {
        page(id, request, project: project, Queries.events, exchange) { table, shown, next in
            JSONText.object { text in
                text.member("events", objects: 0..<shown) { text, row in
                    text.member("id", table.integer(row, 0) ?? 0)
                    text.member("run_id", id)
                    text.member("ts", table.text(row, 1))
                    text.member("type", table.text(row, 2))
                    text.member("payload", json: table.string(row, 3).utf8)
                }
                text.member("next", next)
            }
        }
    }

    func listLog(_ id: String, _ request: ServiceRequest, project: String, _ exchange: Exchange) {
        page(id, request, project: project, Queries.log, exchange) { table, shown, next in
            JSONText.object { text in
                text.member("logs", objects: 0..<shown) { LogLine(table, $1, run: id).write(to: &$0) }
                text.member("next", next)
            }
        }
    }

    /// A page of what belongs to a run, together with whether the run is there at all.
    private func page(
        _ id: String,
        _ request: ServiceRequest,
        project: String,
        _ statement: Statement,
        _ exchange: Exchange,
        _ body: @escaping (ResultTable, _ shown: Int, _ next: String?) -> [UInt8]
    ) {
        guard let limit = limit(request), let after = Int64(request.parameter("after") ?? "0"), after >= 0
        else {
            return exchange.reply(Self.badPage)
        }
        var transaction = Transaction(Queries.run, Parameter(id))
        transaction.add(statement, Parameter(id), Parameter(after), Parameter(limit + 1))
        run(transaction, as: owner(of: id, reader: project)) { _, answer in
            guard case .success(let tables) = answer else { return _ = exchange.table(answer) }
            guard tables[0].rowCount == 1 else { return exchange.reply(Self.unknownRun) }
            let shown = min(tables[1].rowCount, limit)
            let next = tables[1].rowCount > limit ? tables[1].text(shown - 1, 0) : nil
            exchange.reply(.json(200, body(tables[1], shown, next)))
        }
    }
}

/// A line of a run's log.
struct LogLine: Sendable, Equatable {
    var id: Int64
    var run: String
    var level: String
    var message: String
    var created: String
    var committed: String

    /// A row of `Queries.log`.
    init(_ table: ResultTable, _ row: Int, run: String) {
        id = table.integer(row, 0) ?? 0
        self.run = run
        level = table.string(row, 1)
        message = table.string(row, 2)
        created = table.string(row, 3)
        committed = table.string(row, 4)
    }

    init(id: Int64, run: String, level: String, message: String, created: String, committed: String) {
        self.id = id
        self.run = run
        self.level = level
        self.message = message
        self.created = created
        self.committed = committed
    }

    func write(to text: inout JSONText) {
        text.member("id", id)
        text.member("run_id", run)
        text.member("level", level)
        text.member("message", message)
        text.member("created_at", created)
    }
}

extension Exchange {
    /// The rows of the last statement; an answer is given where there are none to be had.
    func table(_ answer: Database.Answer) -> ResultTable? {
        switch answer {
        case .success(let tables): return tables.last ?? ResultTable()
        case .failure(let error):
            reply(Service.reply(to: error))
            return nil
        }
    }
}
