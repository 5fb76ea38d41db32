import Foundation
import Testing

/// The folder of a run of a plan, with the built program: what was there before stays as it is, and what is written is read.
@Suite(.serialized) struct RunFolderTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// A plan of 20 requests in a blink.
    private func plan(on port: UInt16) throws -> String {
        let requests = (0..<20).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }
        _ = try scratch.record(requests, named: "in") { _ in
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        }
        let yaml = """
            plan: Short
            target: http://127.0.0.1:\(port)
            scenarios: {all: {traces: in.trace.gz}}
            stages: {only: {speed: 1x}}
            """
        try Data(yaml.utf8).write(to: scratch.url.appending(path: "load.yaml"))
        return scratch.path("load.yaml")
    }

    /// Runs the program in the folder of the test.
    private func runInside(_ arguments: [String]) throws -> Run {
        let line = ["-c", "cd \"$0\" && exec \"$@\"", scratch.url.path, Program.tapedeck]
        return try Program("/bin/sh", line + arguments).finish()
    }

    /// What is in a folder, with all that is in the folders in it.
    private func names(in folder: String) throws -> Set<String> {
        Set(try FileManager.default.subpathsOfDirectory(atPath: folder))
    }

    @Test(arguments: [
        ("plan.yaml", "out holds files already", "a file that the run would write as well"),
        ("notes/today", "out holds files already", "a folder of somebody else's"),
        (".keep", "out holds files already", "a file that is not shown"),
        ("run.json", "out holds a run already", "the run before"),
    ])
    func whatIsThereIsNotTouched(_ name: String, _ message: String, _ reason: String) throws {
        let server = try NginxServer()
        let plan = try plan(on: server.port)
        let file = scratch.url.appending(path: "out/\(name)")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data("mine".utf8).write(to: file)
        let before = try names(in: scratch.path("out"))
        let run = try Program.run(["plan", "run", plan, "--out", scratch.path("out")])
        #expect(run.status == 2 && run.errors.contains(message), "\(reason): \(run.errors)")
        #expect(run.errors.contains("name another folder with --out"))
        #expect(try Data(contentsOf: file) == Data("mine".utf8), "\(reason)")
        #expect(try names(in: scratch.path("out")) == before, "\(reason)")
        #expect(try server.requests().isEmpty)
    }

    @Test func aFileIsNoFolder() throws {
        let server = try NginxServer()
        let run = try Program.run([
            "plan", "run", try plan(on: server.port), "--out", scratch.path("load.yaml"),
        ])
        #expect(run.status == 2 && run.errors.contains("load.yaml: Not a directory"), "\(run.errors)")
    }

    /// A run that could not begin may be begun again.
    @Test func aRunThatCouldNotBeginLeavesItsFolder() throws {
        let server = try NginxServer()
        let plan = try plan(on: server.port)
        let arguments = ["plan", "run", plan, "--out", scratch.path("out")]
        // The server itself has the port already.
        let rule = "executions={of: GET /, callback: '127.0.0.1:\(server.port)'}"
        let first = try Program.run(arguments + ["--set", rule])
        #expect(first.status == 2 && first.errors.contains(":\(server.port)"), "\(first.errors)")
        #expect(try names(in: scratch.path("out")) == ["plan.yaml", "origin.json"])
        let second = try Program.run(arguments)
        #expect(second.status == 0, "\(second.errors)")
    }

    /// What `--set` says stands in it, which may be nobody else's business in a folder that everybody can read.
    @Test func anEmptyFolderIsTakenAndTheOriginIsPrivate() throws {
        let server = try NginxServer()
        let plan = try plan(on: server.port)
        try FileManager.default.createDirectory(
            at: scratch.url.appending(path: "out"),
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o755]
        )
        let run = try Program.run(["plan", "run", plan, "--out", scratch.path("out/"), "--set", "seed=7"])
        #expect(run.status == 0, "\(run.errors)")
        let origin = try FileManager.default.attributesOfItem(atPath: scratch.path("out/origin.json"))
        #expect((origin[.posixPermissions] as? Int) == 0o600)
        #expect(
            try String(contentsOfFile: scratch.path("out/origin.json"), encoding: .utf8).contains("seed=7")
        )
    }

    /// Whichever second the run begins in, there is one of that second already.
    @Test func runsOfTheSameSecondHaveFoldersOfTheirOwn() throws {
        let server = try NginxServer()
        let plan = try plan(on: server.port)
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "UTC")
        format.dateFormat = "yyyyMMdd-HHmmss"
        let start = Date()
        let others = Set((0..<120).map { format.string(from: start + Double($0)) })
        for name in others {
            try FileManager.default.createDirectory(
                at: scratch.url.appending(path: "runs/short/\(name)"),
                withIntermediateDirectories: true
            )
        }
        let run = try runInside(["plan", "run", plan])
        #expect(run.status == 0, "\(run.errors)")
        let names = try names(in: scratch.path("runs/short"))
        let own = try #require(names.first { $0.hasSuffix("/run.json") }?.dropLast("/run.json".count))
        #expect(own.hasSuffix("-2") && others.contains(String(own.dropLast(2))))
        #expect(run.text.contains("runs/short/\(own)/report.html"))
        // Nothing lies in the others.
        #expect(names.allSatisfy { others.contains($0) || $0.hasPrefix(String(own)) })
    }

    /// A search with many steps and a target with many series write much.
    @Test func aLargeRunIsReadAgain() throws {
        let server = try NginxServer()
        let folder = scratch.path("out")
        let run = try Program.run(["plan", "run", try plan(on: server.port), "--out", folder])
        #expect(run.status == 0, "\(run.errors)")
        let path = URL(fileURLWithPath: "\(folder)/run.json")
        var json = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: path)) as? [String: Any]
        )
        json["about"] = String(repeating: "much ", count: 1_000_000)
        try JSONSerialization.data(withJSONObject: json).write(to: path)
        let report = try Program.run(["plan", "report", folder, "--json"])
        #expect(report.status == 0, "\(report.errors)")
        #expect((try report.json()["about"] as? String)?.utf8.count == 5_000_000)
        // One that is cut would be another run.
        try Data(repeating: 0x20, count: 65 << 20).write(to: path)
        let cut = try Program.run(["plan", "report", folder])
        #expect(cut.status == 2 && cut.errors.contains("run.json is larger than 64 MiB"), "\(cut.errors)")
    }
}
