import Packets

/// Lets a bounded number of summaries through for each second of packet time, so that scans cannot fill a trace.
struct SummaryAllowance: Sendable {
    private let perSecond: Int
    private var second = Int64.min
    private var taken = 0

    init(perSecond: Int) {
        self.perSecond = perSecond
    }

    mutating func take(at time: PacketTime) -> Bool {
        let now = time.nanoseconds / 1_000_000_000
        if now != second {
            second = now
            taken = 0
        }
        guard taken < perSecond else { return false }
        taken += 1
        return true
    }
}
