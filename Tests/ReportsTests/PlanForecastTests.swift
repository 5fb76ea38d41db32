import JSON
import LoadPlans
import Messages
import Replay
import Reports
import Testing

/// What a dry run says of a plan: its load, its peak and how long it takes.
@Suite struct PlanForecastTests {
    /// Seconds at which requests are due.
    private static func forecast(_ seconds: [Double], timeout: UInt64 = 3, isUnpaced: Bool = false) throws
        -> ReplayForecast
    {
        var plan = ReplayPlan(target: try ReplayTarget("http://127.0.0.1:8080"), run: "run")
        plan.timeout = timeout * 1_000_000_000
        if isUnpaced { plan.pacing = .maximum }
        var forecast = ReplayForecast(plan: plan)
        var preparation = RequestPreparation(plan: plan)
        let message = CurlLineTests.request("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
        guard case .request(let request) = preparation.prepare(message, answeredWith: nil) else {
            Issue.record("nothing to send")
            return forecast
        }
        for second in seconds {
            _ = forecast.note(
                ScheduledRequest(
                    request: request,
                    intended: MonotonicTime(second * 1e9),
                    loop: 0,
                    copy: 0,
                    session: SessionKey(value: 0)
                )
            )
        }
        return forecast
    }

    private static func plan(_ stages: [Stage]) -> LoadPlan {
        var plan = LoadPlan(name: "a")
        plan.scenarios = ["x", "y"].map { LoadPlan.Scenario(name: $0, traces: ["t"]) }
        plan.stages = stages
        return plan
    }

    /// Two scenarios side by side: their peaks are not in the same second, and together never more than the sum.
    @Test func aStageIsTheSumOfItsScenarios() throws {
        var stage = Stage(name: "peak", kind: .peak, scenarios: ["x", "y"])
        stage.pause = 2_000_000_000
        var forecast = PlanForecast(plan: Self.plan([stage]))
        forecast.add(try Self.forecast([0, 0.1, 0.2, 4]), of: "x", in: stage)
        forecast.add(try Self.forecast([0, 5, 5.1, 10], timeout: 7), of: "y", in: stage)
        let row = try #require(forecast.stages.first)
        #expect(row.requests == 8 && row.peak == 5 && row.search == nil)
        // Quiet before it, and the longer of the two.
        #expect(row.least == 12_000_000_000 && forecast.duration == row.least)
        #expect(row.waits == 7_000_000_000 && forecast.waits == row.waits)
        #expect(row.meanRate == 0.75 + 0.3)
        let lines = forecast.text(showsRoutes: false).split(separator: "\n")
        #expect(lines[1].contains("2 together") && lines[1].contains("≤ 5") && lines[1].contains("up to 7"))
        #expect(lines[2].contains("x") && !lines[2].contains("≤") && lines[3].contains("y"))
        #expect(lines.contains { $0.hasPrefix("8 requests in at least 12.0 s, and up to 7.00 s more") })
    }

    /// What a stage may be waited for: answers, runs, dead letters, lines.
    @Test(
        arguments: [
            (false, false, false, 3), (true, false, false, 63), (true, true, false, 68),
            (true, true, true, 70),
        ] as [(runs: Bool, dead: Bool, logs: Bool, seconds: UInt64)]
    )
    func whatMayComeOnTopIsTold(_ row: (runs: Bool, dead: Bool, logs: Bool, seconds: UInt64)) throws {
        let stage = Stage(name: "peak", kind: .peak, scenarios: ["x"])
        var plan = Self.plan([stage])
        if row.runs {
            var rule = ExecutionRule(route: try RoutePattern("POST /a"))
            rule.deadline = 60_000_000_000
            if row.dead { rule.deadLetters = ExecutionRule.DeadLetters(path: "/q", count: .metric("dead")) }
            plan.executions = rule
        }
        if row.logs {
            var rule = LogRule(stream: "/runs/{run}/logs")
            rule.linger = 2_000_000_000
            plan.logs = rule
        }
        var forecast = PlanForecast(plan: plan)
        forecast.add(try Self.forecast([0, 1]), of: "x", in: stage)
        #expect(forecast.waits == row.seconds * 1_000_000_000)
    }

    /// A search is no stage of one step: how many, how long, and how far up.
    @Test func aSearchSaysHowFarItGoes() throws {
        var stage = Stage(name: "knee", kind: .knee, scenarios: ["x"])
        (stage.knee.seconds, stage.knee.from, stage.knee.upTo) = (6, 0.5, 16)
        var plan = Self.plan([stage])
        var rule = ExecutionRule(route: try RoutePattern("POST /a"))
        rule.deadline = 100_000_000_000_000
        plan.executions = rule
        var forecast = PlanForecast(plan: plan)
        // 10 a second, for longer than a step.
        forecast.add(try Self.forecast((0...200).map { Double($0) / 10 }), of: "x", in: stage)
        let row = try #require(forecast.stages.first)
        let search = try #require(row.search)
        #expect(search.steps == 40 && search.shortest == 6_000_000_000 && search.longest == 54_000_000_000)
        #expect(search.from == 0.5 && search.upTo == 16 && row.peak == 160)
        #expect(row.least == 6_000_000_000)
        // Answers, and runs for ten times as long as a step; the search is no part of what is known to end.
        #expect(row.waits == 543_000_000_000 && forecast.waits == 0)
        let text = forecast.text(showsRoutes: false)
        #expect(text.contains("≤ 160") && text.contains("up to 39 more steps"))
        #expect(
            text.contains("knee looks for the limit in up to 40 steps of 6.00 s to 54.0 s, from 0.5")
                && text.contains("x to at most 16")
        )
    }

    @Test func whatHasNoScheduleHasNoPeak() throws {
        let stage = Stage(name: "all", kind: .load, scenarios: ["x"])
        var forecast = PlanForecast(plan: Self.plan([stage]))
        forecast.add(try Self.forecast([0, 0], isUnpaced: true), of: "x", in: stage)
        let row = try #require(forecast.stages.first)
        #expect(row.peak == nil && row.meanRate == nil && row.least == 0 && row.requests == 2)
    }

    /// Times as long as there are numbers for are no reason to stop.
    @Test func timesBeyondNumbersAreAsLongAsNumbersGo() throws {
        var stage = Stage(name: "peak", kind: .peak, scenarios: ["x"])
        stage.pause = .max
        var plan = Self.plan([stage, stage])
        var rule = ExecutionRule(route: try RoutePattern("POST /a"))
        rule.deadline = .max
        plan.executions = rule
        var forecast = PlanForecast(plan: plan)
        forecast.add(try Self.forecast([0, 1]), of: "x", in: stage)
        #expect(forecast.duration == .max && forecast.waits == .max)
        #expect(!forecast.text(showsRoutes: false).isEmpty)
    }

    @Test func jsonHasARowForEachStage() throws {
        let stage = Stage(name: "peak", kind: .peak, scenarios: ["x", "y"])
        let knee = Stage(name: "knee", kind: .knee, scenarios: ["x"])
        var forecast = PlanForecast(plan: Self.plan([stage, knee]))
        forecast.add(try Self.forecast([0, 1]), of: "x", in: stage)
        forecast.add(try Self.forecast([0, 1]), of: "y", in: stage)
        forecast.add(try Self.forecast([0, 1]), of: "x", in: knee)
        let value = try JSONValue(parsing: forecast.json().span)
        guard case .array(let rows)? = value["by_stage"], case .array(let parts)? = value["stages"] else {
            Issue.record("no rows")
            return
        }
        #expect(rows.count == 2 && parts.count == 3)
        #expect(rows[0]["stage"] == .string("peak") && rows[0]["search"] == .null)
        #expect(Self.number(rows[0]["peak_per_second"]) == 2 && Self.number(rows[0]["waits_seconds"]) == 3)
        let search = try #require(rows[1]["search"])
        #expect(Self.number(search["steps"]) == 40 && Self.number(search["up_to_multiplier"]) == 64)
        #expect(Self.number(value["duration_seconds"]) == 11 && Self.number(value["waits_seconds"]) == 3)
    }

    private static func number(_ value: JSONValue?) -> Double? {
        if case .number(let number)? = value { number.doubleValue } else { nil }
    }
}
