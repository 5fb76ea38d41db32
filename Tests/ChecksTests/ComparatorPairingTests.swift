import Checks
import Messages
import Testing
import Traces

@Suite struct ComparatorPairingTests {
    private static let body = Array("{}".utf8)

    private static func recording(_ count: UInt64, limits: CheckLimits = CheckLimits()) -> Comparator {
        var comparator = Comparator(limits: limits, trace: TraceScript.trace)
        for exchange in 0..<count {
            comparator.expect(TraceScript.request(exchange, "GET /a"))
            comparator.expect(TraceScript.response(exchange, body: body))
        }
        return comparator
    }

    @Test func aTraceIsEqualToItself() {
        var comparator = Self.recording(3)
        for exchange in UInt64(0)..<3 {
            comparator.observe(TraceScript.request(exchange, "GET /a"))
            comparator.observe(TraceScript.response(exchange, body: Self.body))
        }
        let result = comparator.finish()
        #expect(result.verdict == .pass)
        #expect(result.counts.expected == 3)
        #expect(result.counts.compared == 3)
        #expect(result.reasons.isEmpty)
    }

    @Test func theReferenceCountsAndNotTheNumber() {
        var comparator = Self.recording(2)
        comparator.observe(TraceScript.response(0, 200, body: Self.body, of: 1))
        comparator.observe(TraceScript.response(1, 404, body: Self.body, of: 0))
        #expect(comparator.finish().differences.map(\.exchange) == [0])
    }

    @Test func loopsAreComparedWithTheSameRecording() {
        var comparator = Self.recording(1)
        comparator.observe(TraceScript.response(0, 200, body: Self.body, of: 0, loop: 0))
        comparator.observe(TraceScript.response(1, 500, body: Self.body, of: 0, loop: 1))
        let result = comparator.finish()
        #expect(result.counts.expected == 1)
        #expect(result.counts.compared == 2)
        #expect(result.differences.map(\.loop) == [1])
    }

    @Test func twoReplaysAreJoinedByLoop() {
        // The id of the first replay's own trace; both name the recording.
        var comparator = Comparator(trace: TraceID(high: 7, low: 7))
        for loop in UInt32(0)..<2 {
            comparator.expect(
                TraceScript.response(UInt64(loop), 200 + Int(loop), body: Self.body, of: 5, loop: loop)
            )
        }
        for loop in UInt32(0)..<2 {
            comparator.observe(
                TraceScript.response(UInt64(loop), 200 + Int(loop), body: Self.body, of: 5, loop: loop)
            )
        }
        let result = comparator.finish()
        #expect(result.counts.compared == 2)
        #expect(result.verdict == .pass)
    }

    @Test func anUnansweredRequestFails() {
        var comparator = Self.recording(2)
        comparator.observe(TraceScript.request(0, "GET /a", of: 0))
        comparator.observe(TraceScript.response(0, body: Self.body, of: 0))
        comparator.observe(TraceScript.request(1, "GET /a", of: 1))
        let result = comparator.finish()
        #expect(result.lines == ["response no-response: 200 → none"])
        #expect(result.verdict == .fail)
        #expect(result.counts.noResponse == 1)
    }

    @Test func aFlaggedRequestFailsOnce() {
        var comparator = Self.recording(1)
        comparator.observe(TraceScript.request(0, "GET /a", of: 0, flags: .noResponse))
        #expect(comparator.finish().counts.noResponse == 1)
    }

    @Test func aFailureSaysWhy() {
        var comparator = Self.recording(1)
        comparator.observeFailure(of: 0, reason: "connect refused")
        let result = comparator.finish()
        #expect(result.lines == ["response no-response: 200 → connect refused"])
        #expect(result.verdict == .fail)
    }

    @Test func aRequestThatWasNotSentLeavesItOpen() {
        var comparator = Self.recording(3)
        comparator.observe(TraceScript.request(0, "GET /a", of: 0))
        comparator.observe(TraceScript.response(0, body: Self.body, of: 0))
        let result = comparator.finish()
        #expect(result.verdict == .inconclusive)
        #expect(result.counts.notSent == 2)
        #expect(result.reasons == ["2 recorded requests were not sent"])
    }

    @Test func withoutObservedRequestsSilenceIsFailure() {
        var comparator = Self.recording(2)
        comparator.observe(TraceScript.response(0, body: Self.body, of: 0))
        #expect(comparator.finish().verdict == .fail)
    }

    @Test func damageLeavesSilenceOpen() {
        var comparator = Self.recording(2)
        comparator.observe(TraceScript.response(0, body: Self.body, of: 0))
        comparator.note(damage: "the observed trace is cut")
        let result = comparator.finish()
        #expect(result.verdict == .inconclusive)
        #expect(result.reasons == ["the observed trace is cut", "1 recorded requests were not sent"])
    }

    @Test func nothingComparedIsNoPass() {
        #expect(Comparator().finish().verdict == .inconclusive)
        let result = Self.recording(1).finish()
        #expect(result.verdict == .inconclusive)
        #expect(result.reasons.first == "no answer could be held against a recorded one")
    }

    @Test func answersToAnotherTraceAreNotCompared() {
        var comparator = Self.recording(1)
        comparator.observe(
            TraceScript.response(0, 500, body: Self.body, of: 0, trace: TraceID(high: 9, low: 9))
        )
        let result = comparator.finish()
        #expect(result.counts.foreign == 1)
        #expect(result.verdict == .inconclusive)
    }

    @Test func interimResponsesDoNotCount() {
        var comparator = Comparator()
        comparator.expect(TraceScript.response(0, 103, body: [], flags: .interim))
        comparator.expect(TraceScript.response(0, 200, body: Self.body))
        comparator.observe(TraceScript.response(0, 103, body: [], flags: .interim))
        comparator.observe(TraceScript.response(0, 200, body: Self.body))
        #expect(comparator.finish().verdict == .pass)
    }

    @Test func anAnswerThatWasNotRecordedIsCounted() {
        var comparator = Self.recording(1)
        comparator.observe(TraceScript.response(0, body: Self.body, of: 0))
        comparator.observe(TraceScript.response(1, body: Self.body, of: 77))
        let result = comparator.finish()
        #expect(result.counts.unexpected == 1)
        #expect(result.verdict == .pass)
    }

    @Test func theRouteIsThatOfARequestThatComesLater() {
        var comparator = Comparator()
        comparator.expect(TraceScript.response(0, 200, body: Self.body))
        comparator.expect(TraceScript.request(0, "GET /late"))
        comparator.observe(TraceScript.response(0, 201, body: Self.body))
        let result = comparator.finish()
        #expect(result.differences.map(\.route) == ["GET /late"])
        #expect(result.routes.map(\.name) == ["GET /late"])
        #expect(result.routes.map(\.expected) == [1])
    }

    @Test func aBodyThatWasRecordedInPartIsNotHeldAgainstTheAnswer() {
        var comparator = Comparator()
        comparator.expect(TraceScript.response(0, body: Array("{\"a\":".utf8), flags: .incomplete))
        comparator.observe(TraceScript.response(0, body: Array("{\"a\":1}".utf8)))
        let result = comparator.finish()
        #expect(result.verdict == .pass)
        #expect(result.counts.bodiesCut == 1)
    }

    @Test func anAnswerThatIsCutIsADifference() {
        var comparator = Comparator()
        comparator.expect(TraceScript.response(0, body: Array("{\"a\":1}".utf8)))
        comparator.observe(TraceScript.response(0, body: Array("{\"a\":".utf8), flags: .incomplete))
        #expect(comparator.finish().lines == ["body incomplete: 7 bytes → cut after 5 bytes on the wire"])
    }
}
