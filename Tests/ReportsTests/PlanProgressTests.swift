import LoadPlans
import Reports
import Testing

/// What is told of the run of a plan under way.
@Suite struct PlanProgressTests {
    private typealias Step = PlanProgress.Step

    private static let second: UInt64 = 1_000_000_000

    private static func step(_ name: String, _ load: UInt64?, pause: UInt64 = 0, isOpenEnded: Bool = false)
        -> Step
    {
        Step(name: name, pause: pause * second, load: load.map { $0 * second }, isOpenEnded: isOpenEnded)
    }

    /// What a look at a target shows.
    private static let samples = [
        MetricSample(name: "load_ended_per_second", value: 98.2),
        MetricSample(name: "load_response_seconds{quantile=\"p50\"}", value: 0.004),
        MetricSample(name: "load_response_seconds{quantile=\"p95\"}", value: 0.0123),
        MetricSample(name: "load_response_seconds{quantile=\"p99\"}", value: 0.05),
        MetricSample(name: "machine_busy_share", value: 0.625),
        MetricSample(name: "process_cpu_share{process=\"mesh-target\"}", value: 0.41),
        MetricSample(name: "process_cpu_share{process=\"postgres\"}", value: 1.33),
        MetricSample(name: "mesh_pool_in_use", value: 3),
        MetricSample(name: "mesh_pool_size", value: 16),
        MetricSample(name: "mesh_pool_waiting", value: 2),
        MetricSample(name: "other_in_use{pool=\"b\"}", value: 7),
        MetricSample(name: "mesh_queue_depth", value: 1_234),
        MetricSample(name: "postgres_sessions{state=\"active\"}", value: 5),
        MetricSample(name: "postgres_sessions{state=\"idle\"}", value: 11),
        MetricSample(name: "postgres_lock_waiting{event=\"tuple\"}", value: 1),
        MetricSample(name: "postgres_lock_waiting{event=\"transactionid\"}", value: 2),
    ]

    private static func progress(
        _ steps: [Step] = [step("smoke", 4), step("peak", 60), step("soak", 300, isOpenEnded: true)],
        at current: Int = 1,
        _ change: (inout PlanProgress) -> Void = { _ in }
    ) -> PlanProgress {
        var progress = PlanProgress(steps: steps, current: current)
        progress.elapsed = 12_400_000_000
        progress.ended = 1_234
        change(&progress)
        return progress
    }

    private static func full(_ change: (inout PlanProgress) -> Void = { _ in }) -> PlanProgress {
        progress {
            $0.errors = 3
            $0.underWay = ["1,000 runs accepted, 20 open", "100 log streams, 3,000 lines"]
            $0.target = TargetGlance(samples)
            change(&$0)
        }
    }

    @Test func theScreenShowsTheStageAndTheTarget() {
        #expect(
            Self.full().screen(columns: 100, rows: 24).joined(separator: "\n") == """
                █████░░░░░░░░░░░░░░░░░░░░░░  stage 2 of 3, peak: 12.4 s, 47.6 s left; at least 5 min 30 s to the end
                requests       1,234 ended, 3 errors, 98.2/s now
                response time  p50 4.00 ms, p95 12.3 ms, p99 50.0 ms
                under way      1,000 runs accepted, 20 open; 100 log streams, 3,000 lines
                processors     mesh-target 0.41, postgres 1.33; the machine 62.5 % busy
                pools          mesh_pool 3 of 16, 2 waiting; other b 7
                queues         mesh_queue 1,234
                database       5 sessions at work, 3 waiting for locks
                """
        )
    }

    /// What a small window, and whoever wants one line, gets.
    @Test func aLineSaysTheSame() {
        let line =
            "stage 2 of 3, peak: 12.4 s, 47.6 s left; at least 5 min 30 s to the end; 1,234 ended; 3 errors; p95 12.3 ms; "
            + "1,000 runs accepted, 20 open; 100 log streams, 3,000 lines; mesh-target 0.41 CPU; postgres 1.33 CPU; "
            + "mesh_pool 3 of 16, 2 waiting; other b 7; mesh_queue 1,234"
        #expect(Self.full().line() == line)
        #expect(Self.full().screen(columns: 400, rows: PlanProgress.leastRows - 1) == [line])
        #expect(
            Self.full().screen(columns: PlanProgress.leastColumns - 1, rows: 24) == [
                "stage 2 of 3, peak: 12.4 s, 47.6 s left; at least 5 min 30…"
            ]
        )
    }

    /// Of what was not seen nothing is said.
    @Test func whatIsNotKnownIsNotThere() {
        let lines = Self.progress().screen(columns: 100, rows: 24)
        #expect(lines.dropFirst() == ["requests       1,234 ended, 0 errors"])
        #expect(
            Self.progress().line()
                == "stage 2 of 3, peak: 12.4 s, 47.6 s left; at least 5 min 30 s to the end; 1,234 ended"
        )
        let machine = Self.progress {
            $0.target = TargetGlance([MetricSample(name: "machine_busy_share", value: 1)])
        }
        #expect(machine.screen(columns: 100, rows: 24).last == "processors     the machine 100 % busy")
    }

    @Test(arguments: [0, 1, 5, 20, 59, 60, 80, 400]) func theWidthIsKept(_ columns: Int) {
        let lines = Self.full().screen(columns: columns, rows: 24)
        #expect(lines.allSatisfy { $0.unicodeScalars.count <= max(1, columns) })
        #expect((lines.count == 1) == (columns < PlanProgress.leastColumns))
    }

    private struct Row {
        var steps: [Step]
        var current = 0
        var change: @Sendable (inout PlanProgress) -> Void = { _ in }
        /// Before the count of requests.
        var line: String
        var reason: String
    }

    private static let rows = [
        Row(
            steps: [step("a", 60)],
            line: "stage 1 of 1, a: 12.4 s, 47.6 s left",
            reason: "what is left of the last stage is what is left"
        ),
        Row(
            steps: [step("a", 60), step("b", 100, pause: 10)],
            line: "stage 1 of 2, a: 12.4 s, 47.6 s left; about 2 min 30 s to the end",
            reason: "all is known, pauses too"
        ),
        Row(
            steps: [step("a", 60, isOpenEnded: true)],
            line: "stage 1 of 1, a: 12.4 s, 47.6 s left",
            reason: "what comes after it takes as long as it takes"
        ),
        Row(
            steps: [step("a", 60), step("b", nil)],
            line: "stage 1 of 2, a: 12.4 s, 47.6 s left",
            reason: "nothing is known of the next"
        ),
        Row(
            steps: [step("a", nil), step("b", nil)],
            line: "stage 1 of 2, a: 12.4 s",
            reason: "nothing is known at all"
        ),
        Row(
            steps: [step("a", nil), step("b", 3_600)],
            line: "stage 1 of 2, a: 12.4 s; at least 1 h 0 min to the end",
            reason: "of the next alone"
        ),
        Row(
            steps: [step("a", 60, isOpenEnded: true), step("b", 570)],
            change: { $0.wait = "waiting for 20 runs to end" },
            line: "stage 1 of 2, a: waiting for 20 runs to end; at least 9 min 30 s to the end",
            reason: "nothing is sent any more"
        ),
        Row(
            steps: [step("a", nil, isOpenEnded: true), step("b", 20)],
            change: { $0.part = "1.5x" },
            line: "stage 1 of 2, a at 1.5x: 12.4 s; at least 20 s to the end",
            reason: "one step of a search"
        ),
        Row(
            steps: [step("a", 5), step("b", 700)],
            line: "stage 1 of 2, a: 12.4 s, 0.0 s left; about 12 min to the end",
            reason: "longer than it should"
        ),
        Row(
            steps: [step("a", 60), Step(name: "b", pause: .max, load: .max, isOpenEnded: false)],
            line: "stage 1 of 2, a: 12.4 s, 47.6 s left",
            reason: "more than can be counted"
        ),
        Row(
            steps: [step("a\u{1B}[31m", 60)],
            line: "stage 1 of 1, a·[31m: 12.4 s, 47.6 s left",
            reason: "a name that would be more than a name"
        ),
    ]

    @Test(arguments: rows.indices) func nothingIsInventedOfWhatIsLeft(_ index: Int) {
        let row = Self.rows[index]
        let progress = Self.progress(row.steps, at: row.current, row.change)
        #expect(progress.line() == row.line + "; 1,234 ended", "\(row.reason)")
        // The bar is there where the end of the load is known.
        let bar = progress.screen(columns: 200, rows: 24)[0].contains("░")
        #expect(bar == row.line.contains("s, 47.6 s left"), "\(row.reason)")
    }

    /// However much a target tells, so much of it is shown, and nothing that a terminal would obey.
    @Test func aGlanceIsBounded() {
        var samples: [MetricSample] = []
        for number in 0..<100 {
            samples.append(MetricSample(name: "a_in_use{n=\"\(number)\u{1B}]0;\"}", value: 1))
            samples.append(MetricSample(name: "b_queue_depth{n=\"\(number)\"}", value: 1))
            samples.append(MetricSample(name: "process_cpu_share{process=\"\(number)\"}", value: 1))
        }
        let lines = Self.progress { $0.target = TargetGlance(samples) }.screen(columns: 10_000, rows: 24)
        #expect(
            lines.count == 5 && lines.allSatisfy { $0.unicodeScalars.count < 200 && !$0.contains("\u{1B}") }
        )
    }
}
