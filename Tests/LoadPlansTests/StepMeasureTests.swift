import LoadPlans
import Replay
import Testing

/// What one step of a search for the limit comes to.
@Suite struct StepMeasureTests {
    private struct Row {
        var criteria = ["p95 <= 500ms"]
        /// How many requests end so, all of them in a millisecond.
        var outcomes: [(Outcome, count: Int)]
        var route = "GET /"
        /// What breaks; `nil` where the step holds.
        var budget: String?
        var reason: String
    }

    private static let rows = [
        Row(outcomes: [(.responded(status: 200), 100)], budget: nil, reason: "all is well"),
        Row(
            outcomes: [(.failed(.connect), 100)],
            budget: "errors <= 50%",
            reason: "refused at once, which is quick"
        ),
        Row(
            outcomes: [(.responded(status: 503), 100)],
            budget: "errors <= 50%",
            reason: "turned away, as quick"
        ),
        Row(outcomes: [(.aborted, 100)], budget: "errors <= 50%", reason: "given up"),
        Row(outcomes: [], budget: "requests >= 1", reason: "nothing ended"),
        Row(
            criteria: ["success >= 99%"],
            outcomes: [],
            budget: "requests >= 1",
            reason: "nothing ended that a share could be of"
        ),
        Row(
            outcomes: [(.responded(status: 200), 100), (.failed(.reset), 10)],
            budget: nil,
            reason: "a few, of which no criterion speaks"
        ),
        Row(
            outcomes: [(.responded(status: 404), 100)],
            budget: nil,
            reason: "an answer, whatever is in it"
        ),
        Row(
            criteria: ["p95 <= 500ms", "errors <= 80%"],
            outcomes: [(.responded(status: 200), 40), (.failed(.connect), 60)],
            budget: nil,
            reason: "as many as the plan allows"
        ),
        Row(
            criteria: ["success >= 10% of each"],
            outcomes: [(.responded(status: 200), 40), (.failed(.connect), 60)],
            budget: nil,
            reason: "the same in other words"
        ),
        Row(
            criteria: ["errors <= 80% on POST /"],
            outcomes: [(.responded(status: 200), 40), (.failed(.connect), 60)],
            budget: "errors <= 50%",
            reason: "the plan speaks of another route"
        ),
        Row(
            criteria: ["errors <= 80% of harbor"],
            outcomes: [(.responded(status: 200), 40), (.failed(.connect), 60)],
            budget: "errors <= 50%",
            reason: "the plan speaks of another tenant"
        ),
        Row(
            criteria: ["failures <= 1%"],
            outcomes: [(.responded(status: 503), 100)],
            budget: "errors <= 50%",
            reason: "an answer that turns away is no failure"
        ),
    ]

    private static func step(_ row: Row, multiplier: Double = 1) throws -> KneeStep {
        var record = StageRecord(stage: Stage(name: "step", kind: .knee, scenarios: []))
        var time: Int64 = 0
        for (outcome, count) in row.outcomes {
            for _ in 0..<count {
                time += 1_000_000
                let fact = RequestFact(
                    outcome: outcome,
                    end: time,
                    responseTime: 1_000_000,
                    serviceTime: 1_000_000
                )
                record.requests.note(fact, route: row.route, tenant: "")
            }
        }
        let measure = StepMeasure(try row.criteria.map { try Criterion($0) })
        return measure.step(record, multiplier: multiplier, offered: 1_000, resources: [:])
    }

    @Test(arguments: rows.indices)
    func whatIsNotAnsweredWellDoesNotHold(_ index: Int) throws {
        let row = Self.rows[index]
        let step = try Self.step(row)
        #expect(step.isBroken == (row.budget != nil), "\(row.reason)")
        guard let budget = row.budget else { return }
        let worst = step.routes.max { $0.use < $1.use }
        #expect(worst?.name == "all requests" && worst?.budget == budget, "\(row.reason)")
    }

    /// A target that is gone from five times the load on, of whose criteria none is about answers.
    @Test func theLoadAtWhichATargetIsGoneIsFound() throws {
        var search = KneeSearch()
        while case .run(let multiplier, _) = search.next() {
            let outcome: Outcome = multiplier > 5 ? .failed(.connect) : .responded(status: 200)
            search.take(
                try Self.step(Row(outcomes: [(outcome, 200)], reason: ""), multiplier: multiplier)
            )
        }
        let finding = KneeFinding(search, resources: [])
        guard case .found(let safe, let breaks) = finding.limit else {
            Issue.record("\(finding.limit)")
            return
        }
        #expect(safe <= 5 && breaks > 5 && breaks / safe < 1.07)
        #expect(finding.route == "all requests" && finding.budget == "errors <= 50%")
    }
}
