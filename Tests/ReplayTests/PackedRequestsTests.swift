import Bytes
import Correlation
import Messages
import Replay
import Testing
import Traces

/// Requests that are handed over packed are those that went in, in the same order.
@Suite struct PackedRequestsTests {
    private func prepared(_ message: RecordedMessage, _ change: (inout ReplayPlan) -> Void = { _ in })
        throws -> ScheduledRequest
    {
        let plan = try ReplayPlan.test(change)
        var preparation = RequestPreparation(plan: plan)
        switch preparation.prepare(message, answeredWith: nil) {
        case .request(let request):
            return ScheduledRequest(
                request: request,
                intended: 7,
                loop: 2,
                copy: 3,
                session: SessionKey(value: 5)
            )
        case .skipped(let reason): throw Skipped(reason: reason)
        }
    }

    private struct Skipped: Error {
        var reason: SkipReason
    }

    private func isOver(_ packed: inout PackedRequests) -> Bool {
        var spares = SpareRequests()
        return packed.next(in: &spares) == nil
    }

    /// What a transport that sends by bytes alone asks of a request.
    private func expectSame(_ left: PreparedRequest, _ right: PreparedRequest) {
        #expect(left.bytes[..<left.wireHeadCount] == right.bytes[..<right.wireHeadCount])
        // A body may stand right behind its head that did not before.
        #expect(left.wireCount > 0 || right.wireCount == 0)
        if left.wireCount > 0 { #expect(left.bytes[left.wireHeadCount..<left.wireCount] == left.body[...]) }
        #expect(left.body == right.body && left.bodyCount == right.bodyCount)
        #expect(left.bytes[left.method] == right.bytes[right.method])
        #expect(left.bytes[left.target] == right.bytes[right.target])
        #expect(left.bodyMode == right.bodyMode && left.version == right.version)
        #expect(left.isHead == right.isHead && left.closesConnection == right.closesConnection)
        #expect(left.exchange == right.exchange && left.connection == right.connection)
        #expect(left.head(authority: "127.0.0.1:8080") == right.head(authority: "127.0.0.1:8080"))
    }

    /// Each with what is particular about it; one after the other goes through the same memory.
    private static let messages: [RecordedMessage] = [
        .recorded(.request, 1, on: 9, "POST /a?b=c HTTP/1.1|hOst: prod|Content-Length: 2", body: "{}"),
        // No body.
        .get(2),
        // A body that is not copied behind its head.
        .recorded(
            .request,
            3,
            "PUT /long HTTP/1.1|Content-Length: 5000",
            body: String(repeating: "x", count: 5_000)
        ),
        // Chunked: the body goes out in a chunk of its own.
        .recorded(.request, 4, "POST /c HTTP/1.1|Host: a|Transfer-Encoding: chunked", body: "abc"),
        .recorded(.request, 5, "POST /c HTTP/1.1|Host: a|Transfer-Encoding: chunked"),
        .recorded(.request, 6, "HEAD / HTTP/1.1|Host: a"),
        .recorded(.request, 7, "GET / HTTP/1.0|Connection: close"),
        .recorded(.request, 8, "GET / HTTP/1.1|Host: a|Connection: close"),
        // The longest that is packed.
        .recorded(.request, 9, "POST / HTTP/1.1|Host: a", body: String(repeating: "y", count: 16_384)),
    ]

    @Test func whatComesOutIsWhatWentIn() throws {
        var packed = PackedRequests()
        for message in Self.messages {
            let isPacked = packed.append(try prepared(message))
            #expect(isPacked)
        }
        #expect(packed.count == Self.messages.count)
        var spares = SpareRequests()
        for message in Self.messages {
            guard case .request(let scheduled)? = packed.next(in: &spares) else {
                Issue.record("request \(message.exchange) is missing")
                return
            }
            expectSame(scheduled.request, try prepared(message).request)
            #expect(scheduled.intended == 7 && scheduled.loop == 2 && scheduled.copy == 3)
            #expect(scheduled.session == SessionKey(value: 5))
            spares.give(scheduled.request)
        }
        #expect(isOver(&packed))
    }

    /// A request that somebody still has keeps what it holds when its memory is offered for the next one.
    @Test func aRequestInUseIsNotOverwritten() throws {
        var packed = PackedRequests()
        for message in Self.messages[..<2] {
            let isPacked = packed.append(try prepared(message))
            #expect(isPacked)
        }
        var spares = SpareRequests()
        guard case .request(let first)? = packed.next(in: &spares) else {
            Issue.record("nothing was packed")
            return
        }
        spares.give(first.request)
        guard case .request(let second)? = packed.next(in: &spares) else {
            Issue.record("one was packed")
            return
        }
        #expect(first.request.exchange == 1 && second.request.exchange == 2)
        expectSame(first.request, try prepared(Self.messages[0]).request)
    }

    /// What is more than bytes, or more bytes than a copy is worth, is left to be handed over as it is.
    @Test func whatIsMoreThanBytesIsRefused() throws {
        var packed = PackedRequests()
        let trailers = RecordedMessage.recorded(
            .request,
            1,
            "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked|Trailer: X",
            body: "a",
            trailers: "X: 1\r\n"
        )
        let ofTrailers = packed.append(try prepared(trailers))
        let long = RecordedMessage.recorded(
            .request,
            2,
            "POST / HTTP/1.1|Host: a",
            body: String(repeating: "y", count: 16_385)
        )
        let ofLength = packed.append(try prepared(long))
        var tied = try prepared(.get(3))
        tied.ties.isAwaited = true
        let ofTies = packed.append(tied)
        #expect(!ofTrailers && !ofLength && !ofTies)
        #expect(packed.count == 0)
    }

    /// Where the next one stands elsewhere is told in its place; emptied, everything begins anew.
    @Test func theOrderIsKept() throws {
        var packed = PackedRequests()
        var spares = SpareRequests()
        for _ in 0..<2 {
            packed.appendElsewhere()
            let isPacked = packed.append(try prepared(.get(1)))
            #expect(isPacked)
            packed.appendElsewhere()
            #expect(packed.count == 3)
            guard case .elsewhere? = packed.next(in: &spares), case .request? = packed.next(in: &spares),
                case .elsewhere? = packed.next(in: &spares)
            else {
                Issue.record("not in the order in which they went in")
                return
            }
            #expect(isOver(&packed))
            packed.removeAll()
            #expect(packed.count == 0 && packed.cost == 0)
        }
    }
}

/// How much is prepared before a run as fast as possible begins.
@Suite struct PreparedAheadTests {
    /// Requests and bytes of a trace, what the plan says of them, and how many bytes may be ready.
    @Test(
        arguments: [
            // All of it fits.
            (SourceSize(requests: 100_000, bytes: 80 << 20), nil, 1, 1, 256 << 20),
            // It does not, by what its requests take besides their bytes.
            (SourceSize(requests: 1_000_000, bytes: 80 << 20), nil, 1, 1, nil),
            (SourceSize(requests: 10, bytes: 1 << 30), nil, 1, 1, nil),
            // Each pass and each copy counts.
            (SourceSize(requests: 100_000, bytes: 80 << 20), nil, 3, 1, nil),
            (SourceSize(requests: 100_000, bytes: 80 << 20), nil, 1, 3, nil),
            (SourceSize(requests: 1_000, bytes: 1 << 20), nil, 3, 3, 256 << 20),
            // Numbers that no trace has.
            (SourceSize(requests: .max, bytes: 1), nil, 1, 1, nil),
            (SourceSize(requests: 1, bytes: .max), nil, 1, 1, nil),
            // Nothing is known of it.
            (nil, nil, 1, 1, nil),
            // It was said how much.
            (nil, 5_000, 1, 1, 5_000),
            (SourceSize(requests: 1_000_000, bytes: 1 << 40), 5_000, 9, 1, 5_000),
        ] as [(SourceSize?, Int?, UInt32, Int, Int?)]
    )
    func whatFitsIsPrepared(size: SourceSize?, said: Int?, loops: UInt32, copies: Int, expected: Int?) throws
    {
        let plan = try ReplayPlan.test {
            $0.pacing = .maximum
            $0.readAhead = said
            $0.loops = loops
            $0.copies.count = UInt32(copies)
        }
        #expect(plan.preparedBytes(of: size) == expected)
    }

    /// A run without an end would never begin.
    @Test func aRunWithoutAnEndIsReadAsItGoes() throws {
        let plan = try ReplayPlan.test { $0.loops = nil }
        #expect(plan.preparedBytes(of: SourceSize(requests: 1, bytes: 1)) == nil)
    }
}
