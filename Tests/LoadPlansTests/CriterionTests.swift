import LoadPlans
import Messages
import Replay
import Testing

@Suite struct CriterionTests {
    struct Row: Sendable {
        var text: String
        var figure: Criterion.Figure
        var relation: Criterion.Relation
        var bound: Double
        var party = Criterion.Party.all
        var stages: [String] = []
        var route: String?
    }

    static let rows = [
        // A percentile alone is of the response time.
        Row(text: "p95 <= 500ms", figure: .time(.response, .percentile(95)), relation: .atMost, bound: 500e6),
        Row(
            text: "service_time p99.9 < 1s on POST /api/hooks/{slug} of each in peak, soak",
            figure: .time(.service, .percentile(99.9)),
            relation: .below,
            bound: 1e9,
            party: .each,
            stages: ["peak", "soak"],
            route: "POST /api/hooks/{slug}"
        ),
        // No blanks around the relation.
        Row(text: "success>=99.9%", figure: .share(.success), relation: .atLeast, bound: 0.999),
        Row(text: "429 = 0%", figure: .share(.statuses(429...429)), relation: .equal, bound: 0),
        Row(text: "5xx < 1%", figure: .share(.statuses(500...599)), relation: .below, bound: 0.01),
        Row(text: "peak running >= 10000", figure: .count(.peakRunning), relation: .atLeast, bound: 10_000),
        Row(text: "peak running >= 10_000", figure: .count(.peakRunning), relation: .atLeast, bound: 10_000),
        Row(
            text: "lost = 0 of harbor",
            figure: .count(.lost),
            relation: .equal,
            bound: 0,
            party: .tenant("harbor")
        ),
        Row(text: "rate > 300/s in peak", figure: .rate, relation: .above, bound: 300, stages: ["peak"]),
        Row(
            text: "notice max <= 2s",
            figure: .time(.notice, .percentile(100)),
            relation: .atMost,
            bound: 2e9
        ),
        // Names of several words, one of them a word that may stand behind the bound.
        Row(
            text: "log lag p95 <= 1s",
            figure: .time(.logLag, .percentile(95)),
            relation: .atMost,
            bound: 1e9
        ),
        Row(
            text: "slow  log lag max<=9s",
            figure: .time(.slowLogLag, .percentile(100)),
            relation: .atMost,
            bound: 9e9
        ),
        Row(
            text: "log lines of others = 0 of each in peak",
            figure: .count(.logLinesOfOthers),
            relation: .equal,
            bound: 0,
            party: .each,
            stages: ["peak"]
        ),
        Row(text: "log lines missing = 0", figure: .count(.logLinesMissing), relation: .equal, bound: 0),
        Row(text: "overhead mean <= 1s", figure: .time(.overhead, .mean), relation: .atMost, bound: 1e9),
    ]

    @Test(arguments: rows) func isRead(_ row: Row) throws {
        let criterion = try Criterion(row.text)
        #expect(criterion.figure == row.figure && criterion.relation == row.relation)
        #expect((criterion.bound - row.bound).magnitude <= row.bound * 1e-12)
        #expect(criterion.party == row.party && criterion.stages == row.stages)
        #expect(criterion.route?.description == row.route)
    }

    /// A multiple of what the figure was elsewhere, and something on top.
    @Test(
        arguments: [
            ("p95 <= 2x against calm", 2, 0, .stage("calm")),
            (
                "service_time p95 <= 1.5x + 20ms against calm on POST /x of each in peak", 1.5, 20e6,
                .stage("calm")
            ),
            ("p95 <= 2x+1s against last run of a", 2, 1e9, .lastRun),
            ("success >= 0.9x against last run", 0.9, 0, .lastRun),
            ("429 <= 1x + 5% against calm", 1, 0.05, .stage("calm")),
            ("requests >= 3x + 7 against calm in peak", 3, 7, .stage("calm")),
            // A stage may be called so.
            ("p95 <= 2x against last", 2, 0, .stage("last")),
        ] as [(String, Double, Double, Criterion.Comparison.Place)]
    )
    func aMultipleIsRead(
        _ text: String,
        _ factor: Double,
        _ slack: Double,
        _ place: Criterion.Comparison.Place
    ) throws {
        let comparison = try #require(try Criterion(text).comparison)
        #expect(comparison.factor == factor && comparison.place == place)
        #expect((comparison.slack - slack).magnitude <= slack * 1e-12)
    }

    /// What cannot be read, and the words of the error that help.
    @Test(arguments: [
        ("p95", "give one like"),
        ("", "give one like"),
        ("<= 5ms", "give one like"),
        ("p95 <=", "no bound"),
        ("p95 <= 500", "a time such as 500ms"),
        ("p0 <= 5ms", "not measured"),
        ("p101 <= 5ms", "not measured"),
        ("pnan <= 5ms", "not measured"),
        ("p95 >= nan", "a time such as"),
        ("success >= 101%", "a share such as"),
        ("success >= -1%", "a share such as"),
        ("success >= inf", "a share such as"),
        ("lost = 0.5", "a whole number"),
        ("latency p95 <= 5ms", "'latency p95' is not measured"),
        ("p95 <= 5ms at peak", "'at' is none of"),
        ("p95 <= 5ms in", "names of stages"),
        ("p95 <= 5ms of", "a tenant"),
        ("p95 <= 5ms on hooks", "is no route"),
        ("p95 <= 2x", "'against STAGE' or 'against last run'"),
        ("p95 <= 2x against", "'against STAGE'"),
        ("p95 <= 2x in peak", "'against STAGE'"),
        ("p95 <= 2x + against calm", "give one such as 2x + 20ms"),
        ("p95 <= 2x + 5 against calm", "give one such as 2x + 20ms"),
        ("p95 <= 2x + 5ms + 5ms against calm", "give one such as 2x + 20ms"),
        ("p95 <= 0x against calm", "a time such as"),
        ("p95 <= -1x against calm", "a time such as"),
        ("p95 <= x against calm", "a time such as"),
        ("p95 <= 500ms against calm", "'against' is none of"),
        ("overhead p95 <= 1s on POST /x", "only figures of requests"),
    ])
    func isRefusedWithAReason(_ text: String, _ reason: String) {
        let error = #expect(throws: UnreadableValue.self) { try Criterion(text) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }
}
