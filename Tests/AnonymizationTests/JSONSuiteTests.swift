import Anonymization
import Bytes
import Configuration
import Foundation
import JSON
import Messages
import Testing

/// JSON as the JSON test suite sorts it: accepted texts stay byte by byte, and are JSON under `strict`; others are replaced
/// whole.
@Suite struct JSONSuiteTests {
    /// One of each class of `y_`: what RFC 8259 accepts.
    static let accepted: [String] = [
        "[]", "[[]   ]", "[\"\"]", "[null, 1, \"1\", {}]", "[1\n]", " [1]", "[1,null,null,null,2]", "[2] ",
        "[123e65]", "[0e+1]", "[0e1]", "[ 4]", "[-0.000000000000000000000000000000000000000000000000000001]",
        "[20e1]", "[-0]", "[-123]", "[-1]", "[1E22]", "[1E-2]", "[1E+2]", "[123e45]", "[123.456e78]",
        "[123.456789]",
        "{\"asd\":\"sdf\", \"dfg\":\"fgh\"}", "{\"a\":\"b\",\"a\":\"c\"}", "{\"a\":\"b\",\"a\":\"b\"}", "{}",
        "{\"\":0}",
        "{\"foo\\u0000bar\": 42}", "{ \"min\": -1.0e+28, \"max\": 1.0e+28 }", "{\n\"a\": \"b\"\n}",
        "[\"\\u0060\\u012a\\u12AB\"]", "[\"\\uD801\\udc37\"]", "[\"\\ud83d\\ude39\\ud83d\\udc8d\"]",
        "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]", "[\"\\\\u0000\"]", "[\"\\\"\"]", "[\"a/*b*/c/*d//e\"]",
        "[\"\\\\a\"]",
        "[\"\\\\n\"]", "[\"\\u0012\"]", "[\"\\uFFFF\"]", "[\"asd\"]", "[ \"asd\"]", "[\"\\uDBFF\\uDFFF\"]",
        "[\"new\\u00A0line\"]", "[\"\u{10FFFF}\"]", "[\"\u{FFFF}\"]", "[\"\\u0000\"]", "[\"\\u002c\"]",
        "[\"π\"]",
        "[\"\u{1BFFF}\"]", "[\"asd \"]", "\" \"", "[\"\\uD834\\uDd1e\"]", "[\"\\u0821\"]", "[\"\\u0123\"]",
        "[\"\u{2028}\"]", "[\"\u{2029}\"]", "[\"\\u0061\\u30af\\u30EA\\u30b9\"]", "[\"new\\u000Aline\"]",
        "[\"\u{7f}\"]",
        "[\"\\uA66D\"]", "[\"\\u005C\"]", "[\"⍂㈴⍂\"]", "[\"\\u0022\"]", "[\"\\uDBFF\\uDFFE\"]",
        "[\"\\u200B\"]",
        "[\"\\u2064\"]", "[\"\\uFDD0\"]", "[\"\\uFFFE\"]", "[\"€𝄞\"]", "[\"a\u{7f}a\"]", "false", "42",
        "-0.1", "null",
        "\"asd\"", "true", "\"\"", "[\"a\"]\n", "[true]", " [] ",
        String(repeating: "[", count: 400) + String(repeating: "]", count: 400),
    ]

    /// One of each class of `n_`.
    static let rejected: [String] = [
        "[1 true]", "[\"\": 1]", "[\"\"],", "[,1]", "[1,,2]", "[\"x\",,]", "[\"x\"]]", "[\"\",]", "[\"x\"",
        "[x", "[3[4]]",
        "[1:2]", "[,]", "[-]", "[   , \"\"]", "[\"a\",\n4\n,1,", "[1,]", "[1,,]", "[\"\u{0B}a\"\\f]", "[*]",
        "[\"\"", "[1,",
        "[1,\n1\n,1", "[{}", "[fals]", "[nul]", "[tru]", "[++1234]", "[+1]", "[+Inf]", "[-01]", "[-1.0.]",
        "[-2.]", "[-NaN]",
        "[.-1]", "[.2e-3]", "[0.1.2]", "[0.3e+]", "[0.3e]", "[0.e1]", "[0E+]", "[0E]", "[0e+]", "[0e]",
        "[1.0e+]", "[1.0e-]",
        "[1.0e]", "[1 000.0]", "[1eE2]", "[2.e+3]", "[2.e-3]", "[2.e3]", "[9.e+]", "[Inf]", "[NaN]", "[１]",
        "[1+2]", "[0x1]",
        "[0x42]", "[Infinity]", "[0e+-1]", "[-123.123foo]", "[-Infinity]", "[-foo]", "[- 1]", "[-012]",
        "[-.123]", "[-1x]",
        "[1ea]", "[1.]", "[.123]", "[1.2a-3]", "[1.8011670033376514H-308]", "[012]", "[\"x\", truth]",
        "{[: \"x\"}",
        "{\"x\", null}", "{\"x\"::\"b\"}", "{🇨🇭}", "{\"a\":\"a\" 123}", "{key: 'value'}", "{\"a\" b}",
        "{:\"b\"}", "{\"a\" \"b\"}",
        "{\"a\":", "{\"a\"", "{1:1}", "{9999E9999:1}", "{null:null,null:null}", "{\"id\":0,,,,,}", "{'a':0}",
        "{\"id\":0,}",
        "{\"a\":\"b\"}/**/", "{\"a\":\"b\"}/**//", "{\"a\":\"b\"}//", "{\"a\":\"b\"}/",
        "{\"a\":\"b\",,\"c\":\"d\"}", "{a: \"b\"}",
        "{\"a\":\"a", "{ \"foo\" : \"bar\", \"a\" }", "{\"a\":\"b\"}#", " ", "[\"\\uD800\\\"]",
        "[\"\\uD800\\u\"]",
        "[\"\\uD800\\u1\"]", "[\"\\uD800\\u1x\"]", "[é]", "[\"\\\u{0}\"]", "[\"\\x00\"]", "[\"\\\\\\\"]",
        "[\"\\\t\"]", "[\"\\🌀\"]",
        "[\"\\\"]", "[\"\\u00A\"]", "[\"\\uD834\\uDd\"]", "[\"\\uD800\\uD800\\x\"]", "[\"\\a\"]",
        "[\"\\uqqqq\"]", "[\\u0020\"asd\"]",
        "[\\n]", "\"", "['single quote']", "abc", "[\"\\", "[\"a\u{0}a\"]", "[\"new\nline\"]", "[\"\t\"]",
        "\"\\UA66D\"", "\"\"x",
        "<.>", "[<null>]", "[1]x", "[1]]", "[\"asd]", "aå", "[True]", "1]", "{\"x\": true,", "[][]", "]",
        "{]", "{\"a\": true} \"x\"",
        "['", "[,", "[{", "[\"a", "[\"a\"", "{", "{}}", "{,", "{[", "{\"a", "{'a'",
        "[\"\\{[\"\\{[\"\\{[\"\\{", "é", "*",
        "{\"a\":\"b\"}#{}", "[\\u000A\"\"]", "[1", "[ false, nul", "[ true, fals", "[ false, tru",
        "{\"asd\":\"asd\"", "[⁠]",
        "\u{0C}[]", String(repeating: "[", count: 100_000), String(repeating: "[{\"\":", count: 50_000),
    ]

    private static func anonymized(_ body: [UInt8], _ sets: [RuleSet], type: String = "application/json")
        throws -> (
            body: [UInt8], audit: Audit
        )
    {
        let head = try Head(
            parsing: Array("POST / HTTP/1.1\r\nContent-Type: \(type)\r\n\r\n".utf8),
            kind: .request
        )
        var message = RawMessage(head: head, body: body)
        var anonymizer = Anonymizer(ruleSets: sets, key: .fixed)
        anonymizer.anonymize(&message)
        return (message.body, anonymizer.audit)
    }

    private static func isJSON(_ text: [UInt8]) -> Bool { (try? JSONValue(parsing: text.span)) != nil }

    private static func check(accepted text: [UInt8], _ usual: [RuleSet], _ strict: [RuleSet]) throws {
        let shown = String(decoding: text.prefix(200), as: UTF8.self)
        #expect(try anonymized(text, usual).body == text, "\(shown)")
        #expect(try anonymized(text, []).body == text, "\(shown)")
        let made = try anonymized(text, strict).body
        #expect(isJSON(made), "\(shown) became \(String(decoding: made.prefix(200), as: UTF8.self))")
        let lines = try anonymized(text.filter { $0 != 0x0A } + [0x0A], strict, type: "application/x-ndjson")
        #expect(lines.audit[.malformed] == 0, "\(shown)")
    }

    private static func check(rejected text: [UInt8], _ sets: [RuleSet]) throws {
        let (body, audit) = try anonymized(text, sets)
        #expect(
            body == [UInt8](repeating: 0x78, count: text.count),
            "\(String(decoding: text.prefix(200), as: UTF8.self))"
        )
        #expect(audit[.malformed] == 1)
    }

    @Test func acceptedTextsStayAndAreJSONUnderStrict() throws {
        let (usual, strict) = (try AnonymizerChoice.usual(), try AnonymizerChoice.builtIn())
        for text in Self.accepted { try Self.check(accepted: Array(text.utf8), usual, strict) }
    }

    @Test func rejectedTextsAreReplacedWhole() throws {
        let sets = try AnonymizerChoice.usual()
        for text in Self.rejected { try Self.check(rejected: Array(text.utf8), sets) }
        // Not UTF-8, in a string and outside one.
        for bytes in [
            [0x5B, 0x22, 0xFF, 0x22, 0x5D], [0xFE], [0x5B, 0xE5, 0x5D], [0x5B, 0x22, 0xE0, 0x80, 0x22, 0x5D],
        ] as [[UInt8]] {
            try Self.check(rejected: bytes, sets)
        }
    }

    /// Whatever the grammar leaves open, nothing crashes, and what comes out is JSON or filler.
    @Test(arguments: [
        "[123.456e-789]", "[0.4e00669999999999999999999999999999999999999999969999999006]", "[-1e+9999]",
        "[1.5e+9999]",
        "[100000000000000000000]", "{\"\\uDFAA\":0}", "[\"\\uDADA\"]", "[\"\\uD888\\u1234\"]",
        "[\"\\uD800\\n\"]",
        "[\"\\uDd1ea\"]", "[\"\\uD800\\uD800\\n\"]", "[\"\\ud800\"]", "[\"\\ud800abc\"]",
        "[\"\\uDd1e\\uD834\"]", "\u{FEFF}{}",
        String(repeating: "[", count: 500) + String(repeating: "]", count: 500),
    ])
    func whatIsLeftOpenNeverCrashes(text: String) throws {
        for sets in [try AnonymizerChoice.usual(), try AnonymizerChoice.builtIn()] {
            let body = try Self.anonymized(Array(text.utf8), sets).body
            let start = text.hasPrefix("\u{FEFF}") ? 3 : 0
            #expect(Self.isJSON(Array(body[start...])) || body.allSatisfy { $0 == 0x78 }, "\(text)")
        }
    }

    /// The files of the suite where the corpus has them.
    @Test func filesOfTheSuite() throws {
        guard let corpus = ProcessInfo.processInfo.environment["TAPEDECK_CORPUS"],
            let files = FileManager.default.enumerator(
                at: URL(filePath: corpus),
                includingPropertiesForKeys: nil
            )
        else { return }
        let (usual, strict) = (try AnonymizerChoice.usual(), try AnonymizerChoice.builtIn())
        for case let file as URL in files where file.pathExtension == "json" {
            let name = file.lastPathComponent
            guard name.hasPrefix("y_") || name.hasPrefix("n_") || name.hasPrefix("i_") else { continue }
            let text = [UInt8](try Data(contentsOf: file))
            switch name.prefix(1) {
            case "y": try Self.check(accepted: text, usual, strict)
            case "n": if !text.isEmpty { try Self.check(rejected: text, usual) }
            default: _ = try Self.anonymized(text, strict)
            }
        }
    }
}
