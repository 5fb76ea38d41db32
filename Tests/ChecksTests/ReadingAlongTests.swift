import Checks
import Messages
import Testing
import Traces

/// A recording that is read along with the answers, once for each loop.
@Suite struct ReadingAlongTests {
    private static let body = Array("{}".utf8)

    private static func expect(_ exchange: UInt64, in comparator: inout Comparator) {
        comparator.expect(TraceScript.request(exchange, "GET /a"))
        comparator.expect(TraceScript.response(exchange, body: body))
    }

    private static func answer(
        _ exchange: UInt64,
        loop: UInt32 = 0,
        status: Int = 200
    ) -> RecordedMessage {
        TraceScript.response(exchange, status, body: body, of: exchange, loop: loop)
    }

    @Test func asksForWhatHasNotCome() {
        var comparator = Comparator(trace: TraceScript.trace)
        comparator.beginLoop(0)
        #expect(comparator.awaits(Self.answer(0)))
        #expect(comparator.awaits(TraceScript.request(0, "GET /a", of: 0)))
        comparator.expect(TraceScript.request(0, "GET /a"))
        #expect(!comparator.awaits(TraceScript.request(0, "GET /a", of: 0)))
        #expect(comparator.awaits(Self.answer(0)), "the recorded response is still to come")
        comparator.expect(TraceScript.response(0, body: Self.body))
        #expect(!comparator.awaits(Self.answer(0)))
        #expect(comparator.awaits(Self.answer(0, loop: 1)), "another loop")
        // Nothing recorded can settle these.
        let foreign = TraceID(high: 9, low: 9)
        #expect(!comparator.awaits(TraceScript.response(5, body: [], of: 5, trace: foreign)))
        #expect(!comparator.awaits(TraceScript.response(6, 103, body: [], of: 6, flags: .interim)))
        comparator.expect(TraceScript.request(7, "GET /a", flags: .noResponse))
        #expect(!comparator.awaits(Self.answer(7)))
    }

    @Test func everyLoopIsComparedWithItsOwnPass() {
        var comparator = Comparator(trace: TraceScript.trace)
        for loop in UInt32(0)..<3 {
            comparator.beginLoop(loop)
            for exchange in UInt64(0)..<4 {
                Self.expect(exchange, in: &comparator)
                comparator.observe(TraceScript.request(exchange, "GET /a", of: exchange, loop: loop))
                let status = loop == 2 && exchange == 1 ? 500 : 200
                comparator.observe(Self.answer(exchange, loop: loop, status: status))
            }
        }
        let result = comparator.finish()
        #expect(result.counts.expected == 4 && result.counts.compared == 12)
        #expect(result.differences.map(\.loop) == [2] && result.differences.map(\.exchange) == [1])
        #expect(result.counts.notSent == 0)
    }

    /// A run that ends in the middle of a loop has not left anything out.
    @Test func onlyTheFirstLoopHasToBeWhole() {
        var comparator = Comparator(trace: TraceScript.trace)
        comparator.beginLoop(0)
        for exchange in UInt64(0)..<2 {
            Self.expect(exchange, in: &comparator)
            comparator.observe(TraceScript.request(exchange, "GET /a", of: exchange))
            comparator.observe(Self.answer(exchange))
        }
        comparator.beginLoop(1)
        for exchange in UInt64(0)..<2 { Self.expect(exchange, in: &comparator) }
        comparator.observe(TraceScript.request(0, "GET /a", of: 0, loop: 1))
        let result = comparator.finish()
        #expect(result.counts.notSent == 0)
        #expect(result.differences.map(\.loop) == [1], "sent, and not answered")
    }

    @Test func answeredExchangesAreLetGo() {
        var limits = CheckLimits()
        limits.answeredExchanges = 10
        var comparator = Comparator(limits: limits, trace: TraceScript.trace)
        comparator.beginLoop(0)
        for exchange in UInt64(0)..<10_000 {
            Self.expect(exchange, in: &comparator)
            comparator.observe(TraceScript.request(exchange, "GET /a", of: exchange))
            comparator.observe(Self.answer(exchange))
        }
        #expect(!comparator.awaits(Self.answer(5)), "it was there, and is not asked for again")
        comparator.observe(Self.answer(9_995, status: 500))
        comparator.observe(Self.answer(5, status: 500))
        let result = comparator.finish()
        #expect(
            result.counts.compared == 10_001,
            "a further answer is compared while there is something to compare"
        )
        #expect(result.counts.afterRelease == 1 && result.counts.unexpected == 0)
        #expect(result.reasons == ["1 answers came again after what they are compared with was given up"])
        #expect(result.counts.notSent == 0)
    }

    /// Numbers far apart, as another writer may give them.
    @Test func whatWasLetGoIsKnownByItsNumber() {
        var limits = CheckLimits()
        limits.answeredExchanges = 0
        var comparator = Comparator(limits: limits, trace: TraceScript.trace)
        comparator.beginLoop(0)
        let numbers: [UInt64] = [0, 63, 64, 4_095, 4_096, 1 << 40, 1 << 62]
        for exchange in numbers {
            Self.expect(exchange, in: &comparator)
            comparator.observe(Self.answer(exchange))
        }
        for exchange in numbers { #expect(!comparator.awaits(Self.answer(exchange))) }
        for exchange in [1, 62, 65, 4_097, 1 << 40 + 1, 1 << 62 + 1] as [UInt64] {
            #expect(comparator.awaits(Self.answer(exchange)), "\(exchange)")
        }
    }
}
