import Packets
import Recording
import Reports
import Testing
import Traces

@Suite struct LedgerTableTests {
    @Test func sharesAreOfTheTotalAndNotesStandApart() {
        let counts = [
            LedgerCount(name: "packets.delivered", value: 4), LedgerCount(name: "packets.followed", value: 3),
            LedgerCount(name: "packets.not_tcp", value: 1),
            LedgerCount(name: "packets.kernel_dropped", value: 7),
            LedgerCount(name: "trace.repaired", value: 1),
        ]
        #expect(
            LedgerTable.text(counts) == """
                  ledger                     count   share
                  packets  delivered             4
                           followed              3  75.0 %
                           not tcp               1  25.0 %
                           (kernel dropped)      7
                           trace.repaired        1

                """
        )
        #expect(LedgerTable.text(counts, showsAll: true).contains("(interface dropped)"))
        #expect(LedgerTable.text([]) == "")
    }

    /// Whatever the counts are, a line fits a usual screen.
    @Test func linesFitAScreen() {
        let counts = LedgerEntry.all.map { LedgerCount(name: $0.fullName, value: .max / 2) }
        var endpoints = EndpointLedgers()
        let server = Endpoint(address: IPAddress(ipv6High: .max, low: .max), port: 65_535)
        endpoints.servers = (0..<25).map { _ in EndpointLedger(server: server, ledger: Ledger(counts)) }
        endpoints.other = Ledger(counts)
        let small = endpoints.servers.map { _ in LedgerCount(name: "requests.stored", value: 1_234_567) }
        var usual = EndpointLedgers()
        usual.servers = [EndpointLedger(server: server, ledger: Ledger(small))]
        for text in [LedgerTable.text(counts, showsAll: true), LedgerTable.text(usual)] {
            #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
        }
        let lines = LedgerTable.text(endpoints).split(separator: "\n")
        #expect(lines.count == 23, "a head, twenty servers, the rest, all others")
        #expect(lines[21].contains("5 more"))
    }
}
