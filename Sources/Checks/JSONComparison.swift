import JSON

/// Compares two JSON values by structure and tells a sink where they differ.
///
/// Members are joined by name, whatever their order, and equal names by their turn; numbers are compared as numbers,
/// texts byte by byte; elements as ``ElementAlignment`` joins them. Values are visited once, and those of lists that
/// differ once more for each way of recognising elements.
struct JSONComparison {
    private var place = JSONPlace()
    /// The first value is a list that goes on where it ends: more elements at the end of the other are none too many.
    private let goesOn: Bool

    init(goesOn: Bool = false) {
        self.goesOn = goesOn
    }

    /// Recurses as deep as the values nest, which a scanner has bounded.
    mutating func compare(
        _ expected: JSONValue,
        _ observed: JSONValue,
        into sink: inout some DifferenceSink
    ) {
        switch (expected, observed) {
        case (.null, .null):
            break
        case (.bool(let left), .bool(let right)):
            if left != right { differ(.value, expected, observed, into: &sink) }
        case (.number(let left), .number(let right)):
            if !left.isNumericallyEqual(to: right) { differ(.value, expected, observed, into: &sink) }
        case (.string(let left), .string(let right)):
            // `==` would take different sequences of scalars for one character.
            if !left.utf8.elementsEqual(right.utf8) { differ(.value, expected, observed, into: &sink) }
        case (.array(let left), .array(let right)):
            compareElements(left, right, into: &sink)
        case (.object(let left), .object(let right)):
            compareMembers(left, right, into: &sink)
        case (.null, _), (.bool, _), (.number, _), (.string, _), (.array, _), (.object, _):
            differ(.type, expected, observed, into: &sink)
        }
    }

    private mutating func compareElements(
        _ expected: [JSONValue],
        _ observed: [JSONValue],
        into sink: inout some DifferenceSink
    ) {
        let mayHaveMore = goesOn && place.steps.isEmpty
        if mayHaveMore ? expected.count > observed.count : expected.count != observed.count {
            sink.lists(at: place, have: expected.count, and: observed.count)
        }
        var alignment = ElementAlignment(expected, observed, at: place, sink)
        if mayHaveMore { alignment.removeMore() }
        if alignment.isReordered {
            differ(.order, .array(expected), .array(observed), into: &sink)
        }
        for pair in alignment.pairs {
            place.steps.append(.element(pair.expected ?? pair.observed ?? 0))
            compareOne(
                pair.expected.map { expected[$0] },
                pair.observed.map { observed[$0] },
                into: &sink
            )
            place.steps.removeLast()
        }
    }

    private mutating func compareMembers(
        _ expected: [JSONValue.Member],
        _ observed: [JSONValue.Member],
        into sink: inout some DifferenceSink
    ) {
        if expected.count == observed.count,
            zip(expected, observed).allSatisfy({ $0.name.utf8.elementsEqual($1.name.utf8) })
        {
            for (left, right) in zip(expected, observed) {
                compareMember(left.name, left.value, right.value, into: &sink)
            }
            return
        }
        var indices: [[UInt8]: [Int]] = [:]
        for index in observed.indices.reversed() {
            indices[Array(observed[index].name.utf8), default: []].append(index)
        }
        var joined = [Bool](repeating: false, count: observed.count)
        var missing: [Int] = []
        for (place, member) in expected.enumerated() {
            guard let index = indices[Array(member.name.utf8)]?.popLast() else {
                missing.append(place)
                continue
            }
            joined[index] = true
            compareMember(member.name, member.value, observed[index].value, into: &sink)
        }
        var added = observed.indices.filter { !joined[$0] }
        if !missing.isEmpty || !added.isEmpty {
            sink.members(
                at: place,
                missing: missing.map { expected[$0].name },
                added: added.map { observed[$0].name }
            )
            compareMadeAnew(expected, &missing, observed, &added, into: &sink)
        }
        for index in missing {
            let member = expected[index]
            guard
                let other = Self.renaming(
                    of: index,
                    in: expected,
                    among: added,
                    in: observed,
                    isAlone: missing.count == 1 && added.count == 1
                )
            else {
                compareMember(member.name, member.value, nil, into: &sink)
                continue
            }
            added.removeAll { $0 == other }
            sink.renamed(
                JSONPlace(place.steps + [.member(member.name)]),
                to: JSONPlace(place.steps + [.member(observed[other].name)]),
                member.value
            )
        }
        for index in added {
            compareMember(observed[index].name, nil, observed[index].value, into: &sink)
        }
    }

    /// Members whose names are made anew each time are compared by turn, under the name `*`, and taken out of both lists.
    private mutating func compareMadeAnew(
        _ expected: [JSONValue.Member],
        _ missing: inout [Int],
        _ observed: [JSONValue.Member],
        _ added: inout [Int],
        into sink: inout some DifferenceSink
    ) {
        let left = missing.filter { sink.isMadeAnew(expected[$0].name, at: place) }
        let right = added.filter { sink.isMadeAnew(observed[$0].name, at: place) }
        guard !left.isEmpty || !right.isEmpty else { return }
        for turn in 0..<max(left.count, right.count) {
            compareMember(
                JSONPlace.anyName,
                turn < left.count ? expected[left[turn]].value : nil,
                turn < right.count ? observed[right[turn]].value : nil,
                into: &sink
            )
        }
        missing.removeAll { left.contains($0) }
        added.removeAll { right.contains($0) }
    }

    /// The member among `added` that has the value of a missing one, where it is the only one or in the same
    /// position.
    private static func renaming(
        of index: Int,
        in expected: [JSONValue.Member],
        among added: [Int],
        in observed: [JSONValue.Member],
        isAlone: Bool
    ) -> Int? {
        let equal = added.filter { observed[$0].value == expected[index].value }
        if equal.contains(index) { return index }
        if isAlone { return equal.first }
        switch expected[index].value {
        // Values that many members have say little.
        case .null, .bool: return nil
        case .number, .string, .array, .object: return equal.count == 1 ? equal[0] : nil
        }
    }

    private mutating func compareMember(
        _ name: String,
        _ expected: JSONValue?,
        _ observed: JSONValue?,
        into sink: inout some DifferenceSink
    ) {
        place.steps.append(.member(name))
        compareOne(expected, observed, into: &sink)
        place.steps.removeLast()
    }

    private mutating func compareOne(
        _ expected: JSONValue?,
        _ observed: JSONValue?,
        into sink: inout some DifferenceSink
    ) {
        switch (expected, observed) {
        case (let expected?, let observed?): compare(expected, observed, into: &sink)
        case (nil, nil): break
        case (_?, nil): differ(.missing, expected, nil, into: &sink)
        case (nil, _?): differ(.added, nil, observed, into: &sink)
        }
    }

    private func differ(
        _ kind: Difference.Kind,
        _ expected: JSONValue?,
        _ observed: JSONValue?,
        into sink: inout some DifferenceSink
    ) {
        sink.differ(
            .json(place),
            kind,
            expected.map { .json($0, name: place.lastName) },
            observed.map { .json($0, name: place.lastName) }
        )
    }
}
