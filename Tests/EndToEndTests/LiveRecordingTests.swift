import Foundation
import Testing

/// Recording from an interface: what a server answered is what the trace holds, however the recorder ends.
@Suite(.serialized, .enabled(if: Privileges.mayCapture, "capturing takes root, or CAP_NET_RAW"))
struct LiveRecordingTests {
    let scratch: Scratch
    let trace: String

    init() throws {
        scratch = try Scratch()
        trace = scratch.path("live.trace.gz")
    }

    /// A recorder of one port that captures already.
    private func startRecorder(port: UInt16, _ options: [String] = []) throws -> Program {
        let recorder = try Program(
            Program.tapedeck,
            ["record", "-i", "lo", "-p", "\(port)", "-w", trace] + options
        )
        _ = try recorder.waitForErrors { $0.contains("recording on lo") }
        return recorder
    }

    @Test func aServersCountIsTheTraces() throws {
        let server = try NginxServer()
        let recorder = try startRecorder(port: server.port, ["--json"])
        let clients = try (0..<4).map { _ in try LoopbackClient(port: server.port) }
        for number in 0..<1000 {
            let body = #"{"number":\#(number)}"#
            try clients[number % 4].exchange(
                "POST /hook?n=\(number) HTTP/1.1\r\nHost: hooks\r\nContent-Type: application/json\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
            )
        }
        // At once after the last answer: what is still in the ring must not be lost by the interrupt.
        recorder.signal(SIGINT)
        let run = recorder.finish()
        #expect(run.status == 130, "\(run.errors)")
        let recorded = try run.json()
        #expect(try server.requests().count == 1000)
        #expect(recorded["requests"] as? Int == 1000)
        #expect(recorded["responses"] as? Int == 1000)
        #expect(recorded["connections"] as? Int == 4)

        #expect(!FileManager.default.fileExists(atPath: trace + ".partial"))
        let mode = try FileManager.default.attributesOfItem(atPath: trace)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let summary = try Program.run(["inspect", trace, "--json"])
        #expect(summary.status == 0, "\(summary.errors)")
        #expect(try summary.json()["finished"] as? Bool == true)
        #expect(try summary.json()["lossless"] as? Bool == true)
        let messages = try Program.run(["cat", trace, "--json"]).jsonLines()
        let requests = messages.filter { $0["type"] as? String == "request" }
        #expect(requests.map { $0["target"] as? String } == (0..<1000).map { "/hook?n=\($0)" })
        #expect(requests.map { $0["body"] as? String } == (0..<1000).map { #"{"number":\#($0)}"# })
    }

    /// A block is closed after a second at the latest, so nothing that was finished earlier than that is lost.
    @Test func aKilledRecorderLeavesAllButTheLastSecond() throws {
        let server = try NginxServer()
        let recorder = try startRecorder(port: server.port)
        let load = try SteadyLoad(port: server.port)
        let deadline = Date(timeIntervalSinceNow: 60)
        let begin = Date()
        while Date().timeIntervalSince(begin) < 3.5 || load.completions.count < 300, Date() < deadline {
            usleepUntilNextLook()
        }
        recorder.signal(SIGKILL)
        let finished = load.completions
        load.stop()
        #expect(recorder.finish().status == SIGKILL)
        let partial = trace + ".partial"
        #expect(!FileManager.default.fileExists(atPath: trace))

        let left = try Program.run(["inspect", partial, "--json"])
        #expect(left.status == 3)
        #expect(left.errors.contains("repair"), "\(left.errors)")
        let summary = try left.json()
        #expect(summary["finished"] as? Bool == false)
        let last = try #require(summary["last_ns"] as? Int)
        let lost = try #require(finished.last) - last
        // A second, and the half of one for a recorder that waits for a processor.
        #expect(lost < 1_500_000_000, "the last \(Double(lost) / 1e9) s are missing")

        // What is there is everything up to then: no request is missing in between.
        let listed = try Program.run(["cat", partial, "--json"])
        #expect(listed.status == 3)
        let requests = try listed.jsonLines().filter { $0["type"] as? String == "request" }
        #expect(requests.map { $0["target"] as? String } == requests.indices.map(SteadyLoad.target))
        #expect(requests.count >= finished.count { $0 <= last })
        #expect(summary["requests"] as? Int == requests.count)

        let repair = try Program.run(["repair", partial])
        #expect(repair.status == 0, "\(repair.errors)")
        #expect(!FileManager.default.fileExists(atPath: partial))
        let repaired = try Program.run(["inspect", trace, "--json"])
        #expect(repaired.status == 0, "\(repaired.errors)")
        #expect(try repaired.json()["finished"] as? Bool == true)
        #expect(try repaired.json()["requests"] as? Int == requests.count)
    }

    @Test func whatWasPlantedIsNowhere() throws {
        let server = try NginxServer()
        let recorder = try startRecorder(port: server.port, ["--json"])
        let client = try LoopbackClient(port: server.port)
        let body =
            #"{"email":"ada.lovelace@analytical.example.net","card":"4929 1234 5678 9011","#
            + #""last_name":"Lovelace","phone":"+44 20 7946 0958","ssn":"987-65-4320"}"#
        for _ in 0..<20 {
            try client.exchange(
                "POST /users/ada.lovelace@analytical.example.net?api_key=192-0-2-55-key-a1b2c3d4 HTTP/1.1\r\n"
                    + "Host: hooks\r\nContent-Type: application/json\r\nX-Forwarded-For: 203.0.113.77\r\n"
                    + "Authorization: Bearer bearer-t0ken-9f8e7d6c5b4a\r\n"
                    + "Cookie: session=s3ss10n-c00kie-value\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
            )
        }
        recorder.signal(SIGINT)
        let run = recorder.finish()
        #expect(run.status == 130, "\(run.errors)")
        #expect(try run.json()["requests"] as? Int == 20)
        let inflated = try Program("/bin/sh", ["-c", "gzip -dc < '\(trace)'"]).finish()
        #expect(inflated.status == 0)
        let inspected = try Program.run(["inspect", trace])
        let places = [
            ("the file", try Data(contentsOf: URL(fileURLWithPath: trace))),
            ("the file inflated", inflated.output),
            ("the report", run.output), ("the errors", Data(run.errors.utf8)),
            ("inspect", inspected.output + Data(inspected.errors.utf8)),
        ]
        #expect(inflated.output.range(of: Data("Content-Type: application/json".utf8)) != nil)
        for canary in AnonymityTests.canaries {
            for (place, data) in places {
                #expect(data.range(of: Data(canary.utf8)) == nil, "\(canary) is in \(place)")
            }
        }
    }
}
