import Bytes
package import JSON
package import Messages

/// What a check compares, and which differences it lets pass.
package struct CheckRules: Sendable {
    /// The header fields that are compared where nothing else is said.
    ///
    /// They say what the body is or where to go next. Fields that differ between two runs of the same program
    /// (`Date`, `Server`, `Set-Cookie`, `ETag`, `Age`, request ids, rate limit counters) and those of the connection
    /// (`Content-Length`, `Transfer-Encoding`, `Connection`, `Keep-Alive`) are not; nor is `Content-Encoding`, since
    /// bodies are compared decoded.
    package static let defaultHeaders = ["content-type", "location", "allow", "content-disposition"]

    /// Rules that hold unless a rules file turns them off: two moments in JSON are not told apart, since what a
    /// server stamps on its answer differs from run to run.
    package static let defaultRules = [
        CheckRule(.ignoreJSON(.root, alike: .timestamp))
    ]

    /// Those of `rules` that hold where it is known what varies: of a moment that stays the same, then, no other is expected.
    static func withNoise(_ rules: [CheckRule]) -> [CheckRule] {
        var rules = rules
        if let index = rules.firstIndex(of: defaultRules[0]) { rules.remove(at: index) }
        return rules
    }

    package static let `default` = CheckRules(headers: defaultHeaders, rules: defaultRules)

    /// The names of the compared header fields, in lower case, each once.
    package let headers: [String]
    package let rules: [CheckRule]
    /// What the answers have to keep to.
    package let budgets: [Budget]
    /// What routes are called in reports.
    package let routeNames: RouteNames

    package init(
        headers: [String] = Self.defaultHeaders,
        rules: [CheckRule],
        budgets: [Budget] = [],
        routeNames: RouteNames = RouteNames()
    ) {
        self.budgets = budgets
        self.routeNames = routeNames
        var names: [String] = []
        for name in headers.map({ $0.lowercased() }) where !names.contains(name) { names.append(name) }
        self.headers = names
        self.rules = rules
    }

    /// The indices of the rules for one request.
    func indices(method: Span<UInt8>, target: Span<UInt8>) -> [Int] {
        var indices: [Int] = []
        for (index, rule) in rules.enumerated() {
            if rule.route?.matches(method: method, target: target) ?? true { indices.append(index) }
        }
        return indices
    }

    /// Segments of paths that rules, budgets and names spell out: who does that means them and no others of their kind.
    package var spelledSegments: Set<String> {
        let routes = rules.compactMap(\.route) + budgets.compactMap(\.route) + routeNames.patterns
        return Set(routes.flatMap(\.literals))
    }

    /// The indices of the rules that hold for every request, for answers to requests that were not seen.
    var generalIndices: [Int] { rules.indices.filter { rules[$0].route == nil } }
}

/// One difference that a check lets pass, on some routes or all.
package struct CheckRule: Hashable, Sendable {
    package enum Effect: Hashable, Sendable {
        case ignoreStatus
        /// The name in lower case.
        case ignoreHeader(String)
        case ignoreBody
        /// With `alike`, only where both values have that shape.
        case ignoreJSON(JSONPath, alike: ValueShape?)
        case tolerate(JSONPath, Tolerance)
        /// The values that the path names themselves; all conditions hold.
        case matchJSON(JSONPath, [ValueCondition])
        /// The name in lower case.
        case matchHeader(String, [ValueCondition])
        case matchStatus([ValueCondition])
        /// The elements of these lists come in any order.
        case unordered(JSONPath)
        /// There may be more than was recorded.
        case subset(JSONPath)
    }

    /// `nil` means every request.
    package var route: RoutePattern?
    package var effect: Effect

    package init(_ effect: Effect, route: RoutePattern? = nil) {
        self.effect = effect
        self.route = route
    }
}

/// How far apart two numbers may lie and still count as equal: either bound is enough.
package struct Tolerance: Hashable, Sendable {
    /// In units of the number; never negative.
    package var absolute: Double
    /// As a share of the recorded number's magnitude; never negative.
    package var relative: Double

    package init(absolute: Double = 0, relative: Double = 0) {
        precondition(absolute >= 0 && relative >= 0, "a tolerance is not negative")
        self.absolute = absolute
        self.relative = relative
    }

    package func allows(expected: Double, observed: Double) -> Bool {
        guard expected.isFinite, observed.isFinite else { return false }
        let distance = (expected - observed).magnitude
        return distance <= absolute || distance <= relative * expected.magnitude
    }
}

/// A form that values have when they are made anew in each run.
package enum ValueShape: String, CaseIterable, Hashable, Sendable {
    /// A moment as RFC 3339 writes it, with or without a zone: `2026-11-24T02:00:00.5Z`.
    case timestamp
    /// 8-4-4-4-12 hexadecimal digits.
    case uuid
    /// A moment as header fields write it (RFC 9110, section 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
    case httpDate = "http-date"

    package func matches(_ text: String) -> Bool {
        let bytes = Array(text.utf8.prefix(41))
        guard bytes.count <= 40 else { return false }
        switch self {
        case .timestamp: return Self.isTimestamp(bytes)
        case .uuid: return Self.follows(bytes, "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh")
        case .httpDate:
            guard bytes.count == 29 else { return false }
            return Self.follows(Array(bytes[3..<8]), ", dd ")
                && Self.follows(Array(bytes[11..<25]), " dddd dd:dd:dd")
                && bytes[25...].elementsEqual(" GMT".utf8)
                && (bytes[..<3] + bytes[8..<11]).allSatisfy { (0x61...0x7A).contains($0 | 0x20) }
        }
    }

    private static func isTimestamp(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 19, follows(Array(bytes[..<10]), "dddd-dd-dd"),
            [0x54, 0x74, 0x20].contains(bytes[10]), follows(Array(bytes[11..<19]), "dd:dd:dd")
        else { return false }
        var rest = bytes[19...]
        if rest.first == 0x2E {
            let fraction = rest.dropFirst().prefix(while: \.isASCIIDigit)
            guard !fraction.isEmpty else { return false }
            rest = rest.dropFirst(1 + fraction.count)
        }
        switch rest.first {
        case nil: return true
        case 0x5A, 0x7A: return rest.count == 1
        case 0x2B, 0x2D:
            return follows(Array(rest.dropFirst()), "dd:dd") || follows(Array(rest.dropFirst()), "dddd")
        default: return false
        }
    }

    /// Whether `bytes` follow a form in which `d` is a digit and `h` a hexadecimal one.
    private static func follows(_ bytes: [UInt8], _ form: StaticString) -> Bool {
        guard bytes.count == form.utf8CodeUnitCount else { return false }
        for (index, byte) in bytes.enumerated() {
            let fits =
                switch form.utf8Start[index] {
                case 0x64: byte.isASCIIDigit
                case 0x68: byte.hexDigitValue != nil
                case let literal: byte == literal
                }
            guard fits else { return false }
        }
        return true
    }
}
