import JSON

extension JSONPath {
    /// Whether the path names the value at `place` itself; O(steps × depth).
    func names(_ place: JSONPlace) -> Bool { reached(place).last ?? false }

    /// The values in a text that the path names, at most `limit` of them, in the order of the text.
    func values(in root: JSONValue, limit: Int) -> [(place: JSONPlace, value: JSONValue)] {
        var found: [(place: JSONPlace, value: JSONValue)] = []
        var place = JSONPlace()
        find(in: root, at: &place, limit: limit, into: &found)
        return found
    }

    private func find(
        in value: JSONValue,
        at place: inout JSONPlace,
        limit: Int,
        into found: inout [(place: JSONPlace, value: JSONValue)]
    ) {
        guard found.count < limit else { return }
        if names(place) { found.append((place, value)) }
        switch value {
        case .object(let members):
            for member in members {
                place.steps.append(.member(member.name))
                find(in: member.value, at: &place, limit: limit, into: &found)
                place.steps.removeLast()
            }
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                place.steps.append(.element(index))
                find(in: element, at: &place, limit: limit, into: &found)
                place.steps.removeLast()
            }
        case .null, .bool, .number, .string: break
        }
    }
}
