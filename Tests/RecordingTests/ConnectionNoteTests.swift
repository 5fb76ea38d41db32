import Packets
import Recording
import Streams
import Testing
import Traces

@Suite struct ConnectionNoteTests {
    struct Row: CustomTestStringConvertible {
        var testDescription: String
        /// In short: the notes and summaries of the trace, in order; those inside a summary behind it.
        var expected: [String]
        var traffic: @Sendable (inout PacketScript) -> Void
    }

    private static let request = "GET / HTTP/1.1\r\n\r\n"
    private static let response = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

    static let rows: [Row] = [
        Row(testDescription: "nothing unusual, nothing to say", expected: []) { script in
            script.open(40_000)
            script.client(request)
            script.server(response)
            script.close()
        },
        Row(
            testDescription: "a gap says how much and where",
            expected: ["note 1 response 3 at 40", "summary 0 http endOfCapture"]
        ) { script in
            script.open(40_000)
            script.client(request)
            script.server("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe")
            script.lose(.server, 3)
            script.client(request)
            script.close()
        },
        Row(
            testDescription: "an upgrade says for what, and how much followed",
            expected: [
                "note 4 response 0 at 59 chat/2", "note 5 request 4 at 18", "note 5 response 9 at 59",
                "summary 0 http fin",
            ]
        ) { script in
            script.open(40_000)
            script.client(request)
            script.server("HTTP/1.1 101 Switching Protocols\r\nUpgrade: chat/2\r\nX: y\r\n\r\n")
            script.server("\u{1}\u{2}\u{3}")
            script.client("abcd")
            script.server("\u{4}\u{5}\u{6}\u{7}\u{8}\u{9}")
            script.close()
        },
        Row(
            testDescription: "an odd token is nobody's business",
            expected: ["note 4 response 0 at 52", "summary 0 http fin"]
        ) { script in
            script.open(40_000)
            script.client(request)
            script.server("HTTP/1.1 101 Switching Protocols\r\nUpgrade: a b c\r\n\r\n")
            script.close()
        },
        Row(
            testDescription: "what is no HTTP has a name where it is known",
            expected: [
                "summary - other fin", "note 12 request 3 at 3 TLS", "note 12 response 3 at 3 TLS",
            ]
        ) { script in
            script.open(40_000)
            script.client("\u{16}\u{3}\u{1}")
            script.server("\u{16}\u{3}\u{3}")
            script.close()
        },
        Row(testDescription: "a refused connection", expected: ["summary - unrecognised reset"]) { script in
            script.packet(.client, 40_000, [], flags: .syn)
            script.packet(.server, 40_000, [], flags: [.reset, .acknowledgement])
        },
        Row(
            testDescription: "bytes that nothing can be made of, as one run",
            expected: ["note 6 request 9 at 18", "summary 0 http fin"]
        ) { script in
            script.open(40_000)
            script.client(request)
            script.client("\u{1}\u{2}\u{3}")
            script.client("\u{4}\u{5}\u{6}")
            script.client("\u{7}\u{8}\u{9}")
            script.close()
        },
        Row(
            testDescription: "far from the window: of a stranger, or of a broken sender",
            expected: ["note 3 request 4 at 18", "summary 0 http endOfCapture"]
        ) { script in
            script.open(40_000)
            script.client(request)
            script.lose(.client, 1 << 30)
            script.client("lost")
        },
        Row(
            testDescription: "notes from before the first message come with its number",
            expected: ["note 1 request 7 at 0", "note 8 request 9 at 0", "summary 0 http fin"]
        ) { script in
            script.open(40_000)
            script.lose(.client, 7)
            script.client("of a body")
            // Confirms what was lost.
            for _ in 0..<40 { script.server("") }
            script.client(request)
            script.server(response)
            script.close()
        },
    ]

    @Test(arguments: rows) func tellsWhatHappened(_ row: Row) {
        var script = PacketScript()
        row.traffic(&script)
        script.finish()
        let briefs = script.trace.records.flatMap { record -> [String] in
            switch record {
            case .note: [record.brief]
            case .connectionSummary(let summary): [record.brief] + summary.notes.map(\.brief)
            default: []
            }
        }
        #expect(briefs == row.expected)
    }

    /// However much goes wrong on a connection, its notes are bounded, and the rest is counted.
    @Test func notesOfAConnectionAreBounded() {
        var options = RecordingOptions()
        options.limits.notes = 3
        var script = PacketScript(options: options)
        script.open(40_000)
        for _ in 0..<5 {
            script.client(Self.request)
            script.server("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
            script.lose(.server, 5)
        }
        script.close()
        script.finish()
        let notes = script.trace.records.filter { if case .note = $0 { true } else { false } }
        let summaries = script.trace.records.compactMap { record in
            if case .connectionSummary(let summary) = record { summary } else { nil }
        }
        #expect(notes.count == 3)
        #expect(summaries.map(\.notesLeftOut) == [2])
        #expect(summaries.first?.bytes.first { $0.name == "missing" }?.value == 25)
    }

    /// A scan of ports fills no trace; what is left out is counted.
    @Test func summariesOfASecondAreBounded() {
        var options = RecordingOptions()
        options.limits.summaries = 2
        var script = PacketScript(options: options)
        for port in 1...5 as ClosedRange<UInt16> {
            script.open(port)
            script.close(port)
        }
        script.now += 1_000
        script.open(6)
        script.close(6)
        script.finish()
        let summaries = script.trace.records.filter {
            if case .connectionSummary = $0 { true } else { false }
        }
        #expect(summaries.count == 3)
        #expect(script.ledger.connections.untold == 3)
        #expect(script.pipeline.endpointLedgers.check(against: script.ledger) == [])
    }

    /// The ledgers of the servers come back from the trace as they were.
    @Test func ledgersOfServersGoThroughATrace() {
        var script = PacketScript()
        script.open(40_000)
        script.client(Self.request)
        script.raw([0x45])
        script.finish()
        let endpoints = script.pipeline.endpointLedgers
        #expect(EndpointLedgers(endpoints.records(at: PacketTime(nanoseconds: 1)).reversed()) == endpoints)
    }
}
