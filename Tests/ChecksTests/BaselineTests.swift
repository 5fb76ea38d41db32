import Checks
import JSON
import Messages
import SeededRandom
import Testing
import Traces

/// What a baseline keeps, and what a check expects with one.
@Suite struct BaselineTests {
    // MARK: Times

    @Test(
        arguments: [
            // Time, bucket: below 256 one value each, then 128 to each power of two.
            (0, 0), (1, 1), (255, 255), (256, 256), (257, 256), (258, 257), (511, 383), (512, 384),
            (515, 384),
            (516, 385), (UInt64.max, LatencySketch.mostBuckets - 1),
        ] as [(UInt64, Int)]
    )
    func aTimeFallsIntoItsBucket(_ row: (time: UInt64, bucket: Int)) {
        #expect(LatencySketch.bucket(of: row.time) == row.bucket)
        let (low, width) = LatencySketch.bounds(of: row.bucket)
        #expect(low <= row.time && row.time - low < width)
    }

    @Test func bucketsLieSideBySide() {
        var next: UInt64 = 0
        for bucket in 0..<LatencySketch.mostBuckets {
            let (low, width) = LatencySketch.bounds(of: bucket)
            #expect(low == next, "\(bucket)")
            #expect(LatencySketch.bucket(of: low) == bucket)
            // Narrow enough: half of a bucket is less than 0.4 % of its least time.
            #expect(low < 256 || Double(width) / 2 < 0.004 * Double(low))
            next = low &+ width
        }
        #expect(next == 0, "the last one ends where 64 bits do")
    }

    @Test func samplesAreWhatWasAdded() {
        var generator = SeededGenerator(row: 3)
        var sketch = LatencySketch()
        var times: [UInt64] = []
        for _ in 0..<5_000 {
            let time = UInt64(20e6 * TimingTests.exponential(generator.normal() * 0.5))
            times.append(time)
            sketch.add(time)
        }
        times.sort()
        let samples = sketch.samples(limit: 10_000)
        #expect(samples.count == times.count)
        #expect(samples == samples.sorted())
        for (sample, time) in zip(samples, times) {
            #expect(abs(Double(sample) / Double(time) - 1) < 0.008)
        }
        // Fewer stand for all.
        let few = sketch.samples(limit: 100)
        #expect(few.count == 100)
        #expect(abs(Double(few[50]) / Double(times[2_525]) - 1) < 0.01)
        #expect(sketch.value(at: 1).map { abs(Double($0) / Double(times[4_999]) - 1) < 0.004 } == true)
        #expect(LatencySketch().samples(limit: 5).isEmpty && LatencySketch().value(at: 0.5) == nil)
    }

    @Test func whatIsNoBucketIsRefused() {
        var sketch = LatencySketch()
        let rows: [(count: UInt64, bucket: Int, isTaken: Bool)] = [
            (1, -1, false), (1, LatencySketch.mostBuckets, false), (0, 1, false), (.max, 1, true),
            // More than can be counted.
            (1, 2, false),
        ]
        for row in rows {
            let isTaken = sketch.add(row.count, toBucket: row.bucket)
            #expect(isTaken == row.isTaken, "\(row)")
        }
        #expect(sketch.total == .max)
    }

    @Test func timesOfABaselineAreComparedLikeObservedOnes() throws {
        let left = TimingTests.book(2_000, routes: ["GET /a": 1, "GET /b": 1], seed: 1)
        let baseline = Self.baseline(
            routes: left.baselineRoutes(stored: ["GET /a": 3]),
            seconds: left.seconds
        )
        #expect(baseline.routes.map(\.stored) == [3, 0])
        let again = TimingBook(baseline)
        #expect(abs(again.seconds - left.seconds) < 1e-6)
        let same = TimingBook(try Baseline(parsing: baseline.json().span))
        let slower = TimingTests.book(2_000, routes: ["GET /a": 1, "GET /b": 1.3], seed: 2)
        for book in [again, same] {
            let comparison = TimingComparison(book, slower)
            #expect(comparison.routes.map(\.isRegression) == [false, true])
            #expect(!TimingComparison(book, left).hasRegression)
        }
    }

    // MARK: JSON

    static func baseline(routes: [BaselineRoute] = [], seconds: Double = 1.5) -> Baseline {
        Baseline(
            trace: TraceScript.trace,
            answers: TraceID(high: 7, low: 8),
            toolVersion: "1.2.3",
            authority: "127.0.0.1:8080",
            host: "builder \"one\"",
            seconds: seconds,
            routes: routes,
            digests: [
                9: BodyDigest(count: 100_000, crc32: 0xABCD, fnv64: .max),
                2: BodyDigest(count: 0, crc32: 0, fnv64: 1),
            ],
            revisions: [
                BaselineRevision(number: 4, time: 5, source: "a", stored: 0, changes: []),
                BaselineRevision(
                    number: 5,
                    time: -6,
                    source: "http://x",
                    note: "because\n\"so\"",
                    stored: 12,
                    changes: [
                        BaselineRevision.Change(route: "GET /{id}", field: "$.a", kind: "value", count: 3)
                    ],
                    unlisted: 2
                ),
            ]
        )
    }

    @Test func aBaselineIsReadAsItWasWritten() throws {
        var sketch = LatencySketch()
        for time in [3, 300, 300, 20_000_000, UInt64.max] { sketch.add(time) }
        let routes = [BaselineRoute(name: "GET /\u{0}é\"", stored: 2, errors: .max, times: sketch)]
        var whole = Self.baseline(routes: routes)
        #expect(try Baseline(parsing: whole.json().span) == whole)
        #expect(whole.revision == 5)
        whole.answers = nil
        whole.digests = [:]
        whole.routes = []
        #expect(try Baseline(parsing: whole.json().span) == whole)
        // A line each, so that two versions of the file can be compared.
        #expect(
            Self.baseline().json().split(separator: 0x0A).count == 2 + (1 + 2 + 1) + (1 + 0 + 1) + (1 + 2 + 1)
        )
    }

    @Test(arguments: [
        // What is replaced by what, and what is said.
        ("tapedeck.baseline/1", "tapedeck.check/1", "no baseline"),
        ("\"format\":1", "\"format\":2", "format 2"),
        ("00000000-0000-0001", "zzzz0000-0000-0001", "trace_id"),
        ("\"answers_id\":\"0", "\"answers_id\":\"x", "answers_id"),
        ("\"revision\":5,\"time_ns\"", "\"revision\":-5,\"time_ns\"", "revisions"),
        ("\"count\":3", "\"count\":1e3", "revisions"), ("\"buckets\":[3,1", "\"buckets\":[3", "routes"),
        ("\"buckets\":[3,1", "\"buckets\":[3,0", "routes"),
        ("\"buckets\":[3,1", "\"buckets\":[9999999,1", "routes"),
        ("\"buckets\":[3,1", "\"buckets\":[3,18446744073709551615", "routes"),
        ("\"crc32\":\"abcd\"", "\"crc32\":\"xyz\"", "digests"), ("\"digests\"", "\"digest\"", "digests"),
        ("{\"schema\"", "[\"schema\"", "no JSON"),
    ])
    func whatIsNoBaselineIsRefused(_ row: (String, String, String)) {
        var sketch = LatencySketch()
        sketch.add(3)
        let text = String(
            decoding: Self.baseline(routes: [BaselineRoute(name: "GET /", times: sketch)]).json(),
            as: UTF8.self
        )
        #expect(text.contains(row.0), "the row changes something")
        let changed = Array(text.replacing(row.0, with: row.1).utf8)
        do {
            _ = try Baseline(parsing: changed.span)
            Issue.record("taken")
        } catch {
            #expect(error.description.contains(row.2), "\(error)")
        }
    }

    @Test func noTextTraps() {
        var generator = SeededGenerator(row: 11)
        var sketch = LatencySketch()
        sketch.add(300)
        let text = Self.baseline(routes: [BaselineRoute(name: "GET /", times: sketch)]).json()
        for _ in 0..<2_000 {
            var broken = text
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let index = Int.random(in: broken.indices, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: broken[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: broken.removeSubrange(index..<min(broken.count, index + 9))
                default: broken.insert(contentsOf: Array("9".utf8), at: index)
                }
                if broken.isEmpty { break }
            }
            if let read = try? Baseline(parsing: broken.span) { _ = TimingBook(read) }
        }
        for count in text.indices { _ = try? Baseline(parsing: Array(text[..<count]).span) }
    }

    // MARK: Answers

    /// Exchange 1 was recorded with `recorded`, the baseline holds `stored`, and `observed` comes.
    private func check(
        recorded: RecordedMessage?,
        stored: RecordedMessage,
        observed: RecordedMessage,
        digest: BodyDigest? = nil
    ) -> CheckResult {
        var baseline = Self.baseline()
        baseline.digests = digest.map { [1: $0] } ?? [:]
        var comparator = Comparator(trace: TraceScript.trace)
        comparator.keepUnlike()
        comparator.expect(TraceScript.request(1, "GET /a/17", host: "prod.example"))
        comparator.expect(stored, of: baseline)
        if let recorded { comparator.expect(recorded) }
        comparator.observe(TraceScript.request(5, "GET /a/17", host: "localhost:1", of: 1))
        comparator.observe(observed)
        return comparator.finish()
    }

    private func answer(_ body: String, of: UInt64? = nil, fields: [String] = []) -> RecordedMessage {
        let fields = ["Content-Type: application/json"] + fields
        return TraceScript.response(of == nil ? 1 : 5, fields: fields, body: Array(body.utf8), of: of)
    }

    @Test func theBaselineStandsInThePlaceOfTheRecording() {
        let (old, new) = ("{\"a\":1}", "{\"a\":2}")
        let stored = TraceScript.response(1, body: Array(new.utf8), of: 1)
        let same = check(recorded: answer(old), stored: stored, observed: answer(new, of: 1))
        #expect(same.verdict == .pass)
        #expect(same.answersOfBaseline == 1 && same.unlike.isEmpty)
        #expect(same.routes.map(\.name) == ["GET /a/{id}"])
        #expect(same.counts.expected == 1 && same.routes[0].expected == 1)
        let back = check(recorded: answer(old), stored: stored, observed: answer(old, of: 1))
        #expect(back.verdict == .fail)
        #expect(back.lines == ["$.a value: 2 → 1"])
        #expect(back.unlike == [1])
        // The recording had no answer at all.
        #expect(check(recorded: nil, stored: stored, observed: answer(new, of: 1)).verdict == .pass)
    }

    @Test func aLocationIsReadAgainstTheServerOfTheBaseline() {
        func moved(_ place: String, of: UInt64?) -> RecordedMessage {
            answer("1", of: of, fields: ["Location: \(place)"])
        }
        let stored = moved("http://127.0.0.1:8080/next", of: nil)
        #expect(
            check(recorded: nil, stored: stored, observed: moved("http://localhost:1/next", of: 1)).verdict
                == .pass
        )
        #expect(
            check(recorded: nil, stored: stored, observed: moved("http://elsewhere/next", of: 1)).verdict
                == .fail
        )
    }

    @Test func aLongBodyIsKeptAsItsDigest() throws {
        let long = (0..<Baseline.keptBody + 1).map { UInt8(truncatingIfNeeded: $0) | 0x80 }
        func image(_ bytes: [UInt8], of: UInt64) -> RecordedMessage {
            TraceScript.response(5, fields: ["Content-Type: image/png"], body: bytes, of: of)
        }
        let (kept, digest) = try #require(Baseline.kept(image(long, of: 1), trace: TraceScript.trace))
        #expect(kept.body.isEmpty && kept.exchange == 1 && kept.end.flags.contains(.truncated))
        #expect(digest == BodyDigest(long))
        #expect(
            check(recorded: nil, stored: kept, observed: image(long, of: 1), digest: digest).verdict == .pass
        )
        var other = long
        other[40_000] ^= 1
        let changed = check(recorded: nil, stored: kept, observed: image(other, of: 1), digest: digest)
        #expect(changed.lines == ["body bytes: 65537 bytes → 65537 bytes of another content"])
        // Without the digest nothing is known, and nothing is said to be equal.
        #expect(check(recorded: nil, stored: kept, observed: image(long, of: 1)).counts.bodiesCut == 1)

        // A body with structure stays: a digest would tell every new identifier for a change.
        let list = "[" + String(repeating: "1,", count: 40_000) + "1]"
        let (whole, none) = try #require(Baseline.kept(answer(list, of: 1), trace: TraceScript.trace))
        #expect(whole.body.count == list.utf8.count && none == nil)
    }

    @Test func whatIsNoWholeAnswerIsNotKept() {
        for flags in [.truncated, .gap, .incomplete, .reset, .interim] as [MessageFlags] {
            let message = TraceScript.response(5, body: [0x31], of: 1, flags: flags)
            #expect(Baseline.kept(message, trace: TraceScript.trace) == nil)
        }
        #expect(Baseline.kept(TraceScript.request(1, "GET /", of: 1), trace: TraceScript.trace) == nil)
        #expect(
            Baseline.kept(answer("1"), trace: TraceScript.trace) == nil,
            "it answers nothing that was recorded"
        )
    }

    @Test func unlikeIsWhatTheRecordingCannotStandFor() {
        var comparator = Comparator(trace: TraceScript.trace)
        comparator.keepUnlike()
        for exchange in 1...4 as ClosedRange<UInt64> {
            comparator.expect(TraceScript.request(exchange, "GET /a"))
            if exchange == 3 { continue }
            let flags: MessageFlags = exchange == 4 ? .truncated : []
            comparator.expect(TraceScript.response(exchange, body: Array("{\"a\":1}".utf8), flags: flags))
        }
        let bodies = ["{\"a\":1}", "{\"a\":2}", "{}", "{\"a\":1}"]
        for (index, body) in bodies.enumerated() {
            let exchange = UInt64(index + 1)
            comparator.observe(TraceScript.response(exchange + 10, body: Array(body.utf8), of: exchange))
        }
        // 1 is as recorded; 2 differs; 3 was recorded without an answer; of 4 the recording has only a part.
        #expect(comparator.finish().unlike == [2, 3, 4])
    }
}
