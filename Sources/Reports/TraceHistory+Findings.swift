import Messages
import Packets
package import Traces

extension TraceHistory {
    /// What it comes to, a sentence each: what is whole, what is not, and why as far as that is known.
    package var findings: [String] {
        switch question {
        case .exchange(let number, let connection): exchangeFindings(number, connections[connection])
        case .connection(let number): connectionFindings(connections[number])
        case .moment: momentFindings
        }
    }

    private func exchangeFindings(_ number: UInt64, _ history: ConnectionHistory?) -> [String] {
        let messages = (history?.messages ?? []).filter { $0.exchange == number }
        let request = messages.first { $0.kind == .request }
        let response = messages.first { $0.kind == .response && !$0.flags.contains(.interim) }
        var findings: [String] = []
        for message in [request, response].compactMap({ $0 }) {
            let name = message.kind == .request ? "The request" : "The response"
            findings.append(
                message.isWhole
                    ? "\(name) is whole."
                    : "\(name) is not as it was sent: \(HistoryWords.phrases(for: message).joined(separator: "; "))."
            )
        }
        if request == nil {
            findings.append("Its request is not in the trace: \(missing(.request, history)).")
        }
        if response == nil {
            findings.append("Its response is not in the trace: \(missing(.response, history)).")
        }
        return findings + gapFindings(history, exchange: number)
    }

    /// Why a message may not be there.
    private func missing(_ kind: MessageKind, _ history: ConnectionHistory?) -> String {
        guard let history else { return "nothing is known of its connection" }
        if history.notes.contains(where: { $0.subject == .gap && $0.direction == kind }) {
            return "bytes from the \(HistoryWords.side(kind)) were never captured"
        }
        if kind == .request, history.opening?.sawHandshake == false {
            return "the capture joined the connection in the middle"
        }
        if history.close?.reason == .reset { return "the connection was reset first" }
        if !history.messages.contains(where: { $0.kind == kind }) {
            return
                "nothing from the \(HistoryWords.side(kind)) was captured on this connection that could be read; "
                + "a mirror port or a route may carry one side only"
        }
        switch history.close?.reason {
        case .endOfCapture, nil: return "the recording ended first"
        case .fin, .reset, .expired, .reused: return "the connection ended without it"
        }
    }

    private func connectionFindings(_ history: ConnectionHistory?) -> [String] {
        guard let history else { return [] }
        let odd = history.messages.filter { !$0.isWhole }.count
        var findings = [
            odd == 0
                ? "Every message of it that began is whole."
                : "\(odd) of its messages \(odd == 1 ? "is" : "are") not as they were sent."
        ]
        if let close = history.close { findings.append("It was \(HistoryWords.end(close.reason)).") }
        if let summary = history.summary, summary.notesLeftOut > 0 {
            findings.append("\(Quantity.count(summary.notesLeftOut)) more notes were left out.")
        }
        return findings + gapFindings(history, exchange: nil)
    }

    /// Where bytes are missing: whether the system dropped packets then.
    private func gapFindings(_ history: ConnectionHistory?, exchange: UInt64?) -> [String] {
        let gaps = (history?.notes ?? []).filter { note in
            note.subject == .gap && (exchange == nil || note.exchange == nil || note.exchange == exchange)
        }
        guard let gap = gaps.first else { return [] }
        if let span = gaps.lazy.compactMap({ drops.span(around: $0.time) }).first {
            return [sentence(for: span)]
        }
        guard isLive else { return ["The capture file does not hold the missing bytes."] }
        guard drops.hasSnapshots else { return [] }
        return [
            "Nothing was dropped on this host around \(offset(gap.time)), as far as the system says: the packets were "
                + "lost before, on a mirror port, a tap or another route."
        ]
    }

    private func sentence(for span: DropTimeline.Span) -> String {
        let count = [
            span.kernel > 0 ? "the kernel dropped \(Quantity.count(span.kernel)) packets" : nil,
            span.interface > 0 ? "the interface dropped \(Quantity.count(span.interface)) packets" : nil,
        ].compactMap { $0 }.joined(separator: " and ")
        return
            "Between \(offset(span.from)) and \(offset(span.to)) \(count): the recorder could not keep up. "
            + "A larger --ring helps against bursts, -p or -f against too much."
    }

    private var momentFindings: [String] {
        let messages = connections.values.reduce(0) { $0 + UInt64($1.messages.count) + $1.messagesLeftOut }
        let odd = connections.values.reduce(0) { $0 + $1.messages.filter { !$0.isWhole }.count }
        var findings = [
            connections.isEmpty
                ? "No connection with a message in the trace was open then."
                : "\(Self.count(UInt64(connections.count), "connection")) with \(Self.count(messages, "message")) in sight; "
                    + (odd == 0 ? "every message is whole." : "\(Quantity.count(odd)) not as they were sent.")
        ]
        if othersLeftOut > 0 {
            findings.append(
                "\(Quantity.count(othersLeftOut)) more connections without a message are not listed."
            )
        }
        guard let after = ledgerAfter ?? lastLedger else {
            return findings + ["The trace holds no snapshot of the ledger."]
        }
        let counts = Self.growth(from: ledgerBefore, to: after)
        let losses = Losses(in: counts)
        let from = ledgerBefore.map { offset($0.time) } ?? "the start"
        if losses.isEmpty {
            findings.append("Between \(from) and \(offset(after.time)) nothing was lost.")
        }
        for loss in losses.entries {
            findings.append(
                "Between \(from) and \(offset(after.time)): \(Quantity.count(loss.value)) \(loss.meaning); \(loss.remedy)."
            )
        }
        return findings
    }

    /// By how much the counts of the ledger grew around the moment; those that did not are left out.
    package var ledgerGrowth: [LedgerCount] {
        guard let after = ledgerAfter ?? lastLedger else { return [] }
        return Self.growth(from: ledgerBefore, to: after)
    }

    private static func growth(from before: LedgerRecord?, to after: LedgerRecord) -> [LedgerCount] {
        let old = Dictionary((before?.counts ?? []).map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        return after.counts.compactMap { count in
            let value = count.value - min(count.value, old[count.name] ?? 0)
            return value > 0 ? LedgerCount(name: count.name, value: value) : nil
        }
    }

    private static func count(_ value: UInt64, _ noun: String) -> String {
        "\(Quantity.count(value)) \(noun)\(value == 1 ? "" : "s")"
    }

    /// A moment as seconds from the first message.
    func offset(_ time: PacketTime) -> String {
        let nanoseconds = time.nanoseconds(since: origin)
        let sign = nanoseconds < 0 ? "-" : "+"
        return sign + Quantity.fixed(Double(nanoseconds.magnitude) / 1e9, decimals: 6) + " s"
    }
}
