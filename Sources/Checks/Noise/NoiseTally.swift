/// How often the noise of a model showed in answers that were held against it.
///
/// What is learned from is compared without knowing that a list has no order or what tells its elements apart, so fields
/// within it seem to differ more rarely than a check finds them to. A check holds its counts against counts made as its own
/// are.
package struct NoiseTally: Sendable {
    private var answers: [String: Int] = [:]
    private var shown: [String: [String: NoiseDrift.Count]] = [:]

    package init() {}

    /// Adds what came of one run; the comparator knows the model.
    package mutating func add(_ comparator: Comparator) {
        for route in comparator.table.routes { answers[route.name, default: 0] += route.compared }
        for (key, count) in comparator.drift.counts {
            let route = comparator.table.routes[key.route].name
            shown[route, default: [:]][key.field, default: NoiseDrift.Count()].add(count)
        }
    }

    /// How many answers of a route were compared, and in how many of them a field's noise showed; `nil` for a route that
    /// was not asked for.
    func count(of field: String, on route: String) -> (shown: NoiseDrift.Count, answers: Int)? {
        guard let answers = answers[route], answers > 0 else { return nil }
        return (shown[route]?[field] ?? NoiseDrift.Count(), answers)
    }
}

extension NoiseModel {
    /// Says of the fields that take their values by chance how often the same answers show it in a check.
    package mutating func recount(by tally: NoiseTally) {
        for route in routes.indices {
            for field in routes[route].fields.indices where routes[route].fields[field].comesByChance {
                let name = routes[route].fields[field].field
                guard let count = tally.count(of: name, on: routes[route].name),
                    count.answers == routes[route].answers
                else { continue }
                routes[route].fields[field].varied = count.shown.all
                if routes[route].fields[field].isOptional {
                    routes[route].fields[field].added = count.shown.added
                }
            }
        }
    }
}
