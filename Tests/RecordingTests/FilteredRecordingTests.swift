import Messages
import Packets
import Recording
import Streams
import Testing
import Traces

/// Exchanges that a filter does not select are left out whole, and counted.
@Suite struct FilteredRecordingTests {
    /// What each side says in turn, and the exchanges of it that are recorded.
    struct Case: Sendable, CustomTestStringConvertible {
        var filter: String
        /// Of the exchanges of ``dialogue``, numbered from 0.
        var taken: [UInt64]

        var testDescription: String { filter }
    }

    private static let requests = [
        "GET /a?x=/b HTTP/1.1\r\nHost: one.example\r\n\r\n",
        "POST /hooks/1 HTTP/1.1\r\nHost: one.example:8080\r\nX-Event: push\r\nContent-Length: 4\r\n\r\nabcd",
        "POST /hooks/2 HTTP/1.1\r\nHost: two.example\r\nX-Event: ping\r\nx-event: pull\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "DELETE /hooks/2 HTTP/1.1\r\nHost: two.example\r\n\r\n",
    ]
    private static let responses = [
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 Oh\r\nContent-Length: 3\r\n\r\nbad",
        "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
    ]

    private static let cases = [
        Case(filter: "method=POST", taken: [1, 2]),
        Case(filter: "method!=POST", taken: [0, 3]),
        Case(filter: "path=/hooks/*", taken: [1, 2, 3]),
        // The query is no part of the path.
        Case(filter: "path=/a", taken: [0]),
        // A port that the pattern does not name does not count.
        Case(filter: "host=ONE.example", taken: [0, 1]),
        Case(filter: "host=*:8080", taken: [1]),
        Case(filter: "header:X-EVENT=push", taken: [1]),
        // Any field of the name will do.
        Case(filter: "header:x-event=pull", taken: [2]),
        // What has no such field has no such value.
        Case(filter: "header:x-event!=*", taken: [0, 3]),
        Case(filter: "header:x-event!=pull", taken: [0, 1, 3]),
        // The final response decides, and its interim ones go with it.
        Case(filter: "status=500", taken: [2]),
        Case(filter: "status=1xx", taken: []),
        Case(filter: "status=4xx,5*", taken: [2, 3]),
        Case(filter: "status!=2xx", taken: [2, 3]),
        Case(filter: "status!=2xx method=POST", taken: [2]),
        Case(filter: "status=202 path=/hooks/1", taken: [1]),
        Case(filter: "status=202 path=/hooks/2", taken: []),
        Case(filter: "status=*", taken: [0, 1, 2, 3]),
    ]

    private func script(_ filter: String, undecidedBytes: Int? = nil) throws -> PacketScript {
        var options = RecordingOptions()
        options.filter = try RequestFilter(filter)
        if let undecidedBytes { options.limits.undecidedBytes = undecidedBytes }
        return PacketScript(options: options)
    }

    private func check(_ script: borrowing PacketScript, takes taken: [UInt64], requests: Int, responses: Int)
    {
        let trace = script.trace
        #expect(Set(trace.messages(.request).map(\.exchange)) == Set(taken))
        #expect(Set(trace.messages(.response).map(\.exchange)) == Set(taken))
        let ledger = script.ledger
        #expect(ledger.check() == [])
        #expect(script.pipeline.endpointLedgers.check(against: ledger) == [])
        #expect(ledger.requests.filtered == UInt64(requests - trace.messages(.request).count))
        #expect(ledger.responses.filtered == UInt64(responses - trace.messages(.response).count))
        #expect(ledger.requests.open == 0 && ledger.responses.open == 0)
        #expect(ledger.bytes.pending == 0)
    }

    @Test(arguments: cases) func oneAfterTheOther(_ row: Case) throws {
        var script = try script(row.filter)
        script.open(40_000)
        for (request, response) in zip(Self.requests, Self.responses) {
            script.client(request)
            script.server(response)
        }
        script.close()
        script.finish()
        check(script, takes: row.taken, requests: 4, responses: 5)
        let bodies = script.trace.messages(.request).map { String(decoding: $0.body, as: UTF8.self) }
        #expect(bodies == row.taken.map { ["", "abcd", "abc", ""][Int($0)] })
    }

    @Test(arguments: cases) func pipelined(_ row: Case) throws {
        var script = try script(row.filter)
        script.open(40_000)
        script.client(Self.requests.joined())
        script.server(Self.responses.joined())
        script.close()
        script.finish()
        check(script, takes: row.taken, requests: 4, responses: 5)
    }

    @Test(arguments: cases) func byteByByte(_ row: Case) throws {
        var script = try script(row.filter)
        script.open(40_000)
        for (request, response) in zip(Self.requests, Self.responses) {
            for byte in request.utf8 { script.packet(.client, 40_000, [byte]) }
            for byte in response.utf8 { script.packet(.server, 40_000, [byte]) }
        }
        script.finish()
        check(script, takes: row.taken, requests: 4, responses: 5)
    }

    /// The start and end of what waited are those of its own bytes.
    @Test func aRequestThatWaitedKeepsItsTimes() throws {
        var script = try script("status=204")
        script.open(40_000)
        script.client("GET /a HTTP/1.1\r\n\r\n")
        script.now += 500
        script.server("HTTP/1.1 204 No Content\r\n\r\n")
        #expect(
            script.trace.records.map(\.brief) == [
                "open 0 40000>80 syn", "request 0  1003-1003", "response 0  1504-1504",
            ]
        )
    }

    /// Without a response there is no status.
    @Test func whatIsNotAnsweredIsLeftOut() throws {
        var script = try script("status!=500")
        script.open(40_000)
        script.client("GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n")
        script.server("HTTP/1.1 204 No Content\r\n\r\n")
        #expect(script.ledger.requests.open == 1, "it may still be answered")
        #expect(script.ledger.check() == [])
        script.close()
        script.finish()
        check(script, takes: [0], requests: 2, responses: 1)
    }

    /// Nothing is known of a request that was not seen.
    @Test(arguments: [("method!=GET", 0), ("status=200", 1), ("status=404", 0)])
    func aResponseAlone(_ filter: String, _ stored: UInt64) throws {
        var script = try script(filter)
        script.open(40_000)
        script.client("GET\r\n\r\n")
        script.server("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")
        script.finish()
        #expect(script.ledger.responses.stored == stored)
        #expect(script.ledger.responses.filtered == 1 - stored)
        #expect(script.ledger.check() == [])
    }

    /// The status decides about a request whose body is still on its way, of which nothing may be written before.
    @Test(arguments: [("status=413", 1), ("status=200", 0)])
    func anAnswerBeforeTheEndOfTheRequest(_ filter: String, _ stored: UInt64) throws {
        var script = try script(filter)
        script.open(40_000)
        script.client("POST /a HTTP/1.1\r\nContent-Length: 210000\r\n\r\n")
        for _ in 0..<20 { script.client(String(repeating: "x", count: 10_000)) }
        #expect(script.trace.records.isEmpty)
        script.server("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
        script.client(String(repeating: "x", count: 10_000))
        script.finish()
        #expect(script.ledger.requests.stored == stored && script.ledger.responses.stored == stored)
        #expect(script.ledger.requests.filtered == 1 - stored)
        #expect(script.trace.messages(.request).map(\.body.count) == (stored == 1 ? [210_000] : []))
        #expect(script.ledger.check() == [])
    }

    /// Past the limit nothing is lost for want of a status.
    @Test func whatCannotWaitIsRecorded() throws {
        var script = try script("status=500", undecidedBytes: 60)
        script.open(40_000)
        let request = "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n123456789"
        script.client(request + request)
        script.server("HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n")
        script.finish()
        check(script, takes: [1], requests: 2, responses: 2)
    }

    /// What follows an upgrade goes with it.
    @Test(arguments: [("path=/chat", 1), ("path=/other", 0), ("status=101", 1), ("status=200", 0)])
    func anUpgrade(_ filter: String, _ stored: UInt64) throws {
        var script = try script(filter)
        script.open(40_000)
        script.client("GET /chat HTTP/1.1\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n")
        script.server("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n")
        script.packet(.server, 40_000, [0x81, 2, 0x68, 0x69])
        script.close()
        script.finish()
        #expect(script.ledger.events.stored == stored && script.ledger.events.filtered == 1 - stored)
        #expect(script.ledger.responses.stored == stored)
        #expect(script.ledger.check() == [])
    }

    /// Streams of HTTP/2 are exchanges like any others; what is selected is what is there without a filter.
    @Test(
        .enabled(if: CorpusCapture.folder != nil, "TAPEDECK_CORPUS names the folder of the corpus"),
        arguments: HTTP2CorpusTests.captures,
        [
            "method=GET", "method!=GET", "host=*:*", "path=*a*", "status=2xx", "status!=2xx",
            "method=POST status=*",
        ]
    )
    func ofHTTP2(_ name: String, _ text: String) throws {
        let capture = try CorpusCapture(name)
        let filter = try RequestFilter(text)
        let whole = try capture.record()
        var options = RecordingOptions()
        options.filter = filter
        let part = try capture.record(options)
        #expect(part.ledger.check() == [])
        var requests: Set<UInt64> = []
        var answers: Set<UInt64> = []
        for message in whole.trace.messages {
            guard let head = message.parsedHead else { continue }
            if message.kind == .request {
                if filter.matches(head) { requests.insert(message.exchange) }
            } else if !message.end.flags.contains(.interim), filter.matches(status: head.status ?? 0) {
                answers.insert(message.exchange)
            }
        }
        let known = Set(whole.trace.messages(.request).map(\.exchange))
        if filter.asksForStatus {
            requests = answers.filter {
                requests.contains($0) || !filter.asksForRequest && !known.contains($0)
            }
        }
        #expect(Set(part.trace.messages.map(\.exchange)) == requests)
        #expect(
            part.trace.messages.count == whole.trace.messages.count { requests.contains($0.exchange) }
        )
        #expect(part.ledger.requests.begun == whole.ledger.requests.begun)
    }
}
