import Checks
import MeshTarget
import Recording
import Replay
import Reports
import Traces

/// What the demo prints: one screen.
struct DemoReport {
    struct Replay {
        var name: String
        var summary: ReplaySummary
        var check: CheckResult
    }

    /// What the senders saw; `nil` where a capture file was read.
    var traffic: TrafficResult?
    var captureFile: String?
    var recording: RecordingOutcome?
    var leaks: LeakSearch.Result?
    var replays: [Replay] = []

    /// Whether everything came out as it should: sums right, nothing leaked, all sent, all equal.
    var isGood: Bool {
        guard let recording, recording.ledger.check().isEmpty, leaks?.found.isEmpty == true else {
            return false
        }
        return replays.allSatisfy { $0.summary.requests.failed == 0 && $0.check.verdict == .pass }
    }

    func text(isStyled: Bool) -> String {
        func title(_ text: String) -> String { isStyled ? "\u{1B}[1m\(text)\u{1B}[0m\n" : "\(text)\n" }
        var text = ""
        if let recording {
            text += title("Recorded") + recorded(recording) + "\n"
            text += title("Anonymized") + anonymized(recording) + "\n"
        }
        text += title("Replayed and checked") + replayed() + "\n"
        for replay in replays where replay.check.verdict != .pass {
            text += CheckReport(replay.check, subject: "the answers at \(replay.name)").text(
                isStyled: isStyled
            )
        }
        return text + (isGood ? "All as recorded.\n" : "Not all is as it should be; see above.\n")
    }

    private func recorded(_ recording: RecordingOutcome) -> String {
        var table = Table([.init(""), .init("", maximumWidth: 96)])
        if let traffic {
            table.append([
                "sent",
                "\(Quantity.count(traffic.sent)) requests, \(Quantity.count(traffic.answered)) answered",
            ])
        } else if let captureFile {
            table.append(["read", captureFile])
        }
        table.append([
            "in the trace",
            "\(Quantity.count(recording.stored.requests)) requests, "
                + "\(Quantity.count(recording.stored.responses)) responses on "
                + "\(Quantity.count(recording.stored.connections)) connections",
        ])
        let lost = recording.ledger.packets.kernelDropped + recording.ledger.bytes.missing
        table.append(["lost", lost == 0 ? "nothing" : "\(Quantity.count(lost)) packets and bytes"])
        let ledger = LedgerText.lines(recording.ledger).split(separator: "\n").map { "  \($0)\n" }
        return table.text(indent: 2) + ledger.joined()
    }

    private func anonymized(_ recording: RecordingOutcome) -> String {
        var text = ""
        var line = "  "
        for count in recording.anonymized.sorted(by: { ($1.value, $0.name) < ($0.value, $1.name) }) {
            let part = "\(Quantity.count(count.value)) \(count.name)"
            if line.count + part.count > 98 {
                text += line + "\n"
                line = "  "
            }
            line += (line == "  " ? "" : ", ") + part
        }
        text += line + "\n"
        if let leaks {
            let found = leaks.found.isEmpty ? "none" : leaks.found.joined(separator: ", ")
            text += "  planted values found in the trace: \(found), of \(Quantity.count(leaks.planted))\n"
        }
        return text
    }

    private func replayed() -> String {
        var table = Table([.init("")] + replays.map { .init($0.name, .right) })
        func row(_ name: String, _ value: (Replay) -> String) {
            table.append([name] + replays.map(value))
        }
        row("requests sent") { Quantity.count($0.summary.requests.sent) }
        row("failed, skipped") {
            "\(Quantity.count($0.summary.requests.failed)), \(Quantity.count($0.summary.requests.skipped))"
        }
        row("requested rate") { $0.summary.requestedRate.map(Quantity.rate) ?? "–" }
        row("achieved rate") { $0.summary.achievedRate.map(Quantity.rate) ?? "–" }
        row("send error p50 / p99 / max") { Self.times($0.summary.sendError, andMaximum: true) }
        row("service time p50 / p99") { Self.times($0.summary.serviceTime, andMaximum: false) }
        row("statuses") { Self.statuses($0.summary.statuses) }
        row("bottleneck") { $0.summary.bottleneck.rawValue }
        row("answers compared") { Quantity.count($0.check.counts.compared) }
        row("verdict") { $0.check.verdict.rawValue }
        return table.text(indent: 2)
    }

    private static func times(_ latency: LatencySummary, andMaximum: Bool) -> String {
        let times = andMaximum ? [latency.p50, latency.p99, latency.max] : [latency.p50, latency.p99]
        return times.map { Quantity.duration(microseconds: Int64(clamping: $0)) }.joined(separator: " / ")
    }

    private static func statuses(_ statuses: [UInt16: UInt64]) -> String {
        statuses.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }.joined(separator: " ")
    }
}
