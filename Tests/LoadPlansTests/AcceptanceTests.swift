import LoadPlans
import Messages
import Replay
import Testing

@Suite struct AcceptanceTests {
    /// A stage of which each tenant had requests that took so many milliseconds, one a second.
    private static func record(
        _ name: String,
        kind: Stage.Kind = .load,
        _ times: [String: [UInt64]],
        status: UInt16 = 200,
        route: String = "POST /hooks/{id}"
    ) -> StageRecord {
        var record = StageRecord(stage: Stage(name: name, kind: kind, scenarios: ["s"]))
        for (tenant, times) in times {
            for (index, time) in times.enumerated() {
                record.requests.note(
                    RequestFact(
                        outcome: .responded(status: status),
                        end: Int64(index) * 1_000_000_000,
                        responseTime: time * 1_000_000,
                        serviceTime: time * 500_000
                    ),
                    route: route,
                    tenant: tenant
                )
            }
        }
        return record
    }

    private static func row(_ text: String, _ records: [StageRecord]) throws -> AcceptanceRow {
        AcceptanceRow(try Criterion(text), in: records)
    }

    @Test func theWorstStageAndTenantCount() throws {
        let records = [
            Self.record("low", ["a": [10], "b": [20]]), Self.record("peak", ["a": [30], "b": [400]]),
        ]
        let all = try Self.row("p100 <= 300ms", records)
        #expect(all.verdict == .fail && all.stage == "peak" && all.tenant == nil)
        let each = try Self.row("max <= 300ms of each", records)
        #expect(each.verdict == .fail && each.stage == "peak" && each.tenant == "b")
        #expect(try Self.row("max <= 300ms of a", records).verdict == .pass)
        #expect(try Self.row("max <= 300ms in low", records).verdict == .pass)
        // The service time is half of it here.
        #expect(try Self.row("service_time max <= 300ms", records).verdict == .pass)
        // Of a bound from below the least counts.
        #expect(try Self.row("p50 >= 15ms", records).stage == "low")
    }

    @Test func aStageThatLooksForTheLimitBreaksBoundsOnPurpose() throws {
        let records = [Self.record("peak", ["a": [10]]), Self.record("limit", kind: .knee, ["a": [9_000]])]
        #expect(try Self.row("max <= 1s", records).verdict == .pass)
        #expect(try Self.row("max <= 1s in limit", records).verdict == .fail)
    }

    @Test func routesAreToldApart() throws {
        var record = Self.record("peak", ["a": [10]])
        record.requests.note(
            RequestFact(outcome: .failed(.timeout), end: 0, responseTime: 5_000_000_000, serviceTime: 1),
            route: "GET /slow",
            tenant: "a"
        )
        #expect(try Self.row("max <= 1s on POST /hooks/{slug}", [record]).verdict == .pass)
        #expect(try Self.row("max <= 1s on GET /slow", [record]).verdict == .fail)
        #expect(try Self.row("success >= 50%", [record]).verdict == .pass)
        #expect(try Self.row("failures < 50%", [record]).verdict == .fail)
    }

    // MARK: Against something else

    @Test func eachTenantIsComparedWithItself() throws {
        let records = [
            Self.record("calm", ["a": [10], "b": [100]]), Self.record("noisy", ["a": [25], "b": [150]]),
        ]
        // 25 ms of a is more than twice 10 ms, 150 ms of b less than twice 100 ms.
        let each = try Self.row("max <= 2x against calm of each in noisy", records)
        #expect(each.verdict == .fail && each.tenant == "a" && each.stage == "noisy")
        #expect(each.bound.map { ($0 / 1e6).rounded() } == 20)
        #expect(try Self.row("max <= 2x against calm of b in noisy", records).verdict == .pass)
        #expect(try Self.row("max <= 2x + 10ms against calm of each in noisy", records).verdict == .pass)
        // Of all together the slowest tenant hides the other.
        #expect(try Self.row("max <= 2x against calm in noisy", records).verdict == .pass)
        #expect(try Self.row("max >= 2x against calm of a in noisy", records).verdict == .pass)
    }

    /// Nothing to compare with is no pass, and the figure is told.
    @Test func withoutAnythingToCompareWithItIsUnknown() throws {
        let records = [Self.record("noisy", ["a": [25]])]
        for text in ["max <= 2x against calm in noisy", "max <= 2x against last run in noisy"] {
            let row = try Self.row(text, records)
            #expect(row.verdict == .unknown && row.bound == nil && row.stage == "noisy")
            #expect(row.value.map { ($0 / 1e6).rounded() } == 25)
        }
        // Of each tenant: b was not there in the calm stage.
        let both = [Self.record("calm", ["a": [10]]), Self.record("noisy", ["a": [10], "b": [10]])]
        #expect(try Self.row("max <= 2x against calm of each in noisy", both).verdict == .unknown)
    }

    @Test func theLastRunIsComparedWith() throws {
        let criterion = try Criterion("max <= 2x + 5ms against last run in peak")
        let first = AcceptanceRow(criterion, in: [Self.record("peak", ["a": [10]])])
        #expect(first.verdict == .unknown)
        func row(_ time: UInt64, _ last: [AcceptanceRow]) -> AcceptanceRow {
            AcceptanceRow(criterion, in: [Self.record("peak", ["a": [time]])], last: last)
        }
        let second = row(24, [first])
        #expect(second.verdict == .pass && second.bound.map { ($0 / 1e6).rounded() } == 25)
        #expect(row(26, [first]).verdict == .fail)
        // The figure of another stage, or of another criterion, is none to compare with.
        var other = first
        other.stage = "smoke"
        #expect(row(10, [other]).verdict == .unknown)
        other.stage = "peak"
        other.criterion = "max <= 1s"
        #expect(row(10, [other]).verdict == .unknown)
    }

    @Test func aCriterionOfAStageMayCompareWithAnother() throws {
        var plan = LoadPlan(name: "plan")
        var noisy = Stage(name: "noisy", kind: .load, scenarios: [])
        noisy.criteria = [try Criterion("max <= 2x against calm")]
        plan.stages = [Stage(name: "calm", kind: .load, scenarios: []), noisy]
        let records = [Self.record("calm", ["a": [10]]), Self.record("noisy", ["a": [25]])]
        let rows = AcceptanceRow.rows(of: plan, in: records)
        #expect(rows.map(\.verdict) == [.fail] && rows.first?.stage == "noisy")
    }

    /// What nobody measured is not kept.
    @Test(arguments: ["notice p95 <= 1s", "lost = 0", "max <= 1s on GET /nowhere", "max <= 1s of nobody"])
    func whatWasNotMeasuredIsNotKept(_ text: String) throws {
        let row = try Self.row(text, [Self.record("peak", ["a": [10]])])
        #expect(row.verdict == .unknown && row.value == nil)
    }

    /// What was counted in part alone in one of two stages: what was found there, and the verdict on both.
    @Test(
        arguments: [
            (nil, "= 0", .unknown, nil), (3, "<= 5", .unknown, nil),
            // What is there breaks the bound, whatever else there may be.
            (3, "= 0", .fail, 3), (9, "<= 5", .fail, 9),
        ] as [(UInt64?, String, AcceptanceRow.Verdict, Double?)]
    )
    func whatWasCountedInPartIsNotKept(
        _ found: UInt64?,
        _ bound: String,
        _ verdict: AcceptanceRow.Verdict,
        _ value: Double?
    ) throws {
        var records = [Self.record("calm", ["a": [10]]), Self.record("peak", ["a": [10]])]
        records[0].set(.logLinesMissing, 0, tenant: "a")
        records[1].leaveOpen(Criterion.CountedThing.logLinesMissing)
        if let found { records[1].set(.logLinesMissing, found, tenant: "a") }
        for party in ["", " of each"] {
            let row = try Self.row("log lines missing \(bound)\(party)", records)
            #expect(row.verdict == verdict && row.value == value && row.stage == "peak")
        }
        #expect(try Self.row("log lines missing \(bound) in calm", records).verdict == .pass)
        // Another figure of the stage is none of its business.
        #expect(try Self.row("max <= 1s", records).verdict == .pass)
    }

    @Test func aTimeOfWhichNobodyKnowsTheClockIsNotKept() throws {
        var records = [Self.record("calm", [:]), Self.record("peak", [:])]
        records[0].note(.logLag, nanoseconds: 1_000_000, tenant: "a")
        #expect(try Self.row("log lag p95 <= 1s", records).verdict == .pass)
        records[1].leaveOpen(Criterion.MeasuredTime.logLag)
        #expect(try Self.row("log lag p95 <= 1s", records).verdict == .unknown)
        #expect(try Self.row("log lag p95 <= 1us", records).verdict == .fail)
    }

    @Test func aServerErrorIsNoSuccess() throws {
        let record = Self.record("peak", ["a": [1, 2]], status: 503)
        #expect(record.value(of: try Criterion("success >= 99%"), tenant: nil) == 0)
        #expect(record.value(of: try Criterion("errors <= 1%"), tenant: nil) == 1)
        #expect(record.value(of: try Criterion("failures <= 1%"), tenant: nil) == 0)
        // Two answers within a second.
        #expect(record.value(of: try Criterion("rate >= 1/s"), tenant: nil) == 2)
    }

    @Test func thePeakOfAllIsNotTheSumOfPeaks() throws {
        var record = StageRecord(stage: Stage(name: "peak", kind: .peak, scenarios: []))
        record.set(.peakRunning, 700, tenant: "a")
        record.set(.peakRunning, 600, tenant: "b")
        record.set(.peakRunning, 900, tenant: "")
        record.set(.accepted, 5, tenant: "a")
        record.set(.accepted, 6, tenant: "b")
        #expect(record.value(of: try Criterion("peak running >= 1"), tenant: nil) == 900)
        #expect(record.value(of: try Criterion("peak running >= 1"), tenant: "b") == 600)
        #expect(record.value(of: try Criterion("accepted >= 1"), tenant: nil) == 11)
    }

    /// Tenants of five routes each, the last of which has to wait.
    private static func crowded(tenants: Int, routes: Int = 5) -> StageRecord {
        var record = StageRecord(stage: Stage(name: "peak", kind: .load, scenarios: ["s"]))
        for tenant in 0..<tenants {
            for route in 0..<routes {
                let fact = RequestFact(
                    outcome: .responded(status: 200),
                    end: Int64(route) * 1_000_000_000,
                    responseTime: tenant == tenants - 1 ? 900_000_000 : 10_000_000,
                    serviceTime: 1_000_000
                )
                record.requests.note(fact, route: "GET /r\(route)", tenant: "t\(tenant)")
            }
        }
        return record
    }

    /// More routes of tenants than are told apart: who comes last is held to a bound like all others, and what is said
    /// of a route is no pass for those of whom it is not known.
    @Test(
        arguments: [
            ("max <= 500ms of each", .fail, "t49"), ("max <= 1s of each", .pass, nil),
            ("requests >= 5 of each", .pass, nil), ("max <= 1s", .pass, nil),
            ("max <= 1s on GET /r0 of each", .unknown, nil), ("max <= 1s on GET /r0", .unknown, nil),
            ("max <= 1s on GET /r0 of t0", .pass, "t0"), ("max <= 1s on GET /r0 of t49", .unknown, nil),
            // What is broken is, and a rule for every route means those, too.
            ("max <= 5ms on GET /r0 of each", .fail, nil), ("max <= 1s on * of each", .pass, nil),
            // Of nothing but executions.
            ("accepted >= 1 of each", .pass, nil),
        ] as [(String, AcceptanceRow.Verdict, String?)]
    )
    func whoComesLastIsHeldToABound(_ text: String, _ verdict: AcceptanceRow.Verdict, _ tenant: String?)
        throws
    {
        var record = Self.crowded(tenants: 50)
        for tenant in record.tenants { record.set(.accepted, 1, tenant: tenant) }
        #expect(record.tenants.count == 50)
        let row = try Self.row(text, [record])
        #expect(row.verdict == verdict)
        if let tenant { #expect(row.tenant == tenant) }
    }

    /// A stage of which that is not known is none to compare with.
    @Test func whatIsNotToldApartIsNotComparedWith() throws {
        var calm = Self.crowded(tenants: 50)
        calm.stage.name = "calm"
        let noisy = Self.record("noisy", ["t0": [10], "t49": [900]], route: "GET /r0")
        let records = [calm, noisy]
        #expect(try Self.row("max <= 2x against calm on GET /r0 of t0 in noisy", records).verdict == .pass)
        #expect(
            try Self.row("max <= 2x against calm on GET /r0 of t49 in noisy", records).verdict == .unknown
        )
        #expect(try Self.row("max <= 2x against calm of t49 in noisy", records).verdict == .pass)
    }

    /// Beyond so many tenants nobody knows whose they are.
    @Test func moreTenantsThanAreToldApartAreUnknown() throws {
        let count = RequestBook.limit + RequestBook.tenantLimit
        var scenario = Self.crowded(tenants: count, routes: 1).requests
        #expect(scenario.tenants.count == count)
        #expect(scenario.tellsApart(route: nil, tenant: "t0"))
        let fact = RequestFact(outcome: .responded(status: 200), end: 0, responseTime: 1, serviceTime: 1)
        scenario.note(fact, route: "GET /r0", tenant: "one more")
        // What a scenario does not tell apart its stage does not, either.
        var stage = Self.record("peak", ["t0": [10]])
        stage.requests.add(scenario)
        #expect(stage.tenants.count == count)
        #expect(try Self.row("max <= 1s of each", [stage]).verdict == .unknown)
        #expect(try Self.row("max <= 1s of t0", [stage]).verdict == .unknown)
        #expect(try Self.row("max <= 1s", [stage]).verdict == .pass)
        #expect(stage.requests.ofOthers == UInt64(RequestBook.tenantLimit + 1))
    }

    @Test func moreRoutesThanAreToldApartAreCountedAsOne() {
        var book = RequestBook()
        let fact = RequestFact(outcome: .responded(status: 200), end: 0, responseTime: 1, serviceTime: 1)
        for number in 0..<(RequestBook.limit + 7) { book.note(fact, route: "GET /r\(number)", tenant: "") }
        #expect(book.figures.count == RequestBook.limit + 1)
        #expect(book.figures[RequestBook.Key(route: RequestBook.others, tenant: "")]?.requests == 7)
        #expect(book.total().requests == UInt64(RequestBook.limit + 7))
    }
}
