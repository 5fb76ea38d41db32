import Foundation
import Testing

/// `tapedeck why` and the tables of `inspect`, over a capture with a gap in it.
@Suite struct WhyTests {
    @Test func tellsWhatBecameOfARequestWithAGap() throws {
        let scratch = try Scratch()
        let trace = scratch.path("gap.trace.gz")
        #expect(try Program.run(["record", "-r", CapturesTests.path("gap.pcap"), "-w", trace]).status == 0)

        let exchange = try Program.run(["why", trace, "--exchange", "0"])
        #expect(exchange.status == 0, "\(exchange.errors)")
        #expect(exchange.text.contains("bytes of it were never captured"))
        #expect(exchange.text.contains("The capture file does not hold the missing bytes."))
        #expect(exchange.text.split(separator: "\n").allSatisfy { $0.count <= 80 })

        let connection = try Program.run(["why", trace, "--connection", "0", "--json"]).json()
        #expect(connection["schema"] as? String == "tapedeck.why/1")
        let events = try #require(connection["events"] as? [[String: Any]])
        #expect(
            events.compactMap { $0["event"] as? String } == [
                "opened", "request", "response", "gap", "closed",
            ]
        )
        #expect(events[3]["bytes"] as? Int == 10)

        let moment = try Program.run(["why", trace, "--at", "0s"])
        #expect(moment.text.contains("10 bytes never captured"))
    }

    @Test(
        arguments: [
            (["--exchange", "99"], "tapedeck: no exchange 99: "),
            (["--connection", "7"], "tapedeck: no connection 7: "),
            (["--at", "noon"], "tapedeck: --at: 'noon' is not a moment of the trace"),
            ([], "Error: give one of --exchange, --connection and --at"),
            (["--exchange", "0", "--window", "1s"], "Error: --window goes with --at"),
        ] as [([String], String)]
    ) func saysWhatCannotBeAnswered(arguments: [String], error: String) throws {
        let scratch = try Scratch()
        let trace = scratch.path("gap.trace.gz")
        #expect(try Program.run(["record", "-r", CapturesTests.path("gap.pcap"), "-w", trace]).status == 0)
        let run = try Program.run(["why", trace] + arguments)
        #expect(run.status == 2)
        #expect(run.errors.hasPrefix(error), "\(run.errors)")
    }

    /// The ledgers of the servers go through the trace, and add up to that of the whole.
    @Test(arguments: ["demo.pcap", "gap.pcap", "event-stream.pcap"]) func ledgersOfServersAddUp(
        capture: String
    ) throws {
        let scratch = try Scratch()
        let trace = scratch.path("x.trace.gz")
        let recorded = try Program.run(["record", "-r", CapturesTests.path(capture), "-w", trace, "--json"])
            .json()
        #expect(recorded["balanced"] as? Bool == true)
        let inspected = try Program.run(["inspect", trace, "--json"]).json()
        let whole = try #require(inspected["ledger"] as? [String: Int])
        var parts = [inspected["other_endpoints"], inspected["no_endpoint"]].compactMap {
            $0 as? [String: Int]
        }
        for server in try #require(inspected["endpoints"] as? [[String: Any]]) {
            parts.append(try #require(server["ledger"] as? [String: Int]))
        }
        #expect(parts.count > 2)
        for (name, value) in whole { #expect(parts.reduce(0) { $0 + ($1[name] ?? 0) } == value, "\(name)") }
        let text = try Program.run(["inspect", trace]).text
        #expect(text.contains("share"))
        #expect(text.contains("server"))
    }
}
