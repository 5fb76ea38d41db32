import JSON
import LoadPlans
import Testing

@Suite struct LogComparisonTests {
    private static func lines(_ keys: [UInt64], times: [Int64]? = nil) -> [LogComparison.Line] {
        keys.enumerated().map { LogComparison.Line(key: $1, time: times?[$0]) }
    }

    /// What came, the history, and owed, missing, twice, out of order, unknown.
    @Test(
        arguments: [
            ([1, 2, 3], [1, 2, 3], [3, 0, 0, 0, 0]),
            ([1, 3], [1, 2, 3], [3, 1, 0, 0, 0]),
            ([], [1, 2], [2, 2, 0, 0, 0]),
            ([1, 1, 2], [1, 2], [2, 0, 1, 0, 0]),
            ([2, 1, 3], [1, 2, 3], [3, 0, 0, 1, 0]),
            // One that came late is one out of order, not all behind it.
            ([2, 3, 4, 1], [1, 2, 3, 4], [4, 0, 0, 1, 0]),
            // The order is that of the history, not of the numbers.
            ([9, 4], [9, 4], [2, 0, 0, 0, 0]),
            ([1, 7, 7, 2], [1, 2], [2, 0, 1, 0, 1]),
            // A history that names a line twice has it once.
            ([1, 2], [1, 1, 2], [2, 0, 0, 0, 0]),
        ] as [([UInt64], [UInt64], [UInt64])]
    )
    func linesAreHeldAgainstTheHistory(_ received: [UInt64], _ history: [UInt64], _ expected: [UInt64]) {
        let counts = LogComparison.counts(of: received, against: Self.lines(history), from: 0, to: 10)
        let found = [counts.owed, counts.missing, counts.duplicated, counts.outOfOrder, counts.unknown]
        #expect(found == expected)
    }

    /// Lines from before the stream was there, or from its last moments, are not owed; they may have come.
    @Test func onlyWhatIsOwedIsMissed() {
        let history = Self.lines([1, 2, 3, 4], times: [5, 10, 20, 21])
        let counts = LogComparison.counts(of: [1, 3], against: history, from: 10, to: 20)
        #expect(counts.owed == 2 && counts.missing == 1 && counts.unknown == 0)
    }

    /// What came, whether numbers go up by one, and owed, missing, twice, out of order.
    @Test(arguments: [
        (["5", "6", "9"], true, [5, 2, 0, 0]), (["5", "6", "9"], false, [3, 0, 0, 0]),
        (["5", "7", "6", "6"], true, [3, 0, 1, 1]),
        // Names that are no numbers have no order and no gaps.
        (["b", "a", "b"], true, [2, 0, 1, 0]), ([], true, [0, 0, 0, 0]),
        // The largest numbers do not overflow.
        (["9223372036854775807", "9223372036854775806"], true, [2, 0, 0, 1]),
        (["99999999999999999999"], true, [1, 0, 0, 0]),
    ])
    func numbersTellWhatIsLeftOut(_ names: [String], _ isContiguous: Bool, _ expected: [UInt64]) {
        let counts = LogComparison.counts(of: names.map(LogComparison.key), isContiguous: isContiguous)
        #expect([counts.owed, counts.missing, counts.duplicated, counts.outOfOrder] == expected)
    }

    /// Numbers that are as far apart as they can be, in more runs than fit.
    @Test func whatIsMissingEverywhereIsAsMuchAsThereCanBe() {
        let ends = [LogComparison.key("1"), LogComparison.key("9223372036854775807")]
        var counts = LogComparison.Counts()
        for _ in 0..<3 { counts.add(LogComparison.counts(of: ends, isContiguous: true)) }
        #expect(counts.missing == .max && counts.owed == .max)
        var record = StageRecord(stage: Stage(name: "peak", kind: .peak, scenarios: []))
        for tenant in ["a", "b"] { record.set(.logLinesMissing, counts.missing, tenant: tenant) }
        #expect(record.count(.logLinesMissing, tenant: nil) == .max)
    }

    /// A page as services give it, the names of its lines, where the next begins; `nil` for what is none.
    @Test(arguments: [
        (#"{"logs":[{"id":1,"created_at":"1970-01-01T00:00:01Z"},{"id":2}],"next":"2"}"#, ["1", "2"], "2"),
        (#"[{"id":"a"},{"other":1},null]"#, ["a"], nil),
        (#"{"next":null,"items":[]}"#, [], nil),
        (#"{"a":[],"b":[]}"#, nil, nil), (#""text""#, nil, nil),
    ])
    func pagesOfHistoriesAreRead(_ json: String, _ names: [String]?, _ next: String?) throws {
        let value = try JSONValue(parsing: Array(json.utf8).span)
        let page = LogRule.History(path: "/{run}").page(value)
        #expect(page?.lines.map(\.key) == names?.map(LogComparison.key))
        #expect(page?.next == next)
        if json.contains("1970") { #expect(page?.lines.map(\.time) == [1_000_000_000, nil]) }
    }
}
