import LoopbackSockets
import RunCallbacks
import Synchronization
import Testing

/// The listener for callbacks over loopback, spoken to with raw bytes.
@Suite struct CallbackServerTests {
    private final class Heard: Sendable {
        let requests = Mutex<[CallbackServer.Request]>([])
    }

    private static func post(_ body: String, _ path: String = "/done", _ fields: String = "") -> String {
        "POST \(path) HTTP/1.1\r\nHost: a\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private static func withServer(
        status: Int = 204,
        _ test: (CallbackServer, Heard) throws -> Void
    ) throws {
        let heard = Heard()
        let server = try CallbackServer.start(host: "127.0.0.1", port: 0) { request in
            heard.requests.withLock { $0.append(request) }
            return status
        }
        defer { server.stop() }
        try test(server, heard)
    }

    @Test func callbacksAreTakenWholePipelinedAndByteByByte() throws {
        try Self.withServer { server, heard in
            var line = try RawConnection(port: server.port)
            try line.send(Self.post(#"{"run_id":"a"}"#, "/done?x=1", "x-RUN-id: a\r\n"))
            let answer = try line.receive()
            // An answer without a body says nothing of its length (RFC 9110, section 8.6).
            #expect(answer.status == 204 && answer.field("Content-Length") == nil && answer.body.isEmpty)
            try line.send(Self.post("b") + Self.post("c"))
            for byte in Self.post("d").utf8 { try line.send([byte]) }
            for _ in 0..<3 { #expect(try line.receive().status == 204) }
            let requests = heard.requests.withLock { $0 }
            #expect(
                requests.map { String(decoding: $0.body, as: UTF8.self) } == [
                    #"{"run_id":"a"}"#, "b", "c", "d",
                ]
            )
            #expect(requests[0].method == "POST" && requests[0].target == "/done?x=1")
            #expect(requests[0].field("X-Run-Id") == "a" && requests[0].field("Absent") == nil)
        }
    }

    /// Bounds have a counted outcome, and whoever meets one does not keep others from calling.
    @Test func whatIsTooMuchIsCounted() throws {
        try Self.withServer(status: 422) { server, heard in
            var long = try RawConnection(port: server.port)
            try long.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 524289\r\n\r\n")
            try long.send([UInt8](repeating: 0x61, count: 524_289))
            #expect(try long.receive().status == 413)
            var broken = try RawConnection(port: server.port)
            try broken.send("nonsense\r\n\r\n")
            _ = try? broken.receive()
            var others: [RawConnection] = []
            while others.count < CallbackServer.connectionLimit {
                others.append(try RawConnection(port: server.port))
            }
            var refused = try RawConnection(port: server.port)
            try? refused.send(Self.post("late"))
            #expect((try? refused.receive().status) == nil)
            try others[0].send(Self.post("early"))
            #expect(try others[0].receive().status == 422)
            server.stop()
            let counts = server.counts
            #expect(counts.tooLong == 1 && counts.broken == 1 && counts.refusedConnections >= 1)
            #expect(heard.requests.withLock { $0.map(\.body) } == [Array("early".utf8)])
        }
    }

    @Test func aPortThatIsTakenIsAnError() throws {
        try Self.withServer { server, _ in
            #expect(throws: (any Error).self) {
                try CallbackServer.start(host: "127.0.0.1", port: server.port) { _ in 204 }.stop()
            }
        }
    }
}
