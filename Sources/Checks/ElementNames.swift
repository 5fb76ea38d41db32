import JSON

/// Tells the objects of two lists by a member that names each of them, such as an id.
enum ElementNames {
    /// Members of the first object that are tried.
    private static let mostMembers = 16

    /// Hashes of the names of all elements: those of the first member that the lists have in the same order, else of the one with
    /// most names in common, half of the shorter list at least. `nil` where there is none. O(n) for each member.
    static func common(
        to expected: [JSONValue],
        _ observed: [JSONValue],
        at place: JSONPlace,
        _ sink: some DifferenceSink
    ) -> (expected: [Int], observed: [Int])? {
        guard case .object(let members)? = expected.first, expected.count > 1, observed.count > 1 else {
            return nil
        }
        var best: ([Int], [Int])?
        var most = (min(expected.count, observed.count) - 1) / 2
        for (index, member) in members.prefix(mostMembers).enumerated() {
            let inner = JSONPlace(place.steps + [.element(0), .member(member.name)])
            guard let left = names(member.name, index, in: expected, at: inner, sink),
                let right = names(member.name, index, in: observed, at: inner, sink)
            else { continue }
            if left == right { return (left, right) }
            let shared = Set(left).intersection(right).count
            if shared > most { (best, most) = ((left, right), shared) }
        }
        return best
    }

    /// `nil` where an element has no such name, or two have the same. `index` is where the member stands most likely.
    private static func names(
        _ name: String,
        _ index: Int,
        in elements: [JSONValue],
        at place: JSONPlace,
        _ sink: some DifferenceSink
    ) -> [Int]? {
        var names: [Int] = []
        var seen: Set<Int> = []
        for element in elements {
            guard case .object(let members) = element,
                let value = index < members.count && members[index].name == name
                    ? members[index].value : members.first(where: { $0.name == name })?.value,
                !sink.isVolatile(value, at: place, recognition: 0)
            else { return nil }
            var hasher = Hasher()
            switch value {
            case .string(let text): hasher.combine(text)
            case .number(let number): hasher.combine(number.doubleValue)
            case .null, .bool, .array, .object: return nil
            }
            let hash = hasher.finalize()
            guard seen.insert(hash).inserted else { return nil }
            names.append(hash)
        }
        return names
    }
}
