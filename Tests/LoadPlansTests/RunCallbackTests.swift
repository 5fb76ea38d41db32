import JSON
import LoadPlans
import Replay
import Testing

/// What a callback of a target's workflow tells of a run.
@Suite struct RunCallbackTests {
    private static func sighting(
        _ body: String,
        _ fields: [String: String] = [:],
        _ change: (inout ExecutionRule.Callback) -> Void = { _ in }
    ) -> RunSighting? {
        var callback = ExecutionRule.Callback(host: "127.0.0.1", port: 9_200)
        change(&callback)
        return callback.sighting(body: Array(body.utf8).span) { fields[$0] }
    }

    @Test(
        arguments: [
            // A field counts more than the body.
            (#"{"run_id":"b"}"#, ["X-Run-Id": "a"], "a", nil, .succeeded),
            (#"{"run_id":"b","status":"failed"}"#, [:], "b", nil, .failed),
            // A number is a name as well.
            (#"{"run_id":17}"#, [:], "17", nil, .succeeded),
            // The mark alone.
            (#"{"correlation_id":"m"}"#, [:], "", "m", .succeeded),
            ("", ["X-Correlation-Id": "m"], "", "m", .succeeded),
            (#"{"run_id":"b","correlation_id":"m","status":"RUNNING"}"#, [:], "b", "m", .running),
            // An empty name is none.
            (#"{"run_id":"","correlation_id":"m"}"#, ["X-Run-Id": ""], "", "m", .succeeded),
            // What is no JSON may have its name in a field.
            ("done", ["X-Run-Id": "a"], "a", nil, .succeeded),
        ] as [(String, [String: String], String, String?, RunSighting.State)]
    )
    func placesAreTriedInTurn(
        _ body: String,
        _ fields: [String: String],
        _ name: String,
        _ mark: String?,
        _ state: RunSighting.State
    ) throws {
        let run = try #require(Self.sighting(body, fields))
        #expect(run.id == name && run.correlation == mark && run.state == state)
    }

    @Test(arguments: [
        "", "{}", "[]", "null", "{", #"{"run_id":null}"#, #"{"run_id":["a"]}"#, #"{"run_id":true}"#,
        // An end in unknown words is none: it would pass for one that went well.
        #"{"run_id":"a","status":"exploded"}"#,
    ])
    func whatNamesNoRunIsNone(_ body: String) {
        #expect(Self.sighting(body) == nil)
    }

    /// A body that is all values is not taken apart.
    @Test func aBodyIsBounded() {
        let many = #"{"run_id":"a","x":["# + String(repeating: "1,", count: 20_000) + "1]}"
        #expect(Self.sighting(many) == nil)
    }

    @Test func placesAreThoseOfThePlan() {
        let run = Self.sighting(#"{"meta":{"delivery":"m"},"result":"error"}"#) {
            $0.names = [.json(["id"])]
            $0.marks = [.header("X-Absent"), .json(["meta", "delivery"])]
            $0.status = [.json(["result"])]
        }
        #expect(run?.correlation == "m" && run?.state == .failed)
    }

    @Test(
        arguments: [
            (nil, "/any?x=1", true), ("/done", "/done", true), ("/done", "/done?x=1", true),
            ("/done", "/done/", false), ("/done", "/", false),
        ] as [(String?, String, Bool)]
    )
    func onlyThePathOfThePlanIsOne(_ path: String?, _ target: String, _ isOne: Bool) {
        var callback = ExecutionRule.Callback(host: "127.0.0.1", port: 9_200)
        callback.path = path
        #expect(callback.takes(target: target) == isOne)
    }
}

/// Executions whose ends are told by more than one source, in any order.
@Suite struct SourcesOfRunsTests {
    private static let second: Int64 = 1_000_000_000

    private static func called(_ id: String, mark: String? = nil) -> RunSighting {
        var run = RunSighting(id: id, state: .succeeded)
        run.correlation = mark
        return run
    }

    private static func listed(_ id: String, _ state: RunSighting.State, mark: String? = nil) -> RunSighting {
        var run = RunSighting(id: id, state: state)
        (run.created, run.started) = (10 * second, 11 * second)
        run.finished = state.isFinal ? 15 * second : nil
        run.correlation = mark
        run.delay = 1
        return run
    }

    private static func record(of book: ExecutionBook) -> StageRecord {
        var record = StageRecord(stage: Stage(name: "peak", kind: .peak, scenarios: []))
        book.write(into: &record, at: 1_000 * second)
        return record
    }

    private static func book(name: String?, mark: String?) -> ExecutionBook {
        var book = ExecutionBook()
        book.accept(
            name: name,
            RequestIdentity(marks: [mark].compactMap { $0 }),
            tenant: "t",
            sent: 10 * second,
            at: 10 * second,
            delay: 0
        )
        return book
    }

    /// Callbacks alone: from the acceptance to the callback, by the clock here.
    @Test(arguments: [("a", nil), (nil, "m"), ("a", "m")] as [(String?, String?)])
    func anEndIsEnough(_ name: String?, _ mark: String?) {
        var book = Self.book(name: name, mark: mark)
        #expect(book.open == 1)
        let isOwn = book.see(Self.called(mark == nil ? "a" : "", mark: mark), at: 14 * Self.second)
        #expect(isOwn && book.open == 0)
        // Called once more: a worker that died before it had written that it called.
        book.see(Self.called(mark == nil ? "a" : "", mark: mark), at: 20 * Self.second)
        let record = Self.record(of: book)
        #expect(record.count(.finished, tenant: "t") == 1 && record.count(.lost, tenant: "t") == 0)
        #expect(record.count(.duplicateRuns, tenant: nil) == 0 && record.count(.peakRunning, tenant: "") == 1)
        let turnaround = record.distribution(.turnaround, tenant: "t").percentile(100) ?? 0
        #expect((3_990_000...4_010_000).contains(turnaround))
    }

    /// A callback may come before the answer to its delivery.
    @Test func anEarlyEndIsKept() {
        var book = ExecutionBook()
        book.see(Self.called("", mark: "m"), at: 9 * Self.second)
        book.see(Self.called("b"), at: 9 * Self.second)
        book.accept(
            name: "a",
            RequestIdentity(marks: ["m"]),
            tenant: "t",
            sent: 8,
            at: 10 * Self.second,
            delay: 0
        )
        book.accept(
            name: "b",
            RequestIdentity(marks: []),
            tenant: "t",
            sent: 8,
            at: 10 * Self.second,
            delay: 0
        )
        #expect(book.open == 0 && Self.record(of: book).count(.finished, tenant: "t") == 2)
    }

    /// Whoever tells first ends the waiting; the moments are the list's, in whichever order they come.
    @Test(arguments: [true, false], ["a", ""])
    func aListCompletesACallback(_ isCallFirst: Bool, _ named: String) {
        var book = Self.book(name: "a", mark: "m")
        let call = Self.called(named, mark: "m")
        let list = Self.listed("a", .succeeded, mark: "m")
        book.see(Self.listed("a", .running, mark: "m"), at: 12 * Self.second)
        book.see(isCallFirst ? call : list, at: 16 * Self.second)
        #expect(book.open == 0)
        book.see(isCallFirst ? list : call, at: 18 * Self.second)
        let record = Self.record(of: book)
        #expect(record.count(.duplicateRuns, tenant: nil) == 0 && record.count(.finished, tenant: nil) == 1)
        for (time, expected) in [(.queue, 1), (.execution, 4), (.turnaround, 5), (.notice, 1)]
            as [(Criterion.MeasuredTime, UInt64)]
        {
            let value = record.distribution(time, tenant: "t").percentile(100) ?? 0
            #expect((value + 5_000) / 1_000_000 == expected, "\(time)")
        }
    }

    /// A callback is sent before the run is over; what the list says of its end counts more.
    @Test func theListKnowsHowItEnded() {
        var book = Self.book(name: "a", mark: nil)
        book.see(Self.called("a"), at: 14 * Self.second)
        book.see(Self.listed("a", .failed), at: 16 * Self.second)
        // And nothing takes that back.
        book.see(Self.called("a"), at: 17 * Self.second)
        book.see(Self.listed("a", .running), at: 18 * Self.second)
        let record = Self.record(of: book)
        #expect(record.count(.failedRuns, tenant: "t") == 1 && record.count(.finished, tenant: "t") == 1)
    }

    /// The twin of a run has a name and moments of its own.
    @Test func aTwinCompletesNothing() {
        var book = Self.book(name: "a", mark: "m")
        book.see(Self.called("a", mark: "m"), at: 14 * Self.second)
        book.see(Self.listed("b", .failed, mark: "m"), at: 16 * Self.second)
        let record = Self.record(of: book)
        #expect(record.count(.duplicateRuns, tenant: "t") == 1 && record.count(.failedRuns, tenant: "t") == 0)
    }

    /// Two deliveries with one mark, the second of which calls before its answer is there: each has its own end.
    @Test func anEarlyEndIsNoTwinOfAnotherWithTheSameMark() {
        var book = Self.book(name: "a", mark: "m")
        book.see(Self.called("b", mark: "m"), at: 12 * Self.second)
        book.see(Self.called("c", mark: "m"), at: 12 * Self.second)
        for name in ["b", "c"] {
            book.accept(
                name: name,
                RequestIdentity(marks: ["m"]),
                tenant: "t",
                sent: 11 * Self.second,
                at: 13 * Self.second,
                delay: 0
            )
        }
        #expect(book.open == 1)
        book.see(Self.called("a", mark: "m"), at: 14 * Self.second)
        #expect(book.open == 0)
        let record = Self.record(of: book)
        #expect(record.count(.finished, tenant: "t") == 3 && record.count(.duplicateRuns, tenant: nil) == 0)
    }

    /// The end of a twin is not that of the run that was named, unless that is never shown.
    @Test func aTwinEndsNothing() {
        var book = Self.book(name: "a", mark: "m")
        book.see(Self.listed("a", .running, mark: "m"), at: 12 * Self.second)
        book.see(Self.listed("b", .succeeded, mark: "m"), at: 16 * Self.second)
        #expect(book.open == 1)
        var other = Self.book(name: "name of the answer", mark: "m")
        other.see(Self.listed("b", .succeeded, mark: "m"), at: 16 * Self.second)
        #expect(other.open == 0 && Self.record(of: other).count(.duplicateRuns, tenant: nil) == 0)
    }
}
