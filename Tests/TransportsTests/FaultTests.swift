import Messages
import Replay
import Testing
import Traces

/// Clients that behave badly on purpose, over the wire.
@Suite struct FaultTests {
    @Test func aClientLeavesInTheMiddleOfItsBody() throws {
        let server = try ScriptedServer()
        defer { server.stop() }
        let body = String(repeating: "x", count: 1_000)
        let (summary, observed) = try replay(
            (UInt64(0)..<3).map {
                RecordedMessage.request(
                    $0,
                    on: 0,
                    at: Int64($0),
                    "POST / HTTP/1.1|Host: a|Content-Length: 1000",
                    body: body
                )
            },
            over: .wire,
            to: server.port
        ) {
            $0.faults = ClientFaults()
            $0.faults?.abortedBodies = 1
        }
        #expect(server.seen.isEmpty, "no request came whole")
        #expect(summary.requests.aborted == 3)
        #expect(summary.requests.failed == 0)
        #expect(summary.requests.addUp)
        #expect(summary.faults.kinds[.abortedBody]?.injected == 3)
        #expect(summary.faults.kinds[.abortedBody]?.cut == 3)
        #expect(observed.map(\.outcome) == [.aborted, .aborted, .aborted])
    }

    @Test func aHalfOpenConnectionIsSilentAndThenGone() throws {
        let server = try ScriptedServer()
        defer { server.stop() }
        let (summary, _) = try replay(
            [.request(1, "GET /a HTTP/1.1|Host: a"), .request(2, on: 1, at: 1, "GET /b HTTP/1.1|Host: a")],
            over: .wire,
            to: server.port
        ) {
            $0.faults = ClientFaults()
            $0.faults?.halfOpen = 1
            $0.faults?.halfOpenTime = 200_000_000
            // The silence is the client's own.
            $0.timeout = 100_000_000
        }
        #expect(server.seen.isEmpty)
        #expect(summary.requests.aborted == 2)
        #expect(summary.faults.kinds[.halfOpen]?.cut == 2)
        #expect(summary.wallSeconds >= 0.2)
    }

    @Test func aSlowReaderReadsEverythingInTheEnd() throws {
        let body = String(repeating: "y", count: 40_000)
        let server = try ScriptedServer { _, _ in
            .bytes("HTTP/1.1 200 OK\r\nContent-Length: 40000\r\n\r\n" + body)
        }
        defer { server.stop() }
        let (summary, observed) = try replay(
            [.request(1, "GET / HTTP/1.1|Host: a")],
            over: .wire,
            to: server.port
        ) {
            $0.faults = ClientFaults()
            $0.faults?.slowReaders = 1
            $0.faults?.slowBytesPerSecond = 10_000
            $0.faults?.slowTime = 250_000_000
        }
        #expect(summary.requests.responded == 1)
        #expect(summary.faults.kinds[.slowReader]?.responded == 1)
        #expect(summary.faults.statuses == [200: 1])
        #expect(summary.faults.serviceTime.max >= 200_000)
        #expect(summary.serviceTime.count == 0, "reported apart")
        #expect(observed.first?.response?.body.count == 40_000)
    }

    @Test func aFaultyConnectionServesNoOtherRequest() throws {
        let server = try ScriptedServer()
        defer { server.stop() }
        var faults = ClientFaults()
        faults.slowReaders = 0.5
        let requests = (UInt64(0)..<20).map {
            RecordedMessage.request($0, on: 0, at: Int64($0), "GET / HTTP/1.1|Host: a")
        }
        let slow = (UInt64(0)..<20).count(where: {
            faults.fault(exchange: $0, loop: 0, hasBody: false) != nil
        })
        let (summary, _) = try replay(requests, over: .wire, to: server.port) {
            $0.faults = faults
            $0.lanes = .strict
        }
        #expect(slow > 0 && slow < 20)
        #expect(summary.requests.responded == 20)
        #expect(summary.faults.kinds[.slowReader]?.injected == UInt64(slow))
        #expect(server.connections > slow / 2)
        #expect(summary.serviceTime.count == UInt64(20 - slow))
    }

    @Test func overLibcurlNothingComesOfIt() throws {
        let server = try ScriptedServer()
        defer { server.stop() }
        let (summary, _) = try replay([.request(1, "GET / HTTP/1.1|Host: a")], over: .curl, to: server.port) {
            $0.transport = .curl
            $0.faults = ClientFaults()
            $0.faults?.halfOpen = 1
        }
        #expect(summary.requests.responded == 1)
        #expect(summary.faults.isEmpty)
    }
}
