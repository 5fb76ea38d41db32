import Foundation
import Messages
import Packets
import Testing
import TraceFiles
import Traces

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

    /// A connection and a message that go on over parts, told from all of them, whatever their order.
    @Test func tellsOfSeveralParts() throws {
        let scratch = try Scratch()
        let parts = try (0..<3).map { try Self.writePart(UInt32($0), to: scratch.path("\($0).trace.gz")) }
        let shuffled = [parts[2], parts[0], parts[1]]
        let run = try Program.run(["why"] + shuffled + ["--connection", "0", "--json"])
        #expect(run.status == 0, "\(run.errors)")
        let events = try #require(try run.json()["events"] as? [[String: Any]])
        #expect(
            events.compactMap { $0["event"] as? String } == [
                "opened", "request", "response", "gap", "closed",
            ]
        )
        // One part knows of its own only.
        let one = try Program.run(["why", parts[1], "--exchange", "0"])
        #expect(one.status == 0, "\(one.errors)")
        let none = try Program.run(["why", parts[0], parts[1], "--exchange", "9"])
        #expect(none.status == 2)
        #expect(none.errors == "tapedeck: no exchange 9: these parts hold 0 only\n")
        let twice = try Program.run(["why", parts[0], parts[0], "--exchange", "0"])
        #expect(twice.errors == "tapedeck: \(parts[0]) and \(parts[0]) are the same part of a recording\n")
        let other = scratch.path("other.trace.gz")
        _ = try Self.writePart(1, of: TraceID(high: 9, low: 0x8000_0000_0000_0009), to: other)
        let foreign = try Program.run(["why", parts[0], other, "--exchange", "0"])
        #expect(foreign.status == 2)
        #expect(foreign.errors == "tapedeck: \(other) is no part of the recording of \(parts[0])\n")
    }

    /// A request in the first part, of whose response the head and a gap stand in the second and the end in the third.
    private static func writePart(
        _ part: UInt32,
        of id: TraceID = TraceID(high: 1, low: 0x8000_0000_0000_0001),
        to path: String
    ) throws -> String {
        var header = TraceHeader(
            traceID: id,
            sources: [.init(id: 0, host: "web1", interface: "lo", clock: "realtime")],
            toolVersion: "0.1.0",
            anonymizers: [],
            isAnonymized: true,
            keyID: TraceHeader.ephemeralKey
        )
        header.part = part
        func time(_ seconds: Int64) -> PacketTime {
            PacketTime(nanoseconds: (1_700_000_000 + seconds) * 1_000_000_000)
        }
        func head(_ kind: MessageKind, _ text: String, at seconds: Int64) -> HeadRecord {
            HeadRecord(
                kind: kind,
                exchange: 0,
                connection: 0,
                start: time(seconds),
                encoding: .http1,
                bytes: Array(text.utf8),
                framing: kind == .request ? .none : .length(10),
                signature: nil
            )
        }
        func end(_ kind: MessageKind, at seconds: Int64, flags: MessageFlags = []) -> EndRecord {
            EndRecord(
                kind: kind,
                exchange: 0,
                connection: 0,
                time: time(seconds),
                wireLength: kind == .request ? 0 : 10,
                flags: flags,
                trailers: []
            )
        }
        let writer = try TraceWriter(path: path, header: header)
        let server = Endpoint(address: IPAddress(ipv4: 0x0A00_0002), port: 80)
        let client = Endpoint(address: IPAddress(ipv4: 0x0A00_0001), port: 4711)
        try writer.append(
            .connectionOpen(
                ConnectionOpenRecord(
                    connection: 0,
                    time: time(0),
                    source: 0,
                    client: client,
                    server: server,
                    sawHandshake: true
                )
            )
        )
        var response = head(.response, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", at: 70)
        response.isRepeated = part == 2
        switch part {
        case 0:
            try writer.append(
                RecordedMessage(
                    head: head(.request, "GET / HTTP/1.1\r\n\r\n", at: 1),
                    body: [],
                    end: end(.request, at: 1)
                )
            )
        case 1:
            try writer.append(.head(response))
            try writer.append(
                .note(
                    NoteRecord(
                        connection: 0,
                        exchange: 0,
                        time: time(71),
                        direction: .response,
                        subject: .gap,
                        amount: 4,
                        offset: 40
                    )
                )
            )
        default:
            try writer.append(.head(response))
            try writer.append(.end(end(.response, at: 140, flags: .gap)))
            try writer.append(
                .connectionClose(ConnectionCloseRecord(connection: 0, time: time(141), reason: .fin))
            )
        }
        try writer.finish(ledger: [])
        return path
    }

    /// A ledger of which somebody changed a count: the sum does not hold any more, and that is said.
    @Test(
        arguments: [
            (
                [("requests.begun", 2), ("requests.stored", 1)],
                "requests: the total is 2, the buckets add up to 1"
            ),
            (
                [("bytes.received", 7), ("bytes.heads", 7), ("bytes.bodies", 1)],
                "bytes: the total is 7, the buckets add up to 8"
            ),
            // Sums of a later version, which has buckets that are not known here.
            ([("packets.delivered", 2), ("packets.followed", 1), ("packets.somewhere", 1)], nil),
            ([("packets.delivered", 2), ("packets.followed", 1), ("packets.not_tcp", 1)], nil),
        ] as [([(String, UInt64)], String?)]
    ) func tellsOfALedgerThatDoesNotAddUp(counts: [(String, UInt64)], sentence: String?) throws {
        let scratch = try Scratch()
        let path = scratch.path("a.trace.gz")
        let header = TraceHeader(
            traceID: TraceID(high: 1, low: 0x8000_0000_0000_0001),
            sources: [.init(id: 0, host: "web1", interface: "lo", clock: "realtime")],
            toolVersion: "0.1.0",
            anonymizers: [],
            isAnonymized: true,
            keyID: TraceHeader.ephemeralKey
        )
        let writer = try TraceWriter(path: path, header: header)
        try writer.finish(ledger: counts.map { LedgerCount(name: $0.0, value: $0.1) })
        let text = try Program.run(["inspect", path])
        let json = try Program.run(["inspect", path, "--json"])
        #expect(try json.json()["balanced"] as? Bool == (sentence == nil))
        #expect(text.status == (sentence == nil ? 0 : 1) && json.status == text.status)
        if let sentence {
            #expect(text.text.contains("the ledger does not add up: \(sentence)\n"))
            #expect(text.text.contains("not lossless"))
            #expect(text.errors == "tapedeck: \(path): the ledger does not add up: \(sentence)\n")
        } else {
            #expect(text.errors == "")
        }
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
