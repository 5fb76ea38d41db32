import Replay
import Testing
import Traces

@Suite struct RequestBytesTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var reason: String
        var request: RecordedMessage
        /// `H` stands for the target's host and port.
        var wire: String
        var testDescription: String { reason }

        /// What is sent to a target: libcurl puts Host first, wherever it was recorded.
        func sent(to host: String, over transport: TransportChoice) -> String {
            var lines = wire.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
            let place = lines.firstIndex(of: "Host: H") ?? 1
            lines.remove(at: place)
            lines.insert("Host: \(host)", at: transport == .curl ? 1 : place)
            return lines.joined(separator: "\r\n")
        }
    }

    static let mark = "X-Tapedeck-Replay: run/7\r\n"

    static let cases = [
        Case(
            reason: "order and case stay, and nothing of a library's own is added",
            request: .request(7, "GET /a HTTP/1.1|x-B: 1|Host: prod.example|X-a: 2|x-b: 3"),
            wire: "GET /a HTTP/1.1\r\nx-B: 1\r\nHost: H\r\nX-a: 2\r\nx-b: 3\r\n\(mark)\r\n"
        ),
        Case(
            reason: "the client's own Accept and User-Agent go out where they stood",
            request: .request(7, "GET / HTTP/1.1|User-Agent: u|Host: a|ACCEPT: */*|Accept-Encoding: gzip"),
            wire:
                "GET / HTTP/1.1\r\nUser-Agent: u\r\nHost: H\r\nACCEPT: */*\r\nAccept-Encoding: gzip\r\n\(mark)\r\n"
        ),
        Case(
            reason: "a value may be empty",
            request: .request(7, "GET / HTTP/1.1|X-Empty:|Host: a|Accept:"),
            wire: "GET / HTTP/1.1\r\nX-Empty:\r\nHost: H\r\nAccept:\r\n\(mark)\r\n"
        ),
        Case(
            reason: "the space after the colon stays as it was",
            request: .request(7, "GET / HTTP/1.1|X-Tight:1|Host: a|X-Wide:   2"),
            wire: "GET / HTTP/1.1\r\nX-Tight:1\r\nHost: H\r\nX-Wide:   2\r\n\(mark)\r\n"
        ),
        Case(
            reason: "the target is not mended",
            request: .request(7, "GET /a//../b?%zz<>#f HTTP/1.1|Host: a"),
            wire: "GET /a//../b?%zz<>#f HTTP/1.1\r\nHost: H\r\n\(mark)\r\n"
        ),
        Case(
            reason: "a body gets neither Content-Type nor Expect",
            request: .request(7, "POST /h HTTP/1.1|Host: a|Content-Length: 2", body: "{}"),
            wire: "POST /h HTTP/1.1\r\nHost: H\r\nContent-Length: 2\r\n\(mark)\r\n{}"
        ),
        Case(
            reason: "Content-Length becomes that of the stored body, in its place and case",
            request: .request(7, "PUT /h HTTP/1.1|content-length: 99|Host: a|X: y", body: "abc"),
            wire: "PUT /h HTTP/1.1\r\ncontent-length: 3\r\nHost: H\r\nX: y\r\n\(mark)\r\nabc"
        ),
        Case(
            reason: "an empty body keeps its Content-Length: 0",
            request: .request(7, "POST /h HTTP/1.1|Host: a|Content-Length: 0"),
            wire: "POST /h HTTP/1.1\r\nHost: H\r\nContent-Length: 0\r\n\(mark)\r\n"
        ),
        Case(
            reason: "methods of any name, with a body under GET too",
            request: .request(7, "GET /h HTTP/1.1|Host: a|Content-Length: 1", body: "x"),
            wire: "GET /h HTTP/1.1\r\nHost: H\r\nContent-Length: 1\r\n\(mark)\r\nx"
        ),
        Case(
            reason: "an unknown method",
            request: .request(7, "M-SEARCH /h HTTP/1.1|Host: a"),
            wire: "M-SEARCH /h HTTP/1.1\r\nHost: H\r\n\(mark)\r\n"
        ),
        Case(
            reason: "chunked stays chunked",
            request: .request(7, "POST /h HTTP/1.1|Host: a|Transfer-Encoding: chunked", body: "hello"),
            wire:
                "POST /h HTTP/1.1\r\nHost: H\r\nTransfer-Encoding: chunked\r\n\(mark)\r\n5\r\nhello\r\n0\r\n\r\n"
        ),
        Case(
            reason: "an empty chunked body",
            request: .request(7, "POST /h HTTP/1.1|Host: a|Transfer-Encoding: chunked"),
            wire: "POST /h HTTP/1.1\r\nHost: H\r\nTransfer-Encoding: chunked\r\n\(mark)\r\n0\r\n\r\n"
        ),
        Case(
            reason: "trailers follow the last chunk",
            request: .request(
                7,
                "POST /h HTTP/1.1|Host: a|Transfer-Encoding: chunked",
                body: "hello",
                trailers: "X-Sum: 9\r\n"
            ),
            wire:
                "POST /h HTTP/1.1\r\nHost: H\r\nTransfer-Encoding: chunked\r\n\(mark)\r\n5\r\nhello\r\n0\r\n"
                + "X-Sum: 9\r\n\r\n"
        ),
        Case(
            reason: "HTTP/1.0 stays HTTP/1.0",
            request: .request(7, "GET /h HTTP/1.0|X: y"),
            wire: "GET /h HTTP/1.0\r\nHost: H\r\nX: y\r\n\(mark)\r\n"
        ),
        Case(
            reason: "a mark from a replay that was recorded gives way to that of this run",
            request: .request(7, "GET / HTTP/1.1|X-Tapedeck-Replay: old/1|Host: a"),
            wire: "GET / HTTP/1.1\r\nHost: H\r\n\(mark)\r\n"
        ),
        Case(
            reason: "Authorization and cookies are fields like any other",
            request: .request(
                7,
                "GET / HTTP/1.1|Host: a|Cookie: a=b|Authorization: Bearer x|Connection: keep-alive"
            ),
            wire:
                "GET / HTTP/1.1\r\nHost: H\r\nCookie: a=b\r\nAuthorization: Bearer x\r\nConnection: keep-alive\r\n"
                + "\(mark)\r\n"
        ),
    ]

    @Test(arguments: cases, transports) func goesOutAsRecorded(_ row: Case, over transport: TransportChoice)
        throws
    {
        let server = try ScriptedServer()
        defer { server.stop() }
        let (summary, observed) = try replay([row.request], over: transport, to: server.port)
        let wire = row.sent(to: "127.0.0.1:\(server.port)", over: transport)
        #expect(server.seen.map(\.bytes) == [wire])
        #expect(summary.requests.responded == 1)
        // What the observer is told was sent is what arrived.
        let head = String(decoding: observed[0].requestHead, as: UTF8.self)
        #expect(wire.hasPrefix(head))
        #expect(head.hasSuffix("\(Self.mark)\r\n"))
    }

    @Test(arguments: transports) func headHasNoBodyToWaitFor(over transport: TransportChoice) throws {
        let server = try ScriptedServer { _, _ in .bytes("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n") }
        defer { server.stop() }
        let messages: [RecordedMessage] = [
            .request(7, "HEAD /a HTTP/1.1|Host: a"), .request(8, at: 1, "HEAD /b HTTP/1.1|Host: a"),
        ]
        let (summary, observed) = try replay(messages, over: transport, to: server.port) {
            $0.lanes = .strict
        }
        #expect(
            server.seen[0].bytes == "HEAD /a HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n\(Self.mark)\r\n"
        )
        #expect(summary.statuses == [200: 2])
        #expect(observed.allSatisfy { $0.response?.bodyLength == 0 })
    }

    @Test(arguments: transports) func keepsTheRecordedHostOnRequest(over transport: TransportChoice) throws {
        let server = try ScriptedServer()
        defer { server.stop() }
        let messages: [RecordedMessage] = [
            .request(7, "GET / HTTP/1.1|hOST:  prod.example:8443|A: b"),
            .request(7, on: 1, at: 1, "GET /old HTTP/1.0"),
        ]
        let (summary, _) = try replay(messages, over: transport, to: server.port) { $0.keepsHost = true }
        #expect(summary.requests.responded == 2)
        #expect(
            server.seen.map(\.bytes).sorted() == [
                // The wire spells it as it was recorded.
                "GET / HTTP/1.1\r\n\(transport == .curl ? "Host: " : "hOST:  ")prod.example:8443\r\nA: b\r\n\(Self.mark)\r\n",
                "GET /old HTTP/1.0\r\n\(Self.mark)\r\n",
            ]
        )
    }

    @Test(arguments: transports) func putsThePathOfTheTargetFirst(over transport: TransportChoice) throws {
        let server = try ScriptedServer()
        defer { server.stop() }
        let messages: [RecordedMessage] = [
            .request(1, "GET /a?b=c HTTP/1.1|Host: a"), .request(2, at: 1, "OPTIONS * HTTP/1.1|Host: a"),
        ]
        _ = try replay(messages, over: transport, to: server.port, prefix: "/staging/") { $0.lanes = .strict }
        let lines = server.seen.map { $0.bytes.prefix { $0 != "\r\n" } }
        #expect(lines == ["GET /staging/a?b=c HTTP/1.1", "OPTIONS * HTTP/1.1"])
    }

    @Test(arguments: transports) func sendsBodiesOfEverySize(over transport: TransportChoice) throws {
        let server = try ScriptedServer()
        defer { server.stop() }
        // Around libcurl's own steps: 64 KiB for the first send, 1 MiB for Expect.
        let sizes = [1, 1_023, 65_535, 65_536, 65_537, 1_048_577]
        let messages = sizes.enumerated().flatMap { index, size in
            let body = String(repeating: "0123456789", count: size / 10 + 1).prefix(size)
            return [
                RecordedMessage.request(
                    UInt64(index),
                    on: 0,
                    at: Int64(index),
                    "POST /l HTTP/1.1|Content-Length: \(size)",
                    body: String(body)
                ),
                RecordedMessage.request(
                    UInt64(100 + index),
                    on: 1,
                    at: Int64(index),
                    "POST /c HTTP/1.1|Transfer-Encoding: chunked",
                    body: String(body)
                ),
            ]
        }
        let (summary, _) = try replay(messages, over: transport, to: server.port) { $0.lanes = .strict }
        #expect(summary.requests.responded == UInt64(messages.count))
        for seen in server.seen {
            #expect(!seen.bytes.prefix(1_000).lowercased().contains("expect"))
        }
        let lengths = server.seen.filter { $0.bytes.hasPrefix("POST /l") }.map { seen in
            seen.bytes.utf8.count - seen.bytes.headCount
        }
        #expect(lengths.sorted() == sizes)
    }
}

extension String {
    /// How many bytes the head takes, its empty line included.
    fileprivate var headCount: Int {
        let head = prefix(4_096).split(separator: "\r\n\r\n", omittingEmptySubsequences: false)[0]
        return head.utf8.count + 4
    }
}
