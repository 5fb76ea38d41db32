package import JSON

extension ExecutionRule.Place {
    /// The text at the first of `places` that has one; `nil` where none has.
    ///
    /// `field` gives the value of a field by its name, without regard to case; `json` the body, where it is JSON, and is
    /// asked only for places in it.
    package static func text(
        at places: [ExecutionRule.Place],
        field: (String) -> String?,
        json: () -> JSONValue?
    ) -> String? {
        for place in places {
            switch place {
            case .header(let name): if let text = field(name), !text.isEmpty { return text }
            case .json(let path): if let text = json()?.name(at: path) { return text }
            }
        }
        return nil
    }
}
