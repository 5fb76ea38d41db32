import Messages
package import Replay

extension Criterion {
    /// Reads a criterion; the error names what cannot be read and what would do.
    package init(_ text: String) throws(UnreadableValue) {
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        func refusal(_ reason: String) -> UnreadableValue {
            UnreadableValue(text: text, kind: "criterion", reason: reason)
        }
        let joined = words.joined(separator: " ")
        let sides = Self.sides(joined)
        guard let (left, relation, right) = sides else {
            throw refusal("give one like 'p95 <= 500ms on POST /hooks/{slug}' or 'success >= 99.9%'")
        }
        guard let figure = Figure(left) else { throw refusal("'\(left)' is not measured; \(Figure.known)") }
        var rest = right.split(separator: " ").map(String.init)[...]
        guard let boundText = rest.popFirst() else {
            throw refusal("there is no bound behind '\(relation.rawValue)'")
        }
        let comparison = try figure.comparison(boundText, &rest, refusal)
        guard let bound = comparison == nil ? figure.bound(boundText) : 0 else {
            throw refusal("'\(boundText)' is no bound for it; \(figure.exampleOfBound)")
        }
        var route: RoutePattern?
        var party = Party.all
        var stages: [String] = []
        while let word = rest.popFirst() {
            switch word {
            case "on":
                let path = rest.prefix { $0 != "of" && $0 != "in" }
                rest = rest.dropFirst(path.count)
                do {
                    route = try RoutePattern(path.joined(separator: " "))
                } catch {
                    throw refusal(error.description)
                }
            case "of":
                guard let name = rest.popFirst() else {
                    throw refusal("a tenant, or 'each', stands behind 'of'")
                }
                party = name == "each" ? .each : .tenant(name)
            case "in":
                let names = rest.joined(separator: " ").split(separator: ",").map { name in
                    name.split(separator: " ").joined(separator: " ")
                }
                guard !names.isEmpty, names.allSatisfy({ !$0.isEmpty }) else {
                    throw refusal("the names of stages stand behind 'in'")
                }
                stages = names
                rest = []
            default: throw refusal("'\(word)' is none of on ROUTE, of TENANT, in STAGE")
            }
        }
        if route != nil, !figure.isOfRequests {
            throw refusal("only figures of requests are told apart by route")
        }
        self.init(
            description: joined,
            figure: figure,
            relation: relation,
            bound: bound,
            comparison: comparison,
            route: route,
            party: party,
            stages: stages
        )
    }

    /// Around the first relation, the longer of two that begin alike.
    private static func sides(_ text: String) -> (String, Relation, String)? {
        guard let place = text.firstIndex(where: { "<>=".contains($0) }) else { return nil }
        let tail = text[place...]
        guard let relation = Relation.allCases.first(where: { tail.hasPrefix($0.rawValue) }) else {
            return nil
        }
        let left = text[..<place].split(separator: " ").joined(separator: " ")
        let right = tail.dropFirst(relation.rawValue.count)
        return left.isEmpty ? nil : (left, relation, String(right))
    }
}

extension Criterion.Figure {
    static let known =
        "there are p50 to p99.9, max and mean of \(Criterion.MeasuredTime.allCases.map(\.rawValue).joined(separator: ", ")); "
        + "success, errors, failures, availability, 4xx, 5xx or a status; rate; "
        + Criterion.CountedThing.allCases.map(\.rawValue).joined(separator: ", ")

    /// Whether it is told apart by route.
    package var isOfRequests: Bool {
        switch self {
        case .time(let time, _): time.isOfRequests
        case .share, .rate: true
        case .count(let thing): thing == .requests
        }
    }

    init?(_ text: String) {
        if let thing = Criterion.CountedThing(rawValue: text) {
            self = .count(thing)
            return
        }
        switch text {
        case "success": self = .share(.success)
        case "errors": self = .share(.errors)
        case "failures": self = .share(.failures)
        case "availability": self = .share(.available)
        case Criterion.MeasuredTime.drain.rawValue: self = .time(.drain, .percentile(100))
        case "rate": self = .rate
        default:
            if let statuses = Self.statuses(text) {
                self = .share(.statuses(statuses))
                return
            }
            let words = text.split(separator: " ")
            guard let last = words.last, let statistic = Criterion.Statistic(last) else { return nil }
            guard words.count > 1 else {
                self = .time(.response, statistic)
                return
            }
            let name = words.dropLast().joined(separator: " ")
            guard let time = Criterion.MeasuredTime(rawValue: name) else { return nil }
            self = .time(time, statistic)
        }
    }

    private static func statuses(_ text: String) -> ClosedRange<UInt16>? {
        let isClass = text.hasSuffix("xx")
        guard let number = UInt16(isClass ? text.dropLast(2) : Substring(text)) else { return nil }
        if isClass { return (1...9).contains(number) ? number * 100...number * 100 + 99 : nil }
        return (100...999).contains(number) ? number...number : nil
    }

    func bound(_ text: String) -> Double? {
        switch self {
        case .time: return (try? RunTime(text)).map { Double($0.nanoseconds) }
        case .share:
            let isPercent = text.hasSuffix("%")
            guard let value = Self.number(isPercent ? text.dropLast() : Substring(text)) else { return nil }
            let share = isPercent ? value / 100 : value
            return share <= 1 ? share : nil
        case .rate: return (try? Rate(text)).map(\.perSecond)
        case .count: return UInt64(text.filter { $0 != "_" }).map { Double($0) }
        }
    }

    /// Reads `2x against STAGE` or `1.5x + 20ms against last run`, of which `first` has been taken already; `nil` where
    /// `first` is no multiple.
    func comparison(
        _ first: String,
        _ rest: inout ArraySlice<String>,
        _ refusal: (String) -> UnreadableValue
    ) throws(UnreadableValue) -> Criterion.Comparison? {
        var words = [first]
        while let word = rest.first, word == "+" || words.last == "+" {
            words.append(word)
            rest = rest.dropFirst()
        }
        let parts = words.joined().split(separator: "+", omittingEmptySubsequences: false)
        guard parts[0].hasSuffix("x"), let factor = Self.number(parts[0].dropLast()), factor > 0 else {
            return nil
        }
        var slack = 0.0
        if parts.count > 1 {
            guard parts.count == 2, let more = bound(String(parts[1])) else {
                throw refusal(
                    "'\(words.joined(separator: " "))' is no bound for it; give one such as 2x + 20ms"
                )
            }
            slack = more
        }
        let isAgainst = rest.popFirst() == "against"
        guard isAgainst, let name = rest.popFirst() else {
            throw refusal("'against STAGE' or 'against last run' stands behind a multiple such as '\(first)'")
        }
        if name == "last", rest.first == "run" {
            rest = rest.dropFirst()
            return Criterion.Comparison(factor: factor, slack: slack, place: .lastRun)
        }
        return Criterion.Comparison(factor: factor, slack: slack, place: .stage(name))
    }

    /// Digits with at most one point; no sign, no exponent, no `nan`.
    static func number(_ text: Substring) -> Double? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E }), let value = Double(text)
        else { return nil }
        return value
    }

    var exampleOfBound: String {
        switch self {
        case .time: "give a time such as 500ms or 2s"
        case .share: "give a share such as 99.9%"
        case .rate: "give a rate such as 300/s"
        case .count: "give a whole number"
        }
    }
}

extension Criterion.Statistic {
    /// `p50` to `p99.99`, `median`, `max`, `mean`.
    init?(_ text: Substring) {
        switch text {
        case "mean": self = .mean
        case "median": self = .percentile(50)
        case "max": self = .percentile(100)
        default:
            let digits = text.dropFirst()
            guard text.first == "p", digits.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E }),
                let percent = Double(digits), percent > 0, percent <= 100
            else { return nil }
            self = .percentile(percent)
        }
    }
}
