import Foundation
import Testing

/// Runs kept in folders, listed, compared, removed.
@Suite(.serialized) struct RunsCommandTests {
    let scratch: Scratch
    let trace: String

    init() throws {
        scratch = try Scratch()
        var builder = CaptureBuilder()
        let start: Int64 = 1_700_000_000 * 1_000_000_000
        var lane = builder.open(port: 21_000, at: start)
        for number in 0..<20 {
            let time = start + Int64(number + 1) * 2_000_000
            builder.send(
                &lane,
                fromClient: true,
                "GET /values/\(number) HTTP/1.1\r\nHost: a\r\n\r\n",
                at: time
            )
            builder.send(&lane, fromClient: false, Self.response(200, "\(number)"), at: time + 500_000)
        }
        let capture = scratch.path("values.pcap")
        trace = scratch.path("values.trace.gz")
        try builder.file().write(to: URL(fileURLWithPath: capture))
        let run = try Program.run(["record", "-r", capture, "-w", trace, "--no-anonymize", "--quiet"])
        #expect(run.status == 0, "\(run.errors)")
    }

    private static func response(_ status: Int, _ body: String) -> String {
        "HTTP/1.1 \(status) Any\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private static func number(_ request: ReceivedRequest) -> Int {
        Int(request.path.split(separator: "/").last ?? "") ?? 0
    }

    /// Runs the program in the scratch folder.
    private func tapedeck(_ arguments: [String]) throws -> Run {
        let words = ([Program.tapedeck] + arguments).map { "'\($0)'" }.joined(separator: " ")
        return try Program("/bin/sh", ["-c", "cd '\(scratch.url.path)' && exec \(words)"]).finish()
    }

    private var folders: [String] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: scratch.path(".tapedeck/runs"))
        return (names ?? []).sorted()
    }

    @Test func runsAreKeptListedComparedAndRemoved() throws {
        let good = try AnsweringServer { Self.response(200, "\(Self.number($0))") }
        let bad = try AnsweringServer { request in
            let number = Self.number(request)
            return Self.response(number % 4 == 0 ? 500 : 200, number == 3 ? "33" : "\(number)")
        }
        defer {
            good.stop()
            bad.stop()
        }
        let targets = [good, bad].map { "http://127.0.0.1:\($0.port)" }

        #expect(try tapedeck(["runs"]).text == "no runs\n")
        let first = try tapedeck([
            "replay", trace, "--target", targets[0], "--max", "--run", "before", "--quiet",
        ])
        #expect(first.status == 0, "\(first.errors)")
        let second = try tapedeck(["replay", trace, "--target", targets[1], "--max", "--quiet"])
        #expect(second.status == 0, "an answer is an answer, whatever its status")
        #expect(folders.count == 2, "the second was kept since there is a folder")
        #expect(folders[0].hasSuffix("Z-before") && folders[1].hasSuffix("Z-values"))
        #expect(
            try tapedeck(["replay", trace, "--target", targets[0], "--max", "--no-run", "--quiet"]).status
                == 0
        )
        #expect(folders.count == 2)

        let inside = scratch.path(".tapedeck/runs/\(folders[0])")
        let files = try FileManager.default.contentsOfDirectory(atPath: inside).sorted()
        #expect(
            files.contains("observed.trace.gz") && files.contains("replay.json") && files.contains("run.json")
        )
        let modes = try ["", "/.tapedeck", "/.tapedeck/runs/\(folders[0])"].dropFirst().map {
            try FileManager.default.attributesOfItem(atPath: scratch.url.path + $0)[.posixPermissions] as? Int
        }
        #expect(modes == [0o700, 0o700], "what a target answers is for nobody else")
        #expect(try String(contentsOfFile: scratch.path(".tapedeck/.gitignore"), encoding: .utf8) == "*\n")

        let list = try tapedeck(["runs"]).text.split(separator: "\n")
        #expect(list.count == 3)
        #expect(list[1].hasPrefix("last~1  \(folders[0])  replay") && list[2].contains("last  \(folders[1])"))
        let json = try tapedeck(["runs", "--json"]).json()
        let entries = try #require(json["runs"] as? [[String: Any]])
        #expect(entries.map { ($0["run"] as? [String: Any])?["outcome"] as? String } == ["done", "done"])

        let compared = try tapedeck(["compare", "last~1", "last"])
        #expect(compared.status == 0, "\(compared.errors)")
        #expect(compared.text.contains("requests sent"))
        // Five of another status, one of another body.
        #expect(compared.text.contains("B against A: 6 of 20 answers differ"), "\(compared.text)")
        let report = try tapedeck(["compare", "before", "values", "--json"]).json()
        #expect(report["schema"] as? String == "tapedeck.compare/1")
        let statuses = try #require(report["statuses"] as? [String: [Int]])
        #expect(statuses == ["200": [20, 15], "500": [0, 5]])
        let against = try #require((report["against_first"] as? [[String: Any]])?.first)
        #expect(against["verdict"] as? String == "fail")
        let timing = try #require(against["timing"] as? [String: Any])
        let route = try #require((timing["routes"] as? [[String: Any]])?.first)
        let errors = try #require(route["errors"] as? [String: Any])
        #expect((errors["candidate"] as? [String: Any])?["errors"] as? Int == 5)

        // Two files, or two traces, serve as well.
        let kept = ".tapedeck/runs/\(folders[1])/replay.json"
        #expect(try tapedeck(["compare", ".tapedeck/runs/\(folders[0])", kept]).status == 0)
        let traces = folders.map { ".tapedeck/runs/\($0)/observed.trace.gz" }
        #expect(try tapedeck(["compare"] + traces).text.contains("6 of 20 answers differ"))

        #expect(try tapedeck(["runs", "prune", "--keep", "1"]).text.hasPrefix("removed "))
        #expect(folders.count == 1 && folders[0].hasSuffix("Z-values"))
        #expect(try tapedeck(["runs", "prune", "--keep", "0"]).status == 0)
        #expect(folders.isEmpty)
    }

    @Test func aCheckIsKeptWithItsReport() throws {
        let server = try AnsweringServer {
            Self.response(200, Self.number($0) == 7 ? "8" : "\(Self.number($0))")
        }
        defer { server.stop() }
        let target = "http://127.0.0.1:\(server.port)"
        let check = try tapedeck(["check", trace, "--target", target, "--run", "pull-17"])
        #expect(check.status == 1)
        let folder = try #require(folders.first)
        let files = try FileManager.default.contentsOfDirectory(
            atPath: scratch.path(".tapedeck/runs/\(folder)")
        )
        #expect(
            files.sorted() == ["check.json", "observed.trace.gz", "replay.json", "report.html", "run.json"]
        )
        let record = try JSONSerialization.jsonObject(
            with: Data(contentsOf: URL(fileURLWithPath: scratch.path(".tapedeck/runs/\(folder)/run.json")))
        )
        let run = try #require(record as? [String: Any])
        #expect(run["outcome"] as? String == "fail" && run["failed"] as? Int == 1)
        #expect((run["arguments"] as? [String])?.suffix(2) == ["--run", "pull-17"])

        let pairs = try tapedeck([
            "check", trace, "--target", target, "--against", target, "--pairs", "2", "--no-timing", "--run",
            "two",
            "--quiet",
        ])
        #expect(pairs.status == 0, "\(pairs.errors)")
        let second = try #require(folders.last)
        let kept = try FileManager.default.contentsOfDirectory(
            atPath: scratch.path(".tapedeck/runs/\(second)")
        )
        #expect(
            kept.filter { $0.hasSuffix(".gz") }.sorted()
                == ["baseline-2.trace.gz", "baseline.trace.gz", "observed-2.trace.gz", "observed.trace.gz"]
        )
    }

    @Test(arguments: [
        "", ".", "..", "../x", "a/b", ".hidden", "-x", "a b", "é", "a\nb", String(repeating: "x", count: 101),
    ])
    func aNameNeverLeavesTheFolder(_ name: String) throws {
        let check = try Program.run(["check", trace, trace, "--run=\(name)"])
        #expect(check.status == 2, "\(check.errors)")
        #expect(check.errors.contains("--run"), "\(check.errors)")
        #expect(folders.isEmpty)
    }

    @Test func whatIsNoRunIsSaid() throws {
        for (arguments, sentence) in [
            (["compare", "last", "last"], "there are only 0 runs"),
            (["compare", "nothing", "last"], "no run, folder or file"),
            (["compare", "last"], "give two to 8 runs"),
            (["compare", trace + "x", "last"], "no run, folder or file"),
            (["runs", "prune", "--keep", "-1"], "--keep -1"),
        ] {
            let run = try tapedeck(arguments)
            #expect(run.status == 2)
            #expect(run.errors.contains(sentence), "\(run.errors)")
        }
        try Data("{\"schema\":\"other\"}".utf8).write(to: URL(fileURLWithPath: scratch.path("x.json")))
        #expect(
            try tapedeck(["compare", "x.json", "x.json"]).errors.contains(
                "neither what 'replay --json' wrote"
            )
        )
        try Data("{".utf8).write(to: URL(fileURLWithPath: scratch.path("y.json")))
        #expect(try tapedeck(["compare", "y.json", "y.json"]).errors.contains("no JSON"))
        // A run that did not come to its end is listed, and cannot be compared.
        let folder = scratch.path(".tapedeck/runs/20260101T000000Z-cut")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        #expect(try tapedeck(["runs"]).text.contains("unfinished"))
        #expect(try tapedeck(["compare", "cut", "cut"]).errors.contains("did not come to its end"))
        // Removing follows no link out of the folder.
        let outside = scratch.path("outside")
        try Data("kept".utf8).write(to: URL(fileURLWithPath: outside))
        try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: outside)
        #expect(try tapedeck(["runs", "prune", "--keep", "0"]).status == 0)
        #expect(FileManager.default.fileExists(atPath: outside))
    }
}
