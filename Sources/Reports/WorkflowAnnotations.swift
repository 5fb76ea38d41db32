import Checks

/// What a check found, as commands that a step of GitHub Actions writes to its log to annotate the run.
package enum WorkflowAnnotations {
    /// More than these are not shown of one step.
    package static let most = 10

    /// Lines without their ends: an error for each finding, the last one for those beyond the limit; a warning for an
    /// inconclusive check; nothing for a check that passed.
    package static func lines(_ report: CheckReport, trace: ArtifactPlace) -> [String] {
        let result = report.result
        switch result.verdict {
        case .pass: return []
        case .inconclusive:
            let reasons = result.reasons.map { PlainText.line($0) }.joined(separator: "\n")
            return [line("warning", file: trace.path, title: "check: inconclusive", reasons)]
        case .fail:
            let findings = report.findings
            let shown = findings.count > most ? most - 1 : findings.count
            var lines = findings.prefix(shown).map { finding in
                let place = finding.route.isEmpty ? finding.field : "\(finding.route): \(finding.field)"
                var text = PlainText.line(finding.sentence)
                if finding.count > 1 { text += "\nin \(Quantity.count(finding.count)) answers" }
                if let line = finding.reproduction {
                    text += "\n" + PlainText.line(line, maximumCount: 2_000)
                }
                return line(
                    "error",
                    file: trace.path,
                    title: "\(finding.rule.name) \(PlainText.line(place, maximumCount: 200))",
                    text
                )
            }
            if findings.count > shown {
                let count = Quantity.count(findings.count - shown)
                lines.append(
                    line("error", file: trace.path, title: "check: fail", "and \(count) more findings")
                )
            }
            return lines
        }
    }

    private static func line(_ command: String, file: String, title: String, _ text: String) -> String {
        "::\(command) file=\(property(file)),title=\(property(title))::\(data(text))"
    }

    /// What would end the line, or be read as an escape, is spelled in hexadecimal.
    private static func data(_ text: String) -> String { escaped(text, ["%", "\r", "\n"]) }

    /// And what would end a property.
    private static func property(_ text: String) -> String { escaped(text, ["%", "\r", "\n", ":", ","]) }

    private static func escaped(_ text: String, _ special: Set<Unicode.Scalar>) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if special.contains(scalar) {
                let digits = String(scalar.value, radix: 16, uppercase: true)
                result += "%" + (digits.count < 2 ? "0" : "") + digits
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
