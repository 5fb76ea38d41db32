import JSON
import Messages
import Packets
import Reports
import Testing
import Traces

/// What is told of a connection, from records as a trace holds them.
@Suite struct TraceHistoryTests {
    private static func time(_ milliseconds: Int64) -> PacketTime {
        PacketTime(nanoseconds: 1_700_000_000_000_000_000 + milliseconds * 1_000_000)
    }

    private static let opening = ConnectionOpenRecord(
        connection: 3,
        time: time(-1),
        source: 0,
        client: Endpoint(address: IPAddress(ipv4: 0x0A00_0001), port: 4711),
        server: Endpoint(address: IPAddress(ipv4: 0x0A00_0002), port: 80),
        sawHandshake: true
    )

    private static func message(
        _ kind: MessageKind,
        _ head: String,
        exchange: UInt64 = 7,
        at milliseconds: Int64,
        flags: MessageFlags = [],
        wireLength: UInt64 = 0
    ) -> TraceRecord {
        .whole(
            HeadRecord(
                kind: kind,
                exchange: exchange,
                connection: 3,
                start: time(milliseconds),
                encoding: .http1,
                bytes: Array((head + "\r\n\r\n").utf8),
                framing: .none
            ),
            body: [],
            EndRecord(
                kind: kind,
                exchange: exchange,
                connection: 3,
                time: time(milliseconds + 1),
                wireLength: wireLength,
                flags: flags
            )
        )
    }

    private static let request = message(.request, "GET /hooks HTTP/1.1", at: 0)
    private static let response = message(.response, "HTTP/1.1 200 OK", at: 2)
    private static let gap = TraceRecord.note(
        NoteRecord(
            connection: 3,
            exchange: 7,
            time: time(1_500),
            direction: .response,
            subject: .gap,
            amount: 1_460,
            offset: 100
        )
    )

    private static func ledger(at milliseconds: Int64, _ counts: [String: UInt64] = [:]) -> TraceRecord {
        let counts = counts.sorted { $0.key < $1.key }.map { LedgerCount(name: $0.key, value: $0.value) }
        return .ledgerSnapshot(LedgerRecord(time: time(milliseconds), counts: counts))
    }

    private static func close(_ reason: ConnectionCloseRecord.Reason, at milliseconds: Int64) -> TraceRecord {
        .connectionClose(ConnectionCloseRecord(connection: 3, time: time(milliseconds), reason: reason))
    }

    private static func history(
        _ question: TraceHistory.Question,
        _ records: [TraceRecord],
        isLive: Bool = true
    ) -> TraceHistory {
        var history = TraceHistory(question, origin: time(0), isLive: isLive)
        for record in [.connectionOpen(opening)] + records { history.receive(record) }
        history.finish()
        return history
    }

    struct Row: CustomTestStringConvertible {
        var testDescription: String
        var records: [TraceRecord]
        var isLive = true
        /// Each stands in one of the findings about exchange 7.
        var findings: [String]
    }

    static let rows: [Row] = [
        Row(
            testDescription: "all is well",
            records: [request, response, close(.fin, at: 9)],
            findings: ["The request is whole.", "The response is whole."]
        ),
        Row(
            testDescription: "no answer, because the connection was reset",
            records: [request, close(.reset, at: 9)],
            findings: [
                "The request is whole.", "Its response is not in the trace: the connection was reset first.",
            ]
        ),
        Row(
            testDescription: "no answer before the end",
            records: [request, response, message(.request, "GET / HTTP/1.1", exchange: 8, at: 5)],
            findings: ["whole", "whole"]
        ),
        Row(
            testDescription: "one side only, as from half a mirror port",
            records: [request, close(.fin, at: 9)],
            findings: ["whole", "nothing from the server was captured"]
        ),
        Row(
            testDescription: "bytes missing while the kernel dropped packets",
            records: [
                request, message(.response, "HTTP/1.1 200 OK", at: 2, flags: .gap), ledger(at: 1_000), gap,
                ledger(at: 2_000, ["packets.kernel_dropped": 12]),
            ],
            findings: [
                "whole", "The response is not as it was sent: bytes of it were never captured.",
                "Between +1.000000 s and +2.000000 s the kernel dropped 12 packets",
            ]
        ),
        Row(
            testDescription: "bytes missing that this host never saw",
            records: [
                request, message(.response, "HTTP/1.1 200 OK", at: 2, flags: .gap), gap, ledger(at: 2_000),
            ],
            findings: ["whole", "not as it was sent", "the packets were lost before"]
        ),
        Row(
            testDescription: "bytes missing in a file",
            records: [request, message(.response, "HTTP/1.1 200 OK", at: 2, flags: .gap), gap],
            isLive: false,
            findings: ["whole", "not as it was sent", "The capture file does not hold the missing bytes."]
        ),
        Row(
            testDescription: "a body past a limit",
            records: [
                request,
                message(.response, "HTTP/1.1 200 OK", at: 2, flags: .truncated, wireLength: 1_000_000),
            ],
            findings: ["whole", "cut at a limit: 0 of 1,000,000 bytes are stored"]
        ),
        Row(
            testDescription: "an answer without its request",
            records: [message(.response, "HTTP/1.1 200 OK", at: 2, flags: .noRequest)],
            findings: ["The response is whole.", "Its request is not in the trace"]
        ),
    ]

    @Test(arguments: rows) func saysWhatBecameOfAnExchange(_ row: Row) {
        let history = Self.history(.exchange(7, connection: 3), row.records, isLive: row.isLive)
        #expect(history.findings.count == row.findings.count, "\(history.findings)")
        for (finding, expected) in zip(history.findings, row.findings) { #expect(finding.contains(expected)) }
        #expect(history.lines.allSatisfy { $0.exchange == nil || $0.exchange == 7 })
        let text = history.text().split(separator: "\n", omittingEmptySubsequences: false)
        #expect(text.allSatisfy { $0.count <= 80 })
    }

    @Test func tellsAConnectionInOrder() {
        let history = Self.history(
            .connection(3),
            [Self.response, Self.request, Self.gap, Self.close(.fin, at: 2_000)]
        )
        #expect(
            history.text() == """
                Every message of it that began is whole.
                It was closed in order by both sides.

                -0.001000 s  connection 3, 10.0.0.1:4711 to 10.0.0.2:80, was first seen, with
                             its handshake
                +0.000000 s  request 7: GET /hooks, in 1.00 ms
                +0.002000 s  response 7: 200, in 1.00 ms
                +1.500000 s  1,460 bytes from the server were never captured, 100 bytes into
                             what it sent
                +2.000000 s  connection 3 was closed in order by both sides

                """
        )
    }

    /// A long connection is told in bounded space: what is unusual in it stays.
    @Test func usualMessagesOfALongConnectionAreCounted() {
        var records: [TraceRecord] = []
        for exchange in 0..<1_000 as Range<UInt64> {
            let flags: MessageFlags = exchange == 500 ? .gap : []
            records.append(
                Self.message(
                    .request,
                    "GET / HTTP/1.1",
                    exchange: exchange,
                    at: Int64(exchange),
                    flags: flags
                )
            )
        }
        let history = Self.history(.connection(3), records)
        #expect(history.lines.count == 201)
        #expect(history.lines.contains { $0.exchange == 500 })
        #expect(history.lines.contains { $0.exchange == 999 })
        #expect(history.text().hasSuffix("and 800 usual messages\n"))
        let asked = Self.history(.exchange(300, connection: 3), records)
        #expect(asked.lines.contains { $0.exchange == 300 }, "what is asked for is never left out")
    }

    @Test func tellsWhatWasAroundAMoment() throws {
        let other = ConnectionSummaryRecord(
            connection: nil,
            opened: Self.time(1_000),
            closed: Self.time(1_100),
            source: 0,
            client: Self.opening.client,
            server: Endpoint(address: IPAddress(ipv4: 0x0A00_0002), port: 443),
            sawHandshake: true,
            isEvicted: false,
            reason: .fin,
            content: .other,
            packets: 9,
            bytes: [LedgerCount(name: "received", value: 700)],
            notesLeftOut: 0,
            notes: [
                NoteRecord(
                    connection: nil,
                    time: Self.time(1_001),
                    direction: .request,
                    subject: .notHTTP,
                    detail: "TLS"
                )
            ]
        )
        let question = TraceHistory.Question.moment(
            Self.time(1_500),
            from: Self.time(500),
            to: Self.time(2_500)
        )
        let history = Self.history(
            question,
            [
                Self.request, Self.response, Self.ledger(at: 400, ["packets.delivered": 10]), Self.gap,
                .connectionSummary(other),
                Self.ledger(at: 2_600, ["packets.delivered": 30, "bytes.missing": 1_460]),
                Self.message(.request, "GET /late HTTP/1.1", exchange: 9, at: 9_000),
            ]
        )
        #expect(history.lines.map(\.event) == ["opened", "other_connection", "not_http", "gap"])
        #expect(history.lines[2].text.contains("looks like TLS"))
        #expect(history.ledgerGrowth.map(\.value) == [1_460, 20])
        #expect(history.findings.contains { $0.contains("1,460 bytes never captured") })
        var writer = JSONWriter()
        history.appendJSON(to: &writer)
        let value = try JSONValue(parsing: Array(writer.bytes.dropLast()).span)
        #expect(value["schema"] == .string("tapedeck.why/1"))
        #expect(value["ledger_growth"]?["packets.delivered"] == .number(JSONNumber(spelling: "20")))
    }
}
