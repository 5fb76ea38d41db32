import Capture
import Packets
import Recording
import Reports
import TraceFiles

/// What a live recording does beside recording, a few times a second: hold the load against the limits, tell the
/// service manager that it is alive, publish metrics.
struct LiveDuties {
    /// Nanoseconds between two looks at the capture ring.
    private static let glance: UInt64 = 200_000_000
    /// Nanoseconds between two looks at everything else.
    private static let look: UInt64 = 1_000_000_000
    /// What the kernel adds to a packet in the ring, with the headers of the packet itself, in bytes.
    private static let packetOverhead = 160.0

    private let ringBytes: Double
    private let metrics: MetricsServer?
    private let service: ServiceNotification
    private var control: SamplingControl?
    private var share: Double
    private var lastGlance: UInt64 = 0
    private var lastLook: UInt64?
    private var lastCPU: UInt64 = 0
    private var lastWatchdog: UInt64 = 0
    private var load = SamplingControl.Load(cpu: 0, memory: 0, ring: 0)

    init(
        ringBytes: Int32,
        limits: SamplingControl.Limits?,
        metrics: MetricsServer?,
        service: ServiceNotification
    ) {
        self.ringBytes = Double(ringBytes)
        self.metrics = metrics
        self.service = service
        control = limits.map { SamplingControl($0) }
        share = limits?.share ?? 1
    }

    /// Does what is due; answers what the operator should hear.
    mutating func perform(
        _ pipeline: inout RecordingPipeline<TraceOutput>,
        _ statistics: CaptureStatistics,
        errors: UInt64,
        at now: UInt64
    ) -> String? {
        guard now - lastGlance >= Self.glance else { return nil }
        lastGlance = now
        load.ring = ringOccupancy(statistics, pipeline.taken)
        let isLook = lastLook.map { now - $0 >= Self.look } ?? true
        if isLook { measure(at: now) }
        let sentence = adjust(&pipeline, at: now)
        if let interval = service.watchdogInterval, now - lastWatchdog >= interval {
            lastWatchdog = now
            service.watchdog()
        }
        if isLook, let metrics { metrics.publish(describe(pipeline, errors: errors).prometheusText()) }
        return sentence
    }

    private mutating func measure(at now: UInt64) {
        let cpu = ProcessUsage.cpu()
        if let lastLook { load.cpu = Double(cpu - lastCPU) / Double(now - lastLook) }
        lastCPU = cpu
        lastLook = now
        load.memory = ProcessUsage.residentBytes()
    }

    /// How full the ring is, from what has come into it and has not been taken out, at the usual size of a packet.
    private func ringOccupancy(
        _ statistics: CaptureStatistics,
        _ taken: (packets: UInt64, payloadBytes: UInt64)
    ) -> Double {
        let payload = taken.packets > 0 ? Double(taken.payloadBytes) / Double(taken.packets) : 0
        return min(1, Double(statistics.discarded) * (payload + Self.packetOverhead) / ringBytes)
    }

    private mutating func adjust(
        _ pipeline: inout RecordingPipeline<TraceOutput>,
        at now: UInt64
    ) -> String? {
        guard let change = control?.adjust(load, at: now) else { return nil }
        share = change.share
        pipeline.sampling?.setShare(change.share, at: PacketTime(nanoseconds: Clock.wall()))
        let percent = ShownShare.percent(change.share)
        switch change.cause {
        case .calm: return "the load has fallen: \(percent) of new connections are recorded"
        default:
            return "the \(change.cause.rawValue) is at its limit: \(percent) of new connections are recorded"
        }
    }

    private func describe(
        _ pipeline: borrowing RecordingPipeline<TraceOutput>,
        errors: UInt64
    ) -> RecordingMetrics {
        var metrics = RecordingMetrics(ledger: pipeline.ledger)
        let series = pipeline.output.series
        metrics.ringOccupancy = load.ring
        metrics.cpuSeconds = Double(lastCPU) / 1e9
        metrics.residentBytes = load.memory
        metrics.traceBytes = series.bytesWritten
        metrics.parts = UInt64(series.part) + 1
        metrics.removedParts = series.removedParts
        metrics.queuedBlocks = UInt64(series.writer.queuedBlocks)
        metrics.waits = series.waits
        metrics.isStalled = series.writer.stalled != nil
        metrics.sampling = share
        metrics.errors = errors
        return metrics
    }
}

/// Shares as people read them.
private enum ShownShare {
    static func percent(_ share: Double) -> String {
        let hundredths = Int((share * 10_000).rounded())
        let rest = hundredths % 100
        return rest == 0 ? "\(hundredths / 100) %" : "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) %"
    }
}
