import Packets
import Traces

extension TraceInspection {
    /// Routes shown; the rest is summed up in a line.
    private static let shownRoutes = 20

    /// What a person wants to know of a trace, on a screen.
    ///
    /// Counts of 0 are left out unless `showsAll`.
    package func text(isStyled: Bool = false, showsAll: Bool = false) -> String {
        var text = "\(PlainText.line(path))\n"
        var facts = Table([.init(""), .init("", maximumWidth: 160)])
        facts.append(["state", state])
        facts.append(["requests", Quantity.count(totals.requests)])
        facts.append(["responses", Quantity.count(totals.responses)])
        facts.append(["connections", Quantity.count(totals.connections)])
        if events > 0 { facts.append(["events", Quantity.count(events)]) }
        if let span = totals.span {
            let length = Quantity.duration(nanoseconds: span.last.nanoseconds(since: span.first))
            facts.append(["recorded", "\(UTCTime(span.first)), for \(length)"])
        }
        facts.append(["size", size])
        for source in header.sources {
            facts.append(["source", "\(source.interface) on \(source.host)"])
        }
        facts.append(["anonymizers", anonymizers])
        if header.isAnonymized { facts.append(["key", header.keyID ?? "none"]) }
        text += facts.text(indent: 2)
        if !routes.isEmpty { text += "\n" + routeTable(isStyled) }
        if !signatures.isEmpty { text += "\n" + signatures.table(isStyled: isStyled) }
        let changed = anonymized.filter { $0.value > 0 }
        if !changed.isEmpty {
            text += "\n" + Self.table("anonymized", changed, isStyled)
            let byRule = anonymizedByRule.filter { $0.value > 0 }
            if !byRule.isEmpty { text += "\n" + Self.table("anonymized by rule", byRule, isStyled) }
        }
        let ledger = LedgerTable.text(ledger, isStyled: isStyled, showsAll: showsAll)
        if !ledger.isEmpty { text += "\n" + ledger }
        let servers = LedgerTable.text(endpoints, isStyled: isStyled)
        if !servers.isEmpty { text += "\n" + servers }
        text += lossText
        for sentence in damage { text += "\ndamaged: \(sentence)\n" }
        for imbalance in imbalances { text += "\nthe ledger does not add up: \(imbalance)\n" }
        return text
    }

    /// What was lost, with what to do about it.
    private var lossText: String {
        let losses = Losses(in: ledger)
        guard !losses.isEmpty else { return "" }
        var text = "\n  lost\n"
        for loss in losses.entries {
            text += "  \(Quantity.count(loss.value)) \(loss.meaning):\n      \(loss.remedy)\n"
        }
        return text
    }

    private var state: String {
        let finished = isFinished ? "finished" : "unfinished; `tapedeck repair` finishes it"
        return finished + (isLossless ? ", lossless" : ", not lossless")
    }

    private var size: String {
        let raw = Quantity.bytes(totals.rawBytes)
        guard compressedBytes > 0 else { return "\(raw) of records" }
        return "\(Quantity.bytes(compressedBytes)) for \(raw) of records"
    }

    private var anonymizers: String {
        guard header.isAnonymized else { return "none: payloads are as they were captured" }
        return header.anonymizers.map(\.name).joined(separator: ", ")
    }

    private func routeTable(_ isStyled: Bool) -> String {
        var table = Table([.init("count", .right), .init("method"), .init("route", maximumWidth: 70)])
        for route in routes.prefix(Self.shownRoutes) {
            table.append([Quantity.count(route.count), route.method, route.route])
        }
        var text = table.text(indent: 2, isStyled: isStyled)
        if routes.count > Self.shownRoutes {
            let rest = routes.dropFirst(Self.shownRoutes)
            text += "  and \(rest.count) more routes\n"
        }
        return text
    }

    private static func table(_ title: String, _ counts: [LedgerCount], _ isStyled: Bool) -> String {
        var table = Table([.init(title), .init("count", .right)])
        for count in counts { table.append([count.name, Quantity.count(count.value)]) }
        return table.text(indent: 2, isStyled: isStyled)
    }
}
