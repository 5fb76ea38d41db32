import Foundation
import JSON
import Replay
import Reports
import Testing

/// The figures of a run as plain values, in JSON, laid over each other, and on a terminal.
@Suite struct RunFiguresTests {
    private static func summary(_ answers: Int = 4_000, seconds: Double = 20, routes: Int = 3)
        -> ReplaySummary
    {
        var summary = PageTests.summary(answers: answers, seconds: seconds, routes: routes) { "/r\($0)/17" }
        summary.requestedRate = 200
        return summary
    }

    private static func json(_ summary: ReplaySummary) throws -> JSONValue {
        try JSONValue(parsing: ReplayReport(summary).json().span)
    }

    @Test func theJSONHoldsAllThatIsDrawn() throws {
        let summary = Self.summary()
        let drawn = try #require(RunFigures(summary, name: "a"))
        let read = try #require(RunFigures(replay: try Self.json(summary), name: "a"))
        #expect(read.points == drawn.points && read.points.count > 20)
        #expect(read.routes == drawn.routes && read.routes.count == 3)
        #expect(read.pointSeconds == drawn.pointSeconds && read.isPaced)
        #expect(drawn.points.reduce(0) { $0 + $1.requested } == 4_000)
    }

    @Test func whoKeptNoFiguresWritesNone() throws {
        let json = try Self.json(ReplaySummary())
        #expect(json["over_time"] == nil && json["routes"] == nil)
        #expect(RunFigures(replay: json, name: "") == nil)
    }

    /// What is not as it should be is refused, and traps nothing.
    @Test(
        arguments: [
            (#""slot_seconds":"#, #""slot_seconds":-"#), (#""requested":["#, #""requested":[1,"#),
            (#""sent":["#, #""sent":["x","#),
            (#""2xx":["#, #""2xx":[-1,"#), ("tapedeck.replay/1", "tapedeck.replay/9"),
            (#""p50":["#, #""p50":[[],"#),
        ]
    ) func brokenJSONIsRefused(_ part: String, _ instead: String) throws {
        let text = String(decoding: ReplayReport(Self.summary()).json(), as: UTF8.self)
        let range = try #require(text.range(of: part, options: .backwards))
        let broken = text.replacingCharacters(in: range, with: instead)
        #expect(RunFigures(replay: try JSONValue(parsing: Array(broken.utf8).span), name: "") == nil)
    }

    /// Neither too many stretches for a chart, nor so empty ones that they say nothing.
    @Test(arguments: [(10, 0.5), (50, 20.0), (200_000, 11.0), (3_000, 86_400)])
    func stretchesAreAsLongAsTheyNeedToBe(_ answers: Int, _ seconds: Double) throws {
        let figures = try #require(RunFigures(Self.summary(answers, seconds: seconds), name: ""))
        #expect((1...RunFigures.pointLimit).contains(figures.points.count))
        #expect(figures.points.count <= 48 || answers >= 10 * figures.points.count)
        #expect(figures.points.reduce(0) { $0 + $1.requested } == UInt64(answers))
    }

    @Test func runsAreLaidOverEachOther() throws {
        var runs = try [(4_000, 20.0), (9_000, 50), (500, 3)].map { answers, seconds in
            try #require(
                RunFigures(Self.summary(answers, seconds: seconds), name: PageTests.evil + "\(answers)")
            )
        }
        runs.append(RunFigures(name: "empty", pointSeconds: 1, wallSeconds: 0, isPaced: true))
        let page = ReportComparison(runs: runs, subject: PageTests.evil).html()
        try PageTests.expectSound(page)
        let reader = try PageTests.read(page)
        for chart in ["sent", "r50", "r99", "s50", "s99", "e99", "lost", "flight"] {
            #expect(reader.identifiers["runs-\(chart)"] == 1)
        }
        #expect(reader.text.contains("POST /r2/{id}"))
        // Runs beyond the limit are said to be left out, and one of nothing is a page too.
        let many = ReportComparison(runs: runs + runs, subject: "").html()
        #expect(many.contains("2 more runs are not drawn"))
        try PageTests.expectSound(many)
        try PageTests.expectSound(ReportComparison(runs: [], subject: "").html())
    }

    @Test func aComparisonOfLongRunsIsBounded() throws {
        let name = String(repeating: "<\"", count: 500)
        let runs = (0..<6).map { _ in
            RunFigures(Self.summary(60_000, seconds: 90_000, routes: 900), name: name)
        }
        try PageTests.expectSound(ReportComparison(runs: runs.compactMap { $0 }, subject: name).html())
    }

    // MARK: On a terminal

    @Test(
        arguments: [
            ([1, 2, 3, 4, 5, 6, 7, 8], nil, false, "▁▂▃▄▅▆▇█"), ([0, 10], 0, false, "▁█"),
            ([9, 10], 0, false, "██"),
            ([5, 5], nil, false, "▁▁"), ([1, nil, 100], nil, true, "▁ █"), ([1, 10, 100], nil, true, "▁▅█"),
            ([], nil, false, ""), ([nil, nil], nil, false, "  "), ([0, 0], 0, false, "▁▁"),
        ] as [([Double?], Double?, Bool, String)]
    ) func barsAreAsHighAsTheirValues(
        _ values: [Double?],
        _ floor: Double?,
        _ isLogarithmic: Bool,
        _ text: String
    ) {
        #expect(Sparkline.text(values, floor: floor, isLogarithmic: isLogarithmic) == text)
    }

    @Test(arguments: [80, 100, 300]) func plotsFitTheirTerminal(_ columns: Int) {
        let text = ReplayReport(Self.summary()).plots(columns: columns)
        let lines = text.split(separator: "\n")
        #expect(lines.count >= 6 && lines[0].hasPrefix("over the run  20.0 s, "))
        #expect(lines.allSatisfy { $0.count < columns }, "\(text)")
        for name in ["requested", "sent", "response p50", "response p99", "service p99", "late p99"] {
            #expect(lines.contains { $0.hasPrefix(name + " ") }, "\(name)")
        }
    }

    @Test func narrowTerminalsAndShortRunsHaveNoPlots() {
        #expect(ReplayReport(Self.summary()).plots(columns: 79).isEmpty)
        #expect(ReplayReport(Self.summary(20, seconds: 0.1)).plots(columns: 100).isEmpty)
        #expect(ReplayReport(ReplaySummary()).plots(columns: 100).isEmpty)
    }
}
