import Bytes
import Foundation
import Messages
import Testing

/// WebSocket sessions are compared as sequences of what the server says.
@Suite(.serialized) struct ChannelCheckTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    init(scratch: Scratch) {
        self.scratch = scratch
    }

    /// A recording of 24 sessions, of which the server ends one half and the client the other.
    func record() throws -> String {
        let service = ChannelService(seed: 1)
        var builder = CaptureBuilder()
        let start: Int64 = 1_700_000_000 * 1_000_000_000
        for number in 0..<24 {
            let path = number % 2 == 0 ? "/runs/socket" : "/feed/socket"
            let request = ReceivedRequest(method: "GET", target: path, headers: [:], body: "")
            let opened = start + Int64(number) * 20_000_000
            var lane = builder.open(port: UInt16(22_000 + number), at: opened)
            builder.send(
                &lane,
                fromClient: true,
                "GET \(path) HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                at: opened + 1_000_000
            )
            builder.send(&lane, fromClient: false, service.answer(request), at: opened + 1_500_000)
            func speak(_ messages: [SpokenMessage], at time: Int64) {
                for message in messages {
                    builder.send(&lane, fromClient: false, message.frame, at: time)
                }
            }
            speak(service.speak(request, nil), at: opened + 1_600_000)
            for (text, at) in ChannelService.says(path) {
                var frame: [UInt8] = []
                let payload = text.isEmpty ? [0x03, 0xE8] : Array(text.utf8)
                frame.appendWebSocketMessage(text.isEmpty ? .close : .text, payload.span) { 0x0102_0304 }
                let time = opened + at * 1_000_000
                builder.send(&lane, fromClient: true, frame, at: time)
                let answers = text.isEmpty ? [.close(1_000)] : service.speak(request, text)
                speak(answers, at: time + 500_000)
            }
            builder.close(&lane, at: opened + 30_000_000)
        }
        let capture = scratch.path("channels.pcap")
        let trace = scratch.path("channels.trace.gz")
        try builder.file().write(to: URL(fileURLWithPath: capture))
        let run = try Program.run(["record", "-r", capture, "-w", trace, "--no-anonymize", "--quiet"])
        #expect(run.status == 0, "\(run.errors)")
        return trace
    }

    private func serve(_ service: ChannelService) throws -> AnsweringServer {
        try AnsweringServer(speech: { service.speak($0, $1) }) { service.answer($0) }
    }

    private func groups(_ check: Run) throws -> [String] {
        let groups = try check.json()["groups"] as? [[String: Any]] ?? []
        return groups.map { "\($0["field"] ?? "") \($0["kind"] ?? "")" }
    }

    @Test func whatAServerSaysIsComparedInItsOrder() throws {
        let trace = try record()
        let server = try serve(ChannelService(seed: 2))
        defer { server.stop() }
        let target = "http://127.0.0.1:\(server.port)"
        let learning = try Program.run(["learn-noise", trace, "--target", target, "--runs", "3", "--quiet"])
        #expect(learning.status == 0 || learning.status == 3, "\(learning.errors)")
        let noise = try String(contentsOfFile: scratch.path("channels.noise.yaml"), encoding: .utf8)
        #expect(noise.contains("$[*].payload.payload.lag"), "\(noise)")
        #expect(noise.contains("$[*].payload.payload.join"))
        #expect(!noise.contains("$[*].payload.payload.line"))

        for _ in 0..<5 {
            let check = try Program.run(["check", trace, "--target", target, "--json"])
            #expect(check.status == 0, "\(check.text)")
            #expect(try check.json()["compared"] as? Int == 24)
            #expect(try check.json()["bodies_cut"] as? Int ?? 0 == 0)
        }
        for change in ChannelService.Change.allCases where change != .none {
            let other = try serve(ChannelService(seed: 3, change))
            defer { other.stop() }
            let check = try Program.run([
                "check", trace, "--target", "http://127.0.0.1:\(other.port)", "--timeout", "2s", "--json",
            ])
            #expect(check.status == 1, "\(change)")
            let named = try groups(check)
            #expect(named.first == change.named, "\(change): \(named)")
        }
    }

    /// The observed trace holds both sides of each session, and two of them are compared like a recording and one.
    @Test func observedSessionsAreKeptWhole() throws {
        let trace = try record()
        var observed: [String] = []
        for (number, change) in [ChannelService.Change.none, .none, .messageDropped].enumerated() {
            let server = try serve(ChannelService(seed: UInt64(10 + number), change))
            defer { server.stop() }
            let path = scratch.path("observed\(number).trace.gz")
            let run = try Program.run([
                "replay", trace, "--target", "http://127.0.0.1:\(server.port)", "--observed", path, "--quiet",
            ])
            #expect(run.status == 0, "\(run.errors)")
            observed.append(path)
        }
        let events = try Program.run(["cat", observed[0], "--json"]).jsonLines().filter {
            $0["type"] as? String == "event"
        }
        let said = events.filter { $0["direction"] as? String == "response" }
        let sent = events.filter { $0["direction"] as? String == "request" }
        // welcome, reply, five lines, reply and close for all; a word and some bytes for those that are stopped.
        #expect(said.count == 24 * 9 + 12 * 2)
        #expect(sent.count == 24 * 3 + 12, "and the close frames of all")
        #expect(said.allSatisfy { ($0["start_ns"] as? Int64 ?? 0) <= ($0["time_ns"] as? Int64 ?? 0) })
        let rules = scratch.path("rules.yaml")
        let lag = "rules: [{ignore: {json: ['$[*].payload.payload.lag', '$[*].payload.payload.join']}}]"
        try Data(lag.utf8).write(to: URL(fileURLWithPath: rules))
        for (other, status) in [(1, 0), (2, 1)] {
            let check = try Program.run([
                "check", observed[0], observed[other], "--rules", rules, "--no-timing", "--json",
            ])
            #expect(check.status == Int32(status), "\(other): \(check.text)")
            #expect(try check.json()["compared"] as? Int == 24)
        }
    }
}
