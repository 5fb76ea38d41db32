import Checks

extension RunComparison {
    /// A comparison for a terminal: who is compared, the figures, then what the answers say.
    package func text(isStyled: Bool = false) -> String {
        var text = ""
        for (index, run) in runs.enumerated() {
            text += "\(letter(index))  \(PlainText.line(run.name))"
            if let record = run.record {
                text +=
                    "  \(PlainText.line(record.command)) of \(PlainText.line(record.traces.joined(separator: " ")))"
                if let target = record.target { text += " to \(PlainText.line(target))" }
                text += ", \(PlainText.line(record.outcome))"
            }
            text += "\n"
        }
        text += "\n" + figuresTable.text(indent: 2, isStyled: isStyled)
        for (index, run) in runs.enumerated() where index > 0 {
            guard let result = run.against else {
                text += "\n\(letter(index)) against A: the answers of both were not kept\n"
                continue
            }
            text += "\n\(letter(index)) against A: \(answersLine(result))\n"
            text += timesTable(result, letter(index))?.text(indent: 2, isStyled: isStyled) ?? ""
            text += Self.groups(result)
        }
        return text
    }

    private func letter(_ index: Int) -> String {
        String(Unicode.Scalar(UInt8(0x41 + index)))
    }

    private var figuresTable: Table {
        var columns = [Table.Column("")]
        for index in runs.indices {
            columns.append(Table.Column(letter(index), .right))
            if index > 0 { columns.append(Table.Column("", .right)) }
        }
        var table = Table(columns)
        for figure in figures {
            var cells = [figure.title]
            for index in runs.indices {
                cells.append(figure.values[index].map(figure.shown) ?? "–")
                if index > 0 { cells.append(figure.change(index).map(Self.percent) ?? "") }
            }
            table.append(cells)
        }
        if runs.contains(where: { errors(of: $0) != nil }) {
            var cells = ["share that failed"]
            for (index, run) in runs.enumerated() {
                cells.append(
                    errors(of: run).map {
                        "\(Quantity.percent($0.share)) (\(Quantity.percent($0.interval.lowerBound)) to "
                            + "\(Quantity.percent($0.interval.upperBound)))"
                    } ?? "–"
                )
                if index > 0 { cells.append("") }
            }
            table.append(cells)
        }
        for (key, title) in [("statuses", "status"), ("errors", "error")] {
            for (name, values) in counts(key) {
                var cells = ["\(title) \(name)"]
                for index in runs.indices {
                    cells.append(Quantity.count(values[index]))
                    if index > 0 { cells.append("") }
                }
                table.append(cells)
            }
        }
        return table
    }

    static func percent(_ ratio: Double) -> String {
        let share = Int(max(-1e6, min(1e6, (ratio - 1) * 100)).rounded())
        return share >= 0 ? "+\(share)%" : "\(share)%"
    }

    private func answersLine(_ result: CheckResult) -> String {
        let counts = result.counts
        if counts.compared + counts.noResponse == 0 { return "they do not answer the same recording" }
        if counts.differences == 0 { return "\(Quantity.count(counts.compared)) answers, all equal" }
        var text = "\(Quantity.count(counts.different)) of \(Quantity.count(counts.compared)) answers differ"
        if counts.noResponse > 0 { text += ", \(Quantity.count(counts.noResponse)) without response" }
        return text
    }

    private func timesTable(_ result: CheckResult, _ letter: String) -> Table? {
        guard let timing = result.timing, !timing.routes.isEmpty else { return nil }
        var table = Table([
            Table.Column("route", maximumWidth: 60), Table.Column("", maximumWidth: 8),
            Table.Column("A", .right),
            Table.Column(letter, .right), Table.Column("change", .right), Table.Column(""),
        ])
        for route in timing.routes {
            for change in route.changes {
                table.append([
                    route.route, "p\(Int((change.quantile * 100).rounded()))",
                    Quantity.duration(nanoseconds: Int64(clamping: change.baseline)),
                    Quantity.duration(nanoseconds: Int64(clamping: change.candidate)), change.shares,
                    change.verdict.phrase,
                ])
            }
            if route.errors.baseline.errors + route.errors.candidate.errors > 0 {
                table.append([
                    route.route, "errors", route.errors.baseline.sentence, route.errors.candidate.sentence,
                    "",
                    route.errors.verdict.phrase,
                ])
            }
        }
        return table
    }

    private static func groups(_ result: CheckResult) -> String {
        guard result.counts.compared + result.counts.noResponse > 0 else { return "" }
        var text = ""
        for group in result.groups.prefix(CheckReport.shownGroups) {
            text +=
                "  \(PlainText.line(group.route))  \(PlainText.line(group.field))  \(group.kind.rawValue)  "
                + "×\(Quantity.count(group.count)), \(group.example.place): \(PlainText.line(group.example.sentence))\n"
        }
        if result.groups.count > CheckReport.shownGroups {
            text += "  and \(Quantity.count(result.groups.count - CheckReport.shownGroups)) more groups\n"
        }
        return text
    }
}

extension TimingVerdict {
    /// As people read it.
    var phrase: String { rawValue.replacing("-", with: " ") }
}
