import Replay

extension ReplayReport {
    /// A page of its own: the verdict first, then how the run went over time, its routes, its certificate, what was
    /// recorded, and how to do it again.
    ///
    /// Everything on it is bounded, so it stays below a megabyte however long the run was.
    package func html(subject: String, context: ReportContext = ReportContext()) -> String {
        let verdict = self.verdict
        var page = Page(title: "Replay: \(verdict.headline)")
        page.foot = context.foot
        page.sections = [
            PageParts.verdict(
                verdict.tone,
                verdict.headline,
                subject: subject,
                reasons: verdict.reasons.map { "\(PlainText.line($0))" }
            ),
            tiles,
        ]
        page.sections += sections(prefix: "run")
        page.sections += context.recordings.enumerated().map { RecordingSection($1, number: $0).markup }
        page.sections.append(context.repetition)
        return page.html()
    }

    /// All that is said of the run itself, below its verdict; identifiers begin with `prefix`.
    func sections(prefix: String) -> [Markup] {
        var sections: [Markup] = []
        if let figures = summary.figures {
            let timeline = figures.timeline.drawn
            let drawn = RunFigures(figures, of: summary, name: "", timeline: timeline)
            let charts = RunCharts(figures: drawn, prefix: prefix)
            var all = charts.charts(heat: HeatMap(timeline, .response))
            all += [percentileChart(figures.timeline, prefix: prefix)].compactMap { $0 }
            if summary.deviations != nil { all += [sendErrorChart(prefix: prefix)].compactMap { $0 } }
            sections.append(
                PageParts.section("\(prefix)-course", "Over the run", PageParts.charts(all) + charts.values)
            )
            sections.append(
                PageParts.section(
                    "\(prefix)-by-route",
                    "Routes",
                    RunRoutes(figures: drawn, prefix: prefix).markup
                )
            )
        }
        sections.append(PageParts.section("\(prefix)-outcomes", "Answers", answersTable(prefix: prefix)))
        sections.append(PageParts.section("\(prefix)-timing", "Timing certificate", certificate))
        sections.append(
            PageParts.section("\(prefix)-streams", "Streams and values", PageParts.facts(liveFacts))
        )
        sections.append(PageParts.section("\(prefix)-run", "The run", PageParts.facts(runFacts)))
        return sections
    }

    var tiles: Markup {
        let requests = summary.requests
        let lost = requests.failed + requests.aborted
        let share = requests.sent == 0 ? 0 : Double(lost) / Double(requests.sent)
        var tiles: [(name: String, value: String, detail: String, tone: PageParts.Tone?)] = [
            (
                "Requests sent", Quantity.count(requests.sent),
                "of \(Quantity.count(requests.scheduled)) scheduled", nil
            ),
            (
                "Rate", summary.achievedRate.map(Quantity.rate) ?? "–",
                summary.requestedRate.map { "\(Quantity.rate(perSecond: $0)) requested" } ?? courseText, nil
            ),
            ("Response time", Self.time(summary.responseTime, \.p50), Self.tail(summary.responseTime), nil),
            ("Service time", Self.time(summary.serviceTime, \.p50), Self.tail(summary.serviceTime), nil),
        ]
        if summary.deviations != nil {
            tiles.append(
                (
                    "Send error", Self.time(summary.sendError, \.p50), Self.tail(summary.sendError),
                    summary.sendError.p99 > 10_000 ? .open : nil
                )
            )
        }
        tiles.append(
            (
                "Without an answer", Quantity.count(lost), "\(Quantity.percent(share)) of those sent",
                lost > 0 ? .bad : nil
            )
        )
        return PageParts.tiles(tiles)
    }

    static func time(_ latency: LatencySummary, _ value: KeyPath<LatencySummary, UInt64>) -> String {
        latency.count == 0 ? "–" : Quantity.duration(microseconds: Int64(clamping: latency[keyPath: value]))
    }

    private static func tail(_ latency: LatencySummary) -> String {
        "median; p99 \(time(latency, \.p99)), max \(time(latency, \.max))"
    }

    private func answersTable(prefix: String) -> Markup {
        var table = PageTable(
            id: prefix + "-statuses",
            caption: "What came back: statuses, failures, and what was not sent",
            columns: [.init("What"), .init("Requests", .number), .init("Share", .number)]
        )
        let requests = summary.requests
        func add(_ name: String, _ count: UInt64, of total: UInt64, style: String? = nil) {
            let share = total == 0 ? 0 : Double(count) / Double(total)
            table.rows.append([
                PageTable.Cell("\(name)", style: style), .count(count),
                PageTable.Cell("\(Quantity.percent(share))", order: share),
            ])
        }
        for (status, count) in summary.statuses.sorted(by: { $0.key < $1.key }) {
            add("answered with \(status)", count, of: requests.sent, style: status >= 500 ? "bad" : nil)
        }
        for (kind, count) in summary.failures.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            add("failed: \(kind.rawValue)", count, of: requests.sent, style: "bad")
        }
        if requests.aborted > 0 { add("aborted with the run", requests.aborted, of: requests.sent) }
        for (reason, count) in summary.skips.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            add("skipped: \(reason.rawValue)", count, of: requests.scheduled)
        }
        if requests.notSent > 0 { add("not sent", requests.notSent, of: requests.scheduled) }
        return table.markup
    }

    private var liveFacts: [(name: String, text: String)] { streamLines + correlationLines }

    private var runFacts: [(name: String, text: String)] {
        let wall = Int64(min(summary.wallSeconds, 9e9) * 1e9)
        var facts: [(name: String, text: String)] = [
            ("run", summary.run),
            ("took", Quantity.duration(nanoseconds: wall)),
            ("speed", summary.speed.map { "\(Quantity.digits($0))x" } ?? courseText),
            ("connections", connectionText),
            ("in flight", "\(Quantity.count(summary.peakOutstanding)) at most"),
        ]
        facts.removeAll { $0.text.isEmpty }
        if let sizes = sizeText { facts.append(("bodies", sizes)) }
        facts += loadLines
        if summary.signatures != SignatureCounts() { facts.append(("signatures", signatureText)) }
        if let faultLine { facts.append(("faults", faultLine)) }
        facts.append(("transport", summary.transport.rawValue))
        if !protocols.isEmpty { facts.append(("protocols", counts(protocols))) }
        if summary.lengthsCorrected > 0 {
            facts.append(
                (
                    "lengths",
                    "\(Quantity.count(summary.lengthsCorrected)) Content-Length set to the stored body's"
                )
            )
        }
        if let costText { facts.append(("cost", costText)) }
        return facts
    }

    private var sizeText: String? {
        guard let routes = summary.figures?.routes.routes else { return nil }
        let sent = routes.reduce(0 as UInt64) { $0 &+ $1.requestBytes }
        let received = routes.reduce(0 as UInt64) { $0 &+ $1.answerBytes }
        return "\(Quantity.bytes(sent)) sent, \(Quantity.bytes(received)) received"
    }
}
