package import Checks

/// The result of a check, to be written in several forms.
package struct CheckReport: Sendable {
    package let result: CheckResult
    /// What was compared with what, for the head of the report: file names or a target.
    package let subject: String

    package init(_ result: CheckResult, subject: String) {
        self.result = result
        self.subject = subject
    }

    /// The counts that say something, each with its words, in the order of a report.
    var remarks: [String] {
        let counts = result.counts
        let all: [(Int, String)] = [
            (counts.ignored, "differences ignored by rules"),
            (counts.explained, "differences explained by the noise of the target"),
            (counts.unexpected, "answers without a recorded one"),
            (counts.bodiesCut, "bodies not compared, since the recording does not have all of them"),
            (
                counts.differencesBeyondLimit,
                "more differences in exchanges that had too many to tell apart"
            ),
            (counts.ungrouped, "more differences, in too many groups to list"),
        ]
        return (baselineRemark.map { [$0] } ?? [])
            + all.filter { $0.0 > 0 }.map { "\(Quantity.count($0.0)) \($0.1)" }
    }

    /// The verdict and the numbers behind it, in one line.
    var headline: String {
        let counts = result.counts
        var parts = ["\(Quantity.count(counts.compared)) answers compared"]
        if counts.different > 0 { parts.append("\(Quantity.count(counts.different)) different") }
        if counts.noResponse > 0 { parts.append("\(Quantity.count(counts.noResponse)) without response") }
        if parts.count == 1, counts.compared > 0 { parts.append("all equal") }
        return result.verdict.rawValue.uppercased() + "  " + parts.joined(separator: ", ")
    }
}

extension DifferenceGroup {
    /// What it has to do with differences of other answers, a sentence each.
    var sessionRemarks: [String] {
        var remarks: [String] = []
        if followers > 0 {
            remarks.append(
                "and \(Quantity.count(followers)) later answer\(followers == 1 ? " that follows" : "s that follow") from it"
            )
        }
        if let cause {
            remarks.append("follows from \(cause.field) \(cause.kind.rawValue) of \(cause.route)")
        }
        return remarks
    }
}

extension Difference {
    /// Which exchange, and in which pass over the recording.
    var place: String { loop == 0 ? "exchange \(exchange)" : "exchange \(exchange), loop \(loop)" }

    /// `expected 200, got 500`, and alike for what is missing or added.
    var sentence: String {
        switch kind {
        case .missing: "expected \(expected?.text ?? ""), got nothing"
        case .added: "expected nothing, got \(observed?.text ?? "")"
        case .noResponse: "expected \(expected?.text ?? ""), got no response (\(observed?.text ?? ""))"
        case .renamed: "is \(observed?.text ?? "") now"
        case .order: "the same elements in another order"
        case .frequency: "\(expected?.text ?? "") when it was learned, \(observed?.text ?? "") now"
        case .type, .value, .bytes, .incomplete:
            "expected \(expected?.text ?? ""), got \(observed?.text ?? "")"
        }
    }
}
