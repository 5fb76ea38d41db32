import Messages
import Replay
import Testing
import Traces

/// What requests are made of serves again, and nobody who still has one sees it change.
@Suite struct SpareRequestTests {
    private static func message(_ number: UInt64) -> RecordedMessage {
        // Heads and bodies of many lengths, some with a line that is written oddly.
        let field = String(repeating: "v", count: Int(number * 7 % 90))
        let odd = number % 5 == 0 ? "|X-Odd: 1  |Empty:  " : ""
        let body = String(repeating: "b", count: Int(number * 37 % 5_000))
        let head = "POST /\(number) HTTP/1.1|Host: a|X-A: \(field)\(odd)|Content-Length: \(body.utf8.count)"
        return .recorded(.request, number, head, body: body)
    }

    private func prepare(_ number: UInt64, with preparation: inout RequestPreparation) throws
        -> PreparedRequest
    {
        switch preparation.prepare(Self.message(number), answeredWith: nil) {
        case .request(let request): return request
        case .skipped(let reason): throw Skipped(reason: reason)
        }
    }

    private struct Skipped: Error {
        var reason: SkipReason
    }

    @Test func aRequestMadeOfAnotherIsTheSame() throws {
        let plan = try ReplayPlan.test { _ in }
        var preparation = RequestPreparation(plan: plan)
        var kept: [(number: UInt64, request: PreparedRequest)] = []
        for number in 0..<500 as Range<UInt64> {
            let request = try prepare(number, with: &preparation)
            if number % 3 == 0 { kept.append((number, request)) }
            preparation.recycle(request)
        }
        for (number, request) in kept {
            var first = RequestPreparation(plan: plan)
            #expect(request == (try prepare(number, with: &first)), "request \(number)")
        }
    }

    /// All of a request stands in one run of bytes where its body is short, and only as long as nothing is changed.
    @Test(arguments: [(0, true), (1, true), (2_048, true), (2_049, false)])
    func aShortBodyFollowsItsHead(count: Int, isJoined: Bool) throws {
        var preparation = RequestPreparation(plan: try ReplayPlan.test { _ in })
        let body = String(repeating: "b", count: count)
        let head = "POST / HTTP/1.1|Host: a|Content-Length: \(count)"
        guard
            case .request(var request) = preparation.prepare(
                .recorded(.request, 1, head, body: body),
                answeredWith: nil
            )
        else {
            Issue.record("a plain request is sent")
            return
        }
        #expect((request.wireCount > 0) == isJoined)
        if isJoined {
            let wire = String(decoding: request.bytes[..<request.wireCount], as: UTF8.self)
            #expect(wire == String(decoding: request.head(authority: "127.0.0.1:8080"), as: UTF8.self) + body)
        }
        request.body = Array("other".utf8)
        #expect(request.wireCount == 0)
    }

    /// Few long bodies are kept, many short ones, and none that is longer than a request should be.
    @Test(arguments: [
        // All of them: neither their number nor their bytes are too many.
        (body: 400, given: 1_000, kept: 900...1_000),
        // Bounded by their number.
        (body: 100, given: 2_000, kept: SpareRequests.limit...SpareRequests.limit),
        // Bounded by their bytes: a body of 12,000 takes up to twice as much.
        (body: 12_000, given: 2_000, kept: 80...174),
        // Longer than what is kept of one.
        (body: 40_000, given: 10, kept: 0...0),
    ])
    func whatIsKeptIsBounded(body: Int, given: Int, kept: ClosedRange<Int>) throws {
        let plan = try ReplayPlan.test { _ in }
        let text = String(repeating: "b", count: body)
        var spares = SpareRequests()
        for round in 1...2 {
            var preparation = RequestPreparation(plan: plan)
            for number in 0..<UInt64(given) {
                let head = "POST / HTTP/1.1|Host: a|Content-Length: \(body)"
                let message = RecordedMessage.recorded(.request, number, head, body: text)
                guard case .request(let request) = preparation.prepare(message, answeredWith: nil) else {
                    Issue.record("a plain request is sent")
                    return
                }
                spares.give(request)
            }
            var count = 0
            while spares.take() != nil { count += 1 }
            // What was taken makes room again.
            #expect(kept.contains(count), "round \(round): \(count)")
        }
    }
}
