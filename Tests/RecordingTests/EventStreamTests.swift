import Anonymization
import Messages
import Packets
import Recording
import Streams
import Testing
import Traces

/// Server-sent events go out as they come, whole, and never unread.
@Suite struct EventStreamTests {
    static let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
    static let rules = RuleSet(name: "test", detectors: .email)

    private static func start(_ script: inout PacketScript) {
        script.open(40_000)
        script.client("GET /logs HTTP/1.1\r\n\r\n")
        script.server(head)
    }

    private static func events(_ script: borrowing PacketScript) -> [String] {
        script.trace.records.compactMap { record in
            if case .event(let event) = record { String(decoding: event.bytes, as: UTF8.self) } else { nil }
        }
    }

    @Test func writesEventsBeforeTheStreamEnds() {
        var script = PacketScript()
        Self.start(&script)
        script.server("data: 1\n\ndata: 2\n\nda")
        #expect(Self.events(script) == ["data: 1\n\n", "data: 2\n\n"])
        script.server("ta: 3\n\n")
        #expect(
            script.trace.records.map(\.brief).suffix(4) == [
                "head response 0", "event 0 data: 1\n\n", "event 0 data: 2\n\n", "event 0 data: 3\n\n",
            ]
        )
        script.close()
        #expect(script.trace.messages(.response).map(\.end.wireLength) == [27])
        #expect(script.ledger.check() == [])
    }

    /// What a line ends with, and where the events in it end.
    static let lineEnds: [(String, [String])] = [
        ("data: 1\n\ndata: 2\n\n", ["data: 1\n\n", "data: 2\n\n"]),
        ("data: 1\r\n\r\ndata: 2\r\n\r\n", ["data: 1\r\n\r\n", "data: 2\r\n\r\n"]),
        // A CR at the end of what is there may be half a line end.
        ("data: 1\r\rdata: 2\r\rx", ["data: 1\r\r", "data: 2\r\r", "x"]),
        ("data: 1\r\n\ndata: 2\n\r\n", ["data: 1\r\n\n", "data: 2\n\r\n"]),
    ]

    @Test(arguments: lineEnds)
    func cutsOnlyBetweenEvents(_ text: String, _ events: [String]) {
        var whole = PacketScript()
        Self.start(&whole)
        whole.server(text)
        whole.close()
        #expect(Self.events(whole).joined() == text)
        var script = PacketScript()
        Self.start(&script)
        for byte in text.utf8 { script.packet(.server, 40_000, [byte]) }
        script.close()
        #expect(Self.events(script) == events)
    }

    @Test func givesEachEventItsOwnTimes() {
        var script = PacketScript()
        Self.start(&script)
        script.server("data: 1\n\nda")
        script.server("ta: 2\n")
        script.server("\ndata: 3\n\n")
        script.server("data: cut")
        script.close()
        let events = script.trace.records.compactMap { record in
            if case .event(let event) = record { event } else { nil }
        }
        let first = events[0].time
        #expect(events.map { $0.start.nanoseconds(since: first) / 1_000_000 } == [0, 0, 2, 3])
        #expect(events.map { $0.time.nanoseconds(since: first) / 1_000_000 } == [0, 2, 2, 3])
        #expect(events.map(\.flags) == [[], [], [], .incomplete])
        #expect(events.allSatisfy { $0.eventKind == .serverSentEvent && $0.kind == .response })
        #expect(script.ledger.events.serverSent == 4)
        #expect(script.ledger.events.incomplete == 1)
        #expect(script.trace.messages(.response).first?.body.count == 36)
        #expect(script.ledger.check() == [])
    }

    @Test func anonymizesEventsHoweverTheyAreCut() {
        let text = "data: {\"mail\":\"ann.example@mail.test\"}\n\n"
        var script = PacketScript(rules: Self.rules)
        Self.start(&script)
        for byte in text.utf8 { script.packet(.server, 40_000, [byte]) }
        script.close()
        let stored = Self.events(script).joined()
        #expect(stored.hasPrefix("data: {\"mail\":\""))
        #expect(!stored.contains("ann.example"))
        #expect(script.pipeline.audit?.counts.first?.count == 1)
    }

    @Test func masksPartsOfEvents() {
        var options = RecordingOptions()
        options.limits.eventBytes = 20
        var script = PacketScript(options: options, rules: Self.rules)
        Self.start(&script)
        script.server("data: ann.example@mail")
        script.server(".test and more\n\ndata: kept\n\n")
        script.server("data: next\n\n")
        script.server("data: cut@mail.test")
        script.close()
        let stored = Self.events(script).joined()
        #expect(!stored.contains("mail"))
        #expect(!stored.contains("test"))
        #expect(stored.contains("data: next\n\n"))
        #expect(script.trace.messages(.response).first?.body.count == stored.utf8.count)
        #expect(script.ledger.check() == [])
    }

    @Test func rewritesTheClientAndNothingOfTheServer() {
        var script = PacketScript(rules: Self.rules)
        Self.start(&script)
        let connection = script.trace.connections[0]
        #expect(connection?.client.address.description.hasPrefix("10.") == true)
        #expect(connection?.client.port == 40_000)
        #expect(connection?.server.description == "10.0.0.2:80")
    }
}
