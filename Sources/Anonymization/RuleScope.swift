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

/// The tests of some rule sets, each once, and their numbers.
struct RuleTests: Sendable {
    /// How many tests about requests there may be.
    static let limit = 60

    private var tests: [RuleTest] = []
    /// For each test, the header fields without which it does not hold, as bits of ``Head/fieldNameBits``; 0 where it may
    /// without any.
    private var neededFields: [UInt64] = []
    /// Whether a rule asks which message it is.
    private(set) var asksForKind = false

    var isEmpty: Bool { tests.isEmpty && !asksForKind }

    /// The bits of some tests, which are given numbers where they have none; `nil` where there are too many.
    mutating func bits(of wanted: [RuleTest]) -> UInt64? {
        var bits: UInt64 = 0
        for test in wanted {
            switch test {
            case .isRequest:
                bits |= 0b01
                asksForKind = true
            case .isResponse:
                bits |= 0b10
                asksForKind = true
            case .filters, .routes:
                guard let number = number(of: test) else { return nil }
                bits |= 1 << UInt64(number + 2)
            }
        }
        return bits
    }

    private mutating func number(of test: RuleTest) -> Int? {
        if let known = tests.firstIndex(of: test) { return known }
        guard tests.count < Self.limit else { return nil }
        tests.append(test)
        if case .filters(let filters) = test, filters.allSatisfy({ $0.neededFieldNameBits != 0 }) {
            neededFields.append(filters.reduce(0) { $0 | $1.neededFieldNameBits })
        } else {
            neededFields.append(0)
        }
        return tests.count - 1
    }

    /// Which tests hold for a request, and for the response to it.
    func scope(of head: borrowing Head) -> RuleScope {
        guard !tests.isEmpty else { return RuleScope(bits: 0) }
        var bits: UInt64 = 0
        let present = head.fieldNameBits
        for index in tests.indices {
            let needed = neededFields[index]
            if needed != 0, needed & present == 0 { continue }
            if holds(index, for: head) { bits |= 1 << UInt64(index + 2) }
        }
        return RuleScope(bits: bits)
    }

    private func holds(_ index: Int, for head: borrowing Head) -> Bool {
        switch tests[index] {
        case .filters(let filters):
            for filter in filters where filter.matches(head) { return true }
            return false
        case .routes(let routes):
            let method = head.bytes.span.extracting(head.methodRange.bounds)
            for route in routes where route.matches(method: method, target: head.target) { return true }
            return false
        case .isRequest: return head.kind == .request
        case .isResponse: return head.kind == .response
        }
    }
}
