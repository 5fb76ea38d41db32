import Checks
import JSON

extension CheckReport {
    /// `"timing"`: what is said of each route's times; times in microseconds, changes as candidate over baseline.
    static func write(_ timing: TimingComparison, decides: Bool, into writer: inout JSONWriter) {
        writer.key("timing")
        writer.beginObject()
        writer.member("level", timing.terms.level)
        writer.member("minimum_effect", timing.terms.minimumEffect)
        writer.member("seed", timing.terms.seed)
        writer.member("verdict", timing.hasRegression ? "worse" : "same")
        writer.member("decides", decides)
        writer.member("baseline_rate", timing.throughput.baseline)
        writer.member("candidate_rate", timing.throughput.candidate)
        writer.key("routes")
        writer.beginArray()
        for route in timing.routes {
            writer.beginObject()
            writer.member("route", route.route)
            writer.key("quantiles")
            writer.beginArray()
            for change in route.changes { write(change, into: &writer) }
            writer.endArray()
            writer.key("errors")
            writer.beginObject()
            write(route.errors.baseline, "baseline", into: &writer)
            write(route.errors.candidate, "candidate", into: &writer)
            writer.member("verdict", route.errors.verdict.rawValue)
            writer.endObject()
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
    }

    private static func write(_ change: QuantileChange, into writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("quantile", change.quantile)
        writer.member("baseline_us", Double(change.baseline) / 1e3)
        writer.member("candidate_us", Double(change.candidate) / 1e3)
        writer.member("change", change.ratio)
        if change.interval.upperBound.isFinite {
            writer.member("low", change.interval.lowerBound)
            writer.member("high", change.interval.upperBound)
        }
        writer.member("verdict", change.verdict.rawValue)
        if let needed = change.needed { writer.member("needed", needed) }
        writer.endObject()
    }

    private static func write(_ share: ErrorChange.Share, _ side: String, into writer: inout JSONWriter) {
        writer.key(side)
        writer.beginObject()
        writer.member("errors", share.errors)
        writer.member("requests", share.requests)
        writer.member("low", share.interval.lowerBound)
        writer.member("high", share.interval.upperBound)
        writer.endObject()
    }

    func writeBudgets(into writer: inout JSONWriter) {
        writer.key("budgets")
        writer.beginArray()
        for result in result.budgets {
            writer.beginObject()
            writer.member("budget", result.budget.description)
            if let value = result.value {
                writer.member("value", value)
            } else {
                writer.key("value")
                writer.null()
            }
            writer.member("kept", result.isKept)
            writer.endObject()
        }
        writer.endArray()
    }

    /// What the terminal shows of times: the changes first, then how much is missing for saying more.
    var timingLines: [String] {
        guard let timing = result.timing else { return [] }
        var lines: [String] = []
        for route in timing.routes {
            for change in route.changes where change.verdict == .worse || change.verdict == .better {
                lines.append("\(route.route)  \(change.sentence)")
            }
            if route.errors.verdict == .worse || route.errors.verdict == .better {
                lines.append(
                    "\(route.route)  errors \(route.errors.baseline.sentence), now \(route.errors.candidate.sentence)"
                )
            }
        }
        if lines.isEmpty { lines.append("no route got slower or faster") }
        if !result.timingDecides, timing.hasRegression {
            lines.append(
                "not judged: the baseline's times were taken at another time; --against measures both in turns, "
                    + "--baseline-times judges all the same"
            )
        }
        let lacking = timing.routes.flatMap(\.changes).filter { $0.verdict == .notEnoughData }
        if let needed = lacking.compactMap(\.needed).max() {
            lines.append(
                "not enough data for \(Quantity.count(lacking.count)) of "
                    + "\(Quantity.count(timing.routes.count * TimingComparison.quantiles.count)) quantiles; about "
                    + "\(Quantity.count(needed)) answers of each route on each side would do"
            )
        }
        return lines
    }

    var budgetLines: [String] {
        result.budgets.map { result in
            let value = result.value.map { result.budget.shown($0) } ?? "no answer"
            return "\(result.isKept ? "kept" : "broken")  \(result.budget.description): \(value)"
        }
    }
}

extension QuantileChange {
    /// `p99 12.1 ms → 14.9 ms, +23% (+15% to +31%)`.
    var sentence: String {
        let name = "p\(Int((quantile * 100).rounded()))"
        let times =
            "\(Quantity.duration(nanoseconds: Int64(clamping: baseline))) → "
            + Quantity.duration(nanoseconds: Int64(clamping: candidate))
        return "\(name) \(times), \(shares)"
    }

    /// `+23% (+15% to +31%)`, or the change alone where nothing is known of its interval.
    var shares: String {
        func percent(_ ratio: Double) -> String {
            let share = Int(min(1e6, (ratio - 1) * 100).rounded())
            return share >= 0 ? "+\(share)%" : "\(share)%"
        }
        guard interval.upperBound.isFinite else { return percent(ratio) }
        return "\(percent(ratio)) (\(percent(interval.lowerBound)) to \(percent(interval.upperBound)))"
    }
}

extension ErrorChange.Share {
    var sentence: String { "\(Quantity.count(errors)) of \(Quantity.count(requests))" }
}

extension Budget {
    /// A figure in the unit of the budget.
    func shown(_ value: Double) -> String {
        switch figure {
        case .quantile: Quantity.duration(nanoseconds: Int64(value))
        case .errors: "\((value * 10_000).rounded() / 100)%"
        }
    }
}
