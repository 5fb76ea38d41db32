import JSON
import LoadPlans
import Replay
import Testing

/// Moments that a target gives, whatever it writes: nothing of them ends the process.
@Suite struct TargetMomentTests {
    private static let second: Int64 = 1_000_000_000

    private static func finished(_ json: String) throws -> Int64? {
        let text = #"[{"id":"a","status":"succeeded","finished_at":\#(json)}]"#
        return try #require(RunPage(try JSONValue(parsing: Array(text.utf8).span))?.runs.first).finished
    }

    /// What stands in a run, and the moment in nanoseconds.
    @Test(
        arguments: [
            // Seconds, milliseconds, microseconds and nanoseconds.
            ("1700000000", 1_700_000_000 * second), ("1700000000123", 1_700_000_000_123_000_000),
            ("1700000000123456", 1_700_000_000_123_456_000),
            ("1700000000123456789", 1_700_000_000_123_456_789),
            // The last second that is one, and the first that is none.
            ("4102444799", 4_102_444_799 * second), ("4102444800", nil),
            // What stands for never, in each of the units.
            ("9999999999", nil), ("9999999999999", nil), ("9999999999999999", nil),
            ("9223372036854775807", nil), ("99999999999999999999", nil),
            (#""2099-12-31T23:59:59Z""#, 4_102_444_799 * second), (#""2261-12-31T23:59:59Z""#, nil),
            (#""1700-01-01T00:00:00Z""#, nil), (#""9999-12-31T23:59:59Z""#, nil),
            ("0", nil), ("-5", nil), ("null", nil), ("1e9", nil),
        ] as [(String, Int64?)]
    )
    func whatIsNoMomentIsNone(_ json: String, _ expected: Int64?) throws {
        #expect(try Self.finished(json) == expected)
    }

    /// That of a `Date`, in whole seconds.
    @Test(
        arguments: [
            (1_700_000_000, 1_700_000_000 * second), (253_402_300_799, nil), (.max, nil), (.min, nil),
            (-1, nil),
        ] as [(Int64, Int64?)]
    )
    func datesAreMoments(_ seconds: Int64, _ expected: Int64?) {
        #expect(TargetMoment.nanoseconds(seconds, unit: Self.second) == expected)
    }

    /// Runs that are as far from each other and from now as moments can be.
    @Test func theWidestMomentsAreTaken() {
        var book = ExecutionBook()
        let now = 1_700_000_000 * Self.second
        for (place, created) in [0, TargetMoment.range.upperBound - 1, now].enumerated() {
            book.accept(
                name: "r\(place)",
                RequestIdentity(marks: []),
                tenant: "t",
                sent: now,
                at: now + Self.second,
                delay: 0
            )
            var run = RunSighting(id: "r\(place)", state: .succeeded)
            run.created = created
            run.started = TargetMoment.range.upperBound - 1 - created
            run.finished = created
            book.see(run, at: now + Self.second)
        }
        var record = StageRecord(stage: Stage(name: "peak", kind: .peak, scenarios: []))
        book.write(into: &record, at: now + 2 * Self.second)
        #expect(record.count(.finished, tenant: nil) == 2 && record.count(.repeated, tenant: nil) == 1)
        #expect(record.distribution(.turnaround, tenant: nil).count == 2)
    }
}
