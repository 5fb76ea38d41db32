import Replay

extension ReplayReport {
    /// What came of a run, in a line, and what stands behind it.
    struct RunVerdict {
        var tone: PageParts.Tone
        var headline: String
        var reasons: [String]
    }

    /// Failures first, then who kept the run from its schedule, then what was answered with an error.
    var verdict: RunVerdict {
        RunVerdict(tone: outcome.tone, headline: outcome.headline, reasons: reasons)
    }

    private var outcome: (tone: PageParts.Tone, headline: String) {
        let requests = summary.requests
        if let abortion = summary.abortion { return (.bad, "Stopped: \(Self.sentence(abortion))") }
        if summary.wasInterrupted { return (.open, "Interrupted before the end of the trace") }
        if requests.sent == 0 { return (.open, "Nothing was sent") }
        if requests.failed > 0 {
            return (
                .bad, "\(Quantity.count(requests.failed)) of \(Quantity.count(requests.sent)) requests failed"
            )
        }
        switch summary.bottleneck {
        case .replayer: return (.open, "The replayer could not keep up")
        case .lanes: return (.open, "Requests waited for earlier ones on their connections")
        case .target where summary.deviations != nil: return (.open, "The target was the bottleneck")
        case .target, .none: break
        }
        let errors = summary.statuses.filter { $0.key >= 500 }.reduce(0 as UInt64) { $0 + $1.value }
        if errors > 0 {
            return (
                .open,
                "Every request was answered, \(Quantity.count(errors)) with a server error"
            )
        }
        return (
            .good,
            summary.deviations == nil
                ? "Every request was answered" : "On schedule, and every request was answered"
        )
    }

    private var reasons: [String] {
        var reasons: [String] = []
        if summary.bottleneck != .none { reasons.append("The bottleneck was \(bottleneckText).") }
        for (kind, count) in summary.failures.sorted(by: { $1.value < $0.value }) {
            reasons.append("\(Quantity.count(count)) failed: \(Self.words(kind)).")
        }
        if let silenceLine { reasons.append("The target was silent: \(silenceLine).") }
        if let worstSecond { reasons.append("Furthest from the rate: \(worstSecond).") }
        if let driftLine, summary.driftLast > 2 * summary.driftFirst + 1_000 {
            reasons.append("Lateness grew: \(driftLine).")
        }
        for (reason, count) in summary.skips.sorted(by: { $1.value < $0.value }) {
            reasons.append("\(Quantity.count(count)) skipped: \(reason.rawValue).")
        }
        if summary.limitDrops > 0 {
            reasons.append("\(Quantity.count(summary.limitDrops)) not sent while too many were unanswered.")
        }
        return reasons
    }

    private static func words(_ kind: FailureKind) -> String {
        switch kind {
        case .connect: "the connection could not be opened"
        case .tls: "the TLS handshake or the certificate"
        case .timeout: "no answer within the timeout"
        case .reset: "the connection broke"
        case .closed: "the target closed the connection without an answer"
        case .resendRefused: "a reused connection closed, and nothing is sent twice"
        case .protocolError: "what came back is not HTTP, or not whole"
        case .other: "for other reasons"
        }
    }
}
