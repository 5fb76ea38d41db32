import MeshTarget
import Testing

@Suite struct MeshTimeTests {
    /// Seconds since 1970 as `date -u -d @N` gives them.
    static let moments: [(seconds: Int64, iso: String, http: String)] = [
        (0, "1970-01-01T00:00:00.000000Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
        // The example of RFC 9110, section 5.6.7.
        (784_111_777, "1994-11-06T08:49:37.000000Z", "Sun, 06 Nov 1994 08:49:37 GMT"),
        // The leap day of a year divisible by 400, and the day after it.
        (951_782_400, "2000-02-29T00:00:00.000000Z", "Tue, 29 Feb 2000 00:00:00 GMT"),
        (951_868_800, "2000-03-01T00:00:00.000000Z", "Wed, 01 Mar 2000 00:00:00 GMT"),
        // A year divisible by 100 and not by 400 has none.
        (4_107_542_400, "2100-03-01T00:00:00.000000Z", "Mon, 01 Mar 2100 00:00:00 GMT"),
        // Before 1970.
        (-1, "1969-12-31T23:59:59.000000Z", "Wed, 31 Dec 1969 23:59:59 GMT"),
    ]

    @Test(arguments: moments) func spellsTheMoment(seconds: Int64, iso: String, http: String) {
        let time = MeshTime(nanoseconds: seconds * 1_000_000_000)
        #expect(time.iso8601 == iso)
        #expect(time.httpDate == http)
    }

    @Test func cutsToMicroseconds() {
        #expect(MeshTime(nanoseconds: 1_000_999).iso8601 == "1970-01-01T00:00:00.001000Z")
    }

    @Test func staysInRange() {
        #expect(MeshTime(nanoseconds: .max).advanced(by: 1).nanoseconds == .max)
        #expect(MeshTime(nanoseconds: .max).iso8601.hasPrefix("2262-04-11T23:47:16"))
    }
}
