import JSON
import Replay

extension ReplayReport {
    /// How hard the replayer worked, what it lacked, and its memory.
    func writeReplayer(to writer: inout JSONWriter) {
        let replayer = summary.replayer
        writer.key("bottleneck_cause")
        if let lack = summary.lack { writer.string(lack.rawValue) } else { writer.null() }
        writer.key("replayer")
        writer.beginObject()
        writer.member("cpu_seconds", replayer.cpuSeconds)
        writer.member("busy_share", replayer.busyShare)
        writer.member("loop_turns", replayer.turns)
        writer.member("late_turns", replayer.lateTurns)
        writer.member("latest_turn_us", replayer.latestTurn / 1_000)
        writer.member("descriptors_lacked", replayer.descriptorsLacked)
        writer.member("ports_lacked", replayer.portsLacked)
        writer.member("realtime", replayer.isRealtime)
        writer.endObject()
        writer.key("memory")
        writer.beginObject()
        writer.key("peak_resident_bytes")
        if let bytes = replayer.peakResidentBytes { writer.integer(bytes) } else { writer.null() }
        writer.endObject()
    }

    /// Who was the bottleneck, and for want of what.
    var bottleneckText: String {
        let name = "the \(summary.bottleneck.rawValue)"
        return switch summary.lack {
        case nil: name
        case .descriptors?:
            name
                + ": no descriptor was left for \(Quantity.count(summary.replayer.descriptorsLacked)) connections;"
                + " raise the limit (ulimit -n)"
        case .ports?:
            name + ": no local port was left for \(Quantity.count(summary.replayer.portsLacked)) connections;"
                + " keep connections alive, or widen net.ipv4.ip_local_port_range"
        case .inFlight?:
            name + ": \(Quantity.count(summary.limitWaits)) requests waited since too many were unanswered"
        case .cpu?:
            name + ": it had more to do at once than it had time for; busy for"
                + " \(Quantity.percent(summary.replayer.busyShare)) of the run"
        case .turns?:
            name + ": woken late \(Quantity.count(summary.replayer.lateTurns)) times, by up to "
                + Quantity.duration(microseconds: Int64(clamping: summary.replayer.latestTurn / 1_000))
        }
    }

    /// What it took: processor time and memory.
    var costText: String? {
        guard let bytes = summary.replayer.peakResidentBytes else { return nil }
        let cpu = Quantity.duration(microseconds: Int64(clamping: UInt64(summary.replayer.cpuSeconds * 1e6)))
        return "\(cpu) of processor time, \(Quantity.bytes(bytes)) resident at most"
    }
}
