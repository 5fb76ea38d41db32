import Anonymization
import Messages
import Testing

/// Rules that ask for a request apply to everything that follows from it.
@Suite struct RouteRuleTests {
    private static func rules() throws -> RuleSet {
        RuleSet(
            name: "mine",
            fields: [
                FieldRule(
                    names: ["n"],
                    treatment: Treatment(.mask, as: .text),
                    tests: [.routes([try RoutePattern("POST /a/{id}")])]
                )
            ]
        )
    }

    private static func message(_ line: String, _ body: String = #"{"n":"v"}"#) -> String {
        "\(line)\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    @Test func pipelinedResponsesGoByTheirOwnRequests() throws {
        var script = PacketScript(rules: try Self.rules())
        script.open(40_000)
        for target in ["/a/1", "/b", "/a/2"] { script.client(Self.message("POST \(target) HTTP/1.1")) }
        for _ in 0..<3 { script.server(Self.message("HTTP/1.1 200 OK")) }
        script.close()
        script.finish()
        let bodies = script.trace.records.map(\.brief).filter { $0.contains(#"{"n":"#) }.map {
            $0.contains(#""x""#)
        }
        #expect(bodies == [true, false, true, true, false, true])
    }

    @Test func eventsGoByTheRequestOfTheirStream() throws {
        for (target, isMasked) in [("/a/1", true), ("/b", false)] {
            var script = PacketScript(rules: try Self.rules())
            script.open(40_000)
            script.client(Self.message("POST \(target) HTTP/1.1"))
            script.server("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
            script.server("data: {\"n\":\"v\"}\n\n")
            script.close()
            script.finish()
            let events = script.trace.records.map(\.brief).filter { $0.hasPrefix("event") }
            #expect(events.count == 1 && events.allSatisfy { $0.contains(#"{"n":"x"}"#) == isMasked })
        }
    }
}
