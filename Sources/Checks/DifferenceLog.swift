/// Collects differences: the first ones whole, all of them in groups.
struct DifferenceLog: Sendable {
    private struct Key: Hashable {
        var route: Int
        var field: String
        var kind: Difference.Kind
    }

    private let limits: CheckLimits
    private var indices: [Key: Int] = [:]
    private(set) var groups: [DifferenceGroup] = []
    /// The number of each group's route.
    private(set) var routes: [Int] = []
    private(set) var differences: [Difference] = []
    private(set) var count = 0
    private(set) var ungrouped = 0

    init(limits: CheckLimits) {
        self.limits = limits
    }

    /// Answers the number of the difference's group, or `nil` where there are too many of those.
    @discardableResult
    mutating func add(_ difference: Difference, route: Int) -> Int? {
        count += 1
        if differences.count < limits.differences { differences.append(difference) }
        let key = Key(route: route, field: difference.field.general, kind: difference.kind)
        if let index = indices[key] {
            groups[index].count += 1
            if difference.isConsequence { groups[index].consequences += 1 }
            if difference.room < groups[index].example.room { groups[index].example = difference }
            groups[index].first = min(groups[index].first, difference.exchange)
            return index
        } else if groups.count < limits.groups {
            indices[key] = groups.count
            routes.append(route)
            groups.append(
                DifferenceGroup(
                    route: difference.route,
                    field: key.field,
                    kind: difference.kind,
                    count: 1,
                    example: difference
                )
            )
            if difference.isConsequence { groups[groups.count - 1].consequences = 1 }
            return groups.count - 1
        } else {
            ungrouped += 1
            return nil
        }
    }

    /// Says that differences of a group follow from those of an earlier one.
    mutating func follow(_ group: Int, _ consequence: Consequence) {
        groups[group].consequences += consequence.differences
        groups[group].cause = DifferenceGroup.Name(groups[consequence.cause])
        groups[consequence.cause].followers += consequence.answers
    }

    /// Adds a whole group of which one example is kept.
    mutating func add(_ group: DifferenceGroup) {
        count += group.count
        if differences.count < limits.differences { differences.append(group.example) }
        if groups.count < limits.groups {
            groups.append(group)
            routes.append(RouteTable.unknown)
        } else {
            ungrouped += group.count
        }
    }

    /// The groups, causes first: the most frequent ones that nothing else explains; of equal ones the one that came first
    /// in the recording, then by route and field, so that two runs print alike.
    var sortedGroups: [DifferenceGroup] {
        groups.sorted { left, right in
            let causes = (left.count - left.consequences, right.count - right.consequences)
            if causes.0 != causes.1 { return causes.0 > causes.1 }
            if left.count != right.count { return left.count > right.count }
            if left.first != right.first { return left.first < right.first }
            return (left.route, left.field, left.kind.rawValue) < (
                right.route, right.field, right.kind.rawValue
            )
        }
    }
}

extension Difference {
    /// How many bytes it takes to show.
    fileprivate var room: Int {
        (expected?.text.utf8.count ?? 0) + (observed?.text.utf8.count ?? 0)
    }
}
