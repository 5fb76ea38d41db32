import Correlation
import Testing

@Suite struct DateTextTests {
    private static let day: Int64 = 86_400_000_000_000

    @Test(arguments: [
        ("1700000000", day, "1700086400"),
        ("1700000000123", day, "1700086400123"),
        ("1700000000123456", -day, "1699913600123456"),
        ("1700000000123456789", 1, "1700000000123456790"),
        ("2023-11-14T22:13:20Z", day, "2023-11-15T22:13:20Z"),
        // A leap day, and the end of a year; fraction and zone stay.
        ("2024-02-28T23:59:59.25+01:00", 1_000_000_000, "2024-02-29T00:00:00.25+01:00"),
        ("2023-12-31 23:00:00", day, "2024-01-01 23:00:00"),
        ("1969-12-31t23:59:59Z", 1_000_000_000, "1970-01-01t00:00:00Z"),
        ("Tue, 14 Nov 2023 22:13:20 GMT", day, "Wed, 15 Nov 2023 22:13:20 GMT"),
        ("Thu, 01 Jan 1970 00:00:00 GMT", -1_000_000_000, "Wed, 31 Dec 1969 23:59:59 GMT"),
    ]) func aMomentMovesInItsSpelling(text: String, by nanoseconds: Int64, moved: String) {
        let made = DateText.moved(Array(text.utf8), by: nanoseconds).map {
            String(decoding: $0, as: UTF8.self)
        }
        #expect(made == moved)
    }

    @Test(arguments: [
        "", "17", "12345678901", "yesterday", "2023-13-01T00:00:00Z", "2023-11-14", "2023-11-14X22:13:20Z",
        "2023-11-14T25:13:20Z", "Tue, 14 Nov 2023 22:13:20 CET", "9223372036854775807",
    ]) func whatIsNoMomentStays(text: String) {
        #expect(DateText.moved(Array(text.utf8), by: Self.day) == nil)
    }
}
