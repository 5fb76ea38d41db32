import Bytes
import LoadPlans
import Messages
import Testing

@Suite struct ProbeTests {
    private static let mint = CanaryMint(seed: 1, start: 1)

    /// Three tenants, of whom the last cannot ask.
    private static let tenants: [LoadPlan.Tenant] = ["a", "b", "c"].map { name in
        var tenant = LoadPlan.Tenant(name: name)
        tenant.match = try? RequestFilter("path=/hooks/\(name)*")
        if name != "c" { tenant.headers = ["X-Tenant: \(name)"] }
        return tenant
    }

    private static func course(
        _ lines: [String],
        as asker: Probe.Asker = .nobody,
        body: String? = nil,
        headers: [String] = [],
        place: Int = 0
    ) -> ProbeCourse {
        let lines = lines.map { line in
            let words = line.split(separator: " ").map(String.init)
            return Probe.Line(method: words[0], target: words[1])
        }
        var probe = Probe(name: "p", kind: .ask(lines))
        (probe.asker, probe.body, probe.headers) = (asker, body, headers)
        return ProbeCourse(probe, place: place, tenants: tenants, mint: mint)
    }

    private static func roster(_ runs: [(String, String)]) -> RunRoster {
        var roster = RunRoster()
        for (run, tenant) in runs { roster.note(run: run, tenant: tenant) }
        return roster
    }

    // MARK: Questions

    @Test func requestsAreSentInTurn() {
        var course = Self.course(["GET /x/{number}", "POST /y"])
        let questions = (0..<4).compactMap { _ in course.next(RunRoster()) }
        #expect(questions.map(\.target) == ["/x/0", "/y", "/x/2", "/y"])
        #expect(questions.map(\.method) == ["GET", "POST", "GET", "POST"])
        #expect(questions.allSatisfy { $0.asker == nil && $0.party == nil && $0.planted == 0 })
        // Reports name what does not change.
        #expect(questions[2].route == "GET /x/{number}")
    }

    /// Nothing is asked before there is a run to ask for.
    @Test(arguments: [Probe.Asker.owner, .other, .nobody])
    func aRunHasToBeThereFirst(_ asker: Probe.Asker) {
        var course = Self.course(["GET /runs/{run}"], as: asker)
        #expect(course.next(RunRoster()) == nil)
        #expect(course.next(Self.roster([("r1", "a")]))?.target == "/runs/r1")
    }

    @Test func theOwnerAsksForItsOwn() {
        let roster = Self.roster([("ra", "a"), ("rb", "b")])
        var course = Self.course(["GET /runs/{run}"], as: .owner, headers: ["X-Owner: {owner}"])
        for _ in 0..<6 {
            let question = course.next(roster)
            #expect(question?.target == "/runs/r\(question?.asker ?? "")")
            #expect(question?.headers == ["X-Owner: \(question?.asker ?? "")"])
            #expect(question?.party == question?.asker)
        }
    }

    /// Every pair of an owner and another who can ask comes about.
    @Test func othersTakeTurns() {
        let roster = Self.roster([("ra", "a"), ("rb", "b"), ("rc", "c")])
        var course = Self.course(["GET /runs/{run}"], as: .other)
        var pairs: Set<String> = []
        for _ in 0..<12 {
            guard let question = course.next(roster) else { continue }
            pairs.insert("\(question.target.suffix(1)) by \(question.asker ?? "")")
        }
        #expect(pairs == ["a by b", "b by a", "c by a", "c by b"])
    }

    /// Data belongs to whom the delivery is for.
    @Test func whatIsPlantedIsTheReceivers() throws {
        var course = Self.course(["POST /hooks/b"], body: #"{"n":"{data}"}"#, headers: ["X-Key: {secret}"])
        let questions = [course.next(RunRoster()), course.next(RunRoster())]
        let first = try #require(questions[0])
        let second = try #require(questions[1])
        #expect(first.party == "b" && first.asker == nil && first.planted == 2)
        let body = Array((first.body ?? "").utf8)
        #expect(Self.mint.sightings(in: body.span) == [CanaryMint.Sighting(kind: .data, owner: 2)])
        let header = Array(first.headers.joined().utf8)
        #expect(Self.mint.sightings(in: header.span) == [CanaryMint.Sighting(kind: .secret, owner: 2)])
        #expect(first.body != second.body)
        // Another probe plants other values.
        var other = Self.course(["POST /hooks/b"], body: #"{"n":"{data}"}"#, place: 1)
        #expect(other.next(RunRoster())?.body != first.body)
    }

    @Test func whoAsksForHimselfPlantsHisOwn() throws {
        var course = Self.course(["POST /notes?x={data}"], as: .tenant("a"))
        let question = course.next(RunRoster())
        let target = Array(try #require(question).target.utf8)
        #expect(Self.mint.sightings(in: target.span) == [CanaryMint.Sighting(kind: .data, owner: 1)])
    }

    // MARK: Verdicts

    @Test(
        arguments: [
            (401, Probe.Verdict.kept), (403, .kept), (202, .broken("202 instead of 401 or 403-404")),
            (404, .kept), (405, .broken("405 instead of 401 or 403-404")),
            // An overloaded target says nothing of what it would have answered.
            (429, .silent), (500, .silent), (503, .silent),
        ] as [(UInt16, Probe.Verdict)]
    )
    func aStatusIsJudged(_ status: UInt16, _ verdict: Probe.Verdict) {
        var probe = Probe(name: "p", kind: .ask([]))
        probe.expected = [401...401, 403...404]
        #expect(probe.verdict(status: status) == verdict)
    }

    @Test func whatIsAskedForIsNeverSilent() {
        var probe = Probe(name: "p", kind: .ask([]))
        probe.expected = [429...429]
        #expect(probe.verdict(status: 429) == .kept)
        probe.expected = []
        #expect(probe.verdict(status: 200) == .kept && probe.verdict(status: 500) == .silent)
    }

    // MARK: Acceptance

    private static func record(_ stage: String, _ verdicts: [Probe.Verdict]) -> StageRecord {
        var record = StageRecord(stage: Stage(name: stage, kind: .load, scenarios: []))
        var tally = ProbeTally()
        for verdict in verdicts { tally.note(verdict) }
        record.probes["p"] = tally
        return record
    }

    @Test func oneWrongAnswerInOneStageIsEnough() {
        let probe = Probe(name: "p", kind: .listen("/s"))
        let row = AcceptanceRow(
            probe,
            in: [Self.record("low", [.kept]), Self.record("peak", [.kept, .broken("x"), .silent])]
        )
        #expect(row.verdict == .fail && row.value == 1 && row.stage == "peak")
        #expect(row.criterion == "probe p: nothing of others")
    }

    /// Silence, and no question at all, are no pass.
    @Test(arguments: [[], [.silent, .silent]] as [[Probe.Verdict]])
    func aProbeThatWasNeverAnsweredIsUnknown(_ verdicts: [Probe.Verdict]) {
        let probe = Probe(name: "p", kind: .ask([]))
        let row = AcceptanceRow(probe, in: [Self.record("low", verdicts)])
        #expect(row.verdict == .unknown && row.value == nil)
        #expect(AcceptanceRow(probe, in: []).verdict == .unknown)
    }

    @Test func theRowsOfAPlanHaveItsProbes() {
        var plan = LoadPlan(name: "plan")
        plan.stages = [Stage(name: "low", kind: .load, scenarios: [])]
        var other = Probe(name: "q", kind: .ask([]))
        other.stages = ["peak"]
        plan.probes = [Probe(name: "p", kind: .ask([])), other]
        let rows = AcceptanceRow.rows(of: plan, in: [Self.record("low", [.kept])])
        #expect(rows.map(\.criterion) == ["probe p: answered"] && rows.map(\.verdict) == [.pass])
    }

    @Test func reasonsAreBounded() {
        var tally = ProbeTally()
        for number in 0..<20 { tally.note(.broken("\(number)")) }
        #expect(tally.reasons.count == ProbeTally.reasonLimit && tally.failed == 20 && tally.asked == 20)
        var sum = ProbeTally()
        sum.add(tally)
        sum.add(tally)
        #expect(sum.failed == 40 && sum.reasons["0"] == 2)
    }

    @Test func aProbeRunsWhereItSays() {
        var probe = Probe(name: "p", kind: .ask([]))
        #expect(probe.runs(in: Stage(name: "peak", kind: .peak, scenarios: [])))
        // Where the limit is looked for, overload is meant.
        #expect(!probe.runs(in: Stage(name: "limit", kind: .knee, scenarios: [])))
        probe.stages = ["limit"]
        #expect(probe.runs(in: Stage(name: "limit", kind: .knee, scenarios: [])))
        #expect(!probe.runs(in: Stage(name: "peak", kind: .peak, scenarios: [])))
    }
}
