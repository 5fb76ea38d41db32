import Foundation
import Testing

/// A recorder that runs for days: parts, signals, a disk that is full for a while.
@Suite(.serialized, .enabled(if: Privileges.mayCapture, "capturing takes root, or CAP_NET_RAW"))
struct DaemonTests {
    let scratch: Scratch
    let server: NginxServer

    init() throws {
        scratch = try Scratch()
        server = try NginxServer()
    }

    private func startRecorder(_ options: [String]) throws -> Program {
        let recorder = try Program(
            Program.tapedeck,
            ["record", "-i", "lo", "-p", "\(server.port)", "--json"] + options
        )
        _ = try recorder.waitForErrors { $0.contains("recording on lo") }
        return recorder
    }

    private func parts() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: scratch.url.path).sorted()
    }

    private func send(_ numbers: Range<Int>, on client: LoopbackClient) throws {
        for number in numbers { try client.exchange("GET /n/\(number) HTTP/1.1\r\nHost: hooks\r\n\r\n") }
    }

    /// Waits for something that the recorder does in its own time.
    private func wait(_ condition: () throws -> Bool) throws {
        let deadline = Date(timeIntervalSinceNow: 20)
        while try !condition(), Date() < deadline { usleepUntilNextLook() }
        #expect(try condition())
    }

    @Test func hangUpBeginsTheNextPartAndTermEndsTheRecording() throws {
        let recorder = try startRecorder(["-w", scratch.path("h-%F.trace.gz"), "--rotate-size", "1GB"])
        let client = try LoopbackClient(port: server.port)
        try send(0..<40, on: client)
        for part in 1...2 {
            recorder.signal(SIGHUP)
            try wait { try parts().count { $0.hasSuffix(".trace.gz") } == part }
            try send(part * 40..<(part + 1) * 40, on: client)
        }
        recorder.signal(SIGUSR1)
        _ = try recorder.waitForErrors { $0.contains("= ") && $0.contains("followed") }
        recorder.signal(SIGTERM)
        let run = recorder.finish()
        #expect(run.status == 0, "\(run.errors)")
        #expect(try run.json()["requests"] as? Int == 120)
        #expect(try run.json()["balanced"] as? Bool == true)

        let names = try parts()
        #expect(names.count == 3 && names.allSatisfy { $0.hasSuffix(".trace.gz") }, "\(names)")
        let paths = names.map(scratch.path)
        let inspected = try Program.run(["inspect", "--json"] + paths)
        #expect(inspected.status == 0, "\(inspected.errors)")
        let summaries = try inspected.jsonLines().sorted {
            ($0["part"] as? Int ?? 0) < ($1["part"] as? Int ?? 0)
        }
        #expect(summaries.map { $0["part"] as? Int } == [0, 1, 2])
        #expect(Set(summaries.compactMap { $0["trace_id"] as? String }).count == 1)
        #expect(summaries.reduce(0) { $0 + ($1["requests"] as? Int ?? 0) } == 120)
        #expect(summaries.allSatisfy { $0["lossless"] as? Bool == true })
        // Each part's ledger is that of the recording up to its end.
        let stored = summaries.compactMap { ($0["ledger"] as? [String: Any])?["requests.stored"] as? Int }
        #expect(stored == stored.sorted() && stored.last == 120)

        let messages = try Program.run(["cat", "--json"] + paths)
        #expect(messages.status == 0, "\(messages.errors)")
        let requests = try messages.jsonLines().filter { $0["type"] as? String == "request" }
        #expect(requests.map { $0["target"] as? String } == (0..<120).map { "/n/\($0)" })
        #expect(requests.map { $0["exchange"] as? Int } == Array(0..<120))
        // One kept-alive connection, known in each part.
        #expect(Set(requests.compactMap { $0["client"] as? String }).count == 1)
    }

    /// SIGHUP is not taken where nothing rotates, and SIGTERM is an interrupt.
    @Test func aRecordingOfOneFileEndsByTermAsInterrupted() throws {
        let trace = scratch.path("one.trace.gz")
        let recorder = try startRecorder(["-w", trace])
        try send(0..<3, on: try LoopbackClient(port: server.port))
        recorder.signal(SIGTERM)
        let run = recorder.finish()
        #expect(run.status == 130)
        #expect(try run.json()["requests"] as? Int == 3)
        #expect(FileManager.default.fileExists(atPath: trace))
    }

    @Test func aFullDiskIsWaitedForAndCounted() throws {
        try #require(Privileges.mayMount, "mounting a small disk is not permitted")
        try FileManager.default.createDirectory(
            at: scratch.url.appending(path: "disk"),
            withIntermediateDirectories: false
        )
        // The file that fills the disk goes when the test says so; what was recorded is copied out of the namespace.
        let script = """
            cd '\(scratch.url.path)' && mount -t tmpfs -o size=2m tmpfs disk || exit 77
            head -c 1700000 /dev/zero >disk/filler
            (while [ ! -e go ]; do sleep 0.05; done; rm disk/filler) &
            "$TAPEDECK" record -i lo -p \(server.port) -w disk/h.trace.gz --rotate-every 1h --no-anonymize --json
            status=$?; cp disk/* . ; exit $status
            """
        let recorder = try Program(
            "/usr/bin/unshare",
            ["--mount", "/bin/sh", "-c", "trap '' TERM; \(script)"],
            environment: ["TAPEDECK": Program.tapedeck]
        )
        _ = try recorder.waitForErrors { $0.contains("recording on lo") }
        let client = try LoopbackClient(port: server.port)
        // Too much for the disk and for what waits in memory; hardly to be compressed.
        var sent = 0
        for _ in 0..<200 {
            let noise = (0..<1_000).map { _ in String(UInt64.random(in: 0...UInt64.max), radix: 36) }.joined()
            try client.exchange(
                "POST /n/\(sent) HTTP/1.1\r\nHost: hooks\r\nContent-Length: \(noise.utf8.count)\r\n\r\n\(noise)"
            )
            sent += 1
        }
        _ = try recorder.waitForErrors { $0.contains("No space left on device") && $0.contains("disk_full") }
        try Data().write(to: scratch.url.appending(path: "go"))
        _ = try recorder.waitForErrors { $0.contains("there is room again") }
        for _ in 0..<20 {
            try client.exchange("GET /n/\(sent) HTTP/1.1\r\nHost: hooks\r\n\r\n")
            sent += 1
        }
        // The shell in between ignores the signal; its child was told before it began.
        try Self.interrupt(childOf: recorder.process.processIdentifier)
        let run = recorder.finish()
        #expect(run.status == 130, "\(run.errors)")
        let report = try run.json()
        #expect(report["balanced"] as? Bool == true)
        let ledger = try #require(report["ledger"] as? [String: Int])
        #expect(ledger["requests.begun"] == sent)
        let lost = try #require(ledger["requests.disk_full"])
        #expect(lost > 0 && lost < 200)
        #expect(ledger["requests.stored"] == sent - lost)

        let trace = try #require(try parts().first { $0.hasSuffix(".trace.gz") })
        let summary = try Program.run(["inspect", "--json", scratch.path(trace)])
        #expect(summary.status == 0, "\(summary.errors)")
        #expect(try summary.json()["requests"] as? Int == sent - lost)
        #expect(try summary.json()["finished"] as? Bool == true)
        #expect(try summary.json()["lossless"] as? Bool == false)
    }

    /// Sends SIGINT to the recorder that a shell started.
    private static func interrupt(childOf parent: Int32) throws {
        let children = try String(contentsOfFile: "/proc/\(parent)/task/\(parent)/children", encoding: .utf8)
        for child in children.split(separator: " ").compactMap({ Int32($0) }) {
            let name = try? String(contentsOfFile: "/proc/\(child)/comm", encoding: .utf8)
            if name == "tapedeck\n" { kill(child, SIGINT) }
        }
    }

    @Test(
        arguments: [
            (["--rotate-every", "0s"], "--rotate-every 0"), (["--keep-files", "3"], "--rotate-every"),
            (["--rotate-size", "1MB", "--keep-files", "-1"], "--keep-files"),
            (["--on-full-disk", "burn"], "burn"),
        ]
    )
    func whatCannotBeMeantIsRefused(_ options: [String], _ word: String) throws {
        let run = try Program.run(["record", "-i", "lo", "-w", scratch.path("x.trace.gz")] + options)
        #expect(run.status == 2)
        #expect(run.errors.contains(word), "\(run.errors)")
        #expect(try parts() == [])
    }

    @Test func aPlaceThatIsNoneIsNamed() throws {
        let run = try Program.run(["record", "-i", "lo", "-w", scratch.path("x-%Q.trace.gz")])
        #expect(run.status == 2)
        #expect(run.errors.contains("%Q") && run.errors.contains("%Y"), "\(run.errors)")
    }
}
