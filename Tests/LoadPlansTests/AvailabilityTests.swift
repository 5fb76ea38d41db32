import LoadPlans
import Replay
import Testing

/// How much of a stage a target was there, and how long it then took to be done.
@Suite struct AvailabilityTests {
    /// Requests of ten a second for ten seconds; those for which `fails` is true are answered so.
    private static func record(_ outcome: Outcome, where fails: (_ second: Int, _ request: Int) -> Bool)
        -> StageRecord
    {
        var record = StageRecord(stage: Stage(name: "recovery", kind: .recovery, scenarios: []))
        for second in 0..<10 {
            for request in 0..<10 {
                let due = Int64(second) * 1_000_000_000 + Int64(request) * 100_000_000
                record.requests.note(
                    RequestFact(
                        outcome: fails(second, request) ? outcome : .responded(status: 202),
                        // What it takes does not matter, only when it was due.
                        end: due + 3_000_000_000,
                        responseTime: 3_000_000_000,
                        serviceTime: 1_000_000
                    ),
                    route: "POST /hooks/{id}",
                    tenant: request % 2 == 0 ? "a" : "b"
                )
            }
        }
        return record
    }

    @Test func aSecondCountsByMostOfItsRequests() throws {
        let criterion = try Criterion("availability >= 80%")
        #expect(Self.record(.responded(status: 503)) { _, _ in false }.value(of: criterion, tenant: nil) == 1)
        // Half of them well is not enough, one more is.
        #expect(
            Self.record(.responded(status: 503)) { $0 < 3 && $1 < 5 }.value(of: criterion, tenant: nil) == 0.7
        )
        #expect(
            Self.record(.responded(status: 503)) { $0 < 3 && $1 < 4 }.value(of: criterion, tenant: nil) == 1
        )
        // A refusal is an answer; none is none.
        #expect(Self.record(.responded(status: 429)) { _, _ in true }.value(of: criterion, tenant: nil) == 1)
        #expect(
            Self.record(.failed(.timeout)) { second, _ in second == 4 }.value(of: criterion, tenant: nil)
                == 0.9
        )
        #expect(
            StageRecord(stage: Stage(name: "a", kind: .load, scenarios: [])).value(of: criterion, tenant: nil)
                == nil
        )
    }

    @Test func eachTenantHasItsOwn() throws {
        let criterion = try Criterion("availability >= 80% of each")
        let record = Self.record(.responded(status: 500)) { second, request in second < 4 && request % 2 == 0
        }
        #expect(record.value(of: criterion, tenant: "a") == 0.6)
        #expect(record.value(of: criterion, tenant: "b") == 1)
    }

    @Test func drainIsATimeOfItsOwn() throws {
        let criterion = try Criterion("drain <= 20s")
        #expect(criterion.figure == .time(.drain, .percentile(100)) && criterion.bound == 20e9)
        #expect(!criterion.figure.isOfRequests)
        var record = StageRecord(stage: Stage(name: "recovery", kind: .recovery, scenarios: []))
        record.note(.drain, nanoseconds: 1_000_000_000, tenant: "a")
        record.note(.drain, nanoseconds: 3_000_000_000, tenant: "b")
        let all = try #require(record.value(of: criterion, tenant: nil))
        #expect((all / 3e9 - 1).magnitude < 0.01)
    }
}
