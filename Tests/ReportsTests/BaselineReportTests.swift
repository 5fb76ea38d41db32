import Checks
import Foundation
import JSON
import JSONSchemas
import Reports
import Testing
import Traces

/// A baseline as people and as machines read it.
@Suite struct BaselineReportTests {
    static let baseline: Baseline = {
        var times = LatencySketch()
        for time in 1...100 as ClosedRange<UInt64> { times.add(time * 1_000_000) }
        return Baseline(
            trace: TraceID(high: 1, low: 2),
            answers: TraceID(high: 3, low: 4),
            toolVersion: "1.2.3",
            authority: "127.0.0.1:8080",
            host: "builder",
            seconds: 2.5,
            routes: [
                BaselineRoute(name: "GET /a/{id}", stored: 2, errors: 1, times: times),
                BaselineRoute(name: "GET /b"),
            ],
            digests: [3: BodyDigest(count: 70_000, crc32: 1, fnv64: 2)],
            revisions: [
                BaselineRevision(
                    number: 1,
                    time: 1_700_000_000_000_000_000,
                    source: "observed.trace.gz",
                    stored: 1,
                    changes: []
                ),
                BaselineRevision(
                    number: 2,
                    time: 1_700_000_100_000_000_000,
                    source: "http://127.0.0.1:8080",
                    note: "ids\u{1B}[2J",
                    stored: 2,
                    changes: [
                        BaselineRevision.Change(
                            route: "GET /a/{id}",
                            field: "$.id",
                            kind: "value",
                            count: 1_200
                        )
                    ],
                    unlisted: 3
                ),
            ]
        )
    }()

    @Test func textOfABaseline() {
        #expect(
            BaselineReport(Self.baseline, trace: "a.trace.gz").text() == """
                Baseline of a.trace.gz, revision 2
                  answers of 127.0.0.1:8080, times taken on builder

                  route        answers  not as recorded  errors      p50      p90      p99
                  GET /a/{id}      100                2       1  49.9 ms  89.9 ms  98.8 ms
                  GET /b             0                0       0        –        –        –

                  revision 2  2023-11-14T22:15:00Z  from http://127.0.0.1:8080
                    ids·[2J
                    GET /a/{id}  $.id  value  ×1,200
                    and 3 more changes

                  revision 1  2023-11-14T22:13:20Z  from observed.trace.gz
                    nothing changed

                """
        )
    }

    @Test func theFileIsWhatTheSchemaSays() throws {
        var other = Self.baseline
        other.answers = nil
        other.routes = []
        other.digests = [:]
        let texts = [Self.baseline.json(), other.json()]
        guard
            let verdicts = try JSONSchema.verdicts(
                texts,
                "Documentation/schemas/baseline.json",
                isClosed: true
            )
        else { return }
        #expect(verdicts == ["ok", "ok"])
    }

    @Test func aCheckSaysWhatItUsed() throws {
        var result = CheckReportTests.passed
        result.baseline = BaselineUse(revision: 3, answers: 0)
        #expect(
            CheckReport(result, subject: "").text() == """
                PASS  3 answers compared, all equal

                  held against revision 3 of the baseline: all answers as recorded

                """
        )
        result.baseline?.answers = 1_234
        let report = CheckReport(result, subject: "")
        #expect(report.text().contains("of the baseline: 1,234 answers of its own, the others as recorded"))
        #expect(
            String(decoding: report.json(), as: UTF8.self).contains(
                "\"baseline\":{\"revision\":3,\"answers\":1234}"
            )
        )
        guard
            let verdicts = try JSONSchema.verdicts(
                [report.json()],
                "Documentation/schemas/check.json",
                isClosed: true
            )
        else { return }
        #expect(verdicts == ["ok"])
    }

    @Test func timesThatAreNotJudgedFailNothing() {
        var result = CheckReportTests.passed
        let timing = CheckFormatsTests.slower.timing
        if let timing { result.add(timing, decides: false) }
        #expect(result.verdict == .pass && result.timing?.hasRegression == true)
        let report = CheckReport(result, subject: "")
        #expect(report.text().contains("not judged: the baseline's times were taken at another time"))
        #expect(
            String(decoding: report.json(), as: UTF8.self).contains("\"verdict\":\"worse\",\"decides\":false")
        )
        #expect(!JUnitReport.xml(result, name: "a").contains("<failure"))
        #expect(WorkflowAnnotations.lines(report, trace: CheckFormatsTests.place).isEmpty)
    }
}
