/// Counts how often the differences of noise come, and says where they come more often than when it was learned.
struct NoiseDrift: Sendable {
    struct Key: Hashable {
        var route: Int
        var field: String
    }

    /// Answers in which a field's noise showed.
    struct Count {
        var all = 0
        /// Those of them that have what was not recorded.
        var added = 0

        mutating func add(_ other: Count) {
            all += other.all
            added += other.added
        }
    }

    private struct Seen {
        var count = Count()
        var example: Difference
    }

    private var seen: [Key: Seen] = [:]

    /// In how many answers each field's noise showed.
    var counts: [Key: Count] { seen.mapValues(\.count) }

    /// Notes the explained differences of one answer, each field once.
    mutating func note(_ explained: [(field: String, difference: Difference)], route: Int) {
        var noted: Set<String> = []
        for (field, difference) in explained where noted.insert(field).inserted {
            let key = Key(route: route, field: field)
            let added = difference.kind == .added ? 1 : 0
            seen[key, default: Seen(example: difference)].count.add(Count(all: 1, added: added))
        }
    }

    /// What is held against what was learned: how often a field's noise shows, or one of the two ways in which it does.
    private struct Statement {
        var key: Key
        var example: Difference
        var words: String
        var count: Int
        var answers: Int
        var learned: Int
        var learnedAnswers: Int

        var chance: Double {
            FalseDiscovery.chance(of: count, in: answers, where: learned, of: learnedAnswers)
        }

        var group: DifferenceGroup {
            var example = example
            example.kind = .frequency
            example.expected = ShownValue(text: "\(words) in \(learned) of \(learnedAnswers) answers")
            example.observed = ShownValue(text: "in \(count) of \(answers)")
            return DifferenceGroup(
                route: example.route,
                field: key.field,
                kind: .frequency,
                count: count,
                example: example
            )
        }
    }

    /// The fields that vary more often than they did, if no more than a share of `level` among them may be by chance.
    func groups(routes: [CheckedRoute], noise: [RouteNoise?], level: Double) -> [DifferenceGroup] {
        var tests = 0
        for (index, route) in routes.enumerated() where route.compared > 0 {
            for field in noise[index]?.fields ?? [] where field.comesByChance {
                tests += field.added == nil ? 1 : 3
            }
        }
        let statements = seen.sorted { ($0.key.route, $0.key.field) < ($1.key.route, $1.key.field) }
            .flatMap { self.statements($0.key, $0.value, routes: routes, noise: noise) }
        let discovered = FalseDiscovery.discoveries(statements.map(\.chance), tests: tests, level: level)
        // Of the statements about one field the first one that is a discovery is told.
        var told: Set<Key> = []
        return statements.indices.filter { discovered[$0] && told.insert(statements[$0].key).inserted }
            .map { statements[$0].group }
    }

    private func statements(
        _ key: Key,
        _ seen: Seen,
        routes: [CheckedRoute],
        noise: [RouteNoise?]
    ) -> [Statement] {
        guard let noise = noise[key.route], noise.answers > 0,
            let learned = noise.fields.first(where: { $0.field == key.field }),
            learned.comesByChance, learned.varied <= noise.answers
        else { return [] }
        var statement = Statement(
            key: key,
            example: seen.example,
            words: "different",
            count: seen.count.all,
            answers: max(routes[key.route].compared, seen.count.all),
            learned: learned.varied,
            learnedAnswers: noise.answers
        )
        var statements = [statement]
        if let added = learned.added, added <= learned.varied {
            (statement.words, statement.count, statement.learned) = ("added", seen.count.added, added)
            statements.append(statement)
            statement.words = "missing"
            statement.count = seen.count.all - seen.count.added
            statement.learned = learned.varied - added
            statements.append(statement)
        }
        return statements
    }
}

extension FieldNoise {
    /// Whether each answer takes its value by chance, so that their share says something: one of a few values, and
    /// fields that are there or not. A counter differs in all answers of a run or in none, as it happens to stand.
    var comesByChance: Bool {
        guard !isUnordered, elements == nil else { return false }
        switch values {
        case nil, .set: return true
        case .any, .shape, .pattern, .number, .monotonic: return false
        }
    }
}
