import Foundation
import Testing

/// The files of `Captures/` hold what its README says of them.
@Suite struct CapturesTests {
    /// Beside the sources, wherever they were cloned to.
    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Captures")

    static func path(_ name: String) -> String { folder.appending(path: name).path }

    @Test func theReadmeListsEachFileOnce() throws {
        let readme = try String(contentsOfFile: Self.path("README.md"), encoding: .utf8)
        let rows = readme.split(separator: "\n").filter { $0.hasPrefix("| `") }
            .map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
        for row in rows { #expect(row.count == 3 && !row.contains(""), "a file, what it shows, how: \(row)") }
        let listed = rows.map { $0[0].trimmingCharacters(in: ["`"]) }
        let there = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
            .filter { !["README.md", "make"].contains($0) }
        #expect(listed.sorted() == there.sorted())
        for name in there {
            let size = try FileManager.default.attributesOfItem(atPath: Self.path(name))[.size] as? Int
            #expect(try #require(size) < 1 << 20, "\(name) is small")
        }
    }

    struct Capture: CustomTestStringConvertible {
        var name: String
        var exchanges: Int
        var connections = 1
        /// What is flagged anywhere in it.
        var flags: Set<String> = []
        var isLossless = true

        var testDescription: String { name }
    }

    @Test(arguments: [
        Capture(name: "demo.pcap", exchanges: 691, connections: 17, flags: ["chunked"]),
        Capture(name: "event-stream.pcap", exchanges: 2, flags: ["chunked"]),
        Capture(name: "pipelined.pcap", exchanges: 3, flags: ["pipelined"]),
        Capture(name: "gap.pcap", exchanges: 1, flags: ["gap"], isLossless: false),
        Capture(name: "cooked-v1.pcap", exchanges: 1),
        Capture(name: "cooked-v2.pcap", exchanges: 1),
        Capture(name: "ipv6.pcap", exchanges: 1),
    ]) func aCaptureHoldsItsExchanges(capture: Capture) throws {
        let scratch = try Scratch()
        let trace = scratch.path("x.trace.gz")
        let run = try Program.run(["record", "-r", Self.path(capture.name), "-w", trace, "--json"])
        #expect(run.status == 0, "\(run.errors)")
        let recorded = try run.json()
        #expect(recorded["requests"] as? Int == capture.exchanges)
        #expect(recorded["responses"] as? Int == capture.exchanges)
        #expect(recorded["connections"] as? Int == capture.connections)

        let messages = try Program.run(["cat", trace, "--json"]).jsonLines().filter(\.isMessage)
        #expect(messages.count == 2 * capture.exchanges)
        #expect(Set(messages.flatMap { $0["flags"] as? [String] ?? ["?"] }) == capture.flags)

        let inspected = try Program.run(["inspect", trace, "--json"])
        #expect(inspected.status == 0)
        #expect(try inspected.json()["finished"] as? Bool == true)
        #expect(try inspected.json()["lossless"] as? Bool == capture.isLossless)
    }

    /// The messages of a capture, as they were.
    private func messages(of name: String) throws -> [[String: Any]] {
        let scratch = try Scratch()
        let trace = scratch.path("x.trace.gz")
        let run = try Program.run(["record", "-r", Self.path(name), "-w", trace, "--no-anonymize"])
        #expect(run.status == 0, "\(run.errors)")
        return try Program.run(["cat", trace, "--json"]).jsonLines().filter(\.isMessage)
    }

    @Test func theGapIsBetweenWhatIsThere() throws {
        let request = try #require(try messages(of: "gap.pcap").first)
        #expect(request["body"] as? String == "here it ishere again")
        #expect(request["body_length"] as? Int == 30)
        #expect(request["flags"] as? [String] == ["gap"])
    }

    @Test func thePipelineIsAnsweredInOrder() throws {
        let messages = try messages(of: "pipelined.pcap")
        let requests = messages.filter { $0["type"] as? String == "request" }
        let responses = messages.filter { $0["type"] as? String == "response" }
        #expect(requests.map { $0["target"] as? String } == ["/health", "/nowhere", "/health"])
        #expect(responses.map { $0["status"] as? Int } == [200, 404, 200])
        #expect(Set(requests.compactMap { $0["start_ns"] as? Int }).count == 1, "they came in one segment")
        #expect(requests.map { $0["exchange"] as? Int } == responses.map { $0["exchange"] as? Int })
    }

    @Test func theEventsAreThoseOfTheRun() throws {
        let messages = try messages(of: "event-stream.pcap")
        let stream = try #require(messages.last)
        let body = try #require(stream["body"] as? String)
        #expect(body.hasPrefix("event: log\nid: 1\ndata: {"))
        let delivery = try #require(messages.first { $0["status"] as? Int == 202 })
        let answer = try #require(delivery["body"] as? String)
        let run = try #require(
            try JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [String: String]
        )
        let id = try #require(run["run_id"])
        let rows = body.split(separator: "\n").filter { $0.contains(#""record":"#) }
        #expect(rows.count > 1)
        #expect(rows.allSatisfy { $0.contains(id) })
    }

    @Test func theOtherNetworkIsNamed() throws {
        for message in try messages(of: "ipv6.pcap") {
            #expect((message["client"] as? String)?.hasPrefix("[::1]:") == true)
            #expect((message["server"] as? String)?.hasPrefix("[::1]:") == true)
        }
    }
}

/// The traces of `Captures/` hold what its README says of them.
@Suite struct CapturedTracesTests {
    @Test(arguments: ["signed-webhooks.trace.gz", "observed.trace.gz", "regressed.trace.gz"])
    func aTraceIsWhole(name: String) throws {
        let run = try Program.run(["inspect", CapturesTests.path(name), "--json"])
        #expect(run.status == 0, "\(run.errors)")
        let summary = try run.json()
        #expect(summary["requests"] as? Int == 74)
        #expect(summary["responses"] as? Int == 74)
        #expect(summary["finished"] as? Bool == true)
        #expect(summary["lossless"] as? Bool == true)
    }

    @Test func signaturesAreKnownAndNothingPersonalIsLeft() throws {
        let trace = CapturesTests.path("signed-webhooks.trace.gz")
        let messages = try Program.run(["cat", trace, "--json"]).jsonLines()
        let signatures = messages.compactMap { $0["signature"] as? [String: String] }
        #expect(Set(signatures.compactMap { $0["scheme"] }) == ["github", "mesh"])
        let states = Set(signatures.compactMap { $0["state"] })
        #expect(states.isSuperset(of: ["valid", "invalid"]))
        #expect(states.isDisjoint(with: ["unverified"]), "the recorder knew the secrets")
        #expect(signatures.count < 74, "some are not signed")
        let audit = try Program.run(["audit", trace])
        #expect(audit.status == 0, "\(audit.text)")
    }

    @Test func aRightServerPassesTheCheckAndAWrongOneFailsIt() throws {
        let trace = CapturesTests.path("signed-webhooks.trace.gz")
        let right = try Program.run(["check", trace, CapturesTests.path("observed.trace.gz"), "--json"])
        #expect(right.status == 0, "\(right.text)")
        #expect(try right.json()["verdict"] as? String == "pass")
        #expect(try right.json()["compared"] as? Int == 74)

        let wrong = try Program.run(["check", trace, CapturesTests.path("regressed.trace.gz"), "--json"])
        #expect(wrong.status == 1)
        #expect(try wrong.json()["verdict"] as? String == "fail")
        let regressions = try #require(try wrong.json()["regressions"] as? [[String: Any]])
        let deliveries = regressions.filter {
            $0["field"] as? String == "status" && ($0["route"] as? String)?.hasPrefix("POST ") == true
        }
        #expect(deliveries.count > 50)
        #expect(deliveries.allSatisfy { $0["expected"] as? Int == 202 && $0["observed"] as? Int == 401 })
    }

    @Test func whatAKilledRecorderLeftIsReadAndRepaired() throws {
        let scratch = try Scratch()
        let left = scratch.path("killed.trace.gz.partial")
        try FileManager.default.copyItem(atPath: CapturesTests.path("unfinished.trace.gz"), toPath: left)
        let before = try Program.run(["inspect", left, "--json"])
        #expect(before.status == 3)
        #expect(try before.json()["finished"] as? Bool == false)
        #expect(try before.json()["requests"] as? Int == 2)
        let repair = try Program.run(["repair", left])
        #expect(repair.status == 0, "\(repair.errors)")
        let after = try Program.run(["inspect", scratch.path("killed.trace.gz"), "--json"])
        #expect(after.status == 0, "\(after.errors)")
        #expect(try after.json()["finished"] as? Bool == true)
        #expect(try after.json()["requests"] as? Int == 2)
        #expect(try after.json()["responses"] as? Int == 2)
    }
}

extension [String: Any] {
    /// Whether the object is a request or a response, not an event within one.
    fileprivate var isMessage: Bool { self["type"] as? String != "event" }
}
