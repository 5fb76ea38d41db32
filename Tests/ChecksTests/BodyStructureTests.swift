import Checks
import SeededRandom
import Testing
import Traces

/// Bodies that are no JSON and have a structure.
@Suite struct BodyStructureTests {
    private static func compare(_ type: String, _ expected: String, _ observed: String) -> [String] {
        TraceScript.compare(
            expected,
            observed,
            fields: (["Content-Type: \(type)"], ["Content-Type: \(type)"])
        ).lines
    }

    @Test(
        arguments: [
            ("a=1&b=2", "b=2&a=1", [], "the order of fields"),
            ("a=1&b=x+y", "a=1&b=x%20y", [], "two spellings of a space"),
            ("a=1&b=2", "a=1&b=3", [#"$.b value: "2" → "3""#], "a field by name"),
            ("a=1&a=2", "a=1", [#"$.a missing: "2" → -"#], "a field that repeats"),
            ("a=%C3%A4", "a=%c3%a4", [], "the case of escapes"),
            ("a", "a=", [], "a field without a value"),
            ("a=%zz", "a=%25zz", [], "what is no escape stands for itself"),
        ] as [(String, String, [String], Comment)]
    )
    func forms(_ expected: String, _ observed: String, _ lines: [String], _ reason: Comment) {
        #expect(Self.compare("application/x-www-form-urlencoded", expected, observed) == lines, reason)
    }

    @Test(
        arguments: [
            (
                "<a><b>1</b></a>", "<?xml version=\"1.0\"?>\n<a>\n  <b>1</b>\n</a>\n", [],
                "white space, declaration"
            ),
            (
                "<a x='1' y=\"2\"/>", "<a y='2' x='1'></a>", [],
                "quotes, order of attributes, an empty element"
            ),
            ("<a>&lt;&#65;&#x42;</a>", "<a><![CDATA[<AB]]></a>", [], "entities and character data"),
            ("<a><!-- x --><b/></a>", "<a><b/></a>", [], "comments"),
            ("<a><b>1</b></a>", "<a><b>2</b></a>", [#"$.a.b value: "1" → "2""#], "a text by its place"),
            ("<a x='1'/>", "<a x='2'/>", [#"$.a['@x'] value: "1" → "2""#], "an attribute"),
            (
                "<a><i>1</i><i>2</i></a>", "<a><i>1</i></a>", [#"$.a.i[1] missing: "2" → -"#],
                "an element of a list"
            ),
            (
                "<a><i>1</i></a>", "<a><i>0</i><i>1</i></a>", [#"$.a.i[0] added: - → "0""#],
                "a list of one and of two"
            ),
            ("<a><b/></a>", "<a><c/></a>", [#"$.a.b renamed: $.a.b → $.a.c"#], "another name"),
            ("<a>", "<b>", ["body bytes: 3 bytes, at 1: a> → 3 bytes, at 1: b>"], "no document"),
            (
                "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", "<!DOCTYPE a [<!ENTITY e 'y'>]><a>&e;</a>",
                ["body bytes: 40 bytes, at 25: x'>]><a>&e;</a> → 40 bytes, at 25: y'>]><a>&e;</a>"],
                "entities of strangers are not read"
            ),
        ] as [(String, String, [String], Comment)]
    )
    func documents(_ expected: String, _ observed: String, _ lines: [String], _ reason: Comment) {
        #expect(Self.compare("application/xml", expected, observed) == lines, reason)
    }

    @Test(
        arguments: [
            ("a\nb\nc\n", "a\nx\nb\nc\n", [#"$[1] added: - → "x""#], "a line that is new"),
            ("a\nb\n", "a\nb", [#"$[2] missing: "" → -"#], "the last line feed"),
            ("a", "b", ["body bytes: 1 bytes, at 0: a → 1 bytes, at 0: b"], "one line has no lines"),
            ("[1,2]", "[1,3]", ["$[1] value: 2 → 3"], "JSON under another name"),
        ] as [(String, String, [String], Comment)]
    )
    func texts(_ expected: String, _ observed: String, _ lines: [String], _ reason: Comment) {
        #expect(Self.compare("text/plain", expected, observed) == lines, reason)
    }

    /// Whatever the bytes are, comparing ends, and a body is equal to itself.
    @Test(arguments: ["application/xml", "application/x-www-form-urlencoded", "text/plain"])
    func anyBytesCanBeCompared(_ type: String) {
        var generator = SeededGenerator(seed: 17)
        let alphabet = Array("<>/=\"'&;!?-[]CDATA#x41 a\n%+".utf8) + [0xC3, 0xFF, 0x00]
        for _ in 0..<3_000 {
            func body() -> [UInt8] {
                (0..<Int.random(in: 0..<40, using: &generator)).map { _ in
                    alphabet.randomElement(using: &generator) ?? 0
                }
            }
            let (left, right) = (body(), body())
            for (expected, observed) in [(left, right), (left, left)] {
                var comparator = Comparator()
                comparator.expect(TraceScript.response(0, fields: ["Content-Type: \(type)"], body: expected))
                comparator.observe(TraceScript.response(0, fields: ["Content-Type: \(type)"], body: observed))
                let result = comparator.finish()
                #expect(result.counts.compared == 1)
                if expected == observed { #expect(result.verdict == .pass) }
            }
        }
    }

    /// Two parts, one of them in JSON and one of two lines.
    static func parts(
        _ boundary: String = "b1",
        end: String = "\r\n",
        number: Int = 1,
        field: String = "X: y"
    ) -> String {
        [
            "--\(boundary)", "Content-Type: application/json", "", "{\"a\":\(number)}", "--\(boundary)",
            field,
            "", "two", "lines", "--\(boundary)--", "",
        ].joined(separator: end)
    }

    @Test(
        arguments: [
            (parts("zz9"), [], "another boundary"),
            ("preamble\r\n" + parts() + "epilogue", [], "what stands around the parts"),
            (
                parts(end: "\n"), [#"$[1].body value: "two\r\nlines" → "two\nlines""#],
                "line ends are what a text consists of"
            ),
            (parts(number: 2), ["$[0].body.a value: 1 → 2"], "JSON in a part"),
            (
                parts(field: "x:z"), [#"$[1].headers.x value: "y" → "z""#],
                "a field of a part, its name in any case"
            ),
            (
                "--b1\r\nContent-Type: application/json\r\n\r\n{\"a\":1}\r\n--b1--",
                ["$[1] missing: an object of 2 → -"], "a part that is gone"
            ),
        ] as [(String, [String], Comment)]
    )
    func multipart(_ observed: String, _ lines: [String], _ reason: Comment) {
        #expect(Self.compare("multipart/mixed; boundary=b1", Self.parts(), observed) == lines, reason)
    }

    /// Cut anywhere, it is compared as bytes or as what it still is, and never taken for the whole.
    @Test func aMultipartBodyThatIsCutIsAnother() {
        for count in 0..<Self.parts().utf8.count - 4 {
            let cut = String(decoding: Array(Self.parts().utf8.prefix(count)), as: UTF8.self)
            #expect(!Self.compare("multipart/mixed; boundary=b1", Self.parts(), cut).isEmpty, "\(count)")
        }
    }

    @Test func deepDocumentsAreComparedAsBytes() {
        let depth = 100_000
        let deep = String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
        #expect(Self.compare("text/xml", deep, deep + " ").count == 1)
    }
}
