package import JSON

/// The types of JSON values (RFC 8259, section 3); `true` and `false` are one.
package enum JSONType: String, CaseIterable, Hashable, Sendable {
    case null
    case bool
    case number
    case string
    case list
    case object

    package init(of value: JSONValue) {
        self =
            switch value {
            case .null: .null
            case .bool: .bool
            case .number: .number
            case .string: .string
            case .array: .list
            case .object: .object
            }
    }
}
