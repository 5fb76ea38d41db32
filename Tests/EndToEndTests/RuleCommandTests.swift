import Foundation
import Testing

/// `anonymizers`, `audit` and what `record` says of rules, as a user sees them.
@Suite struct RuleCommandTests {
    /// One delivery with personal data, a secret that no list knows, and a planted value in many wrappings.
    private static func capture(canaries: [String] = []) -> Data {
        var builder = CaptureBuilder()
        let start: Int64 = 1_700_000_000_000_000_000
        var connection = builder.open(port: 41_000, at: start)
        var bodies = [
            (
                "application/json",
                #"{"email":"ada@navy.mil","setting":"kP7mQ2xV9tR4wZ8nB3yL","password":"hunter2!","n":1}"#
            )
        ]
        for (index, canary) in canaries.enumerated() { bodies.append(wrapped(canary, index)) }
        for (index, (type, body)) in bodies.enumerated() {
            let target = index % 25 == 24 ? "/x/\(canaries[index - 1])?a=1" : "/hooks/a"
            let field = index % 25 == 23 ? "X-Note: \(canaries[index - 1])\r\n" : ""
            builder.send(
                &connection,
                fromClient: true,
                "POST \(target) HTTP/1.1\r\nHost: hooks\r\nContent-Type: \(type)\r\n\(field)"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)",
                at: start + Int64(index + 1) * 1_000_000
            )
            builder.send(
                &connection,
                fromClient: false,
                "HTTP/1.1 204 No Content\r\n\r\n",
                at: start + Int64(index + 1) * 1_000_000 + 500_000
            )
        }
        builder.close(&connection, at: start + 900_000_000)
        return builder.file()
    }

    private static func wrapped(_ canary: String, _ index: Int) -> (type: String, body: String) {
        let base64 = Data(canary.utf8).base64EncodedString()
        let escaped = canary.utf8.map { String(format: "\\u%04x", $0) }.joined()
        let percent = canary.utf8.map { String(format: "%%%02x", $0) }.joined()
        switch index % 10 {
        case 0: return ("application/json", #"{"a":["\#(canary)"]}"#)
        case 1: return ("application/json", #"{"a":"\#(escaped)"}"#)
        case 2: return ("application/x-www-form-urlencoded", "a=\(percent)&b=2")
        case 3: return ("application/xml", "<a b='1'>" + canary.utf8.map { "&#\($0);" }.joined() + "</a>")
        case 4: return ("application/json", #"{"a":"{\"b\":\"\#(base64)\"}"}"#)
        case 5: return ("text/plain", "see \(canary.uppercased()).")
        case 6:
            return (
                "application/json",
                #"{"a":"eyJhbGciOiJub25lIn0.\#(Data(#"{"sub":"\#(canary)"}"#.utf8).base64EncodedString()).x"}"#
            )
        case 7:
            return (
                "multipart/form-data; boundary=b",
                "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.bin\"\r\n\r\n\(base64)\r\n--b--\r\n"
            )
        case 8: return ("application/octet-stream", "\u{1}\u{2}\(canary)\u{3}")
        default: return ("application/json", "{}")
        }
    }

    @Test func everyPlantedValueIsFoundAndNoneIsTold() throws {
        let scratch = try Scratch()
        let canaries = (0..<100).map { "planted-\($0)-\(String($0 * 7_919 + 1_000_003, radix: 36))q" }
        // Every tenth stands in the head.
        let kept = canaries.enumerated().filter { $0.offset % 10 != 9 || [22, 23].contains($0.offset % 25) }
        try Self.capture(canaries: canaries).write(to: scratch.url.appending(path: "in.pcap"))
        try Data(("\n" + kept.map(\.element).joined(separator: "\n\n") + "\n").utf8)
            .write(to: scratch.url.appending(path: "canaries.txt"))
        let list = scratch.path("canaries.txt")
        let open = scratch.path("open.trace.gz")
        #expect(
            try Program.run(["record", "-r", scratch.path("in.pcap"), "-w", open, "--no-anonymize"]).status
                == 0
        )
        let sarif = scratch.path("out.sarif")
        let found = try Program.run(["audit", open, "--canary", list, "--json", "--sarif", sarif])
        #expect(found.status == 1)
        let lines = try found.jsonLines()
        let numbers = Set(lines.compactMap { $0["canary"] as? Int })
        #expect(
            numbers == Set(1...kept.count),
            "missing: \(Set(1...kept.count).subtracting(numbers).sorted())"
        )
        for line in lines where line["kind"] as? String == "canary" {
            #expect(line["exchange"] != nil && line["place"] != nil)
        }
        let log = try Data(contentsOf: URL(fileURLWithPath: sarif))
        for (_, canary) in kept {
            #expect(
                !found.text.contains(canary) && log.range(of: Data(canary.utf8)) == nil,
                "values are never told"
            )
        }
        let runs = try #require(
            (try JSONSerialization.jsonObject(with: log) as? [String: Any])?["runs"] as? [[String: Any]]
        )
        #expect((runs.first?["results"] as? [Any])?.count == lines.count - 1)

        let closed = scratch.path("closed.trace.gz")
        let strict = [
            "record", "-r", scratch.path("in.pcap"), "-w", closed, "--anonymizer", "strict", "--filter",
            "path=/hooks/*",
        ]
        #expect(try Program.run(strict).status == 0)
        let clean = try Program.run(["audit", closed, "--canary", list, "--json"])
        #expect(clean.status == 0, "\(clean.text)")
    }

    @Test func auditTellsUnknownSecretsAndRefusesShortCanaries() throws {
        let scratch = try Scratch()
        try Self.capture().write(to: scratch.url.appending(path: "in.pcap"))
        let trace = scratch.path("a.trace.gz")
        let recorded = try Program.run([
            "record", "-r", scratch.path("in.pcap"), "-w", trace, "--audit", "--json",
        ])
        // The block is audited as it stands in the trace: what no rule knows is left in it.
        let report = try recorded.json()
        #expect(recorded.status == 1 && report["audit_findings"] as? Int == 1)
        #expect(
            recorded.errors.contains("unknown-secret") && !recorded.errors.contains("kP7mQ2xV9tR4wZ8nB3yL")
        )
        let audited = try Program.run(["audit", trace])
        #expect(audited.status == 1 && audited.text.contains("body setting"))
        #expect(try Program.run(["audit", trace, "--no-entropy"]).status == 0)
        try Data("good-value\nabc\n".utf8).write(to: scratch.url.appending(path: "short.txt"))
        let refused = try Program.run(["audit", trace, "--canary", scratch.path("short.txt")])
        #expect(refused.status == 2 && refused.errors.contains("short.txt:2: a value has 4 bytes or more"))
    }

    @Test func aDryRunWritesNothingAndTellsNoValue() throws {
        let scratch = try Scratch()
        try Self.capture().write(to: scratch.url.appending(path: "in.pcap"))
        let before = try FileManager.default.contentsOfDirectory(atPath: scratch.url.path)
        let run = try Program.run(["record", "-r", scratch.path("in.pcap"), "--dry-run-anonymizer", "--json"])
        #expect(run.status == 0, "\(run.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path) == before)
        let changes = try #require(try run.json()["changes"] as? [[String: Any]])
        let told = changes.map {
            "\($0["rule"] ?? "") \($0["action"] ?? "") \($0["kind"] ?? "") \($0["place"] ?? "")"
        }
        #expect(
            told == [
                "contact-data/*email pseudonymize email body email",
                "credentials/*password pseudonymize credential body password",
            ]
        )
        for value in ["ada", "hunter2"] { #expect(!run.text.contains(value)) }
        let mixed = try Program.run([
            "record", "-r", scratch.path("in.pcap"), "-w", "x", "--dry-run-anonymizer",
        ])
        #expect(mixed.status == 2)
        let missing = try Program.run(["record", "-r", scratch.path("in.pcap")])
        #expect(missing.status == 2 && missing.errors.contains("Missing expected argument '-w <trace>'"))
    }

    @Test func countsByRuleAreInTheTrace() throws {
        let scratch = try Scratch()
        try Self.capture().write(to: scratch.url.appending(path: "in.pcap"))
        let trace = scratch.path("a.trace.gz")
        #expect(try Program.run(["record", "-r", scratch.path("in.pcap"), "-w", trace]).status == 0)
        let inspected = try Program.run(["inspect", trace, "--json"]).json()
        #expect(
            inspected["anonymized_by_rule"] as? [String: Int]
                == ["contact-data/*email as email": 1, "credentials/*password as credential": 1]
        )
    }

    @Test func rulesAreListedCheckedAndTried() throws {
        let scratch = try Scratch()
        let list = try Program.run(["anonymizers", "list", "--json"]).jsonLines()
        #expect(list.contains { $0["name"] as? String == "stripe" && $0["conditional"] as? Bool == true })
        #expect(
            list.filter { $0["default"] as? Bool == false }.compactMap { $0["name"] as? String } == ["strict"]
        )
        let names = list.compactMap { $0["name"] as? String }
        let checked = try Program.run(["anonymizers", "check"] + names)
        #expect(checked.status == 0, "\(checked.errors)")
        let shown = try Program.run(["anonymizers", "show", "strict"])
        #expect(shown.text.hasPrefix("name: strict\n"))
        let unknown = try Program.run(["anonymizers", "show", "strickt"])
        #expect(unknown.status == 2 && unknown.errors.contains("did you mean 'strict'?"))

        let mine = scratch.path("mine.yaml")
        try Data("name: mine\nfields:\n  - {names: [badge], acton: drop}\n".utf8).write(
            to: URL(fileURLWithPath: mine)
        )
        let mistaken = try Program.run(["anonymizers", "check", mine])
        #expect(mistaken.status == 2)
        #expect(mistaken.errors.contains("mine.yaml:3:22: unknown key 'acton', did you mean 'action'?"))
        try Data(
            "name: mine\nfields:\n  - {names: [badge], action: drop}\nexamples:\n  - {title: t, type: json, input: '{\"b\":1}', gone: ['1']}\n"
                .utf8
        ).write(to: URL(fileURLWithPath: mine))
        let broken = try Program.run(["anonymizers", "check", mine])
        #expect(broken.status == 1 && broken.errors.contains("'t': is left of '1'"))
        let tried = try Program.run(
            ["anonymizers", "try", mine, "--type", "application/json", "--header", "X-Api-Key: k-123456"],
            input: Data(#"{"badge":7,"email":"ada@navy.mil","n":1}"#.utf8)
        )
        #expect(tried.status == 0 && !tried.text.contains("badge") && tried.text.hasSuffix(#","n":1}"#))
        #expect(tried.errors.contains("mine/badge") && tried.errors.contains("credentials/header *Key"))
        for value in ["ada@navy.mil", "k-123456"] {
            #expect(!tried.text.contains(value) && !tried.errors.contains(value))
        }
    }
}
