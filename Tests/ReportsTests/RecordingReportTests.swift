import JSON
import Packets
import Recording
import Reports
import Testing
import Traces

@Suite struct RecordingReportTests {
    static let ledger: Ledger = {
        var ledger = Ledger()
        ledger.packets.delivered = 1_667
        ledger.packets.followed = 1_665
        ledger.packets.notTCP = 2
        ledger.packets.kernelDropped = 3
        ledger.requests.begun = 4
        ledger.requests.stored = 4
        return ledger
    }()

    static let endpoints: EndpointLedgers = {
        var endpoints = EndpointLedgers()
        var server = ledger
        server.packets = PacketLedger()
        endpoints.servers = [
            EndpointLedger(
                server: Endpoint(address: IPAddress(ipv4: 0x0A00_0002), port: 80),
                ledger: server
            )
        ]
        endpoints.none.packets = ledger.packets
        return endpoints
    }()

    static let report = RecordingReport(
        requests: 4,
        responses: 0,
        connections: 1,
        ledger: ledger,
        endpoints: endpoints,
        anonymized: [LedgerCount(name: "email", value: 2)]
    )

    @Test func tellsAPerson() {
        #expect(
            Self.report.text() == """
                recorded     4 requests, 0 responses on 1 connection
                anonymized   2 email
                packets      1,667 delivered = 1,665 followed + 2 not tcp; 3 kernel dropped
                requests     4 begun = 4 stored

                """
        )
    }

    @Test func saysWhatDoesNotAddUp() {
        var report = Self.report
        report.ledger.packets.notTCP = 1
        report.anonymized = nil
        let lines = report.text().split(separator: "\n")
        #expect(lines.contains("anonymized   no: the trace holds what was captured"))
        #expect(lines.contains("unbalanced   packets: the total is 1667, the buckets add up to 1666"))
        #expect(lines.last == "unbalanced   packets: not_tcp is 1, the servers' add up to 2")
    }

    @Test func tellsAProgram() throws {
        let value = try JSONValue(parsing: Self.report.json().span)
        #expect(value["schema"] == .string("tapedeck.record/1"))
        #expect(value["requests"] == .number(JSONNumber(spelling: "4")))
        #expect(value["balanced"] == .bool(true))
        #expect(value["lossless"] == .bool(false), "the kernel dropped packets")
        guard case .array(let servers)? = value["endpoints"], let server = servers.first else {
            Issue.record("the ledger of each server is an array")
            return
        }
        #expect(server["server"] == .string("10.0.0.2:80"))
        #expect(server["ledger"]?["requests.stored"] == .number(JSONNumber(spelling: "4")))
        #expect(value["no_endpoint"]?["packets.not_tcp"] == .number(JSONNumber(spelling: "2")))
        #expect(value["ledger"]?["packets.delivered"] == .number(JSONNumber(spelling: "1667")))
        #expect(value["anonymized"]?["email"] == .number(JSONNumber(spelling: "2")))
    }
}
