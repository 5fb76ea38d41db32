import JSON

/// Holds the values of one answer against each other, where rules say that they are the same.
enum SameValues {
    /// Places looked at for one rule in one answer.
    private static let mostPlaces = 1_000

    /// The places that `path` names in an answer, of which the value stands at none of the places that `other` names.
    static func broken(
        _ path: JSONPath,
        sameAs other: JSONPath,
        in answer: JSONValue
    ) -> [(place: JSONPlace, value: JSONValue)] {
        let places = path.values(in: answer, limit: mostPlaces)
        guard !places.isEmpty else { return [] }
        let others = other.values(in: answer, limit: mostPlaces).map(\.value)
        return places.filter { place in !others.contains { $0.isSame(as: place.value) } }
    }
}
