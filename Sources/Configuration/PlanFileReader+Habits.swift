import Replay
import Yams

extension PlanFileReader {
    func habits(_ node: Node) throws(RulesFileError) -> ProviderHabits {
        let entries = try fields(
            node,
            of: "'habits'",
            known: ["duplicates", "late", "reorder", "bursts", "retries"]
        )
        var habits = ProviderHabits()
        habits.duplicates = try entries["duplicates"].map { node throws(RulesFileError) in
            try delay(node, "'duplicates'", by: "after", usually: 1_000_000_000...10_000_000_000)
        }
        habits.late = try entries["late"].map { node throws(RulesFileError) in
            try delay(node, "'late'", by: "by", usually: 10_000_000_000...120_000_000_000)
        }
        habits.reorder = try entries["reorder"].map { node throws(RulesFileError) in
            try delay(node, "'reorder'", by: "within", usually: 0...2_000_000_000)
        }
        habits.bursts = try entries["bursts"].map(bursts)
        habits.retries = try entries["retries"].map(retries)
        return habits
    }

    /// A share alone, or a mapping of it and of a range of times.
    private func delay(
        _ node: Node,
        _ what: String,
        by key: String,
        usually range: ClosedRange<Int64>
    ) throws(RulesFileError) -> ProviderHabits.Delay {
        guard node.mapping != nil else {
            return ProviderHabits.Delay(share: try share(node).value, by: range)
        }
        let entries = try fields(node, of: what, known: ["share", key])
        guard let shareNode = entries["share"] else { throw error(node, "a 'share' is missing here") }
        var delay = ProviderHabits.Delay(share: try share(shareNode).value, by: range)
        if let node = entries[key] {
            delay.by = try value(node) { text throws(UnreadableValue) in try RunTime.range(text) }
        }
        return delay
    }

    private func bursts(_ node: Node) throws(RulesFileError) -> ProviderHabits.Bursts {
        let entries = try fields(node, of: "'bursts'", known: ["share", "window"])
        guard let windowNode = entries["window"] else { throw error(node, "a 'window' is missing here") }
        let window = try duration(windowNode)
        guard window.nanoseconds >= 1_000_000 else {
            throw error(windowNode, "a window of 1ms or more is wanted")
        }
        return ProviderHabits.Bursts(
            share: try entries["share"].map(share)?.value ?? 1,
            window: Int64(clamping: window.nanoseconds)
        )
    }

    /// `auto`, the name of a sender or a list of delays, alone or in a mapping that says more.
    private func retries(_ node: Node) throws(RulesFileError) -> RetryPolicy {
        guard node.mapping != nil else { return RetryPolicy(try schedule(node)) }
        let entries = try fields(node, of: "'retries'", known: ["schedule", "time", "within"])
        guard let scheduleNode = entries["schedule"] else {
            throw error(node, "a 'schedule' is missing here")
        }
        var policy = RetryPolicy(try schedule(scheduleNode))
        if let node = entries["time"] {
            let text = try text(node)
            switch text {
            case "real": policy.clock = .run
            case "trace": policy.clock = .trace
            default:
                guard text.hasSuffix("x"), let factor = Double(text.dropLast()), factor > 0, factor <= 1e9
                else {
                    throw error(node, "'\(text)' is none of trace, real, or times as fast such as 60x")
                }
                policy.clock = .scaled(factor)
            }
        }
        if let node = entries["within"] { policy.within = try duration(node).nanoseconds }
        return policy
    }

    private func schedule(_ node: Node) throws(RulesFileError) -> RetryPolicy.Choice {
        if let sequence = node.sequence {
            var delays: [UInt64] = []
            for element in sequence { delays.append(try duration(element).nanoseconds) }
            guard delays.count <= 100 else { throw error(node, "more than 100 attempts") }
            return .schedule(RetrySchedule("this plan", delays: delays, source: file))
        }
        let name = try text(node)
        if name == "auto" { return .bySender }
        guard let schedule = RetrySchedule.named(name) else {
            let names = RetrySchedule.known.map(\.name)
            let hint = NearestWord.hint(for: name, among: names + ["auto"])
            throw error(
                node,
                "unknown schedule '\(name)'\(hint); there are auto, \(names.joined(separator: ", ")), or a list of delays"
            )
        }
        return .schedule(schedule)
    }
}
