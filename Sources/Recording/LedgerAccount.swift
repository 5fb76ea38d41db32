package import Packets

/// The ledger as it was at a time, to be given again for a while: making it asks every open connection.
package struct LedgerAccount: Sendable {
    /// Packets for each open connection after which it is made anew.
    private static let packetsPerConnection: UInt64 = 4
    /// Nanoseconds after which it is in any case.
    private static let age: UInt64 = 500_000_000

    package private(set) var ledger = Ledger()
    /// Of the packets.
    package private(set) var time = PacketTime.distantPast
    /// When it was made, by the clock of ``RecordingPipeline/mark(at:)``; `nil` before the first time.
    private var made: UInt64?
    /// Packets that had been taken.
    private var packets: UInt64 = 0

    package init() {}

    package init(ledger: Ledger, time: PacketTime, made: UInt64, packets: UInt64) {
        self.ledger = ledger
        self.time = time
        self.made = made
        self.packets = packets
    }

    /// Whether it is too old, or so much has come since that making it anew costs little beside that.
    package func isDue(at now: UInt64, packets: UInt64, connections: Int) -> Bool {
        guard let made else { return true }
        let since = packets &- self.packets
        return now &- made >= Self.age || since >= UInt64(connections) &* Self.packetsPerConnection
    }
}
