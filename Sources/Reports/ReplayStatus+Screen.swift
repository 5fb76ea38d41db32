import Replay

extension ReplayStatus {
    /// The lines of a live view, none longer than `columns` characters; rates and times are those of the last second.
    ///
    /// Which lines there are changes only with what happens for the first time, so that nothing jumps.
    package func screen(columns: Int) -> [String] {
        let columns = max(columns, 1)
        var lines = [headline(columns: columns)]
        lines.append(row("rate", rates))
        lines.append(row("requests", requests))
        lines.append(row("response time", percentiles(recent?.responseTime)))
        lines.append(row("service time", percentiles(recent?.serviceTime)))
        lines.append(row("send error", percentiles(recent?.sendError)))
        if !progress.statuses.isEmpty {
            lines.append(row("answers", counts(progress.statuses.map { ("\($0.key)", $0.value) })))
        }
        if !progress.failures.isEmpty {
            lines.append(row("errors", counts(progress.failures.map { ($0.key.rawValue, $0.value) })))
        }
        return lines.map { PlainText.line($0, maximumCount: columns) }
    }

    /// The same on one line, for a log.
    package func line() -> String {
        var parts = [headline(columns: 0), rates]
        parts.append("\(Quantity.count(progress.counts.responded)) answered")
        if progress.counts.failed > 0 { parts.append("\(Quantity.count(progress.counts.failed)) failed") }
        parts.append("\(Quantity.count(progress.outstanding)) in flight")
        if let recent {
            parts.append(
                "response p50 \(time(recent.responseTime.p50)), p99 \(time(recent.responseTime.p99))"
            )
            parts.append("send error p99 \(time(recent.sendError.p99))")
        }
        return parts.joined(separator: "; ")
    }

    private func headline(columns: Int) -> String {
        let elapsed = Self.clock(progress.elapsed)
        switch progress.phase {
        case .done: return "\(elapsed), done"
        case .draining:
            let reason = progress.abortedBy.map { "stopped by \($0), " } ?? ""
            return "\(elapsed), \(reason)waiting for \(Quantity.count(progress.outstanding)) answers"
        case .running: break
        }
        guard let remaining = progress.remaining else { return "\(elapsed)" }
        let text = "\(elapsed), \(Self.clock(remaining)) left"
        let all = Double(progress.elapsed) + Double(remaining)
        let share = all > 0 ? Double(progress.elapsed) / all : 1
        guard let bar = Self.bar(room: columns - text.unicodeScalars.count - 2, share: share) else {
            return text
        }
        return bar + "  " + text
    }

    /// How much is done, from 0 to 1; `nil` where there is no room for it.
    static func bar(room: Int, share: Double) -> String? {
        let room = min(barWidth, room)
        guard room >= leastBarWidth else { return nil }
        let done = min(room, max(0, Int(Double(room) * share)))
        return String(repeating: "█", count: done) + String(repeating: "░", count: room - done)
    }

    private static let barWidth = 40
    private static let leastBarWidth = 8

    private var rates: String {
        guard let achieved = recent?.achievedRate.map(Quantity.rate) else { return "–" }
        guard let requested = recent?.requestedRate else { return "\(achieved) sent" }
        return "\(Quantity.rate(perSecond: requested)) asked, \(achieved) sent"
    }

    private var requests: String {
        let counts = progress.counts
        var parts = [
            "\(Quantity.count(counts.sent)) sent", "\(Quantity.count(counts.responded)) answered",
        ]
        for (name, count) in [("failed", counts.failed), ("skipped", counts.skipped)] where count > 0 {
            parts.append("\(Quantity.count(count)) \(name)")
        }
        var flight = "\(Quantity.count(progress.outstanding)) in flight"
        if progress.outstanding > 0 {
            flight += ", the oldest due \(time(progress.oldest / 1_000)) ago"
        }
        parts.append(flight)
        return parts.joined(separator: ", ")
    }

    private func percentiles(_ latency: LatencySummary?) -> String {
        guard let latency, latency.count > 0 else { return "–" }
        return
            "p50 \(time(latency.p50)), p90 \(time(latency.p90)), p99 \(time(latency.p99)), max \(time(latency.max))"
    }

    private func time(_ microseconds: UInt64) -> String {
        Quantity.duration(microseconds: Int64(clamping: microseconds))
    }

    private func counts(_ counts: [(String, UInt64)]) -> String {
        counts.sorted { $0.0 < $1.0 }.map { "\($0.0): \(Quantity.count($0.1))" }.joined(separator: ", ")
    }

    private func row(_ name: String, _ text: String) -> String {
        name + String(repeating: " ", count: max(1, 15 - name.count)) + text
    }

    /// `12.4 s`, `3:20`, `2:05:00`: of a width that seldom changes.
    static func clock(_ nanoseconds: UInt64) -> String {
        let seconds = nanoseconds / 1_000_000_000
        guard seconds >= 60 else {
            return "\(seconds).\(nanoseconds / 100_000_000 % 10) s"
        }
        func padded(_ value: UInt64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        guard seconds >= 3_600 else { return "\(seconds / 60):\(padded(seconds % 60))" }
        return "\(seconds / 3_600):\(padded(seconds % 3_600 / 60)):\(padded(seconds % 60))"
    }
}
