import Checks
import Messages
import Packets
import SeededRandom
import Testing
import Traces

/// What is said of two sides whose answers take known times.
@Suite struct TimingTests {
    /// Times around a median of 20 ms, log-normal with σ 0.5, as timer-made answers have them.
    static func book(
        _ count: Int,
        routes: [String: Double],
        seed: UInt64,
        slowTail: Double = 1,
        failing: Int = 0
    )
        -> TimingBook
    {
        var generator = SeededGenerator(row: seed)
        var book = TimingBook()
        var exchange: UInt64 = 0
        for number in 0..<count {
            for (route, factor) in routes.sorted(by: { $0.key < $1.key }) {
                let normal = generator.normal()
                let tail = normal > 2 ? slowTail : 1
                let time = 20e6 * factor * tail * exponential(normal * 0.5)
                let start = Int64(exchange) * 1_000_000
                book.note(message(.request, exchange, route, start, end: start))
                let status = number < failing ? 500 : 200
                book.note(
                    message(.response, exchange, "HTTP/1.1 \(status) Any", start, end: start + Int64(time))
                )
                exchange += 1
            }
        }
        return book
    }

    static func message(_ kind: MessageKind, _ exchange: UInt64, _ line: String, _ start: Int64, end: Int64)
        -> RecordedMessage
    {
        let head = kind == .request ? "\(line) HTTP/1.1\r\nHost: a\r\n\r\n" : "\(line)\r\n\r\n"
        return RecordedMessage(
            head: HeadRecord(
                kind: kind,
                exchange: exchange,
                connection: 0,
                start: PacketTime(nanoseconds: start),
                encoding: .http1,
                bytes: Array(head.utf8),
                framing: .none
            ),
            body: [],
            end: EndRecord(
                kind: kind,
                exchange: exchange,
                connection: 0,
                time: PacketTime(nanoseconds: end),
                wireLength: 0,
                flags: []
            )
        )
    }

    /// e^x by its series, exact enough for times.
    static func exponential(_ x: Double) -> Double {
        var (sum, term) = (1.0, 1.0)
        for step in 1..<40 {
            term *= x / Double(step)
            sum += term
        }
        return sum
    }

    static let three = ["GET /a": 1.0, "POST /b": 1.0, "GET /c": 1.0]

    /// At the level of 5 %, one of twenty comparisons of equals may be wrong; three are the bound.
    @Test func equalsAreSeldomTakenForDifferent() {
        var alarms = 0
        for run in UInt64(0)..<20 {
            let left = Self.book(2_500, routes: Self.three, seed: 2 * run + 1)
            let right = Self.book(2_500, routes: Self.three, seed: 2 * run + 2)
            if TimingComparison(left, right).hasRegression { alarms += 1 }
        }
        #expect(alarms <= 3)
    }

    /// 5 % at the median of one route, of 10,000 answers on each side, is found on that route in at least 19 of 20 runs.
    @Test func aSmallChangeOfTheMedianIsFound() {
        var found = 0
        for run in UInt64(0)..<20 {
            let left = Self.book(10_000, routes: ["GET /a": 1, "POST /b": 1], seed: 2 * run + 1)
            let right = Self.book(10_000, routes: ["GET /a": 1.05, "POST /b": 1], seed: 2 * run + 2)
            let comparison = TimingComparison(left, right)
            let slower = comparison.routes.filter { $0.changes[0].verdict == .worse }.map(\.route)
            if slower == ["GET /a"] { found += 1 }
        }
        #expect(found >= 19)
    }

    @Test func aSlowerTailIsFoundAtItsQuantile() throws {
        let left = Self.book(10_000, routes: Self.three, seed: 1)
        let right = Self.book(10_000, routes: Self.three, seed: 2, slowTail: 1.3)
        let comparison = TimingComparison(left, right)
        #expect(comparison.hasRegression)
        for route in comparison.routes {
            #expect(route.changes.map(\.verdict) == [.same, .same, .worse])
        }
    }

    @Test func fewAnswersSayThatTheyAreFew() throws {
        let left = Self.book(300, routes: ["GET /a": 1], seed: 1)
        let right = Self.book(300, routes: ["GET /a": 1.05], seed: 2)
        let comparison = TimingComparison(left, right)
        #expect(!comparison.hasRegression)
        let changes = try #require(comparison.routes.first).changes
        #expect(changes.map(\.verdict) == [.notEnoughData, .notEnoughData, .notEnoughData])
        for change in changes { #expect((change.needed ?? 0) > 600) }
    }

    @Test func theSameSeedSaysTheSame() {
        let left = Self.book(2_000, routes: Self.three, seed: 1)
        let right = Self.book(2_000, routes: Self.three, seed: 2)
        #expect(TimingComparison(left, right) == TimingComparison(left, right))
    }

    @Test(arguments: [
        (failing: 0, verdict: TimingVerdict.same), (failing: 1, verdict: .same),
        (failing: 60, verdict: .worse),
    ])
    func moreErrorsAreARegression(_ row: (failing: Int, verdict: TimingVerdict)) throws {
        let left = Self.book(1_000, routes: ["GET /a": 1], seed: 1)
        let right = Self.book(1_000, routes: ["GET /a": 1], seed: 2, failing: row.failing)
        let errors = try #require(TimingComparison(left, right).routes.first).errors
        #expect(errors.verdict == row.verdict)
        #expect(errors.candidate.errors == UInt64(row.failing))
        #expect(errors.candidate.interval.contains(errors.candidate.value))
    }

    /// Wilson's interval at 95 % for 1 of 10 and 0 of 20, from his formula by hand.
    @Test(arguments: [(1, 10, 0.0179, 0.4042), (0, 20, 0.0, 0.1611), (20, 20, 0.8389, 1.0)])
    func wilsonIntervals(_ row: (count: Int, total: Int, low: Double, high: Double)) {
        let interval = WilsonInterval.of(row.count, in: row.total, z: 1.959964)
        #expect(abs(interval.lowerBound - row.low) < 1e-4)
        #expect(abs(interval.upperBound - row.high) < 1e-4)
    }

    static let budgets: [(text: String, isKept: Bool?)] = [
        ("p50 < 40ms", true), ("p50 < 10ms", false), ("max < 10s on GET /a", true),
        ("p99.9 < 1s on /a", true), ("errors < 1%", true), ("errors < 0.01% on POST /b", false),
        // Of a route without answers nothing is known, so it is not kept.
        ("p50 < 1s on GET /nothing", false),
        ("p50 > 1s", nil), ("p50 < 1", nil), ("p101 < 1s", nil), ("p50 < 1s at /a", nil), ("errors < x", nil),
        ("", nil),
    ]

    @Test(arguments: budgets)
    func budgetsAreKeptOrBroken(_ row: (text: String, isKept: Bool?)) throws {
        guard let isKept = row.isKept else {
            #expect(throws: CheckRuleError.self) { try Budget(row.text) }
            return
        }
        let book = Self.book(2_000, routes: ["GET /a": 1, "POST /b": 1], seed: 3, failing: 2)
        #expect(BudgetResult(try Budget(row.text), in: book).isKept == isKept)
    }

    @Test func answersThatNeverCameAreErrors() {
        var book = TimingBook()
        var request = Self.message(.request, 1, "GET /a", 5, end: 5)
        request.end.flags = [.noResponse]
        book.note(request)
        book.note(Self.message(.request, 2, "GET /a", 6, end: 6))
        var cut = Self.message(.response, 2, "HTTP/1.1 200 Any", 7, end: 9)
        cut.end.flags = [.incomplete]
        book.note(cut)
        #expect(book.routes["GET /a"]?.errors == 2)
        #expect(book.routes["GET /a"]?.samples == [])
    }
}

extension SeededGenerator {
    /// Rows with numbers next to each other begin far from each other.
    init(row: UInt64) { self.init(seed: row &* 0xD134_2543_DE82_EF95) }

    /// The sum of twelve uniform numbers less six is nearly normal, but for its far tails.
    mutating func normal() -> Double {
        var sum = -6.0
        for _ in 0..<12 { sum += Double.random(in: 0..<1, using: &self) }
        return sum
    }
}
