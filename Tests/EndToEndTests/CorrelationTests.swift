import Foundation
import Testing

/// Values that a server makes and its clients show again: learned from a recording, replaced in a replay.
@Suite(.serialized) struct CorrelationTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    /// Sessions of create → poll until done → read logs, four of which begin at the same moment; the polls of a session
    /// go over connections of their own.
    private func record(_ style: WorkflowModel.Style, sessions: Int, _ options: [String] = []) throws
        -> String
    {
        let model = WorkflowModel(style, seed: 11)
        var builder = CaptureBuilder()
        var steps: [(time: Int64, session: Int, step: Int)] = []
        let start: Int64 = 1_700_000_000 * 1_000_000_000
        let millisecond: Int64 = 1_000_000
        for session in 0..<sessions {
            let base = start + Int64(session / 4) * 8 * millisecond
            for step in 0...(WorkflowModel.pollsUntilDone + 1) {
                steps.append((base + Int64(step) * 20 * millisecond, session, step))
            }
        }
        var lanes: [Int: CaptureBuilder.Connection] = [:]
        var ids: [Int: String] = [:]
        for (time, session, step) in steps.sorted(by: { ($0.time, $0.session) < ($1.time, $1.session) }) {
            // Creations over one set of connections, the rest over another.
            let lane = step == 0 ? session % 16 : 16 + (session * 5 + step) % 48
            var connection = lanes[lane] ?? builder.open(port: UInt16(20_000 + lane), at: start - millisecond)
            let text: String
            if let id = ids[session] {
                text = model.request(of: id, isLogs: step > WorkflowModel.pollsUntilDone, page: step)
            } else {
                let body = #"{"name":"nightly","page":1,"project":7,"limit":50}"#
                text =
                    "POST /api/v1/runs HTTP/1.1\r\nHost: hooks\r\nContent-Type: application/json\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
            }
            let head = text.components(separatedBy: "\r\n\r\n")
            let lines = head[0].components(separatedBy: "\r\n")
            let start = lines[0].components(separatedBy: " ")
            var headers: [String: String] = [:]
            for line in lines.dropFirst() {
                let parts = line.components(separatedBy: ": ")
                headers[parts[0].lowercased()] = parts[1]
            }
            let answer = model.answer(
                ReceivedRequest(method: start[0], target: start[1], headers: headers, body: head[1])
            )
            #expect(!answer.contains(" 404 "), "\(style) \(text) \(answer)")
            if ids[session] == nil { ids[session] = WorkflowModel.id(in: answer, style) }
            // Requests of one connection do not overlap, whichever sessions they are of.
            let offset = Int64(session % 4) * 300_000
            builder.send(&connection, fromClient: true, text, at: time + offset)
            builder.send(&connection, fromClient: false, answer, at: time + offset + 200_000)
            lanes[lane] = connection
        }
        let capture = scratch.path("\(style.rawValue).pcap")
        let trace = scratch.path("\(style.rawValue).trace.gz")
        try builder.file().write(to: URL(fileURLWithPath: capture))
        let run = try Program.run(["record", "-r", capture, "-w", trace, "--json"] + options)
        #expect(run.status == 0, "\(run.errors)")
        #expect(try run.json()["responses"] as? Int == sessions * (WorkflowModel.pollsUntilDone + 2))
        return trace
    }

    private func replay(
        _ trace: String,
        _ style: WorkflowModel.Style,
        _ options: [String]
    ) throws -> (run: Run, received: [ReceivedRequest]) {
        let model = WorkflowModel(style, seed: 4_242)
        let server = try AnsweringServer { model.answer($0) }
        defer { server.stop() }
        let run = try Program.run(
            ["replay", trace, "--target", "http://127.0.0.1:\(server.port)", "--json"] + options
        )
        return (run, server.received)
    }

    @Test(arguments: WorkflowModel.Style.allCases, ["1x", "10x"])
    func sessionsReplayAgainstOtherNumbers(style: WorkflowModel.Style, speed: String) throws {
        let trace = try record(style, sessions: style == .nestedUUID ? 500 : 60)
        let sessions = style == .nestedUUID ? 500 : 60
        let (run, received) = try replay(trace, style, ["--correlate", "auto", "--speed", speed])
        #expect(run.status == 0, "\(run.errors)")
        let report = try run.json()
        let learned = try Program.run(["learn", trace])
        #expect(
            Set((report["statuses"] as? [String: Int] ?? [:]).keys).isSubset(of: ["200", "201", "202"]),
            "\(report["statuses"] ?? 0) \(learned.text)"
        )
        let counts = try #require(report["requests"] as? [String: Int])
        #expect(counts["responded"] == sessions * (WorkflowModel.pollsUntilDone + 2))
        #expect(received.count == counts["responded"])
        let correlation = try #require(report["correlation"] as? [String: Any])
        #expect(correlation["uses"] as? Int == sessions * (WorkflowModel.pollsUntilDone + 1))
        #expect(correlation["misses"] as? Int == 0)
    }

    @Test(arguments: [WorkflowModel.Style.nestedUUID, .cookie, .bodyToBody, .location])
    func bothTransportsCarryThem(style: WorkflowModel.Style) throws {
        let trace = try record(style, sessions: 12)
        let (run, _) = try replay(
            trace,
            style,
            ["--correlate", "auto", "--speed", "10x", "--transport", "curl"]
        )
        let statuses = try #require(try run.json()["statuses"] as? [String: Int])
        #expect(statuses["404"] == nil, "\(statuses) \(run.errors)")
        #expect(statuses.values.reduce(0, +) == 60)
    }

    /// As fast as the lanes allow, and twice over: each pass makes runs of its own.
    @Test func lanesAndPassesKeepTheirNumbersApart() throws {
        let trace = try record(.countedNumber, sessions: 40)
        let (run, received) = try replay(
            trace,
            .countedNumber,
            ["--correlate", "auto", "--max", "--loop", "2"]
        )
        #expect(try run.json()["statuses"] as? [String: Int] == ["200": 320, "201": 80], "\(run.errors)")
        let polled = received.filter { $0.method == "GET" && !$0.path.hasSuffix("/logs") }.map(\.path)
        #expect(Set(polled).count == 80)
        #expect(
            Dictionary(grouping: polled) { $0 }.values.allSatisfy { $0.count == WorkflowModel.pollsUntilDone }
        )
    }

    /// Copies are sent interleaved, and each goes on with the numbers that its own creation was given.
    @Test(arguments: [WorkflowModel.Style.nestedUUID, .countedNumber, .cookie])
    func copiesGoOnWithRunsOfTheirOwn(style: WorkflowModel.Style) throws {
        let trace = try record(style, sessions: 40)
        let (run, received) = try replay(trace, style, ["--correlate", "auto", "--copies", "3"])
        let report = try run.json()
        let statuses = try #require(report["statuses"] as? [String: Int])
        #expect(Set(statuses.keys).isSubset(of: ["200", "201", "202"]), "\(statuses) \(run.errors)")
        #expect(statuses.values.reduce(0, +) == 3 * 40 * (WorkflowModel.pollsUntilDone + 2))
        let correlation = try #require(report["correlation"] as? [String: Any])
        #expect(correlation["misses"] as? Int == 0)
        let created = received.count { $0.method == "POST" && $0.path.hasSuffix("/runs") }
        #expect(created == 120)
    }

    @Test func identitiesMapsAndDatesStandInTheirPlaces() throws {
        let trace = try record(.bearer, sessions: 4, ["--no-anonymize"])
        try "stage-one\nstage-two\n".write(
            toFile: scratch.path("tokens.txt"),
            atomically: true,
            encoding: .utf8
        )
        try """
        correlate:
          identities:
            - put: header:authorization credentials
              file: tokens.txt
          maps:
            - to: POST /api/v1/runs
              put: json:$.name
              values: {nightly: hourly}
            - put: header:host
              values: {hooks: staging.example}
        """.write(toFile: scratch.path("plan.yaml"), atomically: true, encoding: .utf8)
        let (run, received) = try replay(
            trace,
            .bearer,
            ["--correlate", scratch.path("plan.yaml"), "--speed", "10x", "--quiet"]
        )
        #expect(!run.text.contains("stage-one") && !run.errors.contains("stage-one"))
        let report = try run.json()
        let correlation = try #require(report["correlation"] as? [String: Any])
        #expect(correlation["identities_shared"] as? Int == 2)
        #expect(correlation["replaced"] as? Int == 16 + 4 + 20)
        let tokens = received.compactMap { $0.headers["authorization"] }
        #expect(Set(tokens) == ["Bearer stage-one", "Bearer stage-two"])
        #expect(received.allSatisfy { $0.headers["host"] == "staging.example" })
        #expect(received.filter { $0.method == "POST" }.allSatisfy { $0.body.contains(#""name":"hourly""#) })
    }

    /// The counter of what the tests above would show if nothing were replaced.
    @Test func withoutCorrelationNoRunIsFound() throws {
        let trace = try record(.nestedUUID, sessions: 8)
        let (run, _) = try replay(trace, .nestedUUID, ["--speed", "10x"])
        #expect(try run.json()["statuses"] as? [String: Int] == ["201": 8, "404": 32])
        #expect(try run.json()["correlation"] is NSNull)
    }

    /// Only the two places where the number lives on, and none of the decoys.
    @Test(arguments: WorkflowModel.Style.allCases) func noOtherEdgeIsLearned(style: WorkflowModel.Style)
        throws
    {
        let trace = try record(style, sessions: 60)
        let learned = try Program.run(["learn", trace, "--json"])
        #expect(learned.status == 0, "\(learned.errors)")
        let edges = try #require(try learned.json()["edges"] as? [[String: Any]])
        let places = Set(edges.map { "\($0["from"] ?? "") \($0["take"] ?? "") \($0["put"] ?? "")" })
        #expect(places.count == 1, "\(places)")
        #expect(edges.allSatisfy { $0["held"] as? Int == $0["of"] as? Int }, "\(edges)")
        #expect(edges.compactMap { $0["held"] as? Int }.reduce(0, +) == 240)
        #expect(edges.allSatisfy { $0["values"] as? Int == 60 })
    }

    /// What `learn` writes is what `replay` reads, and what a person has left of it counts.
    @Test func learnedEdgesCanBeEdited() throws {
        let trace = try record(.nestedUUID, sessions: 8)
        let file = scratch.path("edges.yaml")
        let learned = try Program.run(["learn", trace, "-w", file])
        #expect(learned.status == 0, "\(learned.errors)")
        #expect(try Program.run(["learn", trace, "-w", file]).status == 2, "it does not overwrite")
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(text.contains("take: json:$.data.run.id"))
        let (whole, _) = try replay(trace, .nestedUUID, ["--correlate", file, "--speed", "10x"])
        #expect(try whole.json()["statuses"] as? [String: Int] == ["200": 32, "201": 8], "\(whole.errors)")

        let edited = text.replacingOccurrences(of: "put: path[3]", with: "put: path[9]")
        try edited.write(toFile: file, atomically: true, encoding: .utf8)
        let (none, _) = try replay(trace, .nestedUUID, ["--correlate", file, "--speed", "10x"])
        #expect(try none.json()["statuses"] as? [String: Int] == ["404": 32, "201": 8])

        try (text + "      tkae: x\n").write(toFile: file, atomically: true, encoding: .utf8)
        let (wrong, _) = try replay(trace, .nestedUUID, ["--correlate", file])
        #expect(wrong.status == 2)
        #expect(
            wrong.errors.contains("edges.yaml:") && wrong.errors.contains("did you mean 'take'"),
            "\(wrong.errors)"
        )
    }

    /// What is anonymized keeps its joins: a number, a cookie and a token are the same pseudonym wherever they stand.
    @Test(arguments: [WorkflowModel.Style.cookie, .bearer, .nestedUUID, .countedNumber, .encoded])
    func anonymizedOrNot(style: WorkflowModel.Style) throws {
        let trace = try record(style, sessions: 40, ["--no-anonymize"])
        let (run, _) = try replay(trace, style, ["--correlate", "auto", "--speed", "10x", "--quiet"])
        let statuses = try #require(try run.json()["statuses"] as? [String: Int])
        #expect(statuses["404"] == nil, "\(statuses)")
    }

    /// A check finds the runs of its own target, and so does what learns the noise; a status that only comes of other numbers
    /// is no noise then.
    @Test func checksGoOnWithTheNumbersOfTheirTarget() throws {
        let trace = try record(.nestedUUID, sessions: 8)
        func run(_ arguments: [String], seed: UInt64) throws -> Run {
            let model = WorkflowModel(.nestedUUID, seed: seed)
            let server = try AnsweringServer { model.answer($0) }
            defer { server.stop() }
            return try Program.run(
                arguments + ["--target", "http://127.0.0.1:\(server.port)", "--speed", "10x"]
            )
        }
        let noise = scratch.path("noise.yaml")
        let learning = try run(
            ["learn-noise", trace, "-w", noise, "--correlate", "auto", "--runs", "4"],
            seed: 5
        )
        #expect(learning.status == 0 || learning.status == 3, "\(learning.errors)")
        #expect(!(try String(contentsOfFile: noise, encoding: .utf8)).contains("status"))
        // The clock of this service counts its requests and begins anew with each: where two change places it goes back.
        let rules = scratch.path("rules.yaml")
        try Data("rules:\n- ignore: {json: [$.at]}\n".utf8).write(to: URL(fileURLWithPath: rules))
        let check = ["check", trace, "--noise", noise, "--rules", rules, "--no-timing", "--json"]
        let found = try run(check + ["--correlate", "auto"], seed: 6)
        #expect(found.status == 0, "\(found.text)")
        let lost = try run(check, seed: 7)
        let groups = try #require(try lost.json()["groups"] as? [[String: Any]])
        #expect(lost.status == 1 && groups.first?["field"] as? String == "status", "\(lost.text)")
        let observed = try Program.run(["check", trace, trace, "--correlate", "auto"])
        #expect(observed.status == 2 && observed.errors.contains("--correlate"), "\(observed.errors)")
    }
}
