import MeshService
import Testing

@Suite struct TokenBucketTests {
    @Test func letsThroughWhatTheRateAllows() {
        var bucket = TokenBucket(rate: 10, now: 0)
        let first = (0..<20).filter { _ in bucket.take(at: 0) }.count
        #expect(first == 10)
        // A tenth of a second later there is one more.
        let next = (0..<2).map { _ in bucket.take(at: 100_000_000) }
        #expect(next == [true, false])
        // It never holds more than its capacity.
        let later = (0..<100).filter { _ in bucket.take(at: 60_000_000_000) }.count
        #expect(later == 10)
    }
}

@Suite struct WebTokenTests {
    static let claims = WebToken.Claims(sub: "a", project: "harbor", expires: 1000)

    @Test func isGoodUntilItExpires() {
        let token = WebToken(seed: 1)
        let text = token.sign(Self.claims)
        #expect(token.claims(of: text, now: 999) == Self.claims)
        #expect(token.claims(of: text, now: 1000) == nil)
        #expect(WebToken(seed: 2).claims(of: text, now: 0) == nil)
    }

    /// Each byte changed in turn, and what is no token at all.
    @Test func isGoodInNoOtherForm() {
        let token = WebToken(seed: 1)
        let text = Array(token.sign(Self.claims).utf8)
        for place in text.indices {
            var changed = text
            changed[place] = changed[place] == 0x41 ? 0x51 : 0x41
            #expect(
                token.claims(of: String(decoding: changed, as: UTF8.self), now: 0) == nil,
                "byte \(place)"
            )
        }
        // {"alg":"none"} with the claims and no signature.
        let claims = String(decoding: text, as: UTF8.self).split(separator: ".")[1]
        for wrong in ["", ".", "..", "a.b.c", "eyJhbGciOiJub25lIn0.\(claims)."] {
            #expect(token.claims(of: wrong, now: 0) == nil)
        }
    }
}

@Suite struct PlantedTests {
    @Test(
        arguments: [
            ("250us", 250_000), ("20ms", 20_000_000), ("1.5s", 1_500_000_000), ("2m", 120_000_000_000),
            ("1h", 3_600_000_000_000),
            ("20", nil), ("ms", nil), ("-1s", nil), ("1e3s", nil), ("", nil), ("infs", nil),
            ("99999999h", nil),
        ] as [(String, Int64?)]
    )
    func readsTimes(text: String, nanoseconds: Int64?) {
        #expect(TimeSpan.nanoseconds(text) == nanoseconds)
    }

    @Test(
        arguments: [
            ("20ms", nil, 20_000_000, 20_000_000), ("20ms..80ms", nil, 20_000_000, 50_000_000),
            ("orders=1s", "orders", 1_000_000_000, 1_000_000_000),
            // Half of an exponential distribution lies below ln 2 times its mean.
            ("exp:100ms", nil, 0, 69_314_718), ("orders=exp:100ms", "orders", 0, 69_314_718),
        ] as [(String, String?, Int64, Int64)]
    )
    func drawsLatencies(text: String, slug: String?, least: Int64, median: Int64) throws {
        let added = try #require(AddedLatency(text))
        #expect(added.slug == slug)
        #expect(added.nanoseconds(at: 0) == least)
        #expect(added.nanoseconds(at: 0.5) == median)
    }

    @Test(arguments: ["", "20", "80ms..20ms", "1ms..2ms..3ms", "..", "=1ms", "exp:", "a=b=1ms"])
    func refusesOtherLatencies(text: String) {
        #expect(AddedLatency(text) == nil)
    }

    @Test(arguments: [
        "pool", "pool=4x10ms", "row-lock", "row-lock=3ms", "cpu", "cpu:/api/runs=2ms", "slow-worker=1s",
        "dependency-rate=50/s",
    ])
    func takesBottlenecks(text: String) {
        var bottlenecks = Bottlenecks()
        let isPlanted = bottlenecks.plant(text)
        #expect(isPlanted)
        #expect(bottlenecks != Bottlenecks())
    }

    @Test(arguments: ["pool=0x1ms", "pool=4", "row-lock=x", "cpu:/a=x", "disk", "", "dependency-rate=0"])
    func refusesOthers(text: String) {
        var bottlenecks = Bottlenecks()
        let isPlanted = bottlenecks.plant(text)
        #expect(!isPlanted)
    }

    @Test func strikesEveryNthTime() {
        var defects = Defects()
        let planted = ["run-lost=3", "run-lost=0", "run-lost=", "lost", ""].filter { defects.plant($0) }
        #expect(planted == ["run-lost=3"])
        let strikes = (1...7).filter { _ in defects.strikes(.runLost) }
        #expect(strikes == [3, 6])
        let others = (1...7).filter { _ in defects.strikes(.logDropped) }
        #expect(others.isEmpty)
    }

    @Test func keepsACursorInText() throws {
        var cursor = try #require(FeedCursor("7.8.9"))
        cursor.pass(writer: 7, line: 10)
        #expect(cursor.text == "7.10.9")
        cursor.pass(writer: 8, state: 2)
        #expect(cursor.text == "8.0.2")
        for wrong in ["", "1", "1.2", "1.2.x", "1.2.-3", "1.2.3.4"] { #expect(FeedCursor(wrong) == nil) }
    }
}
