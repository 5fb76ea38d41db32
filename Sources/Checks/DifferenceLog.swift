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
    private(set) var differences: [Difference] = []
    private(set) var count = 0
    private(set) var ungrouped = 0

    init(limits: CheckLimits) {
        self.limits = limits
    }

    mutating func add(_ difference: Difference, route: Int) {
        count += 1
        if differences.count < limits.differences { differences.append(difference) }
        let key = Key(route: route, field: difference.field.general, kind: difference.kind)
        if let index = indices[key] {
            groups[index].count += 1
            if difference.room < groups[index].example.room { groups[index].example = difference }
        } else if groups.count < limits.groups {
            indices[key] = groups.count
            groups.append(
                DifferenceGroup(
                    route: difference.route,
                    field: key.field,
                    kind: difference.kind,
                    count: 1,
                    example: difference
                )
            )
        } else {
            ungrouped += 1
        }
    }

    /// The groups, the most frequent first; equal ones by route and field, so that two runs print alike.
    var sortedGroups: [DifferenceGroup] {
        groups.sorted { left, right in
            if left.count != right.count { return left.count > right.count }
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
