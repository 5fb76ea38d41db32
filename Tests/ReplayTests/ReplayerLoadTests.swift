import Replay
import Testing

@Suite struct ReplayerLoadTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var reason: String
        var bottleneck: Bottleneck
        var load = ReplayerLoad()
        var limitWaits: UInt64 = 0
        var named: Bottleneck
        var lack: ReplayerLack?
        var testDescription: String { reason }

        init(
            _ reason: String,
            _ bottleneck: Bottleneck,
            limitWaits: UInt64 = 0,
            names named: Bottleneck,
            _ lack: ReplayerLack?,
            _ change: (inout ReplayerLoad) -> Void = { _ in }
        ) {
            self.reason = reason
            self.bottleneck = bottleneck
            self.limitWaits = limitWaits
            self.named = named
            self.lack = lack
            change(&load)
        }
    }

    static let cases = [
        Case("nobody was late, however busy", .none, names: .none, nil) { $0.busyShare = 0.99 },
        Case("the target, and nothing was lacking", .target, names: .target, nil) { $0.lateTurns = 5 },
        Case("all the processor's time", .replayer, names: .replayer, .cpu) { $0.busyShare = 0.85 },
        Case("woken late", .replayer, names: .replayer, .turns) { ($0.busyShare, $0.lateTurns) = (0.2, 3) },
        Case("never woken late: too much was due at once", .replayer, names: .replayer, .cpu) {
            $0.busyShare = 0.2
        },
        Case("one in a hundred waited", .replayer, limitWaits: 21, names: .replayer, .inFlight) {
            $0.busyShare = 0.9
        },
        Case(
            "without descriptors nothing can be opened, whoever was slow",
            .target,
            names: .replayer,
            .descriptors
        ) {
            $0.descriptorsLacked = 1
        },
        Case("without ports likewise", .none, names: .replayer, .ports) { $0.portsLacked = 1 },
    ]

    @Test(arguments: cases) func saysWhatWasLacking(_ row: Case) {
        var summary = ReplaySummary()
        summary.speed = 1
        summary.requests.sent = 2_000
        summary.limitWaits = row.limitWaits
        summary.bottleneck = row.bottleneck
        summary.take(row.load)
        #expect(summary.bottleneck == row.named)
        #expect(summary.lack == row.lack)
    }
}
