/// What a group of differences follows from.
struct Consequence {
    /// The number of the group that is the cause.
    var cause: Int
    /// Differences that follow from it.
    var differences: Int
    /// Answers of which the first difference is one of those.
    var answers: Int
}

extension SessionLog {
    /// In what share of the sessions with the cause the consequence has to come.
    private static let leastShare = 0.5
    /// How many times as often it has to come after the cause as without.
    private static func leastRatio(_ link: SessionKey.Link) -> Double {
        switch link {
        case .value: 2
        case .session: 4
        }
    }

    /// By number of group, what it follows from.
    ///
    /// A difference follows from an earlier one of its session where in most sessions that had the earlier one it came,
    /// and seldom in others. Where several could be its cause it is the one after which it came most often, of those the
    /// one that was found first; and a cause that itself follows from another gives that one.
    func consequences(of groups: [DifferenceGroup], routeOfGroup: [Int]) -> [Int: Consequence] {
        var found: [Int: Consequence] = [:]
        let candidates = followings.sorted { left, right in
            if left.value.answers != right.value.answers { return left.value.answers > right.value.answers }
            return (left.key.cause, left.key.group, left.key.link.rawValue)
                < (right.key.cause, right.key.group, right.key.link.rawValue)
        }
        for (following, tally) in candidates {
            guard found[following.group]?.cause ?? following.cause == following.cause,
                isConvincing(following, tally, routeOfGroup),
                // Of two that come after each other, the one that does so more often is the consequence.
                (reverse(of: following) ?? 0) < tally.answers,
                !leads(from: following.cause, to: following.group, found)
            else { continue }
            var consequence =
                found[following.group] ?? Consequence(cause: following.cause, differences: 0, answers: 0)
            consequence.differences += tally.differences
            consequence.answers += tally.firsts
            found[following.group] = consequence
        }
        for group in found.keys {
            if let consequence = found[group], let seen = seen[group], looks == Self.mostLooks {
                // Later ones were not looked at; they are taken to be as the others.
                let own = groups[group].count - groups[group].consequences
                let share = Double(consequence.differences) / Double(max(1, seen.differences))
                found[group]?.differences = min(own, Int((Double(own) * share).rounded()))
            }
            while let cause = found[group]?.cause, let root = found[cause]?.cause {
                found[group]?.cause = root
            }
        }
        return found
    }

    private func isConvincing(_ following: Following, _ tally: Tally, _ routeOfGroup: [Int]) -> Bool {
        let route = routeOfGroup[following.group]
        let exposure = Exposure(cause: following.cause, route: route, link: following.link)
        guard let after = exposures[exposure], after.sessions > 0, after.answers > 0 else { return false }
        guard Double(tally.sessions) >= Self.leastShare * Double(after.sessions) else { return false }
        let rate = Double(tally.answers) / Double(after.answers)
        if following.link == .session, rate < Self.leastShare { return false }
        // What came where no earlier difference was known.
        let others = compared[route] - (exposed[route] ?? 0)
        let alone = (seen[following.group]?.answers ?? 0) - (followed[following.group] ?? 0)
        guard others > 0, alone > 0 else { return true }
        return Double(alone) / Double(others) * Self.leastRatio(following.link) <= rate
    }

    /// How often the cause came after its consequence.
    private func reverse(of following: Following) -> Int? {
        SessionKey.Link.allCases.compactMap {
            followings[Following(cause: following.group, group: following.cause, link: $0)]?.answers
        }.max()
    }

    /// Whether `cause` follows from `group` already.
    private func leads(from cause: Int, to group: Int, _ found: [Int: Consequence]) -> Bool {
        var cause = cause
        while let next = found[cause]?.cause {
            if next == group { return true }
            cause = next
        }
        return false
    }
}
