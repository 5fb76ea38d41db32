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
        for group in result.groups.prefix(Self.shownGroups) {
            text += "\n  \(PlainText.line(group.route))\n"
            text +=
                "    \(PlainText.line(group.field))  \(group.kind.rawValue)  ×\(Quantity.count(group.count))\n"
            text += "      exchange \(group.example.exchange): \(PlainText.line(group.example.sentence))\n"
        }
        if result.groups.count > Self.shownGroups {
            text += "\n  and \(Quantity.count(result.groups.count - Self.shownGroups)) more groups\n"
        }
        if !remarks.isEmpty { text += "\n" }
        for remark in remarks { text += "  \(remark)\n" }
        return text
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
