import Checks
import Testing

@Suite struct TextPatternTests {
    static let matches: [(pattern: String, texts: [String], others: [String])] = [
        (
            "run_[0-9a-f]{12}", ["run_0123456789ab"],
            ["run_0123456789a", "run_0123456789abc", "run_0123456789aB", ""]
        ),
        ("[0-9]{1,3}", ["7", "123"], ["", "1234", "a"]),
        // One run can end where the next begins.
        ("[0-9a-z]{1,4}[0-9]{2}", ["a12", "abcd12", "1234"], ["12", "abcdef12"]),
        ("\\.\\[x\\]", [".[x]"], ["a[x]"]),
        (".{2,4}", ["é", "abcd"], ["a", "abcde"]),
        ("é[A-Z]", ["éA"], ["eA", "é"]),
        ("", [""], ["a"]),
    ]

    @Test(arguments: matches)
    func aPatternCoversWholeTexts(_ row: (pattern: String, texts: [String], others: [String])) throws {
        let pattern = try TextPattern(parsing: row.pattern)
        for text in row.texts { #expect(pattern.matches(text), "\(text)") }
        for text in row.others { #expect(!pattern.matches(text), "\(text)") }
        #expect(try TextPattern(parsing: pattern.description) == pattern)
    }

    static let broken: [(text: String, column: Int)] = [
        ("a*", 2), ("[0-9]{3", 6), ("[0-9]{4,2}", 6), ("[q]", 1), ("x\\", 3), ("[0-9]{99999999}", 6),
    ]

    @Test(arguments: broken)
    func whatIsNoPatternIsSaidWithItsPlace(_ row: (text: String, column: Int)) {
        let error = #expect(throws: TextPatternError.self) { try TextPattern(parsing: row.text) }
        #expect(error?.column == row.column)
    }

    static let learned: [(texts: [String], pattern: String, reason: String)] = [
        (["evt_1a2b3c4d5e6f", "evt_00ffee112233"], "evt_[0-9a-f]{12}", "24 digits and no letter beyond f"),
        (["A1", "B2"], "[0-9A-Za-z]{1,4}", "four characters say nothing of a class"),
        (["2026-01", "2026-02"], "2026-[0-9A-Za-z]{2}", "a number with a zero in front has a fixed length"),
        (
            (0..<80).map { "/cart/\(445_303 + $0 * 3)" }, "/cart/[0-9]{1,8}",
            "what is counted is shorter where it begins anew"
        ),
        (
            (0..<80).map { "/cart/\(($0 % 2 == 0 ? 140_000 : 800_000) + $0 * 3)" }, "/cart/[0-9]{1,8}",
            "so is what began in two places"
        ),
        (
            (0..<80).map { "/cart/\(100_000 + $0 * 9_973)" }, "/cart/[0-9]{6}",
            "numbers that are drawn would have shown another length"
        ),
        (["a", "b/c"], ".{0,8}", "no common bytes between the runs"),
        (
            ["tok-" + String(repeating: "Zq", count: 8), "tok-" + String(repeating: "xK", count: 8)],
            "tok-[0-9A-Za-z]{16}",
            "32 letters without a digit come by chance more than once in a thousand times"
        ),
    ]

    @Test(arguments: learned)
    func theNarrowestPatternThatThereIsReasonFor(_ row: (texts: [String], pattern: String, reason: String)) {
        let pattern = TextPattern(covering: row.texts)
        #expect(pattern?.description == row.pattern)
        for text in row.texts { #expect(pattern?.matches(text) == true) }
    }
}
