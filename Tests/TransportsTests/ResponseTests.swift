import Messages
import Replay
import Testing
import Traces

@Suite struct ResponseTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var reason: String
        var reply: ScriptedServer.Reply
        var head: String?
        var body = ""
        var trailers = ""
        var flags: MessageFlags = []
        var outcome: Outcome
        var testDescription: String { reason }
    }

    static let cases = [
        Case(
            reason: "the head is kept as received",
            reply: .bytes("HTTP/1.1 404 Nope nope\r\nx-A:  b \r\nX-a:c\r\nContent-Length: 3\r\n\r\nabc"),
            head: "HTTP/1.1 404 Nope nope\r\nx-A:  b \r\nX-a:c\r\nContent-Length: 3\r\n\r\n",
            body: "abc",
            outcome: .responded(status: 404)
        ),
        Case(
            reason: "chunks are put together, trailers kept apart",
            reply: .bytes(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-T: 1\r\n\r\n"
            ),
            head: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            body: "abcde",
            trailers: "X-T: 1\r\n",
            outcome: .responded(status: 200)
        ),
        Case(
            reason: "the content coding is left on",
            reply: .bytes("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nnot"),
            head: "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n",
            body: "not",
            outcome: .responded(status: 200)
        ),
        Case(
            reason: "interim responses are passed over",
            reply: .bytes(
                "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 204 No Content\r\nA: b\r\n\r\n"
            ),
            head: "HTTP/1.1 204 No Content\r\nA: b\r\n\r\n",
            outcome: .responded(status: 204)
        ),
        Case(
            reason: "a redirect is an answer, not an errand",
            reply: .bytes("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"),
            head: "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n",
            outcome: .responded(status: 302)
        ),
        Case(
            reason: "a body until the end of the connection",
            reply: .last("HTTP/1.0 200 OK\r\n\r\nto the end"),
            head: "HTTP/1.0 200 OK\r\n\r\n",
            body: "to the end",
            outcome: .responded(status: 200)
        ),
        Case(
            reason: "a body that ends before its length",
            reply: .last("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"),
            head: "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
            body: "abc",
            flags: .incomplete,
            outcome: .failed(.protocolError)
        ),
        Case(
            reason: "what is not HTTP",
            reply: .last("SSH-2.0-OpenSSH\r\n"),
            head: nil,
            outcome: .failed(.protocolError)
        ),
    ]

    @Test(arguments: cases, transports) func isObservedAsReceived(
        _ row: Case,
        over transport: TransportChoice
    ) throws {
        let server = try ScriptedServer { _, _ in row.reply }
        defer { server.stop() }
        let (summary, observed) = try replay(
            [.request(3, "GET / HTTP/1.1|Host: a")],
            over: transport,
            to: server.port
        )
        let exchange = try #require(observed.first)
        #expect(exchange.outcome == row.outcome)
        #expect(exchange.response.map { String(decoding: $0.head, as: UTF8.self) } == row.head)
        #expect(String(decoding: exchange.response?.body ?? [], as: UTF8.self) == row.body)
        #expect(String(decoding: exchange.response?.trailers ?? [], as: UTF8.self) == row.trailers)
        // libcurl does not tell whether a body came in chunks.
        #expect((exchange.response?.flags ?? []).subtracting(.chunked) == row.flags)
        #expect(server.seen.count == 1)
        #expect(summary.requests.sent == 1)
        #expect(exchange.end >= exchange.response?.start ?? exchange.sent)
        #expect(exchange.response?.start ?? exchange.end >= exchange.sent)
    }

    @Test(arguments: transports) func aLongBodyIsCutAndCounted(over transport: TransportChoice) throws {
        let body = String(repeating: "x", count: 300_000)
        let server = try ScriptedServer { _, _ in
            .bytes("HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + body)
        }
        defer { server.stop() }
        let (_, observed) = try replay(
            [.request(1, "GET / HTTP/1.1|Host: a")],
            over: transport,
            to: server.port
        ) {
            $0.limits.responseBody = 1_000
        }
        let response = try #require(observed.first?.response)
        #expect(response.body.count == 1_000)
        #expect(response.bodyLength == 300_000)
        #expect(response.flags == .truncated)
    }

    @Test(arguments: transports) func aHeadBeyondItsLimitFails(over transport: TransportChoice) throws {
        let server = try ScriptedServer { _, _ in
            .bytes("HTTP/1.1 200 OK\r\nX: " + String(repeating: "x", count: 5_000) + "\r\n\r\n")
        }
        defer { server.stop() }
        let (summary, _) = try replay(
            [.request(1, "GET / HTTP/1.1|Host: a")],
            over: transport,
            to: server.port
        ) {
            $0.limits.responseHead = 4_000
        }
        #expect(summary.failures == [.protocolError: 1])
    }
}
