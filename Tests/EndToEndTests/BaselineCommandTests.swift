import Foundation
import Synchronization
import Testing

/// Baselines beside a recording: taken, shown, used, updated.
@Suite(.serialized) struct BaselineCommandTests {
    let scratch: Scratch
    let trace: String

    /// A service whose answers to `GET /values/N` can be changed while it runs.
    final class Service: Sendable {
        let bodies: Mutex<[String]>
        let isSilent = Mutex<Bool>(false)

        init(_ bodies: [String]) {
            self.bodies = Mutex(bodies)
        }

        func answer(_ request: ReceivedRequest) -> String {
            if isSilent.withLock({ $0 }) { return "no HTTP\r\n\r\n" }
            let number = Int(request.path.split(separator: "/").last ?? "") ?? 0
            return Self.response(bodies.withLock { $0[number] })
        }

        static func response(_ body: String) -> String {
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
    }

    /// What was recorded of four requests.
    static let recorded = (0..<4).map { "{\"number\":\($0),\"state\":\"new\"}" }

    init() throws {
        scratch = try Scratch()
        trace = try Self.record(Self.recorded, in: scratch, "values")
    }

    private static func record(_ bodies: [String], in scratch: Scratch, _ name: String) throws -> String {
        var builder = CaptureBuilder()
        let start: Int64 = 1_700_000_000 * 1_000_000_000
        var lane = builder.open(port: 21_000, at: start)
        for (number, body) in bodies.enumerated() {
            let time = start + Int64(number + 1) * 2_000_000
            builder.send(
                &lane,
                fromClient: true,
                "GET /values/\(number) HTTP/1.1\r\nHost: a\r\n\r\n",
                at: time
            )
            builder.send(&lane, fromClient: false, Service.response(body), at: time + 500_000)
        }
        let capture = scratch.path("\(name).pcap")
        let trace = scratch.path("\(name).trace.gz")
        try builder.file().write(to: URL(fileURLWithPath: capture))
        let run = try Program.run(["record", "-r", capture, "-w", trace, "--no-anonymize", "--quiet"])
        #expect(run.status == 0, "\(run.errors)")
        return trace
    }

    private func run(_ arguments: [String], _ server: AnsweringServer? = nil, _ more: [String] = []) throws
        -> Run
    {
        try Program.run(
            arguments + (server.map { ["--target", "http://127.0.0.1:\($0.port)"] } ?? []) + more
        )
    }

    private var files: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: scratch.url.path)) ?? []
        return names.filter { $0.contains("baseline") }.sorted()
    }

    @Test func aBaselineIsTakenUsedAndUpdated() throws {
        let service = Service(Self.recorded)
        service.bodies.withLock { $0[1] = "{\"number\":1,\"state\":\"old\"}" }
        let server = try AnsweringServer { service.answer($0) }
        defer { server.stop() }

        #expect(try run(["check", trace], server).status == 1, "the recording says otherwise")
        let none = try run(["baseline", "show", trace])
        #expect(
            none.status == 2 && none.errors.contains("has no baseline; 'tapedeck baseline set' takes one")
        )

        let set = try run(["baseline", "set", trace], server, ["--note", "release 1"])
        #expect(set.status == 0, "\(set.errors)")
        #expect(set.errors.contains("revision 1 of \(scratch.path("values.baseline.json"))"))
        #expect(set.errors.contains("1 answers of its own"))
        #expect(files == ["values.baseline.json", "values.baseline.trace.gz"])

        let check = try run(["check", trace], server, ["--json"])
        #expect(check.status == 0, "\(check.text)")
        let use = try #require(try check.json()["baseline"] as? [String: Any])
        #expect(use["revision"] as? Int == 1 && use["answers"] as? Int == 1)
        #expect(try run(["check", trace], server, ["--no-baseline"]).status == 1)

        // A change that nobody meant.
        service.bodies.withLock { $0[2] = "{\"number\":3,\"state\":\"new\"}" }
        let changed = try run(["check", trace], server, ["--json"])
        #expect(changed.status == 1)
        let groups = try #require(try changed.json()["groups"] as? [[String: Any]])
        #expect(groups.map { $0["field"] as? String } == ["$.number"])

        // Without a terminal nothing is written unasked.
        let before = try Data(contentsOf: URL(fileURLWithPath: scratch.path("values.baseline.json")))
        let unasked = try run(["check", trace], server, ["--update"])
        #expect(unasked.status == 2 && unasked.errors.contains("--yes takes all"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.path("values.baseline.json"))) == before)

        let update = try run(["check", trace], server, ["--update", "--yes", "--note", "meant"])
        #expect(update.status == 0, "\(update.errors)")
        #expect(update.text.contains("$.number  value"), "what is taken is shown first")
        #expect(update.errors.contains("revision 2 of"))
        #expect(try run(["check", trace], server).status == 0)

        let nothing = try run(["baseline", "update", trace], server, ["--yes"])
        #expect(nothing.status == 0 && nothing.errors.contains("nothing changed, and nothing was written"))

        let show = try run(["baseline", "show", trace])
        #expect(show.status == 0)
        #expect(show.text.hasPrefix("Baseline of \(trace), revision 2\n"))
        #expect(show.text.contains("    meant\n    GET /values/{id}  $.number  value  ×1\n"))
        #expect(show.text.contains("    release 1\n    GET /values/{id}  $.state  value  ×1\n"))
        let json = try run(["baseline", "show", trace, "--json"]).json()
        #expect(json["schema"] as? String == "tapedeck.baseline/1")
        #expect((json["revisions"] as? [[String: Any]])?.map { $0["stored"] as? Int } == [1, 2])
        #expect(files == ["values.baseline.json", "values.baseline.trace.gz"], "no leftovers")
    }

    @Test func whatIsAsRecordedTakesNoRoom() throws {
        let service = Service(Self.recorded)
        let server = try AnsweringServer { service.answer($0) }
        defer { server.stop() }
        let set = try run(["baseline", "set", trace], server)
        #expect(set.status == 0 && set.errors.contains("every answer is as recorded"), "\(set.errors)")
        #expect(files == ["values.baseline.json"])
        #expect(try run(["check", trace], server).status == 0)
        let again = try run(["baseline", "set", trace], server)
        #expect(again.status == 2 && again.errors.contains("is there already"))
        let all = try run(["baseline", "set", trace], server, ["--all", "--force"])
        #expect(all.status == 0 && all.errors.contains("4 answers of its own"), "\(all.errors)")
        #expect(try run(["check", trace], server).status == 0)
    }

    @Test func whatIsNotAnsweredIsNotTaken() throws {
        let service = Service(Self.recorded)
        let server = try AnsweringServer { service.answer($0) }
        defer { server.stop() }
        #expect(try run(["baseline", "set", trace], server).status == 0)
        service.isSilent.withLock { $0 = true }
        let update = try run(["check", trace], server, ["--update", "--yes"])
        #expect(update.status == 1)
        #expect(update.errors.contains("a request without response is no answer"), "\(update.errors)")
        let silent = try run(["baseline", "set", trace], server, ["--force"])
        #expect(silent.status == 2 && silent.errors.contains("nothing was written"), "\(silent.errors)")
    }

    @Test func observedTracesServeAsWell() throws {
        let service = Service(Self.recorded)
        service.bodies.withLock { $0[3] = "[]" }
        let server = try AnsweringServer { service.answer($0) }
        defer { server.stop() }
        let observed = scratch.path("observed.trace.gz")
        #expect(try run(["replay", trace], server, ["--observed", observed, "--quiet"]).status == 0)
        #expect(try run(["baseline", "set", trace, observed]).status == 0)
        #expect(try run(["check", trace, observed]).status == 0)
        #expect(try run(["check", trace, observed, "--no-baseline"]).status == 1)
        // In every loop of a replay the same is expected.
        let twice = scratch.path("twice.trace.gz")
        #expect(
            try run(["replay", trace], server, ["--observed", twice, "--loop", "2", "--quiet"]).status == 0
        )
        let looped = try run(["check", trace, twice, "--json"])
        #expect(looped.status == 0, "\(looped.text)")
        #expect(try looped.json()["compared"] as? Int == 8)
        #expect((try looped.json()["baseline"] as? [String: Any])?["answers"] as? Int == 1)
        // The answers of a baseline are an observed trace like any other.
        let held = try run([
            "check", trace, scratch.path("values.baseline.trace.gz"), "--no-baseline", "--json",
        ])
        #expect(try held.json()["compared"] as? Int == 1)
        // What was observed can be replayed and checked in its turn.
        #expect(try run(["check", observed], server).status == 0)
    }

    @Test func whatBelongsToAnotherRecordingIsRefused() throws {
        let service = Service(Self.recorded)
        service.bodies.withLock { $0[3] = "[]" }
        let server = try AnsweringServer { service.answer($0) }
        defer { server.stop() }
        let other = try Self.record(Self.recorded, in: scratch, "other")
        let observed = scratch.path("observed.trace.gz")
        #expect(try run(["replay", other], server, ["--observed", observed, "--quiet"]).status == 0)
        let foreign = try run(["baseline", "set", trace, observed])
        #expect(
            foreign.status == 2 && foreign.errors.contains("answers another recording"),
            "\(foreign.errors)"
        )
        #expect(files.isEmpty)

        #expect(try run(["baseline", "set", other], server).status == 0)
        let manager = FileManager.default
        for name in ["baseline.json", "baseline.trace.gz"] {
            try manager.copyItem(
                atPath: scratch.path("other.\(name)"),
                toPath: scratch.path("values.\(name)")
            )
        }
        let check = try run(["check", trace], server)
        #expect(
            check.status == 2 && check.errors.contains("is the baseline of another recording"),
            "\(check.errors)"
        )

        // Two halves that do not belong together.
        #expect(try run(["baseline", "set", trace], server, ["--force"]).status == 0)
        try manager.removeItem(atPath: scratch.path("values.baseline.trace.gz"))
        try manager.copyItem(
            atPath: scratch.path("other.baseline.trace.gz"),
            toPath: scratch.path("values.baseline.trace.gz")
        )
        let halves = try run(["check", trace], server)
        #expect(halves.status == 2 && halves.errors.contains("does not hold the answers"), "\(halves.errors)")
    }

    @Test func noiseIsLearnedWithABaseline() throws {
        let noisy = NoisyService(seed: 2)
        let server = try AnsweringServer { noisy.answer($0) }
        defer { server.stop() }
        // A recording of the service as it was: one field had another name.
        let old = NoisyService(seed: 1, .fieldRenamed)
        let trace = try old.record(80, in: scratch)
        let set = try run(["baseline", "set", trace], server, ["--runs", "3", "--speed", "10x"])
        #expect(set.status == 0 || set.status == 3, "\(set.errors)")
        #expect(FileManager.default.fileExists(atPath: scratch.path("noisy.noise.yaml")))
        let check = try run(["check", trace], server, ["--speed", "10x", "--no-timing"])
        #expect(check.status == 0, "\(check.text)")
        let changed = NoisyService(seed: 5, .offByOne)
        let other = try AnsweringServer { changed.answer($0) }
        defer { other.stop() }
        let found = try run(["check", trace], other, ["--speed", "10x", "--no-timing", "--json"])
        let groups = try #require(try found.json()["groups"] as? [[String: Any]])
        #expect(groups.first?["field"] as? String == "$.amount")

        // Noise that was learned elsewhere is used, and said.
        let stray = scratch.path("values.noise.yaml")
        try FileManager.default.copyItem(atPath: scratch.path("noisy.noise.yaml"), toPath: stray)
        let service = Service(Self.recorded)
        let values = try AnsweringServer { service.answer($0) }
        defer { values.stop() }
        let warned = try run(["check", self.trace], values)
        #expect(
            warned.errors.contains("was learned from another recording than \(self.trace)"),
            "\(warned.errors)"
        )
    }

    @Test func somebodyAtATerminalIsAsked() throws {
        let service = Service(Self.recorded)
        let server = try AnsweringServer { service.answer($0) }
        defer { server.stop() }
        #expect(try run(["baseline", "set", trace], server).status == 0)
        service.bodies.withLock { $0[0] = "{\"number\":0,\"state\":\"odd\"}" }
        for (answer, status, revision) in [("n\n", 1, 1), ("\n", 1, 1), ("yes\n", 0, 2)] {
            // script(1) makes a terminal of standard input and output.
            let command =
                "'\(Program.tapedeck)' check '\(trace)' --target http://127.0.0.1:\(server.port) --update --quiet"
            let asked = try Program(
                "/usr/bin/script",
                ["--quiet", "--return", "--command", command, "/dev/null"],
                input: Data(answer.utf8)
            ).finish()
            #expect(asked.status == Int32(status), "\(asked.text)")
            #expect(asked.text.contains("Take 1 answers (1 changes) as revision 2 of"), "\(asked.text)")
            let json = try run(["baseline", "show", trace, "--json"]).json()
            #expect(json["revision"] as? Int == revision)
        }
    }

    /// What a target always answers otherwise than was recorded is no noise of its own: the baseline holds it to that.
    @Test func noiseOfABaselineIsThatOfItsTarget() throws {
        let service = Service((0..<4).map { "{\"number\":\($0),\"state\":\"Ada\"}" })
        let server = try AnsweringServer { service.answer($0) }
        defer { server.stop() }
        #expect(try run(["baseline", "set", trace, "--runs", "3"], server).status == 0)
        #expect(try run(["check", trace], server).status == 0)
        service.bodies.withLock { $0[2] = "{\"number\":2,\"state\":\"Eve\"}" }
        let check = try run(["check", trace, "--json"], server)
        let groups = try #require(try check.json()["groups"] as? [[String: Any]])
        #expect(check.status == 1 && groups.first?["field"] as? String == "$.state", "\(check.text)")
    }

    @Test(.enabled(if: Privileges.mayMount, "mounting a small disk is not permitted"))
    func aFullDiskLeavesTheOldBaseline() throws {
        let disk = scratch.url.appending(path: "disk")
        try FileManager.default.createDirectory(at: disk, withIntermediateDirectories: false)
        let service = Service(Self.recorded)
        service.bodies.withLock { $0[0] = "[]" }
        let server = try AnsweringServer { service.answer($0) }
        defer { server.stop() }
        var word: UInt64 = 7
        let numbers = (0..<40_000).map { _ in
            word = word &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return "\(word)"
        }
        let larger = Service(Self.recorded)
        larger.bodies.withLock { $0[0] = "[\(numbers.joined(separator: ","))]" }
        let other = try AnsweringServer { larger.answer($0) }
        defer { other.stop() }
        let targets = [server, other].map { "http://127.0.0.1:\($0.port)" }
        let script = """
            mount -t tmpfs -o size=200k tmpfs disk || exit 77
            cp values.trace.gz disk/
            "$TAPEDECK" baseline set disk/values.trace.gz --target \(targets[0]) --quiet || exit 78
            cat disk/*.baseline.* | md5sum
            "$TAPEDECK" baseline update disk/values.trace.gz --target \(targets[1]) --yes >&2; echo "update $?" >&2
            cat disk/*.baseline.* | md5sum
            ls disk >&2
            """
        let run = try Program(
            "/usr/bin/unshare",
            ["--mount", "/bin/bash", "-c", "cd '\(scratch.url.path)' && \(script)"],
            environment: ["TAPEDECK": Program.tapedeck]
        ).finish()
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.contains("update 2"), "\(run.errors)")
        #expect(run.errors.contains("No space left on device"), "\(run.errors)")
        let sums = run.text.split(separator: "\n")
        #expect(sums.count == 2 && sums[0] == sums[1], "the old one stays, whole")
        #expect(!run.errors.contains(".partial\n"), "\(run.errors)")
    }
}
