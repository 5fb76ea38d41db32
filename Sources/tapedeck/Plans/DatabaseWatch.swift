import LoadPlans

/// Asks a PostgreSQL server how it is, through a client that is kept open.
///
/// What it may see depends on its role: a member of `pg_monitor` sees all of it.
final class DatabaseWatch {
    private let place: String
    private var open: (client: DatabaseClient, server: PostgresServer)?
    private var feed = DatabaseFeed()
    /// Looks that are left out after one that failed: a server that is started again takes its time.
    private var pause = 0

    /// `place` is where the connection string is: `env:VAR` or `file:PATH`.
    init(_ place: String) {
        self.place = place
    }

    /// Milliseconds and bytes that an answer may take.
    private static let patience: Int32 = 2_000
    private static let limit = 1 << 20
    private static let pauseAfterFailure = 4

    /// One look; `seconds` since the one before.
    func look(seconds: Double) -> Result<[MetricSample], CommandFailure> {
        guard pause == 0 else {
            pause -= 1
            return .success([])
        }
        do {
            let (client, server) = try open ?? connect()
            return .success(feed.take(try Self.rows(of: server.look, from: client), seconds: seconds))
        } catch {
            open = nil
            feed = DatabaseFeed()
            pause = Self.pauseAfterFailure
            let message = CommandFailure.message(of: error)
            return .failure(CommandFailure("the database is not watched: \(message)"))
        }
    }

    /// What statements have taken so far; `nil` where the database does not count that.
    func statements() throws -> StatementTotals? {
        try retrying { client, server in
            try server.totals.map { StatementTotals(rows: try Self.rows(of: $0, from: client)) }
        }
    }

    /// The texts of statements, by their numbers.
    func texts(of statements: [Int64]) throws -> [Int64: String] {
        let rows = try retrying { client, server in
            try server.texts(of: statements).map { try Self.rows(of: $0, from: client) }
        }
        var texts: [Int64: String] = [:]
        for row in rows ?? [] {
            let cells = String(decoding: row, as: UTF8.self).split(separator: "\t", maxSplits: 1)
            if cells.count == 2, let id = Int64(cells[0]) { texts[id] = String(cells[1]) }
        }
        return texts
    }

    /// Asks once more where the client that was kept has ended, such as with a server that was started again.
    private func retrying<Answer>(_ ask: (DatabaseClient, PostgresServer) throws -> Answer) throws -> Answer {
        if let (client, server) = open, let answer = try? ask(client, server) { return answer }
        open = nil
        let (client, server) = try connect()
        return try ask(client, server)
    }

    private func connect() throws -> (client: DatabaseClient, server: PostgresServer) {
        let client = try DatabaseClient(place)
        let server = PostgresServer(rows: try Self.rows(of: PostgresServer.question, from: client))
        open = (client, server)
        return (client, server)
    }

    private static func rows(of script: String, from client: DatabaseClient) throws -> [[UInt8]] {
        var rows: [[UInt8]] = []
        try client.ask(script, patience: patience, limit: limit) { rows.append($0) }
        return rows
    }
}
