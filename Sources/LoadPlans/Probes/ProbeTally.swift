/// What the answers to a probe came to in a stage.
package struct ProbeTally: Hashable, Sendable {
    /// Ways of going wrong that are told apart; the rest counts without its words.
    package static let reasonLimit = 8

    /// Answers that said something of the target; of a stream, the lines.
    package private(set) var asked: UInt64 = 0
    package private(set) var failed: UInt64 = 0
    /// Questions without an answer that says anything.
    package private(set) var silent: UInt64 = 0
    package private(set) var reasons: [String: UInt64] = [:]

    package init() {}

    package init(asked: UInt64, failed: UInt64, silent: UInt64, reasons: [String: UInt64]) {
        self.asked = asked
        self.failed = failed
        self.silent = silent
        self.reasons = reasons
    }

    package mutating func note(_ verdict: Probe.Verdict) {
        switch verdict {
        case .kept: asked += 1
        case .silent: silent += 1
        case .broken(let reason):
            asked += 1
            failed += 1
            if reasons[reason] != nil || reasons.count < Self.reasonLimit { reasons[reason, default: 0] += 1 }
        }
    }

    package mutating func add(_ other: ProbeTally) {
        asked += other.asked
        failed += other.failed
        silent += other.silent
        for (reason, count) in other.reasons
        where reasons[reason] != nil || reasons.count < Self.reasonLimit {
            reasons[reason, default: 0] += count
        }
    }
}

extension AcceptanceRow {
    /// The row of a probe: how many of its answers were wrong in all stages. One that was never answered is `unknown`,
    /// which is not kept.
    package init(_ probe: Probe, in records: [StageRecord]) {
        var total = ProbeTally()
        var stage: String?
        for record in records {
            guard let tally = record.probes[probe.name] else { continue }
            total.add(tally)
            if tally.failed > 0, stage == nil { stage = record.stage.name }
        }
        self.init(
            criterion: probe.title,
            verdict: total.failed > 0 ? .fail : total.asked > 0 ? .pass : .unknown,
            value: total.asked > 0 ? Double(total.failed) : nil,
            unit: .count,
            stage: stage,
            tenant: nil
        )
    }
}
