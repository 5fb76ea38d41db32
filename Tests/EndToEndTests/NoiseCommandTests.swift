import Foundation
import Testing

/// Noise learned from an unchanged service, and what a check finds in a changed one.
@Suite(.serialized) struct NoiseCommandTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private func record() throws -> String {
        try NoisyService(seed: 1).record(240, connections: 4, in: scratch)
    }

    @Test func whatVariesByItselfPassesAndWhatWasChangedIsNamedFirst() throws {
        let trace = try record()
        let unchanged = NoisyService(seed: 2)
        let server = try AnsweringServer { unchanged.answer($0) }
        defer { server.stop() }
        let target = "http://127.0.0.1:\(server.port)"
        let learning = try Program.run([
            "learn-noise", trace, "--target", target, "--runs", "4", "--speed", "10x", "--quiet",
        ])
        #expect(learning.status == 0 || learning.status == 3, "\(learning.errors)")
        let noise = scratch.path("noisy.noise.yaml")
        #expect(FileManager.default.fileExists(atPath: noise), "beside the trace")

        // Where nothing can be written, nothing is replayed first.
        let nowhere = try Program.run(["learn-noise", trace, "--target", target, "-w", "/nowhere/n.yaml"])
        #expect(nowhere.status == 2)
        #expect(nowhere.errors.contains("cannot write /nowhere/n.yaml: No such file or directory"))

        // Nothing is overwritten unasked.
        let again = try Program.run(["learn-noise", trace, "--target", target])
        #expect(again.status == 2)
        #expect(again.errors.contains("--force"))

        for _ in 0..<20 {
            let check = try Program.run(["check", trace, "--target", target, "--speed", "10x", "--json"])
            let groups = try check.json()["groups"] as? [[String: Any]] ?? []
            #expect(
                check.status == 0,
                "\(groups.map { "\($0["field"] ?? "") \($0["kind"] ?? "") \($0["example"] ?? "")" })"
            )
        }
        let plain = try Program.run([
            "check", trace, "--target", target, "--speed", "10x", "--no-noise", "--json",
        ])
        #expect(plain.status == 1, "without the noise everything is different")

        for change in NoisyService.Change.allCases where change != .none {
            let changed = NoisyService(seed: 3, change)
            let other = try AnsweringServer { changed.answer($0) }
            defer { other.stop() }
            let check = try Program.run([
                "check", trace, "--target", "http://127.0.0.1:\(other.port)", "--speed", "10x", "--json",
            ])
            #expect(check.status == 1, "\(change)")
            let groups = try #require(try check.json()["groups"] as? [[String: Any]])
            let first = try #require(groups.first, "\(change)")
            let named = "\(first["field"] ?? "") \(first["kind"] ?? "")"
            #expect(
                named == change.named,
                "\(change): \(groups.map { "\($0["field"] ?? "") \($0["kind"] ?? "")" })"
            )
            #expect((first["curl"] as? String)?.hasPrefix("curl -i") == true)
        }
    }

    @Test func twoTargetsAreComparedWithEachOther() throws {
        let trace = try record()
        let services = [NoisyService(seed: 2), NoisyService(seed: 4), NoisyService(seed: 5, .offByOne)]
        let servers = try services.map { service in try AnsweringServer { service.answer($0) } }
        defer { for server in servers { server.stop() } }
        let targets = servers.map { "http://127.0.0.1:\($0.port)" }
        let learning = try Program.run([
            "learn-noise", trace, "--target", targets[0], "--speed", "10x", "--quiet",
        ])
        #expect(learning.status == 0 || learning.status == 3, "\(learning.errors)")
        let rules = scratch.path("budgets.yaml")
        try Data("budgets: [p99 < 60s, errors < 1% on POST /hooks/*]".utf8).write(
            to: URL(fileURLWithPath: rules)
        )
        for (candidate, isSame) in [(1, true), (2, false)] {
            let check = try Program.run([
                "check", trace, "--target", targets[candidate], "--against", targets[0], "--pairs", "2",
                "--speed", "10x", "--rules", rules, "--min-effect", "10000000%", "--json",
            ])
            #expect(check.status == (isSame ? 0 : 1), "\(String(decoding: check.output, as: UTF8.self))")
            let report = try check.json()
            #expect(report["compared"] as? Int == 480)
            let timing = try #require(report["timing"] as? [String: Any])
            #expect((timing["routes"] as? [Any])?.count == 6)
            let budgets = try #require(report["budgets"] as? [[String: Any]])
            #expect(budgets.map { $0["kept"] as? Bool } == [true, true])
        }
        // Every request went to both, in turns.
        #expect(servers[1].received.count == 480)
        #expect(servers[2].received.count == 480)
    }
}
