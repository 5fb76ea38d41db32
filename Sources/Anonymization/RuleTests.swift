import Bytes
package import Messages

/// The tests of some rule sets, each once, and their numbers.
///
/// Nearly all of them look at the path or at one header field by one pattern; those patterns stand one behind the other, so
/// that a request, which is asked about all of them, takes one pass over its fields and one over the patterns for paths.
package struct RuleTests: Sendable {
    /// How many tests about requests there may be.
    static let limit = 60

    /// A pattern for a field or for the path, of which that it matches is enough for a test to hold.
    fileprivate struct Look: Sendable {
        /// The bit of the test.
        var bit: UInt64
        /// Where the name of the field stands in ``texts``; empty for the path.
        var name: ByteRange
        var pattern: ByteRange
        /// Another look at a field whose name has the same bit; -1 for none.
        var next: Int32 = -1
        /// How many bytes stand before the first `*` of the pattern; all of a route that has none open.
        var literal: Int
    }

    /// A filter that takes more.
    private struct Condition: Sendable {
        var bit: UInt64
        /// The header fields without which it does not hold, as bits of ``Head/fieldNameBits``; 0 where it may without
        /// any.
        var neededFields: UInt64
        var filter: RequestFilter
    }

    private var tests: [RuleTest] = []
    private var texts: [UInt8] = []
    private var fieldLooks: [Look] = []
    /// By the bits of ``Head/fieldNameBits``: the first of the looks at fields with such names; -1 where there is none.
    private var firstLooks = [Int32](repeating: -1, count: 64)
    /// The names of ``fieldLooks``, as bits of ``Head/fieldNameBits``.
    private var fieldNames: UInt64 = 0
    private var pathLooks: [Look] = []
    private var routes: [RoutePattern] = []
    /// For each route its test and what every path begins with that it means.
    private var routeLooks: [Look] = []
    private var conditions: [Condition] = []
    /// Whether a rule asks which message it is.
    private(set) var asksForKind = false

    init() {}

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
                bits |= Self.bit(of: number)
            }
        }
        return bits
    }

    private static func bit(of number: Int) -> UInt64 { 1 << UInt64(number + 2) }

    private mutating func number(of test: RuleTest) -> Int? {
        if let known = tests.firstIndex(of: test) { return known }
        guard tests.count < Self.limit else { return nil }
        let bit = Self.bit(of: tests.count)
        tests.append(test)
        switch test {
        case .filters(let filters): for filter in filters { add(filter, bit) }
        case .routes(let routes): for route in routes { add(route, bit) }
        case .isRequest, .isResponse: break
        }
        return tests.count - 1
    }

    private mutating func add(_ filter: RequestFilter, _ bit: UInt64) {
        guard let looks = filter.looks else {
            let needed = filter.neededFieldNameBits
            return conditions.append(Condition(bit: bit, neededFields: needed, filter: filter))
        }
        for look in looks {
            switch look {
            case .path(let pattern):
                pathLooks.append(makeLook(bit, [], pattern))
            case .field(let name, let pattern):
                let nameBit = name.span.fieldNameBit
                guard nameBit != 0 else { continue }
                fieldNames |= nameBit
                var look = makeLook(bit, name, pattern)
                look.next = firstLooks[nameBit.trailingZeroBitCount]
                firstLooks[nameBit.trailingZeroBitCount] = Int32(fieldLooks.count)
                fieldLooks.append(look)
            }
        }
    }

    private mutating func add(_ route: RoutePattern, _ bit: UInt64) {
        routes.append(route)
        routeLooks.append(makeLook(bit, [], route.literalStart))
    }

    private mutating func makeLook(_ bit: UInt64, _ name: [UInt8], _ pattern: [UInt8]) -> Look {
        let literal = pattern.firstIndex(of: 0x2A) ?? pattern.count
        return Look(bit: bit, name: append(name), pattern: append(pattern), literal: literal)
    }

    private mutating func append(_ text: [UInt8]) -> ByteRange {
        defer { texts.append(contentsOf: text) }
        return ByteRange(offset: texts.count, count: text.count)
    }

    /// Whether a test looks at the method or the path.
    var asksForTarget: Bool { !pathLooks.isEmpty || !routes.isEmpty }

    /// Which tests hold for a request, and for the response to it; O(head), without an allocation.
    package func scope(of head: borrowing Head) -> RuleScope {
        guard !tests.isEmpty, head.kind == .request else { return RuleScope(bits: 0) }
        return scope(of: head, bitsOfTarget(in: head))
    }

    /// The same where the tests are known that its method and its path are enough for.
    func scope(of head: borrowing Head, _ bitsOfTarget: UInt64) -> RuleScope {
        var bits = bitsOfTarget | bitsOfFields(in: head)
        guard !conditions.isEmpty else { return RuleScope(bits: bits) }
        let present = head.fieldNameBits
        for index in conditions.indices where bits & conditions[index].bit == 0 {
            let needed = conditions[index].neededFields
            if needed != 0, needed & present == 0 { continue }
            if conditions[index].filter.matches(head) { bits |= conditions[index].bit }
        }
        return RuleScope(bits: bits)
    }

    /// The tests that the method and the path of a request are enough for.
    func bitsOfTarget(in head: borrowing Head) -> UInt64 {
        var bits: UInt64 = 0
        let bytes = head.bytes.span
        let texts = texts.span
        if !pathLooks.isEmpty {
            let path = bytes.extracting(head.pathRange.bounds)
            let looks = pathLooks.span
            for index in looks.indices {
                let look = looks[index]
                if bits & look.bit == 0, look.matches(path, texts) { bits |= look.bit }
            }
        }
        if !routes.isEmpty {
            let method = bytes.extracting(head.methodRange.bounds)
            let target = bytes.extracting(head.targetRange.bounds)
            let path = target.extracting(target.pathOfTarget)
            for index in routes.indices where bits & routeLooks[index].bit == 0 {
                guard routeLooks[index].mayMatch(path, texts),
                    routes[index].matches(method: method, path: path)
                else { continue }
                bits |= routeLooks[index].bit
            }
        }
        return bits
    }

    private func bitsOfFields(in head: borrowing Head) -> UInt64 {
        var bits: UInt64 = 0
        let bytes = head.bytes.span
        let fields = head.fields.span
        let texts = texts.span
        let looks = fieldLooks.span
        for index in fields.indices {
            let field = fields[index]
            let name = bytes.extracting(field.name.bounds)
            let nameBit = name.fieldNameBit
            guard fieldNames & nameBit != 0 else { continue }
            let value = bytes.extracting(field.value.bounds)
            var next = Int(firstLooks[nameBit.trailingZeroBitCount])
            while next >= 0 {
                let look = looks[next]
                next = Int(look.next)
                // Of several looks at one field most begin otherwise than its value, which is told before the names are compared.
                guard bits & look.bit == 0, look.name.count == name.count, look.mayMatch(value, texts),
                    texts.extracting(look.name.bounds).equalsIgnoringCase(name),
                    Wildcard.matches(texts.extracting(look.pattern.bounds), value)
                else { continue }
                bits |= look.bit
            }
        }
        return bits
    }
}

extension RuleTests.Look {
    /// Whether a text begins as the pattern does, which few do.
    fileprivate func mayMatch(_ text: Span<UInt8>, _ texts: Span<UInt8>) -> Bool {
        guard literal <= text.count else { return false }
        let start = texts.extracting(pattern.offset..<pattern.offset &+ literal)
        return literal == 0 || start[0] == text[0] && start.equals(text.extracting(first: literal))
    }

    fileprivate func matches(_ text: Span<UInt8>, _ texts: Span<UInt8>) -> Bool {
        mayMatch(text, texts) && Wildcard.matches(texts.extracting(pattern.bounds), text)
    }
}
