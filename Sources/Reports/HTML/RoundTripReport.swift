import Checks
import Replay

/// A page on a whole round trip: what was recorded, how it was replayed, several times perhaps, and how the answers compare.
package struct RoundTripReport: Sendable {
    package struct Part: Sendable {
        /// `1x`.
        package var name: String
        package var replay: ReplayReport
        package var check: CheckReport

        package init(name: String, replay: ReplayReport, check: CheckReport) {
            (self.name, self.replay, self.check) = (name, replay, check)
        }
    }

    package var isGood: Bool
    package var headline: String
    package var subject: String
    /// What was found on the way, a sentence each.
    package var findings: [String] = []
    package var parts: [Part] = []
    package var context = ReportContext()

    package init(isGood: Bool, headline: String, subject: String) {
        (self.isGood, self.headline, self.subject) = (isGood, headline, subject)
    }

    package func html() -> String {
        var page = Page(title: headline)
        page.foot = context.foot
        let verdicts = parts.map { part -> Markup in
            """
            at \(PlainText.line(part.name, maximumCount: 40)): \(part.replay.verdict.headline), \(Quantity.count(part.check.result.counts.compared)) \
            answers compared: \(part.check.result.verdict.rawValue)
            """
        }
        page.sections = [
            PageParts.verdict(
                isGood ? .good : .bad,
                headline,
                subject: subject,
                reasons: findings.prefix(20).map { "\(PlainText.line($0))" } + verdicts
            )
        ]
        page.sections += context.recordings.enumerated().map { RecordingSection($1, number: $0).markup }
        for (number, part) in parts.enumerated() {
            page.sections.append(
                "<h2 class=\"part\">Replayed at \(PlainText.line(part.name, maximumCount: 40))</h2>\n"
            )
            page.sections.append(part.replay.tiles)
            page.sections += part.replay.sections(prefix: "replay-\(number)")
            page.sections += part.check.sections(prefix: "check-\(number)")
        }
        page.sections.append(context.repetition)
        return page.html()
    }
}
