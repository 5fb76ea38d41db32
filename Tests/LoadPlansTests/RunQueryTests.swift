import LoadPlans
import Testing

/// What is asked of a target's database, and what its answers say.
@Suite struct RunQueryTests {
    private static func query(_ text: String) throws -> ExecutionRule.Query {
        try ExecutionRule.Query(connection: "env:X", text: text)
    }

    /// What might end the transaction that only reads, or speak to the client in place of the database.
    @Test(arguments: [
        "", "   ", "delete from runs", "select 1; delete from runs", "select 1 \\! reboot", "select 1\\gset",
        "begin", "-- select", "explain select 1", "select 1\0", "update runs set a = 1 returning id",
        "select " + String(repeating: "1", count: 20_000),
    ])
    func whatIsNoQueryIsRefused(_ text: String) {
        #expect(throws: UnreadableQuery.self) { try Self.query(text) }
    }

    @Test(arguments: [
        "select 1", "SELECT 1;", "  with a as (select 1) select * from a ;\n", "(select 1) union (select 2)",
        "table runs", "values (1)",
    ])
    func aQueryIsTaken(_ text: String) throws {
        let script = try Self.query(text).script(since: .now)
        #expect(script.hasPrefix("begin transaction isolation level repeatable read read only;\n"))
        #expect(script.hasSuffix("commit;\n"))
        // Every statement that is there is one of these.
        let statements = script.split(separator: ";").compactMap { $0.split(separator: "\n").first }
        #expect(
            statements.map { $0.prefix { $0 != " " } }
                == ["begin", "set", "set", "select", "select", "commit"]
        )
    }

    /// Each look is over what has changed since shortly before the one before.
    @Test func sinceIsFilledIn() throws {
        let query = try Self.query("select * from r where a >= {since} or b >= {since}")
        let first = query.script(since: .now)
        #expect(
            first.contains("a >= (now() - interval '10 seconds') or b >= (now() - interval '10 seconds')")
        )
        let next = query.script(since: .moment("2026-03-01T00:00:00.000001Z"))
        #expect(next.contains("a >= ('2026-03-01T00:00:00.000001Z'::timestamptz - interval '10 seconds')"))
        #expect(!next.contains("{since}"))
    }

    private static func line(_ text: String) -> ExecutionRule.Query.Line {
        ExecutionRule.Query.line(Array(text.utf8), delay: nil)
    }

    @Test func linesAreRead() {
        #expect(Self.line("at 2026-03-01T00:00:00.000001Z") == .moment("2026-03-01T00:00:00.000001Z"))
        // A moment becomes a part of the next script: nothing else does.
        #expect(Self.line("at now()'; drop table runs; --") == .other("at now()'; drop table runs; --"))
        let row =
            #"{"id":"a","status":"failed","finished_at":"2026-03-01T00:00:05.25+00:00","correlation_id":null}"#
        guard case .run(let run) = Self.line(row) else {
            Issue.record("no run: \(Self.line(row))")
            return
        }
        #expect(
            run.id == "a" && run.state == .failed && run.finished.map { $0 % 1_000_000_000 } == 250_000_000
        )
        #expect(Self.line(#"{"id":"a"}"#) == .unreadable && Self.line("{") == .unreadable)
        #expect(Self.line("ERROR:  42703") == .failure("there is no such column (42703)"))
        #expect(Self.line("psql:<stdin>:6: ERROR:  XX000") == .failure("error XX000"))
        #expect(Self.line("FATAL: gone") == .other("FATAL: gone"))
    }
}
