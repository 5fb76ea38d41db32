import Foundation
import Testing

/// What a check writes for CI, and the example of a workflow that uses it.
@Suite struct CheckOutputsTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    /// A recording of `bodies`, answered one after the other on one connection, and a trace that observed `others`.
    private func traces(_ bodies: [String], _ others: [String]) throws -> (recorded: String, observed: String)
    {
        var builder = CaptureBuilder()
        let start: Int64 = 1_700_000_000 * 1_000_000_000
        var lane = builder.open(port: 21_000, at: start)
        for (number, body) in bodies.enumerated() {
            let time = start + Int64(number + 1) * 2_000_000
            let head = "GET /values/\(number) HTTP/1.1\r\nHost: a\r\n\r\n"
            builder.send(&lane, fromClient: true, head, at: time)
            builder.send(&lane, fromClient: false, Self.response(body), at: time + 500_000)
        }
        let (capture, trace) = (scratch.path("values.pcap"), scratch.path("values.trace.gz"))
        try builder.file().write(to: URL(fileURLWithPath: capture))
        let recording = try Program.run(["record", "-r", capture, "-w", trace, "--no-anonymize", "--quiet"])
        #expect(recording.status == 0, "\(recording.errors)")
        let observed = scratch.path("observed.trace.gz")
        let server = try AnsweringServer { request in
            Self.response(others[Int(request.path.split(separator: "/").last ?? "") ?? 0])
        }
        defer { server.stop() }
        let replay = try Program.run([
            "replay", trace, "--target", "http://127.0.0.1:\(server.port)", "--observed", observed, "--max",
            "--quiet",
        ])
        #expect(replay.status == 0, "\(replay.errors)")
        return (trace, observed)
    }

    private static func response(_ body: String) -> String {
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private static let hostile = "##[error]x ::error::y | `<script>alert(1)</script>` @team"

    @Test func everyFormatIsWrittenAndTheSameTwice() throws {
        let (recorded, observed) = try traces(
            ["{\"a\":1,\"token\":\"hunter2-hunter2\"}", "{\"b\":2}"],
            ["{\"a\":\"\(Self.hostile)\",\"token\":\"other-other\"}", "{\"b\":2}"]
        )
        let summary = scratch.path("summary.md")
        try Data("# before\n".utf8).write(to: URL(fileURLWithPath: summary))
        var outputs: [[Data]] = []
        for attempt in 0..<2 {
            let sarif = scratch.path("check\(attempt).sarif")
            let own = scratch.path("own\(attempt).md")
            let run = try Program.run(
                ["check", recorded, observed, "--sarif", sarif, "--markdown", own],
                environment: ["GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": scratch.url.path]
            )
            #expect(run.status == 1, "\(run.errors)")
            #expect(run.text.contains("$.a  type"))
            #expect(!run.text.contains("##["), "a value in the log is no command")
            let commands = run.errors.split(separator: "\n").filter { $0.hasPrefix("::") }
            #expect(commands.count == 2)
            #expect(
                commands.first?.hasPrefix(
                    "::error file=values.trace.gz,title=answer-type GET /values/{id}%3A $.a::"
                ) == true
            )
            outputs.append(
                try [sarif, own].map { try Data(contentsOf: URL(fileURLWithPath: $0)) } + [run.output]
            )
        }
        #expect(outputs[0] == outputs[1])
        for output in outputs[0] {
            let text = String(decoding: output, as: UTF8.self)
            #expect(
                !text.contains("hunter2") && !text.contains("other-other"),
                "a credential is masked everywhere"
            )
        }

        let appended = try Program.run(
            ["check", recorded, observed, "--markdown", summary, "--no-annotations", "--json"],
            environment: ["GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": summary]
        )
        #expect(appended.status == 1)
        #expect(!appended.errors.contains("::"))
        #expect(try appended.json()["verdict"] as? String == "fail")
        let text = try String(contentsOfFile: summary, encoding: .utf8)
        #expect(text.hasPrefix("# before\n## tapedeck check: fail\n"))
    }

    @Test func theSameSeedGivesTheSameVerdict() throws {
        let bodies = (0..<60).map { "\($0)" }
        let (_, observed) = try traces(bodies, bodies)
        func check(_ more: [String]) throws -> Run {
            try Program.run(["check", observed, observed, "--min-effect", "1%", "--json"] + more)
        }
        let runs = try [[], ["--seed", "1"], ["--seed", "7"], ["--seed", "7"]].map(check)
        #expect(runs.allSatisfy { $0.status == 0 })
        #expect(runs[0].output == runs[1].output && runs[2].output == runs[3].output)
        let timing = try #require(try runs[2].json()["timing"] as? [String: Any])
        #expect(timing["seed"] as? Int == 7)
        #expect((timing["routes"] as? [Any])?.count == 1)
    }

    @Test func aFileThatCannotBeWrittenIsSaidBeforeAnythingIsSent() throws {
        let (recorded, _) = try traces(["1"], ["1"])
        let server = try AnsweringServer { _ in Self.response("1") }
        defer { server.stop() }
        for option in ["--sarif", "--markdown", "--junit", "--report"] {
            let run = try Program.run([
                "check", recorded, "--target", "http://127.0.0.1:\(server.port)", option, "/nowhere/x",
            ])
            #expect(run.status == 2)
            #expect(
                run.errors.contains("cannot write /nowhere/x: No such file or directory"),
                "\(run.errors)"
            )
        }
        #expect(server.received.isEmpty)
    }

    // MARK: The example

    /// The text of the first block of YAML in a document.
    private func example() throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(
            contentsOf: root.appending(path: "Documentation/continuous-integration.md"),
            encoding: .utf8
        )
        let start = try #require(text.range(of: "```yaml\n"))
        let end = try #require(text.range(of: "\n```", range: start.upperBound..<text.endIndex))
        return String(text[start.upperBound..<end.lowerBound])
    }

    /// The scripts of the workflow, a line each, as a reader of YAML sees them; `nil` where Python has none.
    private func scripts(_ workflow: String) throws -> [String]? {
        let script = """
            import sys
            try:
                import yaml
            except ImportError:
                sys.exit(9)
            flow = yaml.safe_load(sys.stdin)
            # YAML 1.1 reads the key 'on' as true.
            assert set(flow) == {"name", True, "permissions", "jobs"}, set(flow)
            for job in flow["jobs"].values():
                assert job["runs-on"]
                for step in job["steps"]:
                    assert ("uses" in step) != ("run" in step), step
                    if "run" in step: print(step["run"])
            """
        let run = try Program("/usr/bin/env", ["python3", "-c", script], input: Data(workflow.utf8)).finish()
        if run.status == 9 { return nil }
        #expect(run.status == 0, "\(run.errors)")
        return run.text.split(separator: "\n").map(String.init)
    }

    @Test func theExampleOfAWorkflowUsesOnlyWhatThereIs() throws {
        guard let scripts = try scripts(try example()) else { return }
        let commands = scripts.filter { $0.hasPrefix("tapedeck ") }
        #expect(!commands.isEmpty)
        for command in commands {
            let words = command.split(separator: " ").map(String.init)
            let help = try Program.run([words[1], "--help"]).text
            let known = Set(
                help.split { $0.isWhitespace || "[]|/,".contains($0) }.filter { $0.hasPrefix("--") }.map(
                    String.init
                )
            )
            for word in words where word.hasPrefix("--") {
                #expect(known.contains(word), "\(word) is no option of \(words[1])")
            }
        }
    }
}
