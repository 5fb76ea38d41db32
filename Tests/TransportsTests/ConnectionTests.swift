import Glibc
import Replay
import Testing
import Traces
import Transports

@Suite struct ConnectionTests {
    @Test(arguments: transports) func eachLaneStaysOnItsConnection(over transport: TransportChoice) throws {
        let server = try ScriptedServer()
        defer { server.stop() }
        let lanes: UInt64 = 12
        let messages = (0..<480).map { index in
            RecordedMessage.request(
                UInt64(index),
                on: UInt64(index) % lanes,
                at: Int64(index / 12),
                "GET /\(index % 12)/\(index / 12) HTTP/1.1|Host: a"
            )
        }
        let (summary, _) = try replay(messages, over: transport, to: server.port) { $0.lanes = .strict }
        #expect(summary.requests.responded == 480)
        #expect(summary.connections.opened == lanes)
        #expect(summary.connections.recorded == lanes)
        #expect(summary.connections.overflow == 0)
        #expect(server.connections == 12)
        // Every connection saw one lane, its requests in order.
        for connection in 0..<12 {
            let targets = server.seen.filter { $0.connection == connection }
                .map { $0.bytes.split(separator: " ")[1].split(separator: "/").map(String.init) }
            #expect(Set(targets.map { $0[0] }).count == 1)
            #expect(targets.map { $0[1] } == (0..<40).map(String.init))
        }
    }

    @Test(arguments: transports) func asFastAsPossibleKeepsLanesInOrder(over transport: TransportChoice)
        throws
    {
        let server = try ScriptedServer()
        defer { server.stop() }
        let messages = (0..<1_000).map { index in
            RecordedMessage.request(UInt64(index), on: UInt64(index % 7), "GET /\(index) HTTP/1.1|Host: a")
        }
        let (summary, _) = try replay(messages, over: transport, to: server.port) { $0.pacing = .maximum }
        #expect(summary.requests.responded == 1_000)
        #expect(server.connections == 7)
        for connection in 0..<7 {
            let numbers = server.seen.filter { $0.connection == connection }
                .compactMap { Int($0.bytes.split(separator: " ")[1].dropFirst()) }
            #expect(numbers == numbers.sorted() && Set(numbers.map { $0 % 7 }).count == 1)
        }
    }

    @Test(arguments: transports) func aBusyLaneOverflowsOrWaits(over transport: TransportChoice) throws {
        for policy in [LanePolicy.overflow, .strict] {
            let server = try ScriptedServer { seen, _ in
                // The first is answered only by closing, when the test is over.
                seen.bytes.hasPrefix("GET /slow") ? .silence : ScriptedServer.ok
            }
            let messages: [RecordedMessage] = [
                .request(1, "GET /slow HTTP/1.1|Host: a"), .request(2, at: 1, "GET /b HTTP/1.1|Host: a"),
                .request(3, at: 2, "GET /c HTTP/1.1|Host: a"),
            ]
            let (summary, _) = try replay(messages, over: transport, to: server.port) { plan in
                plan.lanes = policy
                plan.timeout = 300_000_000
            }
            server.stop()
            #expect(summary.failures == [.timeout: 1])
            #expect(summary.requests.responded == 2)
            #expect((summary.connections.overflow > 0) == (policy == .overflow))
            #expect((summary.laneWait.max > 0) == (policy == .strict))
        }
    }

    @Test(arguments: transports) func aConnectionEndsAsRecorded(over transport: TransportChoice) throws {
        let server = try ScriptedServer()
        defer { server.stop() }
        let messages: [RecordedMessage] = [
            .request(1, "GET /a HTTP/1.1|Host: a|Connection: close"),
            .request(2, on: 1, at: 50, "GET /b HTTP/1.0|Host: a"),
            .request(3, on: 2, at: 100, "GET /c HTTP/1.1|Host: a"),
            .request(4, on: 2, at: 150, "GET /d HTTP/1.1|Host: a"),
        ]
        let (summary, _) = try replay(messages, over: transport, to: server.port)
        #expect(summary.requests.responded == 4)
        #expect(server.connections == 3)
        #expect(server.seen[0].bytes.contains("\r\nConnection: close\r\n"))
    }

    @Test(arguments: transports) func nothingIsSentTwice(over transport: TransportChoice) throws {
        // The first request of the connection is answered, the second makes the server close without a word.
        let server = try ScriptedServer { seen, _ in
            seen.bytes.hasPrefix("POST /second") ? .close : ScriptedServer.ok
        }
        defer { server.stop() }
        let messages: [RecordedMessage] = [
            .request(1, "POST /first HTTP/1.1|Content-Length: 1", body: "x"),
            .request(2, at: 20, "POST /second HTTP/1.1|Content-Length: 1", body: "y"),
            .request(3, at: 60, "POST /third HTTP/1.1|Content-Length: 1", body: "z"),
        ]
        let (summary, observed) = try replay(messages, over: transport, to: server.port) {
            $0.lanes = .strict
        }
        #expect(server.seen.filter { $0.bytes.hasPrefix("POST /second") }.count == 1)
        #expect(summary.failures == [.resendRefused: 1])
        #expect(summary.requests.responded == 2)
        // One for the first two, one for the third: none that was opened only to send again.
        #expect(server.connections == 2)
        #expect(observed.filter { $0.response == nil }.map(\.scheduled.request.exchange) == [2])
    }

    @Test(arguments: transports) func aFreshConnectionThatClosesIsAFailureToo(over transport: TransportChoice)
        throws
    {
        let server = try ScriptedServer { _, _ in .close }
        defer { server.stop() }
        let (summary, _) = try replay(
            [.request(1, "GET / HTTP/1.1|Host: a")],
            over: transport,
            to: server.port
        )
        #expect(summary.failures == [.closed: 1])
        #expect(server.seen.count == 1)
    }

    @Test(arguments: transports) func aTimeoutIsCountedAndTheRestGoesOn(over transport: TransportChoice)
        throws
    {
        let server = try ScriptedServer { seen, _ in
            seen.bytes.hasPrefix("GET /never") ? .silence : ScriptedServer.ok
        }
        defer { server.stop() }
        let messages: [RecordedMessage] = [
            .request(1, "GET /never HTTP/1.1|Host: a"), .request(2, on: 1, at: 5, "GET /b HTTP/1.1|Host: a"),
        ]
        let (summary, _) = try replay(messages, over: transport, to: server.port) { $0.timeout = 200_000_000 }
        #expect(summary.failures == [.timeout: 1])
        #expect(summary.statuses == [200: 1])
        #expect(summary.requests.addUp)
    }

    @Test(arguments: transports) func aRefusedConnectionIsCounted(over transport: TransportChoice) throws {
        let server = try ScriptedServer()
        server.stop()
        let messages = (0..<50).map { RecordedMessage.request($0, on: $0, "GET / HTTP/1.1|Host: a") }
        let (summary, _) = try replay(messages, over: transport, to: server.port)
        #expect(summary.failures == [.connect: 50])
        #expect(summary.exceeds(maximumFailures: 49) && !summary.exceeds(maximumFailures: 50))
        #expect(summary.connections.opened == 0)
    }

    @Test func anAnswerInClearTextToTLSIsATLSFailure() throws {
        let server = try ScriptedServer { _, _ in ScriptedServer.ok }
        defer { server.stop() }
        // A client hello holds no empty line that the script could answer: the timeout ends it at the latest.
        let (summary, _) = try replay(
            [.request(1, "GET / HTTP/1.1|Host: a")],
            over: .curl,
            to: server.port,
            scheme: "https"
        ) { $0.timeout = 300_000_000 }
        #expect(summary.requests.failed == 1)
        #expect(server.seen.isEmpty)
    }

    @Test func aTargetWithoutAnAddressIsAnErrorThatNamesIt() throws {
        let target = try ReplayTarget("http://no-such-host.invalid")
        let error = #expect(throws: TransportError.self) { try TargetResolver.addresses(of: target) }
        #expect(error?.code == .resolution)
        #expect(error?.description.contains("no-such-host.invalid") == true)
    }

    @Test(arguments: transports) func manyConnectionsAtOnce(over transport: TransportChoice) throws {
        let server = try ScriptedServer()
        defer { server.stop() }
        let messages = (0..<600).map { index in
            RecordedMessage.request(
                UInt64(index),
                on: UInt64(index % 300),
                at: Int64(index / 300) * 100,
                "POST /\(index) HTTP/1.1|Host: a|Content-Length: 4",
                body: "body"
            )
        }
        let (summary, _) = try replay(messages, over: transport, to: server.port)
        #expect(summary.requests.sent == 600 && summary.requests.responded == 600)
        #expect(Set(server.seen.map { $0.bytes.split(separator: " ")[1] }).count == 600)
    }
}
