package import Checks

/// The result of a check as JUnit XML: one test case for each route, one for the check as a whole.
package enum JUnitReport {
    /// How many groups of differences the text of a failure lists.
    static let shownGroups = 50

    /// UTF-8 text of the document; `name` is the suite's.
    package static func xml(_ result: CheckResult, name: String) -> String {
        let groups = Dictionary(grouping: result.groups, by: \.route)
        let failed = result.routes.filter { $0.different + $0.noResponse > 0 }
        let skipped = result.routes.filter { $0.compared + $0.noResponse == 0 }
        // An inconclusive check has no failed route to show; the whole is an error then, since it is no pass.
        let isOpen = result.verdict == .inconclusive
        let broken = result.budgets.filter { !$0.isKept }.count
        // What fails nothing is no test.
        let timed = result.timingDecides ? result.timing?.routes ?? [] : []
        let slower = timed.filter(\.isRegression).count
        let totals =
            "tests=\"\(result.routes.count + 1 + result.budgets.count + timed.count)\" "
            + "failures=\"\(failed.count + broken + slower)\" "
            + "errors=\"\(isOpen ? 1 : 0)\" skipped=\"\(skipped.count)\""
        let title = XMLText.escape(name)

        var xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        xml += "<testsuites name=\"\(title)\" \(totals)>\n"
        xml += "  <testsuite name=\"\(title)\" \(totals)>\n"
        xml += verdictCase(result, title)
        for route in result.routes { xml += routeCase(route, groups[route.name] ?? [], title) }
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

    private static func routeCase(_ route: CheckedRoute, _ groups: [DifferenceGroup], _ title: String)
        -> String
    {
        let open = "    <testcase classname=\"\(title)\" name=\"\(XMLText.escape(route.name))\""
        if route.compared + route.noResponse == 0 {
            return open + ">\n      <skipped message=\"no answer was compared\"/>\n    </testcase>\n"
        }
        guard route.different + route.noResponse > 0 else { return open + "/>\n" }
        var parts: [String] = []
        if route.different > 0 { parts.append("\(route.different) of \(route.compared) answers differ") }
        if route.noResponse > 0 { parts.append("\(route.noResponse) requests without response") }
        var lines = groups.prefix(shownGroups).map { group in
            "\(group.field) \(group.kind.rawValue) ×\(group.count), as in \(group.example.place): "
                + group.example.sentence
        }
        if groups.count > shownGroups { lines.append("and \(groups.count - shownGroups) more groups") }
        return open + ">\n      <failure message=\"\(parts.joined(separator: ", "))\" type=\"regression\">"
            + lines.map(XMLText.escape).joined(separator: "\n") + "</failure>\n    </testcase>\n"
    }
}
