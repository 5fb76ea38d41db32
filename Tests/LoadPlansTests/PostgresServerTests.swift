import LoadPlans
import Testing

/// What a PostgreSQL server is asked, and what becomes of what it says.
@Suite struct PostgresServerTests {
    private static func rows(_ text: String) -> [[UInt8]] {
        text.split(separator: "\n").map { Array($0.utf8) }
    }

    private struct Server {
        var answer: String
        var version: Int
        var statements: String?
        var reason: String
    }

    private static let servers = [
        Server(
            answer: "version\t150004\nstatements\tpublic",
            version: 150_004,
            statements: "public",
            reason: "15.4 with the extension"
        ),
        Server(answer: "version\t170002", version: 170_002, reason: "17.2 without it"),
        Server(answer: "", version: 0, reason: "a server that says nothing"),
        Server(answer: "version\tlast\nstatements", version: 0, reason: "what is no answer"),
        Server(
            answer: "version\t150004\nstatements\tx\".y; select 1; \\! id",
            version: 150_004,
            reason: "a name that would be more than a name"
        ),
        Server(
            answer: "version\t150004\nstatements\t" + String(repeating: "s", count: 64),
            version: 150_004,
            reason: "longer than names are"
        ),
    ]

    @Test(arguments: servers.indices)
    func aServerIsKnownByWhatItSays(_ index: Int) {
        let row = Self.servers[index]
        let server = PostgresServer(rows: Self.rows(row.answer))
        #expect(server.version == row.version && server.statements == row.statements, "\(row.reason)")
        // It is asked for what it has, so that it has nothing to complain of.
        #expect(server.look.contains("pg_stat_checkpointer") == (row.version >= 170_000), "\(row.reason)")
        #expect(server.look.contains("pg_stat_bgwriter") == (row.version < 170_000), "\(row.reason)")
        #expect(server.look.contains("pg_stat_statements") == (row.statements != nil), "\(row.reason)")
        #expect((server.totals == nil) == (row.statements == nil), "\(row.reason)")
        #expect((server.texts(of: [-1, 2]) == nil) == (row.statements == nil), "\(row.reason)")
        #expect(server.texts(of: []) == nil)
        #expect(server.texts(of: [-1, 2])?.contains("queryid in (-1, 2)") ?? true)
        // Nothing in a script is a command of the client's own.
        for script in [PostgresServer.question, server.look, server.totals, server.texts(of: [1])] {
            #expect(script?.contains("\\") != true)
        }
    }

    @Test func countersOfADatabaseBecomeRates() {
        let looks: [(rows: String, seconds: Double, samples: [String], reason: String)] = [
            ("g\ta{b=\"c\"}\t3\nc\td\t10\nc\te{f=\"g\"}\t1.5", 0, ["a{b=\"c\"} 3.0"], "the first"),
            (
                "c\td\t14\nc\te{f=\"g\"}\t2.5\nc\th\t9", 2,
                ["d_per_second 2.0", "e_per_second{f=\"g\"} 0.5"], "the labels stay behind the name"
            ),
            ("c\td\t3\nc\th\t11", 1, ["h_per_second 2.0"], "one that has begun anew"),
            ("c\td\t5\nc\te{f=\"g\"}\t9", 1, ["d_per_second 2.0"], "one that was away"),
            ("g\ta\tinf\ng\ta\nERROR:  no\ng\tb\tx\n\t\t", 1, [], "what is no number, and no row"),
        ]
        var feed = DatabaseFeed()
        for look in looks {
            let samples = feed.take(Self.rows(look.rows), seconds: look.seconds)
            #expect(samples.map { "\($0.name) \($0.value)" } == look.samples, "\(look.reason)")
        }
        let many = [[UInt8]](repeating: Array("g\ta\t1".utf8), count: DatabaseFeed.limit + 1)
        #expect(feed.take(many, seconds: 1).count == DatabaseFeed.limit)
    }

    @Test(
        arguments: [
            ("1\t10\t100", "1\t15\t160.5", ["1 5 60.5"], "what it took since"),
            ("1\t10\t100", "1\t10\t100", [], "not called"),
            ("1\t10\t100", "1\t10\t99.9999", [], "not called, and a sum that is rounded otherwise"),
            ("1\t10\t100", "1\t3\t20", ["1 3 20.0"], "forgotten in between, and begun anew"),
            ("1\t10\t100", "1\t12\t20", ["1 12 20.0"], "the same, and called more often since"),
            ("", "-7\t2\t5", ["-7 2 5.0"], "not there before"),
            ("1\t1\t1", "", [], "forgotten"),
            ("", "1\t1\t1\n2\t1\t9\n3\t1\t9", ["2 1 9.0", "3 1 9.0", "1 1 1.0"], "the most first"),
            ("", "1\t0\t0", [], "planned and never run"),
            ("", "x\t1\t1\n1\t-1\t1\n1\t1\t-1\n1\t1\tnan\n1\t1\n\t\t\t", [], "no such rows"),
        ] as [(String, String, [String], String)]
    )
    func statementsGrow(_ before: String, _ now: String, _ grown: [String], _ reason: String) {
        let before = StatementTotals(rows: Self.rows(before))
        let now = StatementTotals(rows: Self.rows(now))
        let rows = now.grown(since: before)
        #expect(rows.map { "\($0.id) \($0.total.calls) \($0.total.milliseconds)" } == grown, "\(reason)")
    }

    @Test func statementsAreBounded() {
        let rows = (0...StatementTotals.limit).map { Array("\($0)\t1\t1".utf8) }
        let totals = StatementTotals(rows: rows)
        #expect(totals.totals.count == StatementTotals.limit)
        let told = StageResult.statementRows(totals.grown(since: StatementTotals()), texts: [0: "select  $1"])
        #expect(told.count == StageResult.statementLimit)
        #expect(told[0].text == "select $1" && told[1].text.isEmpty)
        #expect(told.allSatisfy { $0.share == 1 / Double(StatementTotals.limit) && $0.time == 1_000 })
    }

    @Test(arguments: [
        ("select a from b where c = $1 and d = $2", "select a from b where c = $1 and d = $2", "as it is"),
        ("  select\u{1}\u{1}  1\n\tfrom a ", "select 1 from a ", "one line"),
        ("alter role a password 'geheim'", "alter role a password '…'", "a literal"),
        ("notify a, 'it''s geheim', b", "notify a, '…', b", "a quotation mark in it"),
        (#"set a = E'x\'geheim', b"#, "set a = E'…', b", "a backslash before one"),
        (#"set a = 'x\', b = 'geheim'"#, "set a = '…', b = '…'", "a backslash is one of its own"),
        (#"select date'x\', 'geheim'"#, "select date'…', '…'", "an e that is the end of a name"),
        ("do $$ geheim $$, b", "do '…', b", "dollars"),
        ("do $a_1$ geheim $$ geheim $a_1$ b", "do '…' b", "dollars with a name"),
        ("select $1, '$a$', geheim", "select $1, '…', geheim", "a parameter, and dollars in a literal"),
        ("select a$b, $2$", "select a$b, $2$", "dollars of names"),
        ("do $$ geheim", "do '…'", "cut"),
        ("set a = 'geheim", "set a = '…'", "cut"),
        (#"select "it's" , 'geheim'"#, #"select "it's" , '…'"#, "a name in quotation marks"),
        ("select 1 -- it's\u{1}, 'geheim'", "select 1 , '…'", "a comment to the end of its line"),
        ("/* it's /* one */ 'geheim */ select 'geheim'", "select '…'", "comments in a comment"),
        ("select '\u{301}geheim'", "select '…'", "a mark on the quotation mark"),
        ("", "", "nothing"),
    ])
    func aTextShowsNoLiterals(_ text: String, _ told: String, _ reason: String) {
        #expect(StatementText.told(text) == told, "\(reason)")
        // However it is cut, nothing comes to light.
        for count in 0..<text.unicodeScalars.count {
            let cut = StatementText.told(String(String.UnicodeScalarView(text.unicodeScalars.prefix(count))))
            #expect(told.contains("geheim") || !cut.contains("geheim"), "\(reason), after \(count)")
        }
    }

    @Test func aTextIsCut() {
        let told = StatementText.told(String(repeating: "a", count: StatementText.limit + 1))
        #expect(told.count == StatementText.limit && told.hasSuffix("a…"))
    }
}
