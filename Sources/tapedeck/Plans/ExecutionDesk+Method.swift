import LoadPlans
import Reports

extension ExecutionDesk {
    /// How the ends of runs were found, by which clock, and how exactly: the sources in the order in which they are trusted.
    var method: String {
        guard !sources.isEmpty else {
            return
                "names of runs from the answers; their ends were not looked for, since the plan names no list"
        }
        let interval = Quantity.duration(nanoseconds: Int64(clamping: rule.interval))
        let readers = sources.filter(\.isOfTenant).count / (rule.poll != nil && rule.stream != nil ? 2 : 1)
        let who = "\(readers) reader\(readers == 1 ? "" : "s")"
        var parts = ["names of runs from the answers"]
        var notices: [String] = []
        if let callback = rule.callback {
            parts.append(
                "their ends from callbacks to \(callback.host):\(callback.port), by the clock here and as exact as a "
                    + "callback is fast"
            )
        }
        if rule.poll != nil {
            parts.append("their moments from the target's own list, asked for every \(interval) by \(who)")
            notices.append("is uncertain by \(interval)")
        }
        if rule.stream != nil {
            parts.append("their moments from a stream of changes for each of \(who)")
            notices.append("is how late the stream tells of an end")
        }
        if rule.query != nil {
            parts.append("their moments from a query of its database, put every \(interval)")
            if notices.isEmpty { notices.append("is uncertain by \(interval)") }
        }
        var text = parts.joined(separator: ", ")
        if !notices.isEmpty {
            text +=
                "; a moment is as exact as the target writes it, and 'notice' \(notices.joined(separator: ", or "))"
        }
        return text + "; 'overhead' is without \(delays)"
    }

    /// What is taken off a turnaround.
    private var delays: String {
        if let delay = rule.delay { return "what each run says in \(delay.path.joined(separator: "/"))" }
        return rule.delays.isEmpty
            ? "nothing, since the plan names no delays" : "the delays that the plan names by route"
    }
}
