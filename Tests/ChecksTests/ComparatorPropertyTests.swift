import Checks
import JSON
import SeededRandom
import Testing
import Traces

@Suite struct ComparatorPropertyTests {

    static func value(depth: Int, using generator: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 6 : 4), using: &generator) {
        case 0: return .null
        case 1: return .bool(.random(using: &generator))
        case 2: return .number(JSONNumber(spelling: "\(Int.random(in: -9...9, using: &generator))"))
        case 3: return .string(String(Int.random(in: 0..<4, using: &generator)))
        case 4:
            let count = Int.random(in: 0..<4, using: &generator)
            return .array((0..<count).map { _ in value(depth: depth - 1, using: &generator) })
        default:
            let count = Int.random(in: 0..<4, using: &generator)
            return .object(
                (0..<count).map { .init(name: "m\($0)", value: value(depth: depth - 1, using: &generator)) }
            )
        }
    }

    /// The same content with members in another order.
    static func reordered(_ value: JSONValue, using generator: inout SeededGenerator) -> JSONValue {
        switch value {
        case .object(let members):
            return .object(
                members.map { .init(name: $0.name, value: reordered($0.value, using: &generator)) }
                    .shuffled(using: &generator)
            )
        case .array(let elements):
            return .array(elements.map { reordered($0, using: &generator) })
        case .null, .bool, .number, .string:
            return value
        }
    }

    static func text(_ value: JSONValue) -> String {
        var writer = JSONWriter()
        writer.value(value)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test func whatSaysTheSameIsEqual() {
        var generator = SeededGenerator(seed: 31)
        for _ in 0..<300 {
            let value = Self.value(depth: 4, using: &generator)
            let other = Self.reordered(value, using: &generator)
            let result = TraceScript.compare(Self.text(value), Self.text(other))
            #expect(result.verdict == .pass, "\(Self.text(value)) and \(Self.text(other))")
        }
    }

    @Test func twoValuesDifferBothWaysOrNeither() {
        var generator = SeededGenerator(seed: 32)
        var equal = 0
        for _ in 0..<300 {
            let left = Self.value(depth: 2, using: &generator)
            let right = Self.value(depth: 2, using: &generator)
            let there = TraceScript.compare(Self.text(left), Self.text(right))
            let back = TraceScript.compare(Self.text(right), Self.text(left))
            // Names are written in one order here, so that equal values are equal texts.
            #expect((there.verdict == .pass) == (left == right))
            #expect(there.counts.differences == back.counts.differences)
            if left == right { equal += 1 }
        }
        #expect(equal > 0)
    }

    @Test func anyBytesCanBeCompared() {
        var generator = SeededGenerator(seed: 33)
        let types = ["application/json", "text/event-stream", "text/plain"]
        let codings = ["identity", "gzip", "deflate", "br"]
        for _ in 0..<500 {
            func response() -> (fields: [String], body: [UInt8]) {
                let type = types.randomElement(using: &generator) ?? ""
                let coding = codings.randomElement(using: &generator) ?? ""
                let count = Int.random(in: 0..<40, using: &generator)
                let alphabet = Array("{}[]\":,0a\\\n\r data\u{1B}".utf8) + [0x1F, 0x8B, 0xFF]
                let body = (0..<count).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
                return (["Content-Type: \(type)", "Content-Encoding: \(coding)"], body)
            }
            let (left, right) = (response(), response())
            var comparator = Comparator()
            comparator.expect(TraceScript.response(0, fields: left.fields, body: left.body))
            comparator.observe(TraceScript.response(0, fields: right.fields, body: right.body))
            let result = comparator.finish()
            #expect(result.counts.compared == 1)
            #expect((result.counts.differences > 0) == (result.verdict == .fail))

            var same = Comparator()
            same.expect(TraceScript.response(0, fields: left.fields, body: left.body))
            same.observe(TraceScript.response(0, fields: left.fields, body: left.body))
            #expect(same.finish().counts.differences == 0)
        }
    }
}
