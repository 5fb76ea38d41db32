import JSON
import Messages
import Packets
import Reports
import Testing
import Traces

@Suite struct TraceInspectionTests {
    static func inspection(
        ledger: [LedgerCount] = [],
        isFinished: Bool = true,
        damage: [String] = []
    ) -> TraceInspection {
        var totals = TraceTotals()
        totals.requests = 2
        totals.responses = 1
        totals.connections = 1
        totals.rawBytes = 4_096
        totals.first = PacketTime(nanoseconds: 1_000)
        totals.last = PacketTime(nanoseconds: 2_000)
        return TraceInspection(
            path: "a.trace.gz",
            header: TraceHeader(
                traceID: TraceID(high: 1, low: 2),
                sources: [.init(id: 0, host: "h", interface: "lo", clock: "realtime")],
                toolVersion: "0",
                anonymizers: [.init(name: "credentials", fingerprint: "ab")],
                isAnonymized: true,
                keyID: "ephemeral"
            ),
            totals: totals,
            compressedBytes: 1_024,
            ledger: ledger,
            anonymized: [LedgerCount(name: "email", value: 3)],
            isFinished: isFinished,
            damage: damage,
            routes: [.init(method: "POST", route: "/hooks/{id}", count: 2)]
        )
    }

    @Test func theObjectHasEveryKeyOfTheContract() throws {
        let ledger = [
            LedgerCount(name: "packets.delivered", value: 9), LedgerCount(name: "packets.followed", value: 9),
        ]
        var writer = JSONWriter()
        Self.inspection(ledger: ledger).appendJSON(to: &writer)
        let expected = """
            {"schema":"tapedeck.inspect/1","path":"a.trace.gz",\
            "trace_id":"00000000-0000-0001-0000-000000000002","part":0,"requests":2,"responses":1,\
            "connections":1,"events":0,"first_ns":1000,"last_ns":2000,"bytes":{"raw":4096,"compressed":1024},\
            "anonymized_payloads":true,"anonymizers":["credentials"],"key_id":"ephemeral","finished":true,\
            "lossless":true,"damage":[],"routes":[{"method":"POST","route":"/hooks/{id}","count":2}],\
            "anonymized":{"email":3},"anonymized_by_rule":{},\
            "ledger":{"packets.delivered":9,"packets.followed":9},"balanced":true,\
            "endpoints":[],"other_endpoints":{},"no_endpoint":{}}

            """
        #expect(String(decoding: writer.bytes, as: UTF8.self) == expected)
    }

    @Test func signaturesAreCountedBySchemeAndState() {
        func head(_ scheme: String, _ state: UInt8, _ kind: MessageKind = .request, isRepeated: Bool = false)
            -> HeadRecord
        {
            HeadRecord(
                kind: kind,
                exchange: 0,
                connection: 0,
                start: PacketTime(nanoseconds: 0),
                encoding: .http1,
                bytes: [],
                framing: .none,
                signature: RecordedSignature(scheme: scheme, state: state),
                isRepeated: isRepeated
            )
        }
        var tally = SignatureTally()
        for row in [
            head("stripe", 1), head("mesh", 2), head("stripe", 1), head("stripe", 4),
            // A head that stands in an earlier part was counted there, and only requests are signed.
            head("stripe", 1, isRepeated: true), head("mesh", 1, .response),
        ] { tally.count(row) }
        var inspection = Self.inspection()
        inspection.signatures = tally
        var writer = JSONWriter()
        inspection.appendJSON(to: &writer)
        let json = String(decoding: writer.bytes, as: UTF8.self)
        let expected = """
            "signatures":[{"scheme":"mesh","state":"invalid","count":1},\
            {"scheme":"stripe","state":"stale","count":1},{"scheme":"stripe","state":"valid","count":2}]
            """
        #expect(json.contains(expected))
        #expect(inspection.text().contains("stripe     valid        2"))
    }

    /// A trace is lossless only when the recorder lost nothing, and all of it is there.
    @Test(
        arguments: [
            ([], true, [], true),
            // A total without its buckets.
            ([LedgerCount(name: "packets.delivered", value: 5)], true, [], false),
            ([LedgerCount(name: "packets.kernel_dropped", value: 1)], true, [], false),
            ([LedgerCount(name: "bytes.missing", value: 1)], true, [], false),
            ([LedgerCount(name: "bytes.truncated", value: 1)], true, [], false),
            ([], false, [], false),
            ([], true, ["at byte 9: damaged"], false),
        ] as [([LedgerCount], Bool, [String], Bool)]
    )
    func losslessMeansNothingIsMissing(
        ledger: [LedgerCount],
        isFinished: Bool,
        damage: [String],
        expected: Bool
    ) {
        let inspection = Self.inspection(ledger: ledger, isFinished: isFinished, damage: damage)
        #expect(inspection.isLossless == expected)
    }
}
