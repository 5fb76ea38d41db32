import Replay
import Testing

@Suite struct BottleneckTests {
    private func verdict(
        laneWait: (mean: Double, p99: UInt64) = (0, 0),
        sendError: (mean: Double, p99: UInt64) = (0, 0),
        limitWaits: UInt64 = 0,
        handOver: UInt64 = 0,
        busy: Double = 0.1,
        isUnpaced: Bool = false,
        silence: UInt64 = 0
    ) -> Bottleneck {
        var wait = LatencySummary()
        (wait.mean, wait.p99) = laneWait
        var error = LatencySummary()
        (error.mean, error.p99) = sendError
        var evidence = Bottleneck.Evidence(
            laneWait: wait,
            sendError: error,
            limitWaits: limitWaits,
            sent: 1_000,
            handOver: handOver,
            opening: 500,
            busyShare: busy,
            isUnpaced: isUnpaced
        )
        evidence.silence = silence
        return Bottleneck(evidence)
    }

    @Test func namesTheCulprit() {
        #expect(verdict(laneWait: (5_000, 10_000), sendError: (5_000, 10_000), busy: 1) == .none)
        #expect(verdict(laneWait: (9_000, 50_000), sendError: (100, 900)) == .lanes)
        #expect(verdict(sendError: (9_000, 50_000), busy: 0.8) == .replayer)
        #expect(verdict(sendError: (9_000, 50_000), limitWaits: 11) == .replayer)
        #expect(verdict(sendError: (9_000, 50_000), limitWaits: 10) == .target)
        // Too many were in flight because it hung.
        #expect(verdict(sendError: (9_000, 50_000), limitWaits: 11, silence: 1_000_000_000) == .target)
        #expect(verdict(sendError: (9_000, 50_000), handOver: 501) == .replayer)
        #expect(verdict(busy: 0.95, isUnpaced: true) == .replayer)
        #expect(verdict(busy: 0.5, isUnpaced: true) == .target)
    }

    @Test func percentilesCoverAnHour() {
        var latencies = Latencies()
        #expect(latencies.summary == LatencySummary())
        for value in 1...1_000 as ClosedRange<UInt64> { latencies.record(nanoseconds: value * 1_000_000) }
        let summary = latencies.summary
        #expect(summary.count == 1_000 && summary.mean == 500_500)
        // Three significant digits.
        #expect((500_000...500_500).contains(summary.p50) && (990_000...990_600).contains(summary.p99))
        latencies.record(nanoseconds: .max)
        #expect(latencies.summary.max >= Latencies.ceiling)
    }

    @Test func driftComparesTheFirstHundredWithTheLast() {
        var drift = Drift()
        for value in 0..<1_000 as Range<UInt64> { drift.record(nanoseconds: value * 1_000) }
        #expect(drift.first == 49.5 && drift.last == 949.5)
    }
}
