import JSON

/// Compares two JSON values by structure and collects where they differ.
///
/// Members are joined by name, whatever their order, and equal names by their turn; elements by index; numbers as
/// numbers; texts byte by byte. Every value is visited once: O(n).
struct JSONComparison {
    private let rules: [CheckRule]
    /// How many differences are kept; the rest is counted.
    private let limit: Int
    private var place = JSONPlace()
    private(set) var found: [Finding] = []
    private(set) var foundBeyondLimit = 0
    /// Differences that a rule lets pass.
    private(set) var ignored = 0

    init(rules: [CheckRule], limit: Int) {
        self.rules = rules
        self.limit = limit
    }

    /// Recurses as deep as the values nest, which a scanner has bounded.
    mutating func compare(_ expected: JSONValue, _ observed: JSONValue) {
        switch (expected, observed) {
        case (.null, .null):
            break
        case (.bool(let left), .bool(let right)):
            if left != right { differ(.value, expected, observed) }
        case (.number(let left), .number(let right)):
            if !left.isNumericallyEqual(to: right), !tolerates(left, right) {
                differ(.value, expected, observed)
            }
        case (.string(let left), .string(let right)):
            // `==` would take different sequences of scalars for one character.
            if !left.utf8.elementsEqual(right.utf8) { differ(.value, expected, observed) }
        case (.array(let left), .array(let right)):
            compareElements(left, right)
        case (.object(let left), .object(let right)):
            compareMembers(left, right)
        case (.null, _), (.bool, _), (.number, _), (.string, _), (.array, _), (.object, _):
            differ(.type, expected, observed)
        }
    }

    private mutating func compareElements(_ expected: [JSONValue], _ observed: [JSONValue]) {
        for index in 0..<max(expected.count, observed.count) {
            place.steps.append(.element(index))
            if index >= observed.count {
                differ(.missing, expected[index], nil)
            } else if index >= expected.count {
                differ(.added, nil, observed[index])
            } else {
                compare(expected[index], observed[index])
            }
            place.steps.removeLast()
        }
    }

    private mutating func compareMembers(_ expected: [JSONValue.Member], _ observed: [JSONValue.Member]) {
        if expected.count == observed.count,
            zip(expected, observed).allSatisfy({ $0.name.utf8.elementsEqual($1.name.utf8) })
        {
            for (left, right) in zip(expected, observed) { compareMember(left.name, left.value, right.value) }
            return
        }
        var indices: [[UInt8]: [Int]] = [:]
        for index in observed.indices.reversed() {
            indices[Array(observed[index].name.utf8), default: []].append(index)
        }
        var joined = [Bool](repeating: false, count: observed.count)
        for member in expected {
            let index = indices[Array(member.name.utf8)]?.popLast()
            if let index { joined[index] = true }
            compareMember(member.name, member.value, index.map { observed[$0].value })
        }
        for index in observed.indices where !joined[index] {
            compareMember(observed[index].name, nil, observed[index].value)
        }
    }

    private mutating func compareMember(_ name: String, _ expected: JSONValue?, _ observed: JSONValue?) {
        place.steps.append(.member(name))
        switch (expected, observed) {
        case (let expected?, let observed?): compare(expected, observed)
        case (nil, nil): break
        case (_?, nil): differ(.missing, expected, nil)
        case (nil, _?): differ(.added, nil, observed)
        }
        place.steps.removeLast()
    }

    private func tolerates(_ expected: JSONNumber, _ observed: JSONNumber) -> Bool {
        rules.contains { rule in
            guard case .tolerate(let path, let tolerance) = rule.effect else { return false }
            return tolerance.allows(expected: expected.doubleValue, observed: observed.doubleValue)
                && path.covers(place)
        }
    }

    private mutating func differ(_ kind: Difference.Kind, _ expected: JSONValue?, _ observed: JSONValue?) {
        // Rules are asked about differences only: those are few, and values many.
        let passes = rules.contains { rule in
            guard case .ignoreJSON(let path, let shape) = rule.effect, path.covers(place) else {
                return false
            }
            guard let shape else { return true }
            guard case .string(let left)? = expected, case .string(let right)? = observed else {
                return false
            }
            return shape.matches(left) && shape.matches(right)
        }
        if passes {
            ignored += 1
        } else if found.count < limit {
            found.append(
                Finding(
                    field: .json(place.bounded),
                    kind: kind,
                    expected: expected.map { ShownValue($0, name: lastName) },
                    observed: observed.map { ShownValue($0, name: lastName) }
                )
            )
        } else {
            foundBeyondLimit += 1
        }
    }

    /// The name of the member that the place is in, however many arrays lie between.
    private var lastName: String? {
        for step in place.steps.reversed() {
            if case .member(let name) = step { return name }
        }
        return nil
    }
}

/// A difference before it is known whose it is.
struct Finding {
    var field: Difference.Field
    var kind: Difference.Kind
    var expected: ShownValue?
    var observed: ShownValue?
}
