import LoadPlans
import Testing

/// Whether a time grows as long as a step lasts.
@Suite struct StepTrendTests {
    /// What a request takes at a moment of a step of four seconds, both in milliseconds; whether it grows; why.
    private struct Row {
        var course: @Sendable (Double) -> Double
        var grows: Bool
        var reason: String
    }

    private static let rows = [
        Row(course: { _ in 20 }, grows: false, reason: "always the same"),
        Row(course: { 20 + $0 / 20 }, grows: true, reason: "a line into which 5 % more come than leave it"),
        Row(
            course: { 20 + $0 / 20 + 15 * ($0 / 37).truncatingRemainder(dividingBy: 1) },
            grows: true,
            reason: "the same among times that differ"
        ),
        Row(course: { 300 - $0 / 20 }, grows: false, reason: "what becomes less"),
        Row(course: { $0 < 800 ? 20 : 60 }, grows: false, reason: "what has to come to rest first"),
        Row(course: { $0 < 3_200 ? 20 : 400 }, grows: false, reason: "something stood still near the end"),
        Row(
            course: { (1_500..<1_900).contains($0) ? 400 : 20 },
            grows: false,
            reason: "something stood still in the middle"
        ),
    ]

    @Test(arguments: rows.indices)
    func whatGrowsIsTold(_ index: Int) throws {
        let row = Self.rows[index]
        // Moments since 1970 as well as from nothing.
        for start in [0, 1_800_000_000_123_456_789] as [Int64] {
            var trend = StepTrend()
            for request in 0..<200 {
                let time = Double(request) * 20
                trend.note(UInt64(row.course(time) * 1e6), at: start + Int64(time * 1e6))
            }
            let line = try #require(trend.line)
            #expect(line.isGrowing == row.grows, "\(row.reason): \(line)")
        }
    }

    @Test func whatItWouldComeToIsTold() throws {
        var trend = StepTrend()
        for request in 0..<400 {
            // 100 ms in a second.
            trend.note(UInt64(request) * 1_000_000, at: Int64(request) * 10_000_000)
        }
        let line = try #require(trend.line)
        #expect((line.slope / 1e8 - 1).magnitude < 0.01)
        #expect((line.value(after: 6) / 1e9 - 1).magnitude < 0.02)
    }

    @Test func aPartOfItBesideAnotherIsTheWhole() {
        var whole = StepTrend()
        var parts = [StepTrend(), StepTrend()]
        for request in 0..<100 {
            whole.note(UInt64(request), at: Int64(request) * 30_000_000)
            parts[request % 2].note(UInt64(request), at: Int64(request) * 30_000_000)
        }
        parts[0].add(parts[1])
        #expect(parts[0] == whole)
    }

    @Test func tooLittleSaysNothing() {
        var trend = StepTrend()
        #expect(trend.line == nil)
        trend.note(1, at: 0)
        #expect(trend.line == nil)
        for request in 0..<4 { trend.note(1, at: Int64(request) * 1_000_000_000) }
        #expect(trend.line == nil)
    }

    @Test func itIsBounded() {
        var trend = StepTrend()
        for bin in 0..<(StepTrend.binLimit + 1_000) { trend.note(1, at: Int64(bin) * StepTrend.binLength) }
        var full = trend
        full.note(1, at: .max)
        #expect(full == trend)
    }
}
