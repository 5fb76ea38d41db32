extension PlanProgress {
    /// Windows that are smaller get one line.
    package static let leastColumns = 60
    package static let leastRows = 14

    /// The lines of a live view for a window of this size, none longer than its width; figures of the target and times of
    /// answers are those of the last look.
    ///
    /// Which lines there are changes only with what is seen for the first time, so that nothing jumps.
    package func screen(columns: Int, rows: Int) -> [String] {
        let columns = max(columns, 1)
        guard columns >= Self.leastColumns, rows >= Self.leastRows else {
            return [PlainText.line(line(), maximumCount: columns)]
        }
        var lines = [headline(columns: columns), Self.row("requests", requests)]
        for (name, text) in [
            ("response time", target.responses), ("under way", underWayText),
            ("processors", target.processors),
            ("pools", target.poolsInUse), ("queues", target.queued), ("database", target.database),
        ] {
            if let text { lines.append(Self.row(name, text)) }
        }
        return lines.map { PlainText.line($0, maximumCount: columns) }
    }

    /// The same on one line, with what matters most first.
    package func line() -> String {
        var parts = [place + ": " + progress]
        if let rest = restText { parts.append(rest) }
        parts.append("\(Quantity.count(ended)) ended")
        if errors > 0 { parts.append("\(Quantity.count(errors)) errors") }
        if let p95 = target.p95 { parts.append("p95 \(TargetGlance.time(p95))") }
        parts += underWay
        parts += target.processes.map { "\($0.name) \(Quantity.digits($0.value)) CPU" }
        parts += [target.poolsInUse, target.queued].compactMap { $0 }
        return parts.joined(separator: "; ")
    }

    private func headline(columns: Int) -> String {
        let text = "\(place): \(progress)" + (restText.map { "; \($0)" } ?? "")
        guard let load, let whole = step.load, whole > 0 else { return text }
        let room = columns - text.unicodeScalars.count - 2
        guard let bar = ReplayStatus.bar(room: room, share: 1 - Double(load) / Double(whole)) else {
            return text
        }
        return bar + "  " + text
    }

    private var place: String {
        "stage \(current + 1) of \(steps.count), \(PlainText.line(step.name, maximumCount: 40))"
            + (part.map { " at \($0)" } ?? "")
    }

    private var progress: String {
        if let wait { return wait }
        let elapsed = ReplayStatus.clock(elapsed)
        return load.map { "\(elapsed), \(ReplayStatus.clock($0)) left" } ?? elapsed
    }

    /// What is left of the run; nothing where the stage says the same of itself.
    private var restText: String? {
        switch rest {
        case .unknown: return nil
        case .about(let time):
            return time == load ? nil : "about \(Self.roughly(time, isLeast: false)) to the end"
        case .atLeast(let time):
            return time == load || time < Self.leastTold
                ? nil : "at least \(Self.roughly(time, isLeast: true)) to the end"
        }
    }

    private static let leastTold: UInt64 = 5_000_000_000

    /// To five seconds below a minute, to half a minute below ten, else to minutes: no more is known.
    private static func roughly(_ nanoseconds: UInt64, isLeast: Bool) -> String {
        let seconds = nanoseconds / 1_000_000_000
        func rounded(_ size: UInt64) -> UInt64 { (seconds + (isLeast ? 0 : size / 2)) / size * size }
        if rounded(5) < 60 { return "\(max(5, rounded(5))) s" }
        if rounded(30) < 600 {
            return rounded(30) % 60 == 0 ? "\(rounded(30) / 60) min" : "\(rounded(30) / 60) min 30 s"
        }
        let minutes = rounded(60) / 60
        return minutes < 60 ? "\(minutes) min" : "\(minutes / 60) h \(minutes % 60) min"
    }

    private var requests: String {
        var parts = ["\(Quantity.count(ended)) ended", "\(Quantity.count(errors)) errors"]
        if let rate = target.answersPerSecond { parts.append("\(Quantity.rate(perSecond: rate)) now") }
        return parts.joined(separator: ", ")
    }

    private var underWayText: String? { underWay.isEmpty ? nil : underWay.joined(separator: "; ") }

    private static func row(_ name: String, _ text: String) -> String {
        name + String(repeating: " ", count: max(1, 15 - name.count)) + text
    }
}
