/// Something that was answered otherwise than recorded.
package struct Difference: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Hashable, Sendable {
        /// Recorded, and not in the answer.
        case missing
        /// In the answer, and not recorded.
        case added
        /// A member under another name, with the same value.
        case renamed
        /// A value of another JSON type, or JSON that is none any more.
        case type
        case value
        /// The elements of a list, each of which is there, in another order.
        case order
        /// Bytes that have no structure.
        case bytes
        /// The answer ended before it was whole.
        case incomplete
        /// What varies in an unchanged target varies more often than it did.
        case frequency
        /// The request was sent and not answered.
        case noResponse = "no-response"
    }

    package enum Field: Hashable, Sendable, CustomStringConvertible {
        case response
        case status
        /// The name in lower case.
        case header(String)
        case body
        case json(JSONPlace)

        package var description: String {
            switch self {
            case .response: "response"
            case .status: "status"
            case .header(let name): "header " + name
            case .body: "body"
            case .json(let place): place.description
            }
        }

        /// The same with the indices of arrays left open.
        package var general: String {
            if case .json(let place) = self { place.general } else { description }
        }
    }

    /// The number of the exchange in the recording.
    package var exchange: UInt64
    /// 0 for the first pass over the recording.
    package var loop: UInt32
    /// Method and template of the path.
    package var route: String
    package var field: Field
    package var kind: Kind
    /// Another difference of the same answer explains it: an answer of another status has another body.
    package var isConsequence = false
    /// `nil` where nothing was recorded.
    package var expected: ShownValue?
    /// `nil` where nothing was answered.
    package var observed: ShownValue?

    package init(
        exchange: UInt64,
        loop: UInt32,
        route: String,
        field: Field,
        kind: Kind,
        expected: ShownValue?,
        observed: ShownValue?
    ) {
        self.exchange = exchange
        self.loop = loop
        self.route = route
        self.field = field
        self.kind = kind
        self.expected = expected
        self.observed = observed
    }
}

/// Whether the answers are still the recorded ones.
package enum Verdict: String, Hashable, Sendable {
    case pass
    case fail
    /// Nothing differed, and not everything could be compared.
    case inconclusive
}
