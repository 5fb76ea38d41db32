import Replay
import Testing

@Suite struct ClientFaultsTests {
    private func faults(_ seed: UInt64) -> ClientFaults {
        var faults = ClientFaults()
        faults.seed = seed
        faults.slowReaders = 0.1
        faults.halfOpen = 0.05
        faults.abortedBodies = 0.2
        return faults
    }

    @Test func theSharesAreMet() {
        let faults = faults(7)
        var counts: [ClientFault: Int] = [:]
        let total: UInt64 = 100_000
        for exchange in 0..<total {
            if let fault = faults.fault(exchange: exchange, loop: 0, hasBody: true) {
                counts[fault, default: 0] += 1
            }
        }
        #expect((9_500...10_500).contains(counts[.slowReader] ?? 0))
        #expect((4_700...5_300).contains(counts[.halfOpen] ?? 0))
        #expect((19_300...20_700).contains(counts[.abortedBody] ?? 0))
    }

    @Test func theSameSeedChoosesTheSameRequests() {
        func chosen(_ seed: UInt64, loop: UInt32 = 0) -> [ClientFault?] {
            (0..<1_000).map { faults(seed).fault(exchange: $0, loop: loop, hasBody: true) }
        }
        #expect(chosen(1) == chosen(1))
        #expect(chosen(1) != chosen(2))
        #expect(chosen(1) != chosen(1, loop: 1), "a pass over the trace is not the one before")
    }

    @Test func whatHasNoBodyIsNotLeftInIt() {
        var faults = ClientFaults()
        faults.abortedBodies = 1
        #expect(faults.fault(exchange: 1, loop: 0, hasBody: false) == nil)
        #expect(faults.fault(exchange: 1, loop: 0, hasBody: true) == .abortedBody)
    }

    struct Case: CustomTestStringConvertible, Sendable {
        var reason: String
        var change: @Sendable (inout ClientFaults) -> Void
        var isValid: Bool
        var testDescription: String { reason }
    }

    static let cases = [
        Case(reason: "nothing at all", change: { _ in }, isValid: true),
        Case(reason: "every request", change: { $0.halfOpen = 1 }, isValid: true),
        Case(
            reason: "more than every request",
            change: { ($0.halfOpen, $0.slowReaders) = (0.6, 0.6) },
            isValid: false
        ),
        Case(reason: "less than none", change: { $0.slowReaders = -0.1 }, isValid: false),
        Case(reason: "no number", change: { $0.slowReaders = .nan }, isValid: false),
        Case(reason: "reading nothing", change: { $0.slowBytesPerSecond = 0 }, isValid: false),
    ]

    @Test(arguments: cases) func sharesAreWhatTheyCanBe(_ row: Case) {
        var faults = ClientFaults()
        row.change(&faults)
        #expect(faults.isValid == row.isValid)
    }
}
