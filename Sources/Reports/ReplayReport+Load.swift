import JSON
import Replay

extension ReplayReport {
    /// The member `load`: in which way the run made its load, and `habits`: what senders' habits did.
    func writeLoad(to writer: inout JSONWriter) {
        let load = summary.load
        writer.key("load")
        writer.beginObject()
        writer.key("kinds")
        writer.beginArray()
        for kind in load.kinds { writer.string(kind.rawValue) }
        writer.endArray()
        writer.member("course", load.course)
        writer.member("arrivals", load.arrivals.rawValue)
        writer.member("copies", load.copies)
        writer.member("copy_spread_seconds", Double(load.spread) / 1e9)
        writer.member("sample", load.sample)
        writer.member("shard", load.shard.description)
        writer.member("seed", load.seed)
        writer.key("sessions")
        if let sessions = load.sessions { writer.integer(sessions) } else { writer.null() }
        writer.endObject()
        writeHabits(to: &writer)
        writer.member("limit_drops", summary.limitDrops)
    }

    private func writeHabits(to writer: inout JSONWriter) {
        let habits = summary.habits
        writer.key("habits")
        writer.beginObject()
        writer.member("duplicates", habits.duplicates)
        writer.member("duplicates_accepted", habits.duplicatesAccepted)
        writer.member("late", habits.late)
        writer.member("reordered", habits.reordered)
        writer.member("burst", habits.burst)
        writer.member("crowded", habits.crowded)
        writer.key("retries")
        writer.beginObject()
        writer.member("scheduled", habits.retries.scheduled)
        writer.member("sent", habits.retries.sent)
        writer.member("recovered", habits.retries.recovered)
        writer.member("exhausted", habits.retries.exhausted)
        writer.member("beyond", habits.retries.beyond)
        writer.member("dropped", habits.retries.dropped)
        writer.endObject()
        writer.endObject()
    }

    /// How the load was made, and what habits did, where there is anything to say of it.
    var loadLines: [(name: String, text: String)] {
        var lines: [(name: String, text: String)] = []
        let load = summary.load
        if !load.isPlain { lines.append(("load", loadParts(load).joined(separator: ", "))) }
        let habits = habitParts(summary.habits)
        if !habits.isEmpty { lines.append(("habits", habits.joined(separator: ", "))) }
        if !retryParts.isEmpty { lines.append(("retries", retryParts.joined(separator: ", "))) }
        if summary.limitDrops > 0 {
            lines.append(
                ("not sent", "\(Quantity.count(summary.limitDrops)) due while too many were unanswered")
            )
        }
        return lines
    }

    private func loadParts(_ load: LoadSummary) -> [String] {
        var parts: [String] = []
        if let sessions = load.sessions {
            parts.append("\(Quantity.count(sessions)) sessions\(load.isSessionCountCut ? " or more" : "")")
        }
        if load.copies > 1 {
            parts.append(
                "\(Quantity.count(load.copies)) of each within \(Quantity.duration(nanoseconds: load.spread))"
            )
        }
        if load.arrivals != .recorded { parts.append("\(load.arrivals.rawValue) arrivals") }
        if load.sample < 1 { parts.append("sample of \(Quantity.percent(load.sample))") }
        if load.shard != .whole { parts.append("shard \(load.shard)") }
        parts.append("seed \(load.seed)")
        return parts
    }

    private func habitParts(_ habits: HabitCounts) -> [String] {
        var parts: [String] = []
        if habits.duplicates > 0 {
            parts.append(
                "\(Quantity.count(habits.duplicates)) duplicates, \(Quantity.count(habits.duplicatesAccepted)) accepted"
            )
        }
        for (count, name) in [
            (habits.late, "late"), (habits.reordered, "reordered"), (habits.burst, "in bursts"),
            (habits.crowded, "not moved for want of room"),
        ] where count > 0 { parts.append("\(Quantity.count(count)) \(name)") }
        return parts
    }

    private var retryParts: [String] {
        let retries = summary.habits.retries
        var parts: [String] = []
        if retries.scheduled > 0 {
            parts.append(
                "\(Quantity.count(retries.sent)) sent, \(Quantity.count(retries.recovered)) accepted"
            )
        }
        for (count, name) in [
            (retries.exhausted, "failed for good"), (retries.beyond, "beyond the end"),
            (retries.dropped, "dropped"),
        ] where count > 0 { parts.append("\(Quantity.count(count)) \(name)") }
        return parts
    }
}
