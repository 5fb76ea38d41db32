import Bytes
package import Messages

/// A bound that answers have to keep: `p99 < 300ms on POST /api/hooks/{slug}`, `errors < 0.1%`.
package struct Budget: Hashable, Sendable, CustomStringConvertible {
    package enum Figure: Hashable, Sendable {
        /// A quantile of the service time, from 0 to 1, in nanoseconds.
        case quantile(Double)
        /// The share of requests that fail.
        case errors
    }

    package let description: String
    package let figure: Figure
    /// In nanoseconds, or a share.
    package let bound: Double
    /// `nil` for all routes together.
    package let route: RoutePattern?

    /// Reads `FIGURE < BOUND [on ROUTE]`: a figure is `p50` to `p99.99`, `median`, `max` or `errors`.
    ///
    /// A route has one of `names`, or is spelled out.
    package init(_ text: String, names: RouteNames = RouteNames()) throws(CheckRuleError) {
        description = text
        func failure(_ reason: String) -> CheckRuleError {
            CheckRuleError(
                "'\(text)' is no budget: \(reason); write 'p99 < 300ms on POST /hooks/{slug}' or 'errors < 0.1%'"
            )
        }
        let sides = text.split(separator: "<", maxSplits: 1, omittingEmptySubsequences: false)
        guard sides.count == 2 else { throw failure("there is no '<'") }
        var words = sides[1].split(separator: " ")
        guard !words.isEmpty else { throw failure("there is no bound") }
        let bound = words.removeFirst()
        switch sides[0].filter({ $0 != " " }) {
        case "errors":
            figure = .errors
            guard let share = Self.share(bound) else { throw failure("'\(bound)' is no share such as 0.1%") }
            self.bound = share
        case let name:
            guard let quantile = Self.quantile(name) else { throw failure("'\(name)' is no figure") }
            figure = .quantile(quantile)
            guard let time = Self.nanoseconds(bound) else {
                throw failure("'\(bound)' is no time such as 300ms")
            }
            self.bound = time
        }
        guard !words.isEmpty else {
            route = nil
            return
        }
        guard words.removeFirst() == "on", !words.isEmpty else {
            throw failure("a route stands behind 'on'")
        }
        if words.count == 1, let named = names[String(words[0])] {
            route = named
            return
        }
        do {
            route = try RoutePattern(words.joined(separator: " "))
        } catch {
            throw failure(error.description)
        }
    }

    /// The figure of the answers in `book`; `nil` where it has none of the route.
    package func value(in book: TimingBook) -> Double? {
        var whole = TimingBook.Route()
        for (name, route) in book.templates where covers(name) {
            whole.samples += route.samples
            whole.answers += route.answers
            whole.errors += route.errors
        }
        guard whole.requests > 0 else { return nil }
        switch figure {
        case .errors: return Double(whole.errors) / Double(whole.requests)
        case .quantile(let quantile):
            guard !whole.samples.isEmpty else { return nil }
            whole.samples.sort()
            let rank = Int((quantile * Double(whole.samples.count)).rounded(.up))
            return Double(whole.samples[min(whole.samples.count, max(1, rank)) - 1])
        }
    }

    private func covers(_ name: String) -> Bool {
        guard let route else { return true }
        let words = name.split(separator: " ", maxSplits: 1)
        guard words.count == 2 else { return false }
        return route.matches(method: Array(words[0].utf8).span, target: Array(words[1].utf8).span)
    }

    private static func quantile(_ name: String) -> Double? {
        if name == "median" { return 0.5 }
        if name == "max" { return 1 }
        guard name.first == "p", let percent = Double(name.dropFirst()), percent > 0, percent <= 100 else {
            return nil
        }
        return percent / 100
    }

    private static func share(_ text: Substring) -> Double? {
        let isPercent = text.last == "%"
        guard let number = Double(isPercent ? text.dropLast() : text), number >= 0, number.isFinite else {
            return nil
        }
        return isPercent ? number / 100 : number
    }

    private static func nanoseconds(_ text: Substring) -> Double? {
        for (unit, factor) in [("ns", 1.0), ("us", 1e3), ("ms", 1e6), ("s", 1e9)] where text.hasSuffix(unit) {
            guard let number = Double(text.dropLast(unit.count)), number > 0, number.isFinite else {
                return nil
            }
            return number * factor
        }
        return nil
    }
}

/// What became of a budget.
package struct BudgetResult: Hashable, Sendable {
    package var budget: Budget
    /// `nil` where no answer was of its route.
    package var value: Double?

    package init(_ budget: Budget, in book: TimingBook) {
        self.budget = budget
        value = budget.value(in: book)
    }

    package var isKept: Bool { value.map { $0 < budget.bound } ?? false }
}
