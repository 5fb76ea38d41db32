import Replay
import Testing

@Suite struct EventMatcherTests {
    /// Letters are contents, digits are ids.
    struct Case: CustomTestStringConvertible, Sendable {
        var reason: String
        var recorded: String
        var came: String
        var matched: UInt64
        var missing: UInt64 = 0
        var duplicated: UInt64 = 0
        var outOfOrder: UInt64 = 0
        var changed: UInt64 = 0
        var unexpected: UInt64 = 0
        var testDescription: String { reason }
    }

    static let cases = [
        Case(reason: "as recorded", recorded: "12345", came: "12345", matched: 5),
        Case(reason: "nothing at all", recorded: "", came: "", matched: 0),
        Case(reason: "nothing came", recorded: "123", came: "", matched: 0, missing: 3),
        Case(reason: "one is missing", recorded: "12345", came: "1245", matched: 4, missing: 1),
        Case(reason: "the first is missing", recorded: "123", came: "23", matched: 2, missing: 1),
        Case(reason: "one came twice", recorded: "12345", came: "122345", matched: 5, duplicated: 1),
        Case(reason: "and late", recorded: "12345", came: "1234512", matched: 5, duplicated: 2),
        Case(reason: "two changed places", recorded: "12345", came: "13245", matched: 5, outOfOrder: 1),
        Case(reason: "the last came first", recorded: "12345", came: "51234", matched: 5, outOfOrder: 4),
        Case(reason: "more than recorded", recorded: "12", came: "1234", matched: 2, unexpected: 2),
        Case(
            reason: "an unknown one twice",
            recorded: "12",
            came: "1299",
            matched: 2,
            duplicated: 1,
            unexpected: 1
        ),
        Case(
            reason: "one for another by id",
            recorded: "123",
            came: "193",
            matched: 2,
            missing: 1,
            unexpected: 1
        ),
        Case(reason: "one for another by content", recorded: "abc", came: "axc", matched: 2, changed: 1),
        Case(reason: "all ids are new ones", recorded: "123", came: "789", matched: 0, changed: 3),
        Case(reason: "and one is missing", recorded: "123", came: "78", matched: 0, missing: 1, changed: 2),
        Case(reason: "all contents are new", recorded: "abcd", came: "wxyz", matched: 0, changed: 4),
        Case(reason: "equal contents answer each other in turn", recorded: "aaba", came: "aaba", matched: 4),
        Case(reason: "one of them is missing", recorded: "aaba", came: "aab", matched: 3, missing: 1),
        Case(
            reason: "one of them is too many",
            recorded: "aba",
            came: "aaba",
            matched: 3,
            duplicated: 1,
            outOfOrder: 1
        ),
        Case(
            reason: "all at once",
            recorded: "1234567",
            came: "1325578",
            matched: 5,
            missing: 2,
            duplicated: 1,
            outOfOrder: 1,
            unexpected: 1
        ),
    ]

    @Test(arguments: cases) func countsWhatIsOtherwise(_ row: Case) {
        let recorded = RecordedStream(
            kind: .serverSentEvents,
            events: Self.keys(row.recorded).enumerated().map {
                RecordedStream.Event(key: $1, offset: Int64($0))
            },
            end: 100,
            endsAtServer: true
        )
        var matcher = EventMatcher(recorded)
        for key in Self.keys(row.came) { _ = matcher.receive(key) }
        let counts = matcher.finished()
        #expect(counts.received == UInt64(row.came.count))
        #expect(counts.matched == row.matched)
        #expect(counts.missing == row.missing)
        #expect(counts.duplicated == row.duplicated)
        #expect(counts.outOfOrder == row.outOfOrder)
        #expect(counts.changed == row.changed)
        #expect(counts.unexpected == row.unexpected)
        #expect(counts.received == counts.matched + counts.duplicated + counts.changed + counts.unexpected)
        #expect(UInt64(row.recorded.count) == counts.matched + counts.changed + counts.missing)
    }

    /// The sums hold whatever comes, and the order of the search does not matter.
    @Test(arguments: 0..<200) func everyEventIsInOneBucket(seed: Int) {
        var state = UInt64(seed) &+ 1
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let letters = Array("abc123456789")
        let recordedText = String((0..<random(200)).map { _ in letters[random(letters.count)] })
        let recorded = RecordedStream(
            kind: .webSocket,
            events: Self.keys(recordedText).enumerated().map {
                RecordedStream.Event(key: $1, offset: Int64($0))
            },
            end: 0,
            endsAtServer: false
        )
        var matcher = EventMatcher(recorded)
        let came = String((0..<random(200)).map { _ in letters[random(letters.count)] })
        var places: Set<Int> = []
        for key in Self.keys(came) {
            guard case .matched(let place) = matcher.receive(key) else { continue }
            #expect(places.insert(place).inserted, "an event is matched once")
            #expect(recorded.events[place].key == key)
        }
        let counts = matcher.finished()
        #expect(counts.received == counts.matched + counts.duplicated + counts.changed + counts.unexpected)
        #expect(UInt64(recordedText.count) == counts.matched + counts.changed + counts.missing)
    }

    @Test func onlyWhatWasDueIsMissed() {
        let recorded = RecordedStream(
            kind: .serverSentEvents,
            events: Self.keys("12345").enumerated().map {
                RecordedStream.Event(key: $1, offset: Int64($0) * 10)
            },
            end: 100,
            endsAtServer: true
        )
        var matcher = EventMatcher(recorded)
        _ = matcher.receive(EventKey(digest: 0x31, isID: true))
        #expect(matcher.finished(horizon: 20).missing == 2)
        #expect(matcher.finished().missing == 4)
    }

    @Test func withoutARecordingIdsStillTellDuplicates() {
        var matcher = EventMatcher(nil)
        for key in Self.keys("12231a") { _ = matcher.receive(key) }
        let counts = matcher.finished()
        #expect(counts.received == 6)
        #expect(counts.duplicated == 2)
        #expect(counts.missing == 0)
    }

    private static func keys(_ text: String) -> [EventKey] {
        text.utf8.map { EventKey(digest: UInt64($0), isID: (0x30...0x39).contains($0)) }
    }
}
