import JSON
import SeededRandom
import Testing

extension JSONValue {
    /// A random value at most `depth` levels deep.
    static func random(depth: Int, using generator: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 6 : 4), using: &generator) {
        case 0: return .null
        case 1: return .bool(.random(using: &generator))
        case 2:
            return .number(
                JSONNumber(
                    spelling: ["0", "-1", "2.50", "1e-7", "123456789012345678901"].randomElement(
                        using: &generator
                    ) ?? "0"
                )
            )
        case 3: return .string(["", "a\"b", "\\", "é𝄞", "\u{1}\n"].randomElement(using: &generator) ?? "")
        case 4:
            let count = Int.random(in: 0..<4, using: &generator)
            return .array((0..<count).map { _ in random(depth: depth - 1, using: &generator) })
        default:
            let count = Int.random(in: 0..<4, using: &generator)
            return .object(
                (0..<count).map {
                    Member(name: "k\($0 % 2)\"", value: random(depth: depth - 1, using: &generator))
                }
            )
        }
    }
}

@Suite struct JSONValueTests {
    @Test func keepsOrderAndSpelling() throws {
        let text = #"{"b":1.50,"a":[null,true,"x\u00e9"],"b":-0}"#
        let value = try JSONValue(parsing: text.utf8.span)
        #expect(
            value
                == .object([
                    .init(name: "b", value: .number(JSONNumber(spelling: "1.50"))),
                    .init(name: "a", value: .array([.null, .bool(true), .string("xé")])),
                    .init(name: "b", value: .number(JSONNumber(spelling: "-0"))),
                ])
        )
        #expect(value["b"] == .number(JSONNumber(spelling: "-0")), "the last of equal names counts")
        #expect(value["c"] == nil)
    }

    @Test func valuesAreCounted() throws {
        let text = "[1,[2,3]]"
        #expect(throws: Never.self) { try JSONValue(parsing: text.utf8.span, maximumCount: 5) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: text.utf8.span, maximumCount: 4) }
    }

    @Test func whatIsWrittenReadsBack() throws {
        var generator = SeededGenerator(seed: 20)
        var writer = JSONWriter()
        for _ in 0..<500 {
            let value = JSONValue.random(depth: 5, using: &generator)
            writer.removeAll()
            writer.value(value)
            #expect(try JSONValue(parsing: writer.bytes.span) == value)
        }
    }

    @Test func damagedTextsNeverTrapAndNeverLie() throws {
        var generator = SeededGenerator(seed: 21)
        for _ in 0..<2_000 {
            var writer = JSONWriter()
            writer.value(.random(depth: 4, using: &generator))
            var bytes = writer.bytes
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                bytes[index] = UInt8.random(in: 0...255, using: &generator)
            }
            guard let value = try? JSONValue(parsing: bytes.span) else { continue }
            writer.removeAll()
            writer.value(value)
            #expect(try JSONValue(parsing: writer.bytes.span) == value)
        }
    }
}
