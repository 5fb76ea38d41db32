import Checks

extension CheckReport {
    /// Differences of which an example is shown in full.
    static let shownExamples = 40
    /// Bytes of command lines on the whole page, and of one; longer ones stand in the JSON only.
    private static let commandRoom = 120_000
    private static let commandLimit = 12_000

    /// The differences by cause, the most frequent first.
    func differencesTable(prefix: String) -> Markup {
        var table = PageTable(
            id: prefix + "-cause-table",
            caption: "Differences by cause, the most frequent first",
            columns: [
                .init("Route"), .init("Field"), .init("Kind"), .init("Count", .number),
                .init("Exchange", .number), .init("Expected"), .init("Observed"),
            ]
        )
        table.isSortable = true
        table.filter = result.groups.count > 8 ? "Differences with" : nil
        table.rows = result.groups.prefix(Self.shownRows).map { group in
            [
                PageTable.Cell(.code(group.route)), PageTable.Cell(.code(group.field)),
                PageTable.Cell("\(group.kind.rawValue)"), .count(group.count),
                PageTable.Cell("\(group.example.exchange)", order: Double(group.example.exchange)),
                PageTable.Cell(.code(group.example.expected?.text ?? "–", limit: 60)),
                PageTable.Cell(.code(group.example.observed?.text ?? "–", limit: 60)),
            ]
        }
        if result.groups.count > Self.shownRows {
            table.note =
                "and \(Quantity.count(result.groups.count - Self.shownRows)) more, which --json lists"
        }
        return table.markup
    }

    /// An example of each cause: what was expected beside what came, and how to ask again.
    var examples: Markup {
        var room = Self.commandRoom
        var examples: [Markup] = []
        for group in result.groups.prefix(Self.shownExamples) {
            var command: Markup = ""
            if let line = group.reproduction {
                let markup: Markup =
                    "<details><summary>Ask again</summary>\(PageParts.command(line))</details>"
                if markup.text.utf8.count <= min(room, Self.commandLimit) {
                    room -= markup.text.utf8.count
                    command = markup
                } else {
                    command =
                        "<p class=\"note\">The line that asks again is too long for here; --json has it.</p>"
                }
            }
            examples.append(Self.example(of: group, command))
        }
        guard !examples.isEmpty else { return "" }
        let more: Markup =
            result.groups.count > Self.shownExamples
            ? "<p class=\"note\">Examples of the first \(Self.shownExamples).</p>\n" : ""
        return "<h3>Examples</h3>\n\(examples)\(more)"
    }

    private static func example(of group: DifferenceGroup, _ command: Markup) -> Markup {
        let example = group.example
        var notes: [Markup] = group.sessionRemarks.map {
            "<p class=\"note\">\(PlainText.line($0, maximumCount: 300))</p>"
        }
        if group.consequences > 0, group.cause == nil {
            notes.append(
                "<p class=\"note\">\(Quantity.count(group.consequences)) of them follow from another difference of the same answer.</p>"
            )
        }
        return """
            <article class="cause\(group.consequences == group.count ? " minor" : "")">\
            <p><span class="much">\(Quantity.count(group.count))×</span>\(Markup.code(group.field)) \
            <span class="kind">\(group.kind.words)</span> in \(Markup.code(group.route))</p>
            <div class="sides">\(side("Expected", example.expected, beside: example.observed, group.kind))\
            \(side("Observed", example.observed, beside: example.expected, group.kind))
            </div>
            <p class="note">\(example.place), \(Markup.code(example.field.description))</p>\(notes)\(command)</article>

            """
    }

    private static func side(
        _ title: String,
        _ value: ShownValue?,
        beside other: ShownValue?,
        _ kind: Difference.Kind
    ) -> Markup {
        guard let value else { return "<div><small>\(title)</small><pre>nothing</pre></div>" }
        let text = PlainText.line(value.text)
        guard let other, kind == .value || kind == .bytes || kind == .renamed else {
            return "<div><small>\(title)</small><pre><code>\(text)</code></pre></div>"
        }
        let parts = ChangedPart(of: text, beside: PlainText.line(other.text))
        let changed: Markup = parts.changed.isEmpty ? "" : "<mark>\(parts.changed)</mark>"
        return
            "<div><small>\(title)</small><pre><code>\(parts.before)\(changed)\(parts.after)</code></pre></div>"
    }
}
