import Replay

extension ReplayReport {
    /// One block of a few lines, each ended by a line feed.
    ///
    /// Lines about what did not happen are left out.
    package func text() -> String {
        var lines = [requestLine, rateLine]
        if let worstSecond { lines.append(row("worst rate", worstSecond)) }
        lines.append(timeLine)
        if summary.laneWait.max > 0 {
            lines.append(row("lane wait", percentiles(summary.laneWait)))
        }
        if !summary.statuses.isEmpty {
            lines.append(row("statuses", counts(summary.statuses.map { ("\($0.key)", $0.value) })))
        }
        if !protocols.isEmpty { lines.append(row("protocols", counts(protocols))) }
        if !summary.failures.isEmpty {
            lines.append(row("errors", counts(summary.failures.map { ($0.key.rawValue, $0.value) })))
        }
        if !summary.skips.isEmpty {
            lines.append(row("skipped", counts(summary.skips.map { ($0.key.rawValue, $0.value) })))
        }
        if let faultLine { lines.append(row("faults", faultLine)) }
        lines += streamLines.map { row($0.name, $0.text) }
        if let silenceLine { lines.append(row("silence", silenceLine)) }
        lines += loadLines.map { row($0.name, $0.text) }
        lines.append(connectionLine)
        if summary.signatures != SignatureCounts() { lines.append(signatureLine) }
        lines += correlationLines.map { row($0.name, $0.text) }
        if summary.bottleneck != .none {
            lines.append(row("bottleneck", bottleneckText))
        }
        if let costText { lines.append(row("cost", costText)) }
        if let abortion = summary.abortion { lines.append(row("stopped", Self.sentence(abortion))) }
        if summary.wasInterrupted { lines.append(row("stopped", "interrupted before the end of the trace")) }
        return lines.map { $0 + "\n" }.joined()
    }

    private var requestLine: String {
        let requests = summary.requests
        var parts = ["\(Quantity.count(requests.sent)) of \(Quantity.count(requests.scheduled)) sent"]
        parts.append("\(Quantity.count(requests.responded)) answered")
        for (name, count) in [
            ("failed", requests.failed), ("aborted", requests.aborted), ("skipped", requests.skipped),
            ("not sent", requests.notSent),
        ] where count > 0 {
            parts.append("\(Quantity.count(count)) \(name)")
        }
        let nanoseconds = Int64(min(summary.wallSeconds, 9e9) * 1e9)
        return row(
            "requests",
            parts.joined(separator: ", ") + " in \(Quantity.duration(nanoseconds: nanoseconds))"
        )
    }

    private var rateLine: String {
        let achieved = summary.achievedRate.map(Quantity.rate) ?? "–"
        let speed = summary.speed.map { "speed \(Quantity.digits($0))x" } ?? courseText
        guard let requested = summary.requestedRate else {
            return row("rate", "\(achieved) achieved, \(speed)" + preparedText)
        }
        return row("rate", "\(Quantity.rate(perSecond: requested)) requested, \(achieved) achieved, \(speed)")
    }

    /// What was ready before the first request went out.
    private var preparedText: String {
        let prepared = summary.prepared
        guard prepared.requests > 0 else { return "" }
        return
            "; \(Quantity.count(prepared.requests)) ready before the first (\(Quantity.bytes(prepared.bytes)))"
    }

    var courseText: String {
        guard let course = summary.load.course else { return "as fast as possible" }
        return (summary.load.kinds.contains(.rate) ? "rate " : "speed ") + course
    }

    private var timeLine: String {
        let send = row("send error", percentiles(summary.sendError))
        let service = row("service time", percentiles(summary.serviceTime))
        let response = row("response time", percentiles(summary.responseTime))
        guard let deviations = summary.deviations else { return send + "\n" + service }
        let rhythm = zip(Rhythm.widths, deviations)
            .map { "\(Quantity.percent($1)) in \(Quantity.duration(microseconds: Int64($0) * 1_000))" }
        let off = row("off rhythm", rhythm.joined(separator: ", "))
        let drift = driftLine.map { [row("drift", $0)] } ?? []
        return ([send] + drift + [off, service, response]).joined(separator: "\n")
    }

    private var connectionLine: String {
        row("connections", connectionText)
    }

    var connectionText: String {
        let connections = summary.connections
        var text =
            "\(Quantity.count(connections.opened)) opened for \(Quantity.count(connections.recorded)) recorded"
        if connections.overflow > 0 { text += ", \(Quantity.count(connections.overflow)) of them overflow" }
        return text
    }

    private var signatureLine: String { row("signatures", signatureText) }

    var signatureText: String {
        let signatures = summary.signatures
        var text =
            "\(Quantity.count(signatures.signed)) signed, \(Quantity.count(signatures.invalidated)) made invalid,"
            + " \(Quantity.count(signatures.kept)) as recorded for want of a secret"
        if signatures.unsignable > 0 {
            text += ", \(Quantity.count(signatures.unsignable)) that could not be signed"
        }
        return text
    }

    private func percentiles(_ latency: LatencySummary) -> String {
        guard latency.count > 0 else { return "–" }
        func time(_ microseconds: UInt64) -> String {
            Quantity.duration(microseconds: Int64(clamping: microseconds))
        }
        return "p50 \(time(latency.p50)), p99 \(time(latency.p99)), max \(time(latency.max))"
    }

    func counts(_ counts: [(String, UInt64)]) -> String {
        counts.sorted { $0.0 < $1.0 }.map { "\($0.0): \(Quantity.count($0.1))" }.joined(separator: ", ")
    }

    func row(_ name: String, _ text: String) -> String {
        name + String(repeating: " ", count: max(1, 14 - name.count)) + text
    }
}
