import Packets
import Traces

/// What a page says of a trace: what is in it, what was lost, and what was anonymized.
struct RecordingSection: Sendable {
    private let inspection: TraceInspection
    private let number: Int

    /// `number` tells the sections of several traces apart.
    init(_ inspection: TraceInspection, number: Int) {
        self.inspection = inspection
        self.number = number
    }

    var markup: Markup {
        PageParts.section(
            "recording-\(number)",
            "The recording",
            PageParts.facts(facts) + losses + details("What was anonymized", anonymized)
                + details("The ledger", ledger)
        )
    }

    private var facts: [(name: String, text: String)] {
        let totals = inspection.totals
        var facts = [
            ("trace", inspection.path),
            (
                "holds",
                "\(Quantity.count(totals.requests)) requests, \(Quantity.count(totals.responses)) responses on "
                    + "\(Quantity.count(totals.connections)) connections"
            ),
        ]
        if let span = totals.span {
            let length = Quantity.duration(nanoseconds: span.last.nanoseconds(since: span.first))
            facts.append(("recorded", "\(UTCTime(span.first)), for \(length)"))
        }
        facts.append(
            (
                "state",
                (inspection.isFinished ? "finished" : "unfinished")
                    + (inspection.isLossless ? ", lossless" : ", not lossless")
            )
        )
        facts.append(
            (
                "anonymizers",
                inspection.header.isAnonymized
                    ? inspection.header.anonymizers.map(\.name).joined(separator: ", ")
                    : "none: payloads are as they were captured"
            )
        )
        if let key = inspection.header.keyID, inspection.header.isAnonymized { facts.append(("key", key)) }
        facts += inspection.damage.map { ("damage", $0) }
        return facts
    }

    private var losses: Markup {
        let losses = Losses(in: inspection.ledger)
        guard !losses.isEmpty else { return "" }
        let items = losses.entries.map { loss -> Markup in
            "<li class=\"open\">\(Quantity.count(loss.value)) \(loss.meaning): \(loss.remedy)</li>"
        }
        return "<h3>Lost</h3><ul>\(items)</ul>\n"
    }

    private func details(_ title: String, _ content: Markup) -> Markup {
        content.isEmpty ? "" : "<details><summary>\(title)</summary>\n\(content)</details>\n"
    }

    private var anonymized: Markup {
        table("anonymized-\(number)", "What was anonymized, by kind", inspection.anonymized)
    }

    private var ledger: Markup {
        table("ledger-\(number)", "The ledger of the recording", inspection.ledger)
    }

    private func table(_ id: String, _ caption: String, _ counts: [LedgerCount]) -> Markup {
        var table = PageTable(id: id, caption: caption, columns: [.init("What"), .init("Count", .number)])
        let counted = counts.filter { $0.value > 0 }
        table.rows = counted.prefix(Self.limit).map { [PageTable.Cell(.code($0.name)), .count($0.value)] }
        if counted.count > Self.limit { table.note = "and \(counted.count - Self.limit) more" }
        return table.markup
    }

    /// Counts listed.
    private static let limit = 200
}
