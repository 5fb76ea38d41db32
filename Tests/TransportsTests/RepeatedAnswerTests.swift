import Messages
import Replay
import Testing
import Traces

/// Answers on one connection that begin alike: what is known of the one before must not be taken for this one.
@Suite struct RepeatedAnswerTests {
    private static func answer(_ body: String, length: Int? = nil, _ fields: String = "") -> String {
        "HTTP/1.1 200 OK\r\nContent-Length: \(length ?? body.utf8.count)\r\n\(fields)\r\n\(body)"
    }

    struct Case: CustomTestStringConvertible, Sendable {
        var reason: String
        var replies: [ScriptedServer.Reply]
        var bodies: [String]
        var outcomes: [Outcome]
        var connections = 1
        /// Milliseconds between two requests: enough for what the server does after its answer, where that counts.
        var gap: Int64 = 1
        var testDescription: String { reason }
    }

    static let cases = [
        Case(
            reason: "the same head again, each with its own body",
            replies: ["one", "two", "six"].map { .bytes(answer($0)) },
            bodies: ["one", "two", "six"],
            outcomes: Array(repeating: .responded(status: 200), count: 3)
        ),
        Case(
            reason: "another length",
            replies: ["one", "three", ""].map { .bytes(answer($0)) },
            bodies: ["one", "three", ""],
            outcomes: Array(repeating: .responded(status: 200), count: 3)
        ),
        Case(
            reason: "the same head, and another field before its empty line",
            replies: [
                .bytes(answer("one")), .bytes(answer("two", "Connection: close\r\n")), .bytes(answer("six")),
            ],
            bodies: ["one", "two", "six"],
            outcomes: Array(repeating: .responded(status: 200), count: 3),
            connections: 2
        ),
        Case(
            reason: "the same head, and the body cut off",
            replies: [.bytes(answer("one")), .last(answer("tw", length: 3)), .bytes(answer("six"))],
            bodies: ["one", "tw", "six"],
            outcomes: [.responded(status: 200), .failed(.protocolError), .responded(status: 200)],
            connections: 2
        ),
        Case(
            reason: "the same head, and the end of the connection behind the body",
            replies: [.bytes(answer("one")), .last(answer("two")), .bytes(answer("six"))],
            bodies: ["one", "two", "six"],
            outcomes: Array(repeating: .responded(status: 200), count: 3),
            connections: 2,
            gap: 400
        ),
        Case(
            reason: "another status with the same length",
            replies: [
                .bytes(answer("one")), .bytes("HTTP/1.1 500 OK\r\nContent-Length: 3\r\n\r\ntwo"),
                .bytes(answer("six")),
            ],
            bodies: ["one", "two", "six"],
            outcomes: [.responded(status: 200), .responded(status: 500), .responded(status: 200)]
        ),
    ]

    @Test(arguments: cases, transports) func isReadAsItCame(_ row: Case, over transport: TransportChoice)
        throws
    {
        let server = try ScriptedServer { _, number in row.replies[number] }
        defer { server.stop() }
        let messages = row.replies.indices.map { index in
            RecordedMessage.request(
                UInt64(index),
                at: Int64(index) * row.gap,
                "GET /\(index) HTTP/1.1|Host: a"
            )
        }
        let (summary, observed) = try replay(messages, over: transport, to: server.port) {
            $0.lanes = .strict
        }
        let inOrder = observed.sorted { $0.scheduled.request.exchange < $1.scheduled.request.exchange }
        #expect(inOrder.map(\.outcome) == row.outcomes)
        #expect(inOrder.map { String(decoding: $0.response?.body ?? [], as: UTF8.self) } == row.bodies)
        #expect(summary.connections.opened == UInt64(row.connections))
    }

    /// What HEAD is answered with has no body, whatever its length says.
    @Test(arguments: transports) func theAnswerToHeadIsNotTakenForAnother(over transport: TransportChoice)
        throws
    {
        let server = try ScriptedServer { seen, _ in
            .bytes(Self.answer(seen.bytes.hasPrefix("HEAD") ? "" : "one", length: 3))
        }
        defer { server.stop() }
        let methods = ["GET", "HEAD", "GET", "HEAD", "GET"]
        let messages = methods.enumerated().map { index, method in
            RecordedMessage.request(UInt64(index), at: Int64(index), "\(method) / HTTP/1.1|Host: a")
        }
        let (summary, observed) = try replay(messages, over: transport, to: server.port) {
            $0.lanes = .strict
        }
        #expect(summary.statuses == [200: 5])
        #expect(observed.map { $0.response?.body.count } == [3, 0, 3, 0, 3])
        #expect(summary.connections.opened == 1)
    }
}
