import JSON
import JSONSchemas
import LoadPlans
import Reports
import Testing

@Suite struct PlanReportTests {
    /// A run with something in every place; text of strangers in all of them.
    private static func run(p95: UInt64 = 250_000, verdict: AcceptanceRow.Verdict = .pass) -> PlanRun {
        let hostile = "</td><script>alert(1)</script>|*a*\u{1B}[31m"
        var run = PlanRun(plan: hostile, version: "1", target: hostile, start: 1_000, end: 61_000_000_001_000)
        run.about = hostile
        run.seed = .max
        run.machine = [LoadPlan.Note(name: "host", text: hostile)]
        run.environment = [LoadPlan.Note(name: hostile, text: "b")]
        run.versions = [LoadPlan.Note(name: hostile, text: hostile)]
        run.repeats = hostile
        run.acceptance = [
            AcceptanceRow(
                criterion: "p95 <= 500ms",
                verdict: verdict,
                value: Double(p95) * 1_000,
                unit: .nanoseconds,
                stage: "peak",
                tenant: hostile
            ),
            AcceptanceRow(
                criterion: "lost = 0",
                verdict: .pass,
                value: nil,
                unit: .count,
                stage: nil,
                tenant: nil
            ),
        ]
        var row = StageResult.RouteRow(route: "POST " + hostile, tenant: hostile)
        (row.requests, row.failed, row.success, row.rate) = (9_007_199_254_740_993, 2, 0.998, 12.5)
        (row.p50, row.p95, row.p99, row.max) = (1, p95, 300_000, 400_000)
        row.statuses = [202: 5, 503: 1]
        var stage = StageResult(name: "peak", kind: .spike, start: 5, end: 10_000_000_005, total: row)
        stage.routes = [row]
        var scenario = StageResult.ScenarioRow(name: hostile, load: "speed 2x", bottleneck: "none")
        (scenario.scheduled, scenario.sent, scenario.requestedRate) = (10, 9, 1.5)
        (scenario.sendErrorP99, scenario.peakOutstanding) = (77, 8)
        stage.scenarios = [scenario]
        var execution = StageResult.ExecutionRow(tenant: "")
        (execution.accepted, execution.finished, execution.failed, execution.lost) = (10, 8, 1, 2)
        execution.peakRunning = 6
        execution.times = [StageResult.Time(name: "overhead", count: 8, p50: 1, p95: 2, p99: 3, max: 4)]
        stage.executions = [execution]
        stage.probes = [
            StageResult.ProbeRow(
                name: hostile,
                tally: ProbeTally(asked: 9, failed: 2, silent: 1, reasons: [hostile: 2])
            )
        ]
        run.acceptance[0].bound = 12_500_000
        stage.method = hostile
        var log = StageResult.LogRow(tenant: hostile)
        (log.streams, log.failed, log.cut, log.reconnects, log.lines) = (7, 1, 2, 3, 90)
        (log.checked, log.missing, log.duplicated, log.outOfOrder) = (80, 4, 5, 6)
        log.times = [StageResult.Time(name: "log lag", count: 90, p50: 1, p95: 2, p99: 3, max: 4)]
        stage.logs = [StageResult.LogRow(tenant: ""), log]
        stage.logMethod = hostile
        stage.statements = [
            StageResult.StatementRow(id: .min, text: hostile, calls: 4, time: 2_000_000, share: 0.25)
        ]
        stage.remarks = [hostile]
        stage.folder = hostile
        run.stages = [stage]
        var step = KneeStep(multiplier: 2.5, offered: 100, throughput: 99.5, meanResponse: 0.25)
        step.routes = [
            KneeStep.Route(name: hostile, use: 1.5, uncertainty: 0.1, errors: 0.01, median: 0.2, requests: 7)
        ]
        step.resources = ["pool_in_use": 3.5]
        step.folder = hostile
        run.knee = KneeFinding(
            limit: .found(safe: 2, breaks: 2.5),
            steps: [step],
            route: hostile,
            resources: [Saturation(name: hostile, score: 0.75, evidence: [hostile], use: nil)]
        )
        run.command = "tapedeck plan run " + hostile
        run.bottlenecks = [PlanRun.Bottleneck(title: hostile, evidence: [hostile])]
        return run
    }

    @Test func whatIsWrittenIsReadAgain() throws {
        var run = Self.run()
        // What JSON has no word for.
        #expect(try PlanRun(json: run.json()) == run)
        run.endedEarly = "interrupted"
        run.stages[0].isSound = false
        #expect(try PlanRun(json: run.json()) == run)
    }

    /// The published schema describes what is written, and nothing else; a schema that takes anything would describe nothing.
    @Test func whatIsWrittenIsWhatTheSchemaSays() throws {
        let path = "Documentation/schemas/plan-run.json"
        let bare = PlanRun(plan: "", version: "1", target: "", start: 0, end: 0)
        var fitted = Self.run(verdict: .unknown)
        let steps = [1.0, 2, 4].map {
            KneeStep(multiplier: $0, offered: 50 * $0, throughput: 50 * $0, meanResponse: 0.1)
        }
        fitted.knee = KneeFinding(limit: .replayer(4), steps: steps, route: nil, resources: [])
        #expect(fitted.knee?.fit != nil)
        let right = [Self.run(), bare, fitted].map { $0.json() }
        guard let verdicts = try JSONSchema.verdicts(right, path, isClosed: true) else { return }
        #expect(verdicts == ["ok", "ok", "ok"])
        let text = String(decoding: right[0], as: UTF8.self)
        let wrong = [
            ("plan-run/1", "plan-run/2"), (#""verdict":"pass""#, #""verdict":"good""#),
            (#""p95":"#, #""p96":"#),
            (#""safe_multiplier":"#, #""up_to_multiplier":0,"safe_multiplier":"#),
            (#""seed":"#, #""seeds":"#),
            (#""202":"#, #""2xx":"#), (#""missing":4"#, #""missing":-4"#),
            (#""start_ns":5"#, #""start_ns":"5""#),
        ]
        let texts = wrong.map { Array(text.replacing($0.0, with: $0.1).utf8) }
        let refused = try #require(try JSONSchema.verdicts(texts, path))
        for (change, verdict) in zip(wrong, refused) { #expect(verdict != "ok", "\(change)") }
        #expect(refused.count == wrong.count)
    }

    @Test(arguments: [
        "", "{", "[]", "{}", #"{"schema":"tapedeck.replay/1","plan":"a"}"#,
        #"{"schema":"tapedeck.plan-run/1"}"#,
    ])
    func whatIsNoRunIsRefused(_ json: String) {
        #expect(throws: PlanRun.Unreadable.self) { try PlanRun(json: Array(json.utf8)) }
    }

    @Test func membersOfAnotherKindDoNoHarm() throws {
        let json =
            #"{"schema":"tapedeck.plan-run/1","plan":"a","stages":[{"total":3,"routes":{},"kind":7}],"seed":-4}"#
        let run = try PlanRun(json: Array(json.utf8))
        #expect(run.stages.count == 1 && run.stages[0].kind == .load && run.seed == 0)
        #expect(!PlanReport(run).html().isEmpty)
    }

    @Test func textOfStrangersStaysText() {
        let report = PlanReport(Self.run(), previous: Self.run(p95: 100_000))
        let html = report.html()
        // The page's own script is the only one.
        #expect(html.split(separator: "<script").count == 2 && html.contains("&lt;script&gt;"))
        let markdown = report.markdown()
        // A backslash before it makes a sign text (CommonMark, section 2.4).
        #expect(!markdown.replacing(#"\<"#, with: "").contains("<script") && markdown.contains(#"\|\*a\*"#))
        #expect(!report.text(isStyled: false).contains("\u{1B}"))
    }

    /// A figure of executions or of lines says by what it was measured, wherever it is told.
    @Test func theWayOfMeasuringIsTold() {
        var run = Self.run()
        run.stages[0].method = "polling every 500 ms"
        run.stages[0].logMethod = "server-sent events"
        let report = PlanReport(run)
        let text = report.text(isStyled: false)
        #expect(text.contains("\n  executions: polling every 500 ms\n"))
        #expect(text.contains("\n  live logs: server-sent events\n"))
        #expect(report.markdown().contains("Executions: polling every 500 ms."))
        #expect(report.html().contains("By polling every 500 ms."))
        run.stages[0].executions = []
        #expect(!PlanReport(run).text(isStyled: false).contains("executions: "))
    }

    /// A stage may go wrong with every criterion kept: then it is what keeps the run from being accepted, in every form.
    @Test func aStageThatWentWrongIsNamed() {
        var run = Self.run()
        run.endedEarly = nil
        run.acceptance = []
        for isSound in [true, false] {
            run.stages[0].isSound = isSound
            let report = PlanReport(run)
            for text in [report.markdown(), report.html(), report.text(isStyled: false)] {
                #expect(text.contains("went wrong") != isSound)
            }
        }
    }

    /// What there is of a search, and what a report says where it names no bottleneck.
    @Test(
        arguments: [
            (nil, "Not looked for: no stage of the kind knee"),
            (.found(safe: 2, breaks: 2.1), "None was found in what was observed"),
            (.notFound(upTo: 64), "None was found: the target broke at no load"),
            (.replayer(8), "None was found: the replayer was the limit"),
        ] as [(KneeFinding.Limit?, String)]
    )
    func whyNoBottleneckIsNamedIsTold(_ limit: KneeFinding.Limit?, _ words: String) {
        var run = Self.run()
        // What could not be looked at is told beside it.
        run.bottlenecks = [PlanRun.Bottleneck(title: "not looked at: the database", evidence: [])]
        run.knee = limit.map { KneeFinding(limit: $0, steps: [], route: nil, resources: []) }
        let report = PlanReport(run)
        for text in [report.markdown(), report.html(), report.text(isStyled: false)] {
            #expect(text.contains(words) && text.contains("not looked at: the database"))
        }
        let named = PlanReport(Self.run())
        for text in [named.markdown(), named.html(), named.text(isStyled: false)] {
            #expect(!text.contains("None was found") && !text.contains("Not looked for"))
        }
    }

    /// Where the evidence is, and which versions answered, stands where people look for it.
    @Test func evidenceAndVersionsAreTold() {
        var run = Self.run()
        run.versions = [LoadPlan.Note(name: "PostgreSQL", text: "16.4")]
        run.repeats = "runs/a/1; /b (trace) was no part of the run that is repeated"
        run.knee?.steps[0].folder = "stages/knee/07"
        let report = PlanReport(run)
        for text in [report.markdown(), report.html()] {
            #expect(text.contains("16.4") && text.contains("version of PostgreSQL"))
            #expect(text.contains("stages/knee/07") && text.contains("runs/a/1; /b (trace)"))
        }
        #expect(report.text(isStyled: false).contains("stages/knee/07"))
    }

    /// What took the database's time stands in every form of the report.
    @Test func statementsAreToldOf() {
        var run = Self.run()
        let report = PlanReport(run)
        for text in [report.text(isStyled: false), report.markdown(), report.html()] {
            // Four calls of two seconds together.
            for cell in ["2.00 s", "500 ms", "25.0 %", "-9223372036854775808"] {
                #expect(text.contains(cell), "\(cell)")
            }
        }
        run.stages[0].statements = []
        let none = PlanReport(run)
        for text in [none.text(isStyled: false), none.markdown(), none.html()] {
            #expect(!text.lowercased().contains("statement"))
        }
    }

    /// Log lines that are missing in two stages, and what the page says of both: not that none are where nobody knows.
    @Test(
        arguments: [
            ([0, 0], "0 lines missing"), ([0, nil], "lines missing: unknown"),
            ([nil, nil], "lines missing: unknown"),
            ([4, nil], "4 lines missing"),
        ] as [([UInt64?], String)]
    )
    func missingLinesThatNobodyKnowsAreNotNone(_ missing: [UInt64?], _ expected: String) {
        var run = Self.run()
        run.stages = missing.map { missing in
            var stage = run.stages[0]
            stage.logs[0].missing = missing
            stage.logs[0].times = stage.logs[1].times
            return stage
        }
        #expect(PlanReport(run).html().contains(expected))
    }

    /// Two minutes of looks, one a second, at what a target may show.
    private static var series: SeriesTable {
        var table = SeriesTable()
        for second in 0..<120 {
            let value = Double(second)
            table.append(
                [
                    MetricSample(name: "load_ended_per_second", value: 100 + value),
                    MetricSample(name: "load_response_seconds{quantile=\"p95\"}", value: 0.01 * value),
                    MetricSample(name: "process_cpu_share{process=\"</svg><script>\"}", value: 1),
                    MetricSample(name: "mesh_pool_in_use", value: second < 60 ? 2 : 10),
                    MetricSample(name: "mesh_queue_depth", value: 0),
                    MetricSample(name: "process_namespace_sent_bytes_per_second{process=\"a\"}", value: 9),
                    MetricSample(name: "process_tcp_connections{process=\"a\"}", value: 3),
                    MetricSample(name: "process_tcp_unread_bytes{process=\"a\"}", value: value),
                    MetricSample(
                        name: "postgres_statement_seconds_per_second{statement=\"-7\"}",
                        value: 0.5
                    ),
                    MetricSample(name: "postgres_dead_tuples", value: value),
                    MetricSample(name: "unknown_thing", value: 5),
                ],
                at: 2_000 + Int64(second) * 1_000_000_000
            )
        }
        return table
    }

    /// Charts of what was seen, and nothing of what was not.
    @Test func theCourseIsDrawn() throws {
        var report = PlanReport(Self.run())
        #expect(!report.html().contains("course-load"))
        report.series = Self.series
        report.context = ReportContext(command: report.run.command, tool: "tapedeck 1", made: 1)
        let html = report.html()
        for id in [
            "course-load", "course-response", "course-processor", "course-pool", "course-queue",
            "course-network", "course-connections", "course-unsent", "course-statements", "course-dead",
        ] {
            #expect(html.contains("id=\"\(id)\""), "\(id)")
        }
        #expect(!html.contains("course-memory") && !html.contains("unknown_thing"))
        #expect(html.split(separator: "<script").count == 2)
        #expect(html.utf8.count < 200_000)
        try PageTests.expectSound(html)
        // The command stands as it is to be typed.
        #expect(html.contains("<code>tapedeck plan run &lt;/td&gt;"))
    }

    /// What is written as OpenMetrics is read again, to the millisecond.
    @Test func seriesAreReadAgain() {
        func read(_ text: String) -> SeriesTable {
            var reader = SeriesReader()
            reader.take(Array(text.utf8).span)
            return reader.table
        }
        let series = Self.series
        var text = ""
        series.openMetrics { text += $0 }
        let again = read(text)
        #expect(again.times == series.times.map { $0 / 1_000_000 * 1_000_000 })
        #expect(again.rows == series.rows)
        let strange = "# TYPE a gauge\na 1\na x 1.000\na 1 1.5\na{b=\"c d\"} 2 7.250\n 1 2.000\nb 1 -1.000\n"
        #expect(read(strange).rows == ["a{b=\"c d\"}": [2]])
    }

    @Test func acceptanceComesFirst() throws {
        let report = PlanReport(Self.run(verdict: .fail), previous: Self.run())
        for text in [report.markdown(), report.html(), report.text(isStyled: false)] {
            let places = ["p95 <= 500ms", "p95 &lt;= 500ms", "p95 \\<= 500ms"].compactMap {
                text.firstRange(of: $0)
            }
            .map(\.lowerBound)
            let acceptance = try #require(places.min())
            let stage = try #require(
                ["stage peak (spike)", "Stage peak (spike)"].compactMap { text.firstRange(of: $0) }.first
            )
            #expect(acceptance < stage.lowerBound)
        }
        #expect(!Self.run(verdict: .fail).isAccepted && !Self.run(verdict: .unknown).isAccepted)
        #expect(Self.run().isAccepted)
    }

    @Test func changesAreTold() {
        let report = PlanReport(Self.run(p95: 600_000, verdict: .fail), previous: Self.run(p95: 200_000))
        let changes = report.changes
        #expect(changes.first?.verdict == "pass → fail" && changes.first?.growth == 2)
        #expect(
            changes.contains {
                $0.what.hasPrefix("peak: p95 of POST") && $0.before == "200 ms" && $0.after == "600 ms"
            }
        )
        // What moved by less than a tenth is as it was.
        #expect(PlanReport(Self.run(p95: 205_000), previous: Self.run(p95: 200_000)).changes.isEmpty)
        #expect(PlanReport(Self.run()).changes.isEmpty)
    }
}
