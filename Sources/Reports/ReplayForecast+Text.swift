import Replay

extension ReplayForecast {
    /// Routes that are shown; the rest is summed up.
    private static let shownRoutes = 30

    /// A block of lines about the whole, then a table of the routes.
    package func text() -> String {
        var lines = [row("would send", requestText)]
        lines.append(row("target", targetText))
        if !isUnpaced {
            lines.append(row("peak", peakText(sent)))
            let rate = meanRate.map { ", \(Quantity.rate(perSecond: $0)) in the mean" } ?? ""
            lines.append(
                row("duration", Quantity.duration(nanoseconds: Int64(clamping: lastIntended)) + rate)
            )
        } else {
            lines.append(row("peak", "as fast as the target answers"))
        }
        if !hosts.isEmpty {
            let most = hosts.sorted { ($0.value, $1.key) > ($1.value, $0.key) }
            let shown = most.prefix(5).map { "\($0.key): \(Quantity.count($0.value))" }
            let rest = most.count > 5 ? ", and \(Quantity.count(most.count - 5)) more" : ""
            lines.append(row("hosts", shown.joined(separator: ", ") + rest))
        }
        if !skips.isEmpty {
            let reasons = skips.sorted { $0.key.rawValue < $1.key.rawValue }
            lines.append(
                row(
                    "skipped",
                    reasons.map { "\($0.key.rawValue): \(Quantity.count($0.value))" }.joined(separator: ", ")
                )
            )
        }
        var summary = ReplaySummary()
        summary.load = load
        summary.habits = habits
        lines += ReplayReport(summary).loadLines.map { row($0.name, $0.text) }
        return lines.map { $0 + "\n" }.joined() + routeTable
    }

    private var requestText: String {
        "\(Quantity.count(sent.requests)) of \(Quantity.count(requests)) requests, bodies of "
            + Quantity.bytes(sent.bodyBytes) + "; nothing is sent now"
    }

    private var targetText: String {
        let name = target.authority
        if let refusal { return "\(name), REFUSED: \(refusal.description)" }
        guard let addresses else { return "\(name), whose address cannot be found out" }
        // Only a proxy can find out what it is.
        if addresses.isEmpty { return "\(name), wherever the proxy finds it" }
        return addresses == [target.host] ? name : "\(name), \(addresses.joined(separator: ", "))"
    }

    private func peakText(_ volume: Volume) -> String {
        "\(Quantity.count(volume.second.highest)) in a second, \(Quantity.count(volume.tenth.highest)) in 100 ms"
    }

    private var routeTable: String {
        let routes = orderedRoutes
        guard !routes.isEmpty else { return "" }
        var table = Table([
            .init("count", .right), .init("peak/s", .right), .init("/100 ms", .right),
            .init("route", maximumWidth: 70),
        ])
        for (name, volume) in routes.prefix(Self.shownRoutes) {
            table.append([
                Quantity.count(volume.requests), isUnpaced ? "–" : Quantity.count(volume.second.highest),
                isUnpaced ? "–" : Quantity.count(volume.tenth.highest), name,
            ])
        }
        var text = "\n" + table.text(indent: 2)
        if routes.count > Self.shownRoutes {
            text += "  and \(Quantity.count(routes.count - Self.shownRoutes)) more routes\n"
        }
        return text
    }

    private func row(_ name: String, _ text: String) -> String {
        name + String(repeating: " ", count: max(1, 14 - name.count))
            + PlainText.line(text, maximumCount: 1_000)
    }
}
