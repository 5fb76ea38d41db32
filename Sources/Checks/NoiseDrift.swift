/// Counts how often the differences of noise come, and says where they come more often than when it was learned.
struct NoiseDrift: Sendable {
    struct Key: Hashable {
        var route: Int
        var field: String
    }

    private struct Seen {
        var count = 0
        var example: Difference
    }

    private var seen: [Key: Seen] = [:]

    /// Notes the explained differences of one answer, each field once.
    mutating func note(_ explained: [(field: String, difference: Difference)], route: Int) {
        var noted: Set<String> = []
        for (field, difference) in explained where noted.insert(field).inserted {
            seen[Key(route: route, field: field), default: Seen(example: difference)].count += 1
        }
    }

    /// The fields that vary more often than they did, if no more than a share of `level` among them may be by chance.
    func groups(routes: [CheckedRoute], noise: [RouteNoise?], level: Double) -> [DifferenceGroup] {
        var tests = 0
        for (index, route) in routes.enumerated() where route.compared > 0 {
            tests += noise[index]?.fields.count { $0.comesByChance } ?? 0
        }
        var candidates: [(key: Key, seen: Seen, learned: FieldNoise, answers: Int)] = []
        var chances: [Double] = []
        for (key, seen) in seen.sorted(by: { ($0.key.route, $0.key.field) < ($1.key.route, $1.key.field) }) {
            guard let noise = noise[key.route], noise.answers > 0,
                let learned = noise.fields.first(where: { $0.field == key.field }),
                learned.comesByChance, learned.varied <= noise.answers
            else { continue }
            let compared = max(routes[key.route].compared, seen.count)
            candidates.append((key, seen, learned, noise.answers))
            chances.append(
                FalseDiscovery.chance(
                    of: seen.count,
                    in: compared,
                    where: learned.varied,
                    of: noise.answers
                )
            )
        }
        let discovered = FalseDiscovery.discoveries(chances, tests: tests, level: level)
        return candidates.indices.filter { discovered[$0] }.map { index in
            let candidate = candidates[index]
            var example = candidate.seen.example
            example.kind = .frequency
            let compared = max(routes[candidate.key.route].compared, candidate.seen.count)
            example.expected = ShownValue(
                text: "different in \(candidate.learned.varied) of \(candidate.answers) answers"
            )
            example.observed = ShownValue(text: "in \(candidate.seen.count) of \(compared)")
            return DifferenceGroup(
                route: example.route,
                field: candidate.key.field,
                kind: .frequency,
                count: candidate.seen.count,
                example: example
            )
        }
    }
}

extension FieldNoise {
    /// Whether each answer takes its value by chance, so that their share says something: one of a few values, and
    /// fields that are there or not. A counter differs in all answers of a run or in none, as it happens to stand.
    fileprivate var comesByChance: Bool {
        guard !isUnordered, elements == nil else { return false }
        switch values {
        case nil, .set: return true
        case .any, .shape, .pattern, .number, .monotonic: return false
        }
    }
}
