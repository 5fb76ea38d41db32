package import Checks

/// The result of a check as JUnit XML: a test case for each route and part of its answers, for the times of each route, for
/// each budget, and one for the check as a whole.
package enum JUnitReport {
    /// How many groups of differences the text of a failure lists.
    static let shownGroups = 50

    /// What of a route's answers a test case is about.
    private enum Part: String, CaseIterable {
        case response
        case status
        case headers
        case body

        init(_ field: Difference.Field) {
            switch field {
            case .response: self = .response
            case .status: self = .status
            case .header: self = .headers
            case .body, .json: self = .body
            }
        }
    }

    /// UTF-8 text of the document; `name` is the suite's.
    package static func xml(_ result: CheckResult, name: String) -> String {
        let groups = Dictionary(grouping: result.groups, by: \.route)
        let routes = result.routes.map { routeCases($0, groups[$0.name] ?? [], XMLText.escape(name)) }
        let failed = routes.reduce(0) { $0 + $1.failures }
        let skipped = result.routes.filter { $0.compared + $0.noResponse == 0 }
        // An inconclusive check has no failed route to show; the whole is an error then, since it is no pass.
        let isOpen = result.verdict == .inconclusive
        let broken = result.budgets.filter { !$0.isKept }.count
        // What fails nothing is no test.
        let timed = result.timingDecides ? result.timing?.routes ?? [] : []
        let slower = timed.filter(\.isRegression).count
        let totals =
            "tests=\"\(result.routes.count * Part.allCases.count + 1 + result.budgets.count + timed.count)\" "
            + "failures=\"\(failed + broken + slower)\" "
            + "errors=\"\(isOpen ? 1 : 0)\" skipped=\"\(skipped.count * Part.allCases.count)\""
        let title = XMLText.escape(name)

        var xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        xml += "<testsuites name=\"\(title)\" \(totals)>\n"
        xml += "  <testsuite name=\"\(title)\" \(totals)>\n"
        xml += verdictCase(result, title)
        for route in routes { xml += route.xml }
        for budget in result.budgets { xml += budgetCase(budget, title) }
        for route in timed { xml += timingCase(route, title) }
        xml += "  </testsuite>\n</testsuites>\n"
        return xml
    }

    private static func verdictCase(_ result: CheckResult, _ title: String) -> String {
        let open = "    <testcase classname=\"\(title)\" name=\"verdict\""
        guard result.verdict == .inconclusive else { return open + "/>\n" }
        return open + ">\n      <error message=\"inconclusive\">"
            + result.reasons.map(XMLText.escape).joined(separator: "\n") + "</error>\n    </testcase>\n"
    }

    private static func budgetCase(_ result: BudgetResult, _ title: String) -> String {
        let name = "budget " + result.budget.description
        let open = "    <testcase classname=\"\(title)\" name=\"\(XMLText.escape(name))\""
        guard !result.isKept else { return open + "/>\n" }
        let value = result.value.map { result.budget.shown($0) } ?? "no answer of this route"
        return open
            + ">\n      <failure message=\"\(XMLText.escape(value))\" type=\"budget\"/>\n    </testcase>\n"
    }

    private static func timingCase(_ route: RouteTiming, _ title: String) -> String {
        let open =
            "    <testcase classname=\"\(title)\" name=\"\(XMLText.escape("times of " + route.route))\""
        guard route.isRegression else { return open + "/>\n" }
        var lines = route.changes.filter { $0.verdict == .worse }.map(\.sentence)
        if route.errors.verdict == .worse {
            lines.append("errors \(route.errors.baseline.sentence), now \(route.errors.candidate.sentence)")
        }
        return open + ">\n      <failure message=\"slower, or more errors\" type=\"timing\">"
            + lines.map(XMLText.escape).joined(separator: "\n") + "</failure>\n    </testcase>\n"
    }

    /// A test case for each part of a route's answers, and how many of them failed.
    private static func routeCases(_ route: CheckedRoute, _ groups: [DifferenceGroup], _ title: String)
        -> (xml: String, failures: Int)
    {
        let isSkipped = route.compared + route.noResponse == 0
        var xml = ""
        var failures = 0
        for part in Part.allCases {
            let name = XMLText.escape("\(route.name) \(part.rawValue)")
            let open = "    <testcase classname=\"\(title)\" name=\"\(name)\""
            if isSkipped {
                xml += open + ">\n      <skipped message=\"no answer was compared\"/>\n    </testcase>\n"
            } else if let failure = failure(of: part, route, groups) {
                failures += 1
                xml += open + ">\n      \(failure)\n    </testcase>\n"
            } else {
                xml += open + "/>\n"
            }
        }
        return (xml, failures)
    }

    private static func failure(of part: Part, _ route: CheckedRoute, _ groups: [DifferenceGroup]) -> String?
    {
        let own = groups.filter { Part($0.example.field) == part }
        var message: String
        if part == .response, route.noResponse > 0 {
            message = "\(route.noResponse) requests without response"
        } else if !own.isEmpty {
            message = own.count == 1 ? "1 difference" : "\(own.count) differences"
        } else if part == .body, route.different > 0, groups.isEmpty {
            // There were more groups than are kept, and which part of it differs is not known.
            message = "differences that are not listed"
        } else {
            return nil
        }
        if part != .response, route.different > 0 {
            message += ", \(route.different) of \(route.compared) answers differ"
        }
        var lines = own.prefix(shownGroups).map { group in
            "\(group.field) \(group.kind.rawValue) ×\(group.count), as in \(group.example.place): "
                + group.example.sentence + group.sessionRemarks.map { "; " + $0 }.joined()
        }
        if own.count > shownGroups { lines.append("and \(own.count - shownGroups) more groups") }
        return "<failure message=\"\(message)\" type=\"regression\">"
            + lines.map(XMLText.escape).joined(separator: "\n") + "</failure>"
    }
}
