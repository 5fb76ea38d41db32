import Foundation
import JSONSchemas
import Testing

/// What the commands write as JSON is what the published schemas describe, and nothing else.
@Suite(.serialized) struct PublishedSchemaTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private func verdicts(_ runs: [Run], _ name: String) throws -> [String]? {
        let lines = runs.flatMap { $0.text.split(separator: "\n").map { Array($0.utf8) } }
        #expect(!lines.isEmpty)
        let verdicts = try JSONSchema.verdicts(lines, "Documentation/schemas/\(name).json", isClosed: true)
        return verdicts.map { $0.filter { $0 != "ok" } }
    }

    /// A recording of webhooks, event streams and WebSocket sessions, and what a replay of it observed.
    @Test func recordingsAndReplays() throws {
        let channels = ChannelService(seed: 1)
        let noisy = NoisyService(seed: 1)
        let server = try AnsweringServer(speech: { channels.speak($0, $1) }) { request in
            request.headers["upgrade"] == nil ? noisy.answer(request) : channels.answer(request)
        }
        defer { server.stop() }
        let traces = [try noisy.record(24, in: scratch), try ChannelCheckTests(scratch: scratch).record()]
        let target = ["--target", "http://127.0.0.1:\(server.port)", "--json", "--quiet"]
        let observed = scratch.path("seen.trace.gz")
        var replays: [Run] = []
        for options in [
            ["--speed", "4x", "--observed", observed], ["--max"], ["--rate", "500/s", "--transport", "curl"],
            ["--speed", "4x", "--copies", "2"], ["--speed", "4x", "--correlate", "auto"],
            // Nobody answers there.
            ["--max", "--max-failures", "10000", "--target", "http://127.0.0.1:1"],
        ] {
            let base = options.contains("--target") ? ["--json", "--quiet"] : target
            replays.append(try Program.run(["replay"] + traces + base + options))
        }
        #expect(replays.allSatisfy { $0.status == 0 }, "\(replays.map(\.errors))")
        guard let wrong = try verdicts(replays, "replay") else { return }
        #expect(wrong.isEmpty, "\(wrong.prefix(3))")
        let all = traces + [observed]
        let inspections = try verdicts(try all.map { try Program.run(["inspect", $0, "--json"]) }, "inspect")
        #expect(inspections?.isEmpty == true, "\(inspections?.prefix(3) ?? [])")
        let entries = try verdicts(try all.map { try Program.run(["cat", $0, "--json", "--quiet"]) }, "cat")
        #expect(entries?.isEmpty == true, "\(entries?.prefix(3) ?? [])")
    }

    /// A schema that takes anything would describe nothing.
    @Test func whatIsWrongIsRefused() throws {
        let request =
            #"{"schema":"tapedeck.cat/1","type":"request","exchange":1,"connection":0,"client":null,"server":null,"#
            + #""scheme":"http","start_ns":1,"end_ns":2,"trailers":[],"body":"","body_length":0,"signature":null,"flags":[]}"#
        let texts = [
            request, request.replacing("cat/1", with: "cat/2"),
            request.replacing("\"request\"", with: "\"response\""),
            request.replacing("\"body\":\"\",", with: ""), request.replacing("[]}", with: "[\"lost\"]}"),
            request.replacing("\"end_ns\":2", with: "\"end_ns\":\"2\""),
        ]
        let path = "Documentation/schemas/cat.json"
        guard let verdicts = try JSONSchema.verdicts(texts.map { Array($0.utf8) }, path, isClosed: true)
        else {
            return
        }
        #expect(verdicts.first == "ok")
        // A request is not a response by its name alone: only a response may go without a signature.
        #expect(verdicts.dropFirst().allSatisfy { $0 != "ok" }, "\(verdicts)")
    }
}
