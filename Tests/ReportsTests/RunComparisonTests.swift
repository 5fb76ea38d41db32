import Checks
import JSON
import JSONSchemas
import Reports
import Testing

/// Runs side by side, as text and as JSON.
@Suite struct RunComparisonTests {
    static let record = RunRecord(
        name: "20260101T000000Z-before",
        command: "replay",
        arguments: ["tapedeck", "replay", "a.trace.gz", "--target", "http://127.0.0.1:8080"],
        traces: ["a.trace.gz"],
        target: "http://127.0.0.1:8080",
        start: 1_700_000_000_000_000_000,
        end: 1_700_000_002_500_000_000,
        outcome: "done",
        requests: 1_000,
        failed: 3
    )

    private static func replay(_ sent: Int, failed: Int, rate: String, p99: Double) throws -> JSONValue {
        let text = """
            {"schema":"tapedeck.replay/1","requests":{"scheduled":\(sent),"sent":\(sent),"responded":\(sent - failed),\
            "failed":\(failed)},"statuses":{"200":\(sent - failed)},"errors":{"timeout":\(failed)},"wall_seconds":2.5,\
            "requested_rate":\(rate),"achieved_rate":400,"service_time_us":{"p50":100,"p90":200,"p99":\(p99),"p999":900,"max":950}}
            """
        return try JSONValue(parsing: Array(text.utf8).span)
    }

    private static func comparison() throws -> RunComparison {
        RunComparison([
            RunComparison.Run(
                name: "before",
                record: Self.record,
                replay: try replay(1_000, failed: 0, rate: "400", p99: 400)
            ),
            RunComparison.Run(
                name: "after\u{1B}[2J",
                replay: try replay(1_000, failed: 3, rate: "null", p99: 500),
                against: CheckReportTests.failed
            ),
            RunComparison.Run(name: "third"),
        ])
    }

    @Test func figuresStandSideBySide() throws {
        let text = try Self.comparison().text()
        let lines = text.split(separator: "\n").map {
            $0.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        }
        for line in [
            "A before replay of a.trace.gz to http://127.0.0.1:8080, done", "B after·[2J", "C third",
            "requests sent 1,000 1,000 –", "failed 0 3 –", "rate asked for 400/s – –",
            "rate achieved 400/s 400/s +0% –",
            "service time p99 400 µs 500 µs +25% –",
            // Wilson's interval, by the formula: 3 of 1,000.
            "share that failed 0 % (0 % to 0.38 %) 0.30 % (0.10 % to 0.88 %) –", "status 200 1,000 997 0",
            "error timeout 0 3 0", "B against A: 2 of 1,203 answers differ, 1 without response",
            "C against A: the answers of both were not kept",
        ] {
            #expect(lines.contains(line), "\(line) in \(text)")
        }
    }

    @Test func whatIsWrittenIsWhatTheSchemasSay() throws {
        let list = RunList([
            RunList.Entry(name: "cut", record: nil, size: 0),
            RunList.Entry(name: "whole", record: Self.record, size: 7),
        ])
        for (bytes, schema) in [
            (try Self.comparison().json(), "compare"), (Self.record.json(), "run"), (list.json(), "runs"),
            (RunList([]).json(), "runs"),
        ] {
            #expect(throws: Never.self) { try JSONValue(parsing: bytes.span) }
            let path = "Documentation/schemas/\(schema).json"
            guard let verdicts = try JSONSchema.verdicts([bytes], path, isClosed: true) else { return }
            #expect(verdicts == ["ok"], "\(schema)")
        }
    }

    @Test func aRecordIsReadAsItWasWritten() {
        #expect(RunRecord(parsing: Self.record.json()) == Self.record)
        var other = Self.record
        other.target = nil
        other.traces = ["a \"b\"\n\u{0}"]
        #expect(RunRecord(parsing: other.json()) == other)
        let text = String(decoding: Self.record.json(), as: UTF8.self)
        for (old, new) in [
            ("tapedeck.run/1", "tapedeck.run/2"), ("\"name\"", "\"nam\""),
            ("\"end_ns\":1", "\"end_ns\":\"1\"1"),
        ] {
            #expect(RunRecord(parsing: Array(text.replacing(old, with: new).utf8)) == nil)
        }
        #expect(RunRecord(parsing: []) == nil)
    }

    @Test func theListCountsBackFromTheLast() {
        let names = ["a", "b", "c"]
        let text = RunList(names.map { RunList.Entry(name: $0, record: nil, size: 0) }).text()
        let lines = text.split(separator: "\n").dropFirst().map {
            $0.split(separator: " ").prefix(2).joined(separator: " ")
        }
        #expect(lines == ["last~2 a", "last~1 b", "last c"])
    }
}
