import Checks
import JSON
import SeededRandom
import Testing
import Traces

/// Texts that are built alike are compared token by token, others as trees: both ways find the same.
@Suite struct LockstepTests {
    /// The same structure with some scalars changed.
    private static func changed(
        _ value: JSONValue,
        using generator: inout SeededGenerator
    ) -> JSONValue {
        switch value {
        case .object(let members):
            .object(members.map { .init(name: $0.name, value: changed($0.value, using: &generator)) })
        case .array(let elements): .array(elements.map { changed($0, using: &generator) })
        case .null, .bool, .number, .string:
            Int.random(in: 0..<3, using: &generator) == 0
                ? ComparatorPropertyTests.value(depth: 0, using: &generator) : value
        }
    }

    @Test(arguments: [
        CheckRules.default,
        CheckRules(rules: [try CheckRule(.ignoreJSON(JSONPath("$..m1"), alike: nil))]),
        CheckRules(rules: [try CheckRule(.ignoreJSON(JSONPath("$.first.m0[0]"), alike: nil))]),
    ])
    func bothWaysFindTheSame(_ rules: CheckRules) {
        var generator = SeededGenerator(seed: 91)
        var differing = 0
        for _ in 0..<2_000 {
            let value = ComparatorPropertyTests.value(depth: 4, using: &generator)
            let other = Self.changed(value, using: &generator)
            let expected = JSONValue.object([
                .init(name: "first", value: value), .init(name: "second", value: .null),
            ])
            let alike = JSONValue.object([
                .init(name: "first", value: other), .init(name: "second", value: .null),
            ])
            // Members in another order are no difference, and bring the other way about.
            let turned = JSONValue.object([
                .init(name: "second", value: .null), .init(name: "first", value: other),
            ])
            let text = ComparatorPropertyTests.text
            let one = TraceScript.compare(text(expected), text(alike), rules: rules)
            let two = TraceScript.compare(text(expected), text(turned), rules: rules)
            #expect(one.lines.sorted() == two.lines.sorted(), "\(text(expected)) \(text(alike))")
            #expect(one.counts.ignored == two.counts.ignored)
            differing += one.counts.different
        }
        #expect(differing > 300)
    }

    /// What is there in only one spelling of the comparison.
    @Test(
        arguments: [
            (#"{"a":"A"}"#, #"{"a":"\u0041"}"#, []),
            (#"{"a":1.0}"#, #"{"a":10e-1}"#, []),
            (#"{"a\u0062":1}"#, #"{"ab":2}"#, ["$.ab value: 1 → 2"]),
            (#"{"a":[1,2]}"#, #"{"a":[2,1]}"#, ["$.a order: an array of 2 → an array of 2"]),
            (#"{"a":[{"b":1}]}"#, #"{"a":[{"b":2}]}"#, ["$.a[0].b value: 1 → 2"]),
            (#"{"a":null}"#, #"{"a":0}"#, ["$.a type: null → 0"]),
            ("[1]", "[1", ["body type: JSON → not JSON at byte 2: the text ends inside a value"]),
            ("1", "2", ["$ value: 1 → 2"]),
        ] as [(String, String, [String])]
    )
    func findsWhatIsThere(_ expected: String, _ observed: String, _ lines: [String]) {
        #expect(TraceScript.compare(expected, observed).lines == lines)
    }
}
