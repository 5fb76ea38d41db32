import JSON
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

    static let report = RecordingReport(
        requests: 4,
        responses: 0,
        connections: 1,
        ledger: ledger,
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
        #expect(lines.last == "unbalanced   packets: the total is 1667, the buckets add up to 1666")
    }

    @Test func tellsAProgram() throws {
        let value = try JSONValue(parsing: Self.report.json().span)
        #expect(value["schema"] == .string("tapedeck.record/1"))
        #expect(value["requests"] == .number(JSONNumber(spelling: "4")))
        #expect(value["balanced"] == .bool(true))
        #expect(value["ledger"]?["packets.delivered"] == .number(JSONNumber(spelling: "1667")))
        #expect(value["anonymized"]?["email"] == .number(JSONNumber(spelling: "2")))
    }
}
