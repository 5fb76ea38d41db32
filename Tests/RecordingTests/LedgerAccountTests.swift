import Packets
import Recording
import Testing

@Suite struct LedgerAccountTests {
    /// Making the ledger asks every open connection, so it is worth as many packets, or half a second.
    @Test(
        arguments: [
            (0, 0, 0, true),  // no connection: it costs nothing
            (1, 3, 1, false), (1, 4, 1, true),
            (1, 39_999, 10_000, false), (1, 40_000, 10_000, true),
            (499_999_999, 0, 10_000, false), (500_000_000, 0, 10_000, true),
        ] as [(UInt64, UInt64, Int, Bool)]
    )
    func itIsMadeAnewWhenEnoughHasCome(
        after nanoseconds: UInt64,
        packets: UInt64,
        connections: Int,
        isDue: Bool
    ) {
        let account = LedgerAccount(
            ledger: Ledger(),
            time: PacketTime(nanoseconds: 0),
            made: 1_000,
            packets: 50
        )
        #expect(
            account.isDue(at: 1_000 + nanoseconds, packets: 50 + packets, connections: connections) == isDue
        )
    }

    @Test func itIsMadeTheFirstTime() {
        #expect(LedgerAccount().isDue(at: 0, packets: 0, connections: 10_000))
    }
}
