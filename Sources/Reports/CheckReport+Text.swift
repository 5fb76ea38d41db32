import Checks

extension CheckReport {
    /// How many groups the terminal shows.
    package static let shownGroups = 20

    /// A report for a terminal: the verdict first, then the groups of differences with an example of each.
    package func text(isStyled: Bool = false) -> String {
        var text = isStyled ? Self.styled(headline, result.verdict) : headline
        text += "\n"
        if !subject.isEmpty { text += "  \(PlainText.line(subject))\n" }
        for reason in result.reasons { text += "  not complete: \(PlainText.line(reason))\n" }
        var route: String?
        // One request may be the example of several groups.
        var reproduced: Set<UInt64> = []
        for group in groupsByRoute.prefix(Self.shownGroups) {
            if group.route != route { text += "\n  \(PlainText.line(group.route))\n" }
            route = group.route
            text +=
                "    \(PlainText.line(group.field))  \(group.kind.rawValue)  ×\(Quantity.count(group.count))\n"
            text += "      \(group.example.place): \(PlainText.line(group.example.sentence))\n"
            for remark in group.sessionRemarks { text += "      \(PlainText.line(remark))\n" }
            if let line = group.reproduction, reproduced.insert(group.example.exchange).inserted {
                text += "      \(PlainText.line(line))\n"
            }
        }
        if result.groups.count > Self.shownGroups {
            text += "\n  and \(Quantity.count(result.groups.count - Self.shownGroups)) more groups\n"
        }
        for (title, lines) in [("times", timingLines), ("budgets", budgetLines)] where !lines.isEmpty {
            text += "\n  \(title)\n"
            for line in lines { text += "    \(PlainText.line(line))\n" }
        }
        if !remarks.isEmpty { text += "\n" }
        for remark in remarks { text += "  \(remark)\n" }
        return text
    }

    /// Routes by their most frequent difference, and in each the most frequent first.
    private var groupsByRoute: [DifferenceGroup] {
        var routes: [String] = []
        var groups: [String: [DifferenceGroup]] = [:]
        for group in result.groups {
            if groups[group.route] == nil { routes.append(group.route) }
            groups[group.route, default: []].append(group)
        }
        return routes.flatMap { groups[$0] ?? [] }
    }

    private static func styled(_ line: String, _ verdict: Verdict) -> String {
        let color =
            switch verdict {
            case .pass: 32
            case .fail: 31
            case .inconclusive: 33
            }
        return "\u{1B}[1;\(color)m\(line)\u{1B}[0m"
    }
}
