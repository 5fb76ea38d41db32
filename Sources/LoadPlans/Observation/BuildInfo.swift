/// What a target says of its build in its metrics, as is usual in Prometheus' format: `NAME_build_info{version="1.2"} 1`.
package enum BuildInfo {
    /// Of so many builds at most something is kept, and of each so many characters.
    package static let limit = 16
    package static let textLimit = 200

    private static let ending = "_build_info"
    /// Labels that are told first.
    private static let first = ["version", "revision"]

    /// What the names of series, labels included, say; sorted by name.
    package static func notes(in names: some Sequence<String>) -> [LoadPlan.Note] {
        let notes = names.compactMap { name -> LoadPlan.Note? in
            let bare = name.prefix { $0 != "{" }
            guard bare.hasSuffix(ending), bare.count > ending.count else { return nil }
            let labels = labels(of: name[bare.endIndex...])
            let told =
                first.compactMap { key in labels.first { $0.name == key } }
                + labels.filter { !first.contains($0.name) }
            let text = told.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
            guard !text.isEmpty else { return nil }
            return LoadPlan.Note(
                name: String(bare.dropLast(ending.count)),
                text: String(text.prefix(textLimit))
            )
        }
        return Array(notes.sorted { ($0.name, $0.text) < ($1.name, $1.text) }.prefix(limit))
    }

    /// The labels in `{name="value",…}` whose values say something.
    private static func labels(of text: Substring) -> [(name: String, value: String)] {
        var labels: [(name: String, value: String)] = []
        var rest = text.dropFirst()
        while let sign = rest.firstRange(of: "=\"") {
            let name = rest[..<sign.lowerBound]
            var value = ""
            rest = rest[sign.upperBound...]
            while let character = rest.popFirst(), character != "\"" {
                // A quotation mark, a backslash or a line feed stands behind a backslash.
                value.append(character == "\\" ? rest.popFirst() ?? character : character)
            }
            if !name.isEmpty, !value.isEmpty { labels.append((String(name), value)) }
            rest = rest.first == "," ? rest.dropFirst() : rest
        }
        return labels
    }
}
