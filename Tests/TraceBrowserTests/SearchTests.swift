import Bytes
import Compression
import Messages
import SeededRandom
import Testing
import TraceBrowser

@Suite struct FoldedTextTests {
    @Test(arguments: [
        ("abc", "xxABCxx", true), ("abc", "ab", false), ("abc", "abababc", true), ("a", "A", true),
        ("a", "", false),
        ("A-1", "x-a-1", true), ("[", "{", false), ("@", "`", false), ("É", "é", false),
        ("é", "caf\u{E9}", true),
        ("aab", "aaaaab", true), ("needle", "NEEDL", false), ("zz", "zaz", false),
    ]) func isFoundWhateverTheCaseOfItsLetters(needle: String, haystack: String, isThere: Bool) throws {
        let text = try #require(FoldedText(needle))
        #expect(text.isIn(Array(haystack.utf8).span) == isThere)
    }

    @Test(arguments: [
        (#"{"city":"Orl\u00e9ans"}"#, "orléans", true), (#"{"url":"https:\/\/a\/b"}"#, "https://a/b", true),
        (#"{"a":"\ud83d\ude00!"}"#, "😀!", true),
        // As it is spelled, too.
        (#"{"city":"Orl\u00e9ans"}"#, "\\u00E9", true), (#"C:\new"#, #"c:\new"#, true),
        (#"{"city":"Orl\u00e8ans"}"#, "orléans", false), ("no escapes", "é", false), (#"\"#, "x", false),
    ]) func isFoundThroughEscapes(haystack: String, needle: String, isThere: Bool) throws {
        let text = try #require(FoldedText(needle))
        #expect(text.isSpelled(in: haystack.utf8.span) == isThere)
    }

    @Test func nothingIsNoText() { #expect(FoldedText("") == nil) }

    /// Against a search that cannot be wrong.
    @Test func findsWhatASlowSearchFinds() throws {
        var random = SeededGenerator(seed: 7)
        let letters = Array("aAbB".utf8)
        for _ in 0..<2_000 {
            let haystack = (0..<Int.random(in: 0...24, using: &random)).map { _ in
                letters.randomElement(using: &random) ?? 0
            }
            let needle = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                letters.randomElement(using: &random) ?? 0
            }
            let text = try #require(FoldedText(String(decoding: needle, as: UTF8.self)))
            let folded = haystack.map(\.asciiLowercased)
            let expected =
                folded.count >= needle.count
                && (0...(folded.count - needle.count)).contains { start in
                    folded[start..<start + needle.count].elementsEqual(needle.map(\.asciiLowercased))
                }
            #expect(text.isIn(haystack.span) == expected)
        }
    }
}

@Suite struct ExchangeSetTests {
    @Test func holdsNumbersFarApart() {
        var set = ExchangeSet()
        let numbers: [UInt64] = [0, 1, 63, 64, 4_095, 4_096, 1 << 40, .max]
        for number in numbers { set.insert(number) }
        #expect(numbers.allSatisfy { set.contains($0) })
        #expect(![2, 62, 65, 4_097, .max - 1].contains { set.contains($0) })
    }

    @Test func aStrangersNumbersAreBounded() {
        var set = ExchangeSet()
        for number in 0..<UInt64(70_000) { set.insert(number << 20) }
        #expect(set.leftOut == 70_000 - 65_536)
    }
}

@Suite struct ExchangeQueryTests {
    @Test(arguments: [
        ("", ""), ("card declined", "card declined"), ("\"status=5xx\"", "status=5xx"), ("status=5xx", ""),
        ("a=b", "a=b"), ("method=GET hello route=/x world", "hello world"),
        ("\"two words\" x", "two words x"),
        ("\"open", "\"open"), ("\"number\":2,", "\"number\":2,"),
        ("\"a\":\"b c\" d", "a\":\"b c d"), ("header:=x", "header:=x"), ("status=", "status="),
    ]) func whatIsNoTermIsText(query: String, text: String) throws {
        #expect(try ExchangeQuery(query).search.text == FoldedText(text))
    }

    @Test(arguments: [
        "status=9999999", "connection=x", "session=zz", "flag=unheard", "slower=fast", "slower=5",
        "changed=maybe",
        "changed!=yes", "slower!=1s", String(repeating: "x", count: 3_000),
    ]) func whatCannotBeReadIsSaid(query: String) {
        #expect(throws: QueryError.self) { try ExchangeQuery(query) }
    }

    @Test(arguments: [
        ("path=/hooks/*", true), ("host=a", true), ("header:x-event=push", true), ("status=200", false),
        ("text", false),
    ]) func whatTheOutlineDoesNotHoldIsReadFromTheTrace(query: String, isDeep: Bool) throws {
        #expect((try ExchangeQuery(query).search.filter != nil) == isDeep)
    }
}
