import Foundation
import Synchronization
import Testing

/// Checks of a service whose paths name things by words: nothing in them looks like an identifier.
@Suite(.serialized) struct RouteParameterTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    /// What one part of the service does otherwise.
    enum Change: CaseIterable {
        case none, stateUnknown, workerOfOtherForm, visitsGone, noteChanged

        var named: String {
            switch self {
            case .none: ""
            case .stateUnknown: "GET /jobs/{id} $.state value"
            case .workerOfOtherForm: "GET /jobs/{id} $.worker value"
            case .visitsGone: "GET /people/{id} $.visits missing"
            case .noteChanged: "GET /orders/{id}/notes $[*].text value"
            }
        }
    }

    /// Each thing is asked for a few times only, which tells little of what varies in it.
    static let requests: [String] = (0..<240).map { number in
        let line =
            switch number % 4 {
            case 0: "GET /jobs/j\(1 + number / 12)"
            case 1: "GET /people/\(people[number / 4 % people.count])"
            case 2: "GET /orders/order-\(1_040 + number / 8)/notes"
            default: "GET /people/list"
            }
        return "\(line) HTTP/1.1\r\nHost: a\r\n\r\n"
    }

    static let people = ["ada", "bela", "carl", "dora", "emil", "fanny", "gero", "hanna", "ines", "jan"]

    static func service(seed: UInt64, _ change: Change = .none) -> @Sendable (ReceivedRequest) -> String {
        let random = Mutex(seed)
        @Sendable func draw(_ count: UInt64) -> UInt64 {
            random.withLock { state in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return (state >> 33) % count
            }
        }
        return { request in
            let body: String
            if request.path == "/people/list" {
                body = "{\"people\":\(people.count),\"next\":null,\"order\":\"name\"}"
            } else if request.path.hasPrefix("/people/") {
                let visits = change == .visitsGone ? "" : "\"visits\":\(draw(50)),"
                body = "{\"name\":\"\(request.path.dropFirst(8))\",\(visits)\"active\":true,\"level\":3}"
            } else if request.path.hasPrefix("/jobs/") {
                let state = change == .stateUnknown ? "lost" : ["queued", "running", "done"][Int(draw(3))]
                let worker = change == .workerOfOtherForm ? "none" : "w-\(100 + draw(900))"
                let result = state == "done" ? ",\"result\":{\"rows\":\(draw(9)),\"failed\":0}" : ""
                body = "{\"job\":true,\"state\":\"\(state)\",\"worker\":\"\(worker)\"\(result)}"
            } else {
                let text = change == .noteChanged ? "sent back" : "sent"
                let seen = draw(2) == 0 ? ",\"seen\":true" : ""
                body = "[{\"text\":\"\(text)\",\"by\":\"u\(draw(7))\"\(seen)}]"
            }
            return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
    }

    /// The figures of a plan are by the same routes, and a criterion about a name that it spells out is about that alone.
    @Test func routesOfAPlanAreDerivedFromItsTraces() throws {
        let trace = try scratch.record(Self.requests, connections: 3, named: "words", Self.service(seed: 1))
        let server = try AnsweringServer(Self.service(seed: 2))
        defer { server.stop() }
        let plan = scratch.path("load.yaml")
        try Data(
            """
            plan: Words
            target: http://127.0.0.1:\(server.port)
            scenarios: {all: {traces: \(trace)}}
            stages: {peak: {speed: 10x, keep_observed: false}}
            criteria:
              - requests >= 60 on GET /people/{name}
              - requests >= 1 on GET /people/dora
              - requests <= 59 on GET /people/dora
            """.utf8
        ).write(to: URL(fileURLWithPath: plan))
        let forecast = try Program.run(["plan", "check", plan, "--json"])
        #expect(forecast.status == 0, "\(forecast.errors)")
        let run = try Program.run(["plan", "run", plan, "--out", scratch.path("run"), "--json"])
        #expect(run.status == 0, "\(run.text) \(run.errors)")
        let stages = try run.json()["stages"] as? [[String: Any]]
        let routes = stages?.first?["routes"] as? [[String: Any]] ?? []
        #expect(
            Set(routes.compactMap { $0["route"] as? String })
                == [
                    "GET /jobs/{id}", "GET /people/{id}", "GET /people/list", "GET /people/dora",
                    "GET /orders/{id}/notes",
                ]
        )
        let gone = try Program.run(["plan", "check", plan, "--set", "scenarios.all.traces=[gone.trace.gz]"])
        #expect(gone.status == 2 && gone.errors.contains("gone.trace.gz"), "\(gone.errors)")
        try FileManager.default.removeItem(atPath: trace)
        let missing = try Program.run(["plan", "check", plan])
        #expect(
            missing.status == 2 && missing.errors.contains("load.yaml:3:27: cannot open \(trace)"),
            "\(missing.errors)"
        )
    }

    @Test func routesAreDerivedFromTheTrace() throws {
        let trace = try scratch.record(Self.requests, connections: 3, named: "words", Self.service(seed: 1))
        let server = try AnsweringServer(Self.service(seed: 2))
        defer { server.stop() }
        let target = "http://127.0.0.1:\(server.port)"
        let learning = try Program.run([
            "learn-noise", trace, "--target", target, "--runs", "3", "--speed", "10x", "--quiet",
        ])
        #expect(learning.status == 0 || learning.status == 3, "\(learning.errors)")
        let noise = try String(contentsOfFile: scratch.path("words.noise.yaml"), encoding: .utf8)
        #expect(noise.contains("  - behind: \"/jobs/\"\n    forms: [\"j#\"]\n"))
        #expect(noise.contains("  - behind: \"/people/\"\n    except: [\"list\"]\n"))
        #expect(noise.contains("route: \"GET /orders/{id}/notes\""))
        for _ in 0..<10 {
            let check = try Program.run(["check", trace, "--target", target, "--speed", "10x", "--json"])
            #expect(check.status == 0, "\(String(decoding: check.output, as: UTF8.self))")
        }
        // What a replay says of routes calls them the same.
        let replay = try Program.run(["replay", trace, "--target", target, "--dry-run", "--json"])
        let routes = try replay.json()["routes"] as? [[String: Any]] ?? []
        #expect(
            Set(routes.compactMap { $0["route"] as? String })
                == ["/jobs/{id}", "/people/{id}", "/people/list", "/orders/{id}/notes"]
        )
        // A budget that names one of them is one of that alone.
        let rules = scratch.path("budgets.yaml")
        try Data("budgets:\n- p99 < 60s on GET /jobs/j3\n- p99 < 60s on GET /jobs/{job}\n".utf8)
            .write(to: URL(fileURLWithPath: rules))
        let budgeted = try Program.run([
            "check", trace, "--target", target, "--speed", "10x", "--rules", rules, "--json",
        ])
        #expect(budgeted.status == 0, "\(budgeted.text)")
        for change in Change.allCases where change != .none {
            let other = try AnsweringServer(Self.service(seed: 3, change))
            defer { other.stop() }
            let check = try Program.run([
                "check", trace, "--target", "http://127.0.0.1:\(other.port)", "--speed", "10x", "--json",
            ])
            #expect(check.status == 1, "\(change)")
            let groups = try #require(try check.json()["groups"] as? [[String: Any]])
            let first = try #require(groups.first, "\(change)")
            let named = "\(first["route"] ?? "") \(first["field"] ?? "") \(first["kind"] ?? "")"
            #expect(named == change.named)
        }
    }
}
