import Checks

extension CheckReport {
    /// A summary in GitHub's Markdown, for the page of a CI run: the verdict, what differs, what is slower.
    ///
    /// Everything that comes from traffic stands in code, spelled so that no markup, mention or link can be in it.
    package func markdown() -> String {
        var text = "## tapedeck check: \(result.verdict.rawValue)\n\n"
        if !subject.isEmpty { text += "\(MarkdownText.code(subject))\n\n" }
        text += "\(counted)\n\n"
        if !result.reasons.isEmpty {
            for reason in result.reasons { text += "- not complete: \(MarkdownText.code(reason))\n" }
            text += "\n"
        }
        text += groupsMarkdown + timesMarkdown + budgetsMarkdown
        if !remarks.isEmpty { text += remarks.map { "- \($0)\n" }.joined() + "\n" }
        return text
    }

    private var counted: String {
        let counts = result.counts
        var parts = ["**\(Quantity.count(counts.compared))** answers compared"]
        if counts.different > 0 { parts.append("**\(Quantity.count(counts.different))** different") }
        if counts.noResponse > 0 { parts.append("**\(Quantity.count(counts.noResponse))** without response") }
        if parts.count == 1, counts.compared > 0 { parts.append("all equal") }
        return parts.joined(separator: ", ")
    }

    private var groupsMarkdown: String {
        guard !result.groups.isEmpty else { return "" }
        var text = "| Route | Field | Kind | Answers | Example |\n|---|---|---|---:|---|\n"
        let shown = result.groups.prefix(Self.shownGroups)
        for group in shown {
            text +=
                "| \(MarkdownText.code(group.route)) | \(MarkdownText.code(group.field)) | \(group.kind.rawValue) "
                + "| \(Quantity.count(group.count)) "
                + "| \(group.example.place): \(MarkdownText.code(group.example.sentence))"
                + group.sessionRemarks.map { "; \(MarkdownText.code($0))" }.joined() + " |\n"
        }
        if result.groups.count > shown.count {
            text += "\nand \(Quantity.count(result.groups.count - shown.count)) more groups\n"
        }
        text += "\n"
        // One request may be the example of several groups.
        var lines: [String] = []
        for line in shown.compactMap(\.reproduction) where !lines.contains(line) { lines.append(line) }
        if !lines.isEmpty {
            text += "<details><summary>Send the examples again</summary>\n\n"
            text += MarkdownText.block(lines) + "\n</details>\n\n"
        }
        return text
    }

    private var timesMarkdown: String {
        guard let timing = result.timing else { return "" }
        let changes = timing.routes.flatMap { route in
            route.changes.filter { $0.verdict == .worse || $0.verdict == .better }.map { (route.route, $0) }
        }
        let errors = timing.routes.filter { $0.errors.verdict == .worse || $0.errors.verdict == .better }
        guard !changes.isEmpty || !errors.isEmpty else { return "No route got slower or faster.\n\n" }
        var text = "| Route | Figure | Change | |\n|---|---|---|---|\n"
        for (route, change) in changes.prefix(Self.shownGroups) {
            let figure = "p\(Int((change.quantile * 100).rounded()))"
            text +=
                "| \(MarkdownText.code(route)) | \(figure) | \(change.sentence.dropFirst(figure.count + 1)) "
                + "| \(change.verdict.rawValue) |\n"
        }
        for route in errors.prefix(Self.shownGroups) {
            text +=
                "| \(MarkdownText.code(route.route)) | errors | \(route.errors.baseline.sentence), now "
                + "\(route.errors.candidate.sentence) | \(route.errors.verdict.rawValue) |\n"
        }
        return text + "\n"
    }

    private var budgetsMarkdown: String {
        guard !result.budgets.isEmpty else { return "" }
        var text = "| Budget | Measured | |\n|---|---:|---|\n"
        for result in result.budgets {
            let value = result.value.map { result.budget.shown($0) } ?? "no answer"
            text +=
                "| \(MarkdownText.code(result.budget.description)) | \(value) | \(result.isKept ? "kept" : "broken") |\n"
        }
        return text + "\n"
    }
}

/// Text of strangers inside GitHub's Markdown.
enum MarkdownText {
    /// A text of a line in `<code>`, where neither mentions nor links are made; everything but letters, digits, blanks
    /// and a few marks is spelled as a character reference, which never starts a structure (CommonMark, section 2.5).
    static func code(_ text: String) -> String {
        var result = "<code>"
        for scalar in PlainText.line(text, maximumCount: 300).unicodeScalars {
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", " ", ".", ",", "/", "-", "$", "(", ")", "%", "?", ";":
                result.unicodeScalars.append(scalar)
            case _ where scalar.isASCII: result += "&#\(scalar.value);"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "</code>"
    }

    /// Lines in a fenced block, which ends with a longer fence than any in it.
    static func block(_ lines: [String]) -> String {
        let lines = lines.map { PlainText.line($0, maximumCount: 4_096) }
        var longest = 0
        for line in lines {
            var run = 0
            for byte in line.utf8 {
                run = byte == 0x60 ? run + 1 : 0
                longest = max(longest, run)
            }
        }
        let fence = String(repeating: "`", count: max(3, longest + 1))
        return "\(fence)sh\n" + lines.map { $0 + "\n" }.joined() + "\(fence)\n"
    }
}
