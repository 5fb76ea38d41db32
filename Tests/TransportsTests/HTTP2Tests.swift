import Messages
import Packets
import Replay
import Testing
import Traces

/// HTTP/2 over libcurl: when it is offered, and that everything goes over it as over HTTP/1.1.
@Suite struct HTTP2Tests {
    struct Version: Sendable, CustomStringConvertible {
        var reason: String
        var choice: HTTPVersionChoice
        var message: RecordedMessage
        var entrance: TLSProxy.Entrance
        /// As the target names it.
        var protocolName: String
        var description: String { reason }
    }

    private static let get = RecordedMessage.request(1, "GET /a HTTP/1.1|Host: a")
    private static let get2 = http2(1, ":method: GET|:scheme: https|:authority: a|:path: /a")

    static let versions = [
        Version(
            reason: "what was recorded in HTTP/2 goes out in it",
            choice: .recorded,
            message: get2,
            entrance: .http2,
            protocolName: "HTTP/2.0"
        ),
        Version(
            reason: "a target may not have it",
            choice: .recorded,
            message: get2,
            entrance: .http1,
            protocolName: "HTTP/1.1"
        ),
        Version(
            reason: "in clear text nothing is negotiated",
            choice: .recorded,
            message: get2,
            entrance: .clearHTTP1,
            protocolName: "HTTP/1.1"
        ),
        Version(
            reason: "what was recorded in HTTP/1.1 stays",
            choice: .recorded,
            message: get,
            entrance: .http2,
            protocolName: "HTTP/1.1"
        ),
        Version(
            reason: "it may be switched off",
            choice: .http1,
            message: get2,
            entrance: .http2,
            protocolName: "HTTP/1.1"
        ),
        Version(
            reason: "it may be offered for all",
            choice: .http2,
            message: get,
            entrance: .http2,
            protocolName: "HTTP/2.0"
        ),
        Version(
            reason: "also in clear text, where it is asked for",
            choice: .http2,
            message: get,
            entrance: .clearHTTP2,
            protocolName: "HTTP/2.0"
        ),
        Version(
            reason: "a client of HTTP/1.0 stays one",
            choice: .http2,
            message: .request(1, "GET /a HTTP/1.0|Host: a"),
            entrance: .http2,
            protocolName: "HTTP/1.0"
        ),
        Version(
            reason: "trailers of a request go out in HTTP/1.1",
            choice: .http2,
            message: .request(
                1,
                "POST /a HTTP/1.1|Host: a|Transfer-Encoding: chunked",
                body: "x",
                trailers: "X-T: 1\r\n"
            ),
            entrance: .http2,
            protocolName: "HTTP/1.1"
        ),
    ]

    @Test(arguments: versions) func isOfferedWhereItIsWanted(_ row: Version) throws {
        let (summary, observed, seen) = try run([row.message], to: row.entrance) {
            $0.httpVersion = row.choice
        }
        #expect(seen.map { Self.field("X-Protocol", of: $0) } == [row.protocolName])
        #expect(summary.statuses == [200: 1])
        let isHTTP2 = row.protocolName == "HTTP/2.0"
        #expect(summary.answersInHTTP2 == (isHTTP2 ? 1 : 0))
        let exchange = try #require(observed.first)
        #expect(exchange.isHTTP2 == isHTTP2)
        let response = try #require(exchange.response)
        #expect(exchange.requestRecord(to: .https).encoding == (isHTTP2 ? .fieldList : .http1))
        #expect(response.record.encoding == (isHTTP2 ? .fieldList : .http1))
    }

    struct Message: Sendable, CustomStringConvertible {
        var reason: String
        var head: String
        var body = ""
        var description: String { reason }
    }

    static let messages = [
        Message(reason: "a body of one byte", head: "POST /b HTTP/1.1|Host: a|Content-Length: 1", body: "x"),
        Message(reason: "an empty body", head: "POST /b HTTP/1.1|Host: a|Content-Length: 0"),
        Message(reason: "no body and no length", head: "DELETE /b HTTP/1.1|Host: a"),
        Message(
            reason: "more than any window or frame",
            head: "PUT /b HTTP/1.1|Host: a|Content-Length: 300000",
            body: String(repeating: "0123456789", count: 30_000)
        ),
        Message(
            reason: "a body whose length is not told beforehand",
            head: "POST /b HTTP/1.1|Host: a|Transfer-Encoding: chunked",
            body: String(repeating: "abc", count: 30_000)
        ),
        Message(
            reason: "a client that asks before it sends",
            head: "POST /b HTTP/1.1|Host: a|Expect: 100-continue|Content-Length: 4",
            body: "body"
        ),
    ]

    @Test(arguments: messages, [HTTPVersionChoice.http1, .http2])
    func bodiesArrive(_ row: Message, in version: HTTPVersionChoice) throws {
        let (summary, _, seen) = try run([.request(1, row.head, body: row.body)], to: .http2) {
            $0.httpVersion = version
        }
        #expect(summary.statuses == [200: 1])
        #expect(summary.answersInHTTP2 == (version == .http2 ? 1 : 0))
        let request = try #require(seen.first)
        #expect(request.prefix { $0 != " " } == row.head.prefix { $0 != " " })
        #expect(request.hasSuffix("\r\n\r\n" + row.body))
    }

    /// RFC 9113, section 8.2.2.
    @Test func fieldsOfTheConnectionStayBehind() throws {
        let head =
            "GET /f HTTP/1.1|Host: a|X-One: 1|Connection: Upgrade, HTTP2-Settings|Upgrade: h2c|HTTP2-Settings: AAM"
            + "|Keep-Alive: timeout=5|TE: gzip|X-Two: 2"
        let (_, observed, seen) = try run([.request(1, head)], to: .http2) { $0.httpVersion = .http2 }
        #expect(seen.map { Self.field("X-Fields", of: $0) } == ["||||"])
        let record = try #require(observed.first?.requestRecord(to: .https))
        let text = String(decoding: record.bytes, as: UTF8.self)
        #expect(text.hasPrefix(":method: GET\r\n:path: /f\r\n:scheme: https\r\n:authority: 127.0.0.1:"))
        #expect(text.hasSuffix("\r\nx-one: 1\r\nx-two: 2\r\nx-tapedeck-replay: run/1\r\n\r\n"))
    }

    /// gRPC asks for trailers, without which its answers have no status.
    @Test func trailersAreAskedForAndKept() throws {
        let message = Self.http2(
            1,
            ":method: POST|:scheme: https|:authority: a|:path: /g|te: trailers|cookie: a=1|cookie: b=2",
            body: "x"
        )
        let (_, observed, seen) = try run(
            [message],
            to: .http2,
            answer: "HTTP/1.1 200 Fine\r\nX-One: 1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
        )
        #expect(seen.map { Self.field("X-Fields", of: $0) } == ["||trailers||"])
        #expect(seen.map { Self.field("cookie", of: $0) } == ["a=1; b=2"])
        let response = try #require(observed.first?.response)
        #expect(response.trailers == Array("x-end: done\r\n".utf8))
        #expect(response.body == Array("ok".utf8))
        #expect(response.flags == [])
        let head = String(decoding: response.record.bytes, as: UTF8.self)
        #expect(head.hasPrefix(":status: 200\r\nserver: nginx"))
        #expect(head.hasSuffix("\r\nx-one: 1\r\n\r\n"))
    }

    @Test(
        arguments: [
            ("HEAD /h", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 200),
            ("GET /n", "HTTP/1.1 304 Not Modified\r\nETag: \"e\"\r\n\r\n", 304),
            ("GET /e", "HTTP/1.1 204 No Content\r\n\r\n", 204),
        ] as [(String, String, UInt16)]
    ) func answersWithoutBodies(_ line: String, _ answer: String, _ status: UInt16) throws {
        // The second shows that the lane goes on.
        let messages: [RecordedMessage] = (1...2).map { .request($0, "\(line) HTTP/1.1|Host: a") }
        let (summary, observed, _) = try run(messages, to: .http2, answer: answer) {
            $0.httpVersion = .http2
            $0.lanes = .strict
        }
        #expect(summary.statuses == [status: 2])
        #expect(summary.connections.opened == 1)
        #expect(observed.allSatisfy { $0.response?.body == [] && $0.response?.framing == BodyFraming.none })
    }

    @Test func aLargeAnswerIsWhole() throws {
        let size = 5 << 20
        let answer =
            "HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n" + String(repeating: "x", count: size)
        let (summary, observed, _) = try run([Self.get2], to: .http2, answer: answer)
        #expect(summary.answersInHTTP2 == 1)
        #expect(observed.first?.response?.bodyLength == UInt64(size))
    }

    /// One connection for each lane, one request at a time on it.
    @Test func lanesKeepTheirConnectionsAndTheirOrder() throws {
        let messages = (0..<300).map { number in
            Self.http2(
                UInt64(number),
                on: UInt64(number % 20),
                ":method: POST|:scheme: https|:authority: a|:path: /\(number)",
                body: "x"
            )
        }
        let (summary, _, seen) = try run(messages, to: .http2) {
            $0.lanes = .strict
            $0.pacing = .maximum
        }
        #expect(summary.answersInHTTP2 == 300)
        #expect(summary.connections.opened == 20)
        var lanes: [String: [Int]] = [:]
        for request in seen {
            let number = Int(request.dropFirst(6).prefix { $0.isNumber }) ?? -1
            lanes[Self.field("X-Connection", of: request), default: []].append(number)
        }
        #expect(lanes.count == 20)
        for numbers in lanes.values {
            #expect(numbers.count == 15)
            #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $1 == $0 + 20 }, "\(numbers)")
        }
    }

    /// A connection that the target announces to close is not used again, and nothing is lost or sent twice.
    @Test func aTargetMayGoAway() throws {
        let messages = (0..<10).map { number in
            Self.http2(
                UInt64(number),
                at: Int64(number) * 20,
                ":method: POST|:scheme: https|:authority: a|:path: /\(number)",
                body: "x"
            )
        }
        let (summary, _, seen) = try run(messages, to: .threeRequests) { $0.lanes = .strict }
        #expect(summary.statuses == [200: 10])
        #expect(seen.count == 10)
        #expect(summary.connections.opened == 4)
    }

    /// An answer that the target breaks off is none, whether it said how long it would be or not.
    @Test(
        arguments: [
            "Content-Length: 100\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        ]
    ) func aStreamThatIsResetFails(_ rest: String) throws {
        let (summary, _, seen) = try run(
            [Self.get2],
            to: .http2,
            script: { _, _ in .last("HTTP/1.1 200 OK\r\n" + rest) }
        )
        #expect(summary.failures == [.reset: 1])
        #expect(seen.count == 1)
    }

    @Test func aTimeoutEndsOneRequestOnly() throws {
        let messages = [
            Self.http2(1, ":method: GET|:scheme: https|:authority: a|:path: /silent"),
            Self.http2(2, at: 10, ":method: GET|:scheme: https|:authority: a|:path: /after"),
        ]
        let (summary, _, _) = try run(messages, to: .http2) {
            $0.lanes = .strict
            $0.timeout = 500_000_000
        } script: { seen, _ in
            seen.bytes.hasPrefix("GET /silent") ? .silence : ScriptedServer.ok
        }
        #expect(summary.failures == [.timeout: 1])
        #expect(summary.statuses == [200: 1])
    }

    @Test func eventsArriveLive() throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        // It stays open, so the event is told before the end of the answer or not at all.
        let (summary, observed, _) = try run(
            [Self.get2],
            to: .http2,
            answer: head + "f\r\nid: 1\ndata: a\n\n\r\n"
        ) {
            $0.streams = RecordedStreams([
                1: RecordedStream(kind: .serverSentEvents, events: [], end: 200_000_000, endsAtServer: false)
            ])
            $0.timeout = 5_000_000_000
        }
        #expect(summary.requests.responded == 1)
        #expect(summary.streams.serverSent == 1)
        #expect(summary.streams.ends == [.client: 1])
        #expect(observed.first?.response?.parts.count == 1)
        #expect(summary.answersInHTTP2 == 1)
    }

    // MARK: -

    private func run(
        _ messages: [RecordedMessage],
        to entrance: TLSProxy.Entrance,
        answer: String,
        _ change: (inout ReplayPlan) -> Void = { _ in }
    ) throws -> (summary: ReplaySummary, observed: [ObservedExchange], seen: [String]) {
        try run(messages, to: entrance, change) { _, _ in .bytes(answer) }
    }

    private func run(
        _ messages: [RecordedMessage],
        to entrance: TLSProxy.Entrance,
        _ change: (inout ReplayPlan) -> Void = { _ in },
        script: @escaping ScriptedServer.Script = { _, _ in ScriptedServer.ok }
    ) throws -> (summary: ReplaySummary, observed: [ObservedExchange], seen: [String]) {
        let server = try ScriptedServer(script)
        defer { server.stop() }
        let proxy = try TLSProxy(to: server.port)
        defer { proxy.stop() }
        let (summary, observed) = try replay(
            messages,
            over: .curl,
            to: proxy[entrance],
            scheme: entrance.scheme
        ) {
            $0.isInsecure = true
            change(&$0)
        }
        return (summary, observed, server.seen.map(\.bytes))
    }

    /// A request that was recorded in HTTP/2; the lines of its head, `|` for line ends.
    private static func http2(
        _ exchange: UInt64,
        on connection: UInt64 = 0,
        at milliseconds: Int64 = 0,
        _ head: String,
        body: String = ""
    ) -> RecordedMessage {
        var message = RecordedMessage.request(
            exchange,
            on: connection,
            at: milliseconds,
            head,
            body: body
        )
        message.head.encoding = .fieldList
        message.head.framing = body.isEmpty ? .none : .untilClose
        return message
    }

    /// The value of a field of a request as the server behind the proxy has it.
    private static func field(_ name: String, of request: String) -> String {
        for line in request.split(separator: "\r\n")
        where line.lowercased().hasPrefix(name.lowercased() + ":") {
            return String(line.dropFirst(name.count + 2))
        }
        return ""
    }
}
