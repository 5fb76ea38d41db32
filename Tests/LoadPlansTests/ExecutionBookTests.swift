import JSON
import LoadPlans
import Replay
import Testing

@Suite struct ExecutionBookTests {
    private static let second: Int64 = 1_000_000_000

    private static func run(
        _ id: String,
        _ state: RunSighting.State,
        created: Int64? = nil,
        started: Int64? = nil,
        finished: Int64? = nil,
        mark: String? = nil
    ) -> RunSighting {
        var sighting = RunSighting(id: id, state: state)
        (sighting.created, sighting.started, sighting.finished) = (created, started, finished)
        sighting.correlation = mark
        return sighting
    }

    private static func record(of book: ExecutionBook, at now: Int64 = 1_000 * second) -> StageRecord {
        var record = StageRecord(stage: Stage(name: "peak", kind: .peak, scenarios: []))
        book.write(into: &record, at: now)
        return record
    }

    /// By its name, or by the mark of the request where the answer named none.
    @Test func whoSetARunGoingIsKnown() {
        var book = ExecutionBook()
        book.accept(name: "r1", RequestIdentity(marks: ["m1"]), tenant: "a", sent: 0, at: 1, delay: 0)
        book.accept(name: nil, RequestIdentity(marks: ["m2"]), tenant: "b", sent: 0, at: 1, delay: 0)
        #expect(book.tenant(of: Self.run("r1", .running)) == "a")
        #expect(book.tenant(of: Self.run("r2", .running, mark: "m2")) == "b")
        // A twin of the first delivery is its sender's as well.
        #expect(book.tenant(of: Self.run("r3", .running, mark: "m1")) == "a")
        #expect(book.tenant(of: Self.run("r4", .running, mark: "m9")) == nil)
        #expect(book.tenant(of: Self.run("r5", .running)) == nil)
    }

    /// Each is sent at its number in seconds, answered a tenth later, and made halfway.
    private static func book(
        _ runs: [(id: String, tenant: String, start: Int64, end: Int64?)],
        ahead: Int64 = 0
    )
        -> ExecutionBook
    {
        var book = ExecutionBook()
        for run in runs {
            let sent = run.start * second
            book.accept(
                name: run.id,
                RequestIdentity(marks: []),
                tenant: run.tenant,
                sent: sent,
                at: sent + second / 10,
                delay: UInt64(second / 2)
            )
            book.see(
                Self.run(
                    run.id,
                    run.end == nil ? .running : .succeeded,
                    created: sent + second / 20 + ahead,
                    started: sent + second / 4 + ahead,
                    finished: run.end.map { $0 * second + ahead }
                ),
                at: (run.end ?? run.start) * second + second
            )
        }
        return book
    }

    @Test func everyExecutionEndsInOneState() {
        let book = Self.book([("a", "t", 1, 5), ("b", "t", 2, 4), ("c", "u", 3, nil)])
        #expect(book.accepted == 3 && book.open == 1)
        let record = Self.record(of: book)
        #expect(record.count(.accepted, tenant: nil) == 3)
        #expect(record.count(.finished, tenant: nil) == 2)
        #expect(record.count(.lost, tenant: nil) == 1 && record.count(.lost, tenant: "u") == 1)
        #expect(record.count(.lost, tenant: "t") == 0)
        // a, b and the lost c overlap from 3.25 to 4.
        #expect(record.count(.peakRunning, tenant: "") == 3 && record.count(.peakRunning, tenant: "t") == 2)
        #expect(record.distribution(.queue, tenant: nil).count == 3)
        #expect(record.distribution(.execution, tenant: "t").count == 2)
        // a: made at 1.05, over at 5, told to wait half a second.
        let longest = record.distribution(.overhead, tenant: "t").percentile(100) ?? 0
        #expect((3_440_000...3_460_000).contains(longest))
        #expect(record.distribution(.notice, tenant: "t").percentile(100).map { $0 / 10_000 } == 100)
    }

    /// A run that ends as another begins is over by then.
    @Test func oneAfterTheOtherIsOneAtOnce() {
        var book = ExecutionBook()
        for (id, start, end) in [("a", 1, 2), ("b", 2, 3)] as [(String, Int64, Int64)] {
            book.accept(
                name: id,
                RequestIdentity(marks: []),
                tenant: "",
                sent: start * Self.second,
                at: start * Self.second,
                delay: 0
            )
            book.see(
                Self.run(
                    id,
                    .succeeded,
                    created: start * Self.second,
                    started: start * Self.second,
                    finished: end * Self.second
                ),
                at: end * Self.second
            )
        }
        #expect(Self.record(of: book).count(.peakRunning, tenant: "") == 1)
    }

    /// The list may show a run before the answer that accepted it has been read.
    @Test func whatIsSeenEarlyIsKept() {
        var book = ExecutionBook()
        let early = book.see(Self.run("a", .succeeded, created: 5, finished: 7), at: 9)
        let marked = book.see(Self.run("b", .running, created: 6, mark: "m"), at: 9)
        #expect(!early && !marked)
        book.accept(name: "a", RequestIdentity(marks: []), tenant: "t", sent: 4, at: 8, delay: 0)
        #expect(book.open == 0)
        // An answer without a name: the mark says which run it is.
        book.accept(name: nil, RequestIdentity(marks: ["m"]), tenant: "t", sent: 4, at: 8, delay: 0)
        #expect(book.open == 1)
        let isKnown = book.see(Self.run("b", .failed, created: 6, finished: 8, mark: "m"), at: 10)
        #expect(isKnown && book.open == 0)
        let record = Self.record(of: book)
        #expect(record.count(.finished, tenant: "t") == 2 && record.count(.failedRuns, tenant: "t") == 1)
        #expect(record.count(.strayRuns, tenant: nil) == 0)
    }

    @Test func anEndIsNotTakenBack() {
        var book = Self.book([("a", "t", 1, 5)])
        book.see(Self.run("a", .running), at: 99)
        #expect(book.open == 0 && Self.record(of: book).count(.finished, tenant: "t") == 1)
    }

    @Test func furtherRunsOfADeliveryAreDuplicates() {
        var book = ExecutionBook()
        book.accept(name: "a", RequestIdentity(marks: ["m"]), tenant: "t", sent: 1, at: 3, delay: 0)
        book.see(Self.run("a", .succeeded, created: 2, mark: "m"), at: 9)
        book.see(Self.run("a2", .succeeded, created: 2, mark: "m"), at: 9)
        // Nobody accepted this one.
        book.see(Self.run("z", .succeeded, created: 2), at: 9)
        let record = Self.record(of: book)
        #expect(record.count(.duplicateRuns, tenant: nil) == 1 && record.count(.strayRuns, tenant: nil) == 1)
    }

    @Test func aRunOfBeforeIsARepetition() {
        let minute = 60 * Self.second
        var book = Self.book([("a", "t", 100, 101), ("b", "t", 102, 103)])
        // Delivered once more; the run is a minute old.
        book.accept(
            name: "old",
            RequestIdentity(marks: []),
            tenant: "t",
            sent: 100 * Self.second,
            at: 101 * Self.second,
            delay: 0
        )
        book.see(
            Self.run("old", .succeeded, created: 100 * Self.second - minute, finished: 41 * Self.second),
            at: 102 * Self.second
        )
        let record = Self.record(of: book)
        #expect(book.clockOffset == 0)
        #expect(record.count(.accepted, tenant: nil) == 2 && record.count(.repeated, tenant: nil) == 1)
        #expect(record.distribution(.turnaround, tenant: nil).count == 2)
    }

    /// The list is not read again for it: the stage before has seen its end.
    @Test func aRunOfTheStageBeforeIsARepetition() {
        let before = Self.book([("a", "t", 1, 2), ("open", "t", 1, nil)])
        var book = ExecutionBook(after: before)
        book.accept(name: "a", RequestIdentity(marks: []), tenant: "t", sent: 90, at: 91, delay: 0)
        book.accept(name: "open", RequestIdentity(marks: []), tenant: "t", sent: 90, at: 91, delay: 0)
        #expect(book.open == 1)
        let record = Self.record(of: book)
        #expect(record.count(.repeated, tenant: "t") == 1 && record.count(.accepted, tenant: "t") == 1)
    }

    @Test(arguments: [-7_200, -1, 1, 3_600] as [Int64])
    func anotherClockIsFoundOut(_ seconds: Int64) {
        let runs = (1...20).map {
            (id: "r\($0)", tenant: "t", start: Int64($0) * 10, end: Int64($0) * 10 + 3 as Int64?)
        }
        let book = Self.book(runs, ahead: seconds * Self.second)
        #expect((book.clockOffset - seconds * Self.second).magnitude < 60_000_000)
        let record = Self.record(of: book)
        #expect(record.count(.finished, tenant: nil) == 20 && record.count(.repeated, tenant: nil) == 0)
        // An end is noticed a second later by one clock, whatever the other one shows.
        let notice = record.distribution(.notice, tenant: nil).percentile(50) ?? 0
        #expect((900_000...1_100_000).contains(notice))
    }

    /// A run of before has a name that a stage before knew, or an end: what has neither may be lost, and is no
    /// repetition.
    @Test func anOldRunWithoutAnEndIsLost() {
        let minute = 60 * Self.second
        let before = Self.book([("known", "t", 1, nil)])
        var book = ExecutionBook(after: before)
        for (name, age) in [("known", 60), ("unknown", 40), ("ended", 20)] as [(String, Int64)] {
            book.accept(
                name: name,
                RequestIdentity(marks: []),
                tenant: "t",
                sent: 2 * minute,
                at: 2 * minute + 1,
                delay: 0
            )
            let state: RunSighting.State = name == "ended" ? .succeeded : .running
            let created = 2 * minute - age * Self.second + 1
            book.see(Self.run(name, state, created: created), at: 2 * minute + 2)
        }
        // One of now, so that the clocks are known to be one.
        book.accept(
            name: "new",
            RequestIdentity(marks: []),
            tenant: "t",
            sent: 2 * minute,
            at: 2 * minute + 9,
            delay: 0
        )
        book.see(Self.run("new", .succeeded, created: 2 * minute + 3), at: 2 * minute + 9)
        let record = Self.record(of: book)
        #expect(record.count(.accepted, tenant: nil) == 2 && record.count(.finished, tenant: nil) == 1)
        #expect(record.count(.lost, tenant: nil) == 1 && record.count(.repeated, tenant: nil) == 2)
    }

    /// Requests at every part of a second, whose runs the target dates with whole seconds: none is older than its
    /// request, whatever the clock, and those that do not end are lost.
    @Test(arguments: [0, -90, 7] as [Int64])
    func aMomentWithoutAFractionStandsForItsSecond(_ ahead: Int64) {
        var book = ExecutionBook()
        for number in 0..<100 as Range<Int64> {
            let sent = (100 + number) * Self.second + number * 37 % 100 * Self.second / 100
            book.accept(
                name: "r\(number)",
                RequestIdentity(marks: []),
                tenant: "t",
                sent: sent,
                at: sent + Self.second / 250,
                delay: 0
            )
            let created = (sent + Self.second / 500) / Self.second * Self.second + ahead * Self.second
            let state: RunSighting.State = number % 10 == 0 ? .running : .succeeded
            book.see(Self.run("r\(number)", state, created: created), at: sent + Self.second)
        }
        #expect((book.clockOffset - ahead * Self.second).magnitude <= 60_000_000)
        let record = Self.record(of: book)
        #expect(record.count(.repeated, tenant: nil) == 0 && record.count(.accepted, tenant: nil) == 100)
        #expect(record.count(.finished, tenant: nil) == 90 && record.count(.lost, tenant: nil) == 10)
    }

    /// Slow requests allow for clocks that are one, fast ones for the difference alone: both for the difference.
    /// Deliveries that had come before allow for something else each.
    @Test(arguments: [-60, -500, 90] as [Int64])
    func slowRequestsHideNoDifference(_ milliseconds: Int64) {
        var book = ExecutionBook()
        for number in 0..<100 as Range<Int64> {
            let sent = (1_000 + number) * Self.second + 1
            let time: Int64 = number % 3 == 0 ? 4_000_000 : 1_200_000_000
            book.accept(
                name: "r\(number)",
                RequestIdentity(marks: []),
                tenant: "t",
                sent: sent,
                at: sent + time,
                delay: 0
            )
            let age = number % 10 == 9 ? (number + 60) * Self.second : 0
            let created = sent + time / 2 + milliseconds * 1_000_000 - age
            book.see(Self.run("r\(number)", .succeeded, created: created), at: sent + 2 * Self.second)
        }
        #expect((book.clockOffset - milliseconds * 1_000_000).magnitude <= 10_000_000)
        let record = Self.record(of: book)
        #expect(record.count(.accepted, tenant: nil) == 90 && record.count(.repeated, tenant: nil) == 10)
    }

    /// Whoever follows a run leaves it when it is over, and an end may have been seen before the answer.
    @Test func anAnswerMayComeAfterTheEnd() {
        var book = ExecutionBook()
        func accept(_ names: [String]) -> [Bool] {
            names.map { name in
                book.accept(name: name, RequestIdentity(marks: []), tenant: "t", sent: 1, at: 3, delay: 0)
            }
        }
        book.see(Self.run("over", .succeeded, created: 2), at: 2)
        book.see(Self.run("begun", .running, created: 2), at: 2)
        let first = accept(["over", "begun", "unseen"])
        #expect(first == [true, false, false])
        // Delivered once more: by now it is over.
        book.see(Self.run("begun", .failed, created: 2), at: 4)
        let second = accept(["begun"])
        // In the stage after, all are known.
        book = ExecutionBook(after: book)
        let third = accept(["over", "unseen"])
        #expect(second == [true] && third == [true, false])
    }

    @Test func whatHasNeitherNameNorMarkIsCounted() {
        var book = ExecutionBook()
        book.accept(name: nil, RequestIdentity(marks: []), tenant: "t", sent: 1, at: 2, delay: 0)
        #expect(book.untold == 1 && book.accepted == 0)
    }
}

@Suite struct RunListingTests {
    private static func page(_ count: Int = 0, next: String?, cursor: String? = nil) throws -> RunPage {
        let runs = (0..<count).map { #"{"id":"\#($0)","status":"running"}"# }.joined(separator: ",")
        func text(_ value: String?) -> String { value.map { "\"\($0)\"" } ?? "null" }
        let json = #"{"runs":[\#(runs)],"next":\#(text(next)),"cursor":\#(text(cursor))}"#
        return try #require(RunPage(try JSONValue(parsing: Array(json.utf8).span)))
    }

    private static func places(_ listing: inout RunListing, _ answer: (String?) throws -> (RunPage, Int, Int))
        throws
        -> [String?]
    {
        var places: [String?] = []
        listing.begin()
        while let place = listing.next() {
            places.append(place)
            let (page, own, other) = try answer(place)
            listing.take(page, openOwn: own, openOther: other)
        }
        return places
    }

    @Test func pagesWithOpenRunsAreReadAgain() throws {
        var listing = RunListing(followsChanges: false)
        // Three pages; the first has an open run, the second none.
        let first = try Self.places(&listing) { place in
            switch place {
            case nil: (try Self.page(next: "a"), 1, 0)
            case "a": (try Self.page(next: "b"), 0, 0)
            default: (try Self.page(next: nil), 0, 0)
            }
        }
        #expect(first == [nil, "a", "b"])
        let second = try Self.places(&listing) { place in
            (try Self.page(next: place == nil ? "a" : nil), 0, 0)
        }
        #expect(second == [nil, "b"])
        // The last one stays: more may come.
        #expect(try Self.places(&listing) { _ in (try Self.page(next: nil), 0, 0) } == ["b"])
    }

    @Test func openRunsOfOthersAreGivenUp() throws {
        var listing = RunListing(followsChanges: false)
        var rounds = 0
        while rounds < 100 {
            let places = try Self.places(&listing) { place in
                place == nil ? (try Self.page(next: "a"), 0, 3) : (try Self.page(next: nil), 0, 0)
            }
            if places == ["a"] { break }
            rounds += 1
        }
        #expect(rounds == RunListing.patience + 1)
    }

    @Test func aListOfChangesGoesOnWhereItSays() throws {
        var listing = RunListing(followsChanges: true)
        let first = try Self.places(&listing) { place in
            place == nil
                ? (try Self.page(next: "5", cursor: "9"), 7, 0)
                : (try Self.page(next: nil, cursor: "9"), 0, 0)
        }
        #expect(first == [nil, "5"])
        #expect(try Self.places(&listing) { _ in (try Self.page(next: nil, cursor: "12"), 0, 0) } == ["9"])
        #expect(try Self.places(&listing) { _ in (try Self.page(next: nil), 0, 0) } == ["12"])
    }

    /// A list that never ends does not keep a round from ending.
    @Test func aRoundIsBounded() throws {
        for followsChanges in [false, true] {
            var listing = RunListing(followsChanges: followsChanges)
            var number = 0
            let places = try Self.places(&listing) { _ in
                number += 1
                return (try Self.page(next: "\(number)", cursor: "c"), 1, 0)
            }
            #expect(places.count == RunListing.pagesInRound)
        }
    }

    @Test(
        arguments: [
            (#"{"runs":[{"id":"a","status":"succeeded"},{"id":1,"status":"RUNNING"}],"next":7}"#, 2, "7", 0),
            (#"[{"id":"a","status":"failed"},{"status":"failed"},{"id":"b","status":"odd"},3]"#, 1, nil, 3),
            (#"{"data":[{"id":"a","status":"queued"}]}"#, 1, nil, 0),
            (#"{"runs":[]}"#, 0, nil, 0),
        ] as [(String, Int, String?, Int)]
    )
    func listsAreRead(_ json: String, _ runs: Int, _ next: String?, _ unreadable: Int) throws {
        let page = try #require(RunPage(try JSONValue(parsing: Array(json.utf8).span)))
        #expect(page.runs.count == runs && page.next == next && page.unreadable == unreadable)
    }

    @Test(arguments: ["{}", "3", "null", #"{"a":[],"b":[]}"#, #"{"runs":{}}"#])
    func whatIsNoListIsNone(_ json: String) throws {
        #expect(RunPage(try JSONValue(parsing: Array(json.utf8).span)) == nil)
    }

    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0),
            ("2026-02-28T23:59:59.999Z", 1_772_323_199_999_000_000),
            ("2026-03-01T01:59:59.999+02:00", 1_772_323_199_999_000_000),
            ("2026-02-28 23:59:59.999", 1_772_323_199_999_000_000),
            ("2024-02-29T00:00:00.000000001Z", 1_709_164_800_000_000_001),
            ("1969-12-31T23:59:59Z", -1_000_000_000),
        ] as [(String, Int64)]
    )
    func momentsAreRead(_ text: String, _ expected: Int64) {
        #expect(ISOTime.nanoseconds(text) == expected)
    }

    @Test(arguments: [
        "", "2026-02-28", "2026-13-01T00:00:00Z", "2026-02-28T24:00:00Z", "2026-02-28T23:59:59.Z",
        "2026-02-28T23:59:59+2", "9999-12-31T23:59:59Z", "2026-02-28T23:59:59Zz", "aaaa-bb-ccTdd:ee:ffZ",
        "2026-02-28T23:59:59." + String(repeating: "1", count: 60),
    ])
    func whatIsNoMomentIsNone(_ text: String) {
        #expect(ISOTime.nanoseconds(text) == nil)
    }
}
