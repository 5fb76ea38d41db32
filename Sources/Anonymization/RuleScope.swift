import Bytes
package import Messages

/// What must hold of an exchange, or of a message of it, for a rule to apply to it.
package enum RuleTest: Hashable, Sendable {
    /// The request is selected by one of the filters.
    case filters([RequestFilter])
    /// The request is for one of the routes.
    case routes([RoutePattern])
    case isRequest
    case isResponse
}

/// Which of the tests of some rule sets hold for an exchange, as bits; read off the request.
package struct RuleScope: Hashable, BitwiseCopyable, Sendable {
    /// Bit 0 for requests, 1 for responses, 63 where the request is not known, others for the tests in their order.
    var bits: UInt64

    /// The request is not known: rules that keep something apply where they always do, the others as if their
    /// tests held.
    package static let unknown = RuleScope(bits: 1 << 63)

    var isUnknown: Bool { bits >> 63 != 0 }

    /// Whether a rule with these tests applies.
    func allows(_ required: UInt64, _ action: Treatment.Action?) -> Bool {
        if required & ~bits == 0 { return true }
        // Which message it is, is always known.
        return isUnknown && action != .keep && required & 0b11 & ~bits == 0
    }

    /// For a message of a kind.
    func with(_ kind: MessageKind) -> RuleScope {
        RuleScope(bits: bits & ~0b11 | (kind == .request ? 0b01 : 0b10))
    }
}
