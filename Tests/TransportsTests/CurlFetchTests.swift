import CurlTransport
import Synchronization
import Testing
import Transports

/// What a replay asks for beside its load.
@Suite struct CurlFetchTests {
    /// A server that never answers holds nobody who does not want to know any more.
    @Test func whatIsGivenUpIsNotWaitedFor() throws {
        let looks = Atomic<Int>(0)
        let server = try ScriptedServer { _, _ in .silence }
        let fetch = try CurlFetch(headers: [], timeoutSeconds: 60) {
            // Not at the first look: the request is under way by then.
            looks.add(1, ordering: .relaxed).newValue > 2
        }
        #expect {
            try fetch.get("http://127.0.0.1:\(server.port)/runs")
        } throws: { error in
            "\(error)".hasSuffix("/runs: given up")
        }
        #expect(looks.load(ordering: .relaxed) > 2)
        // Nothing more is asked for.
        #expect(throws: TransportError.self) { try fetch.get("http://127.0.0.1:\(server.port)/runs") }
    }

    @Test func whatIsWantedArrives() throws {
        let server = try ScriptedServer()
        let fetch = try CurlFetch(headers: ["X-A: b"], timeoutSeconds: 60) { false }
        let answer = try fetch.get("http://127.0.0.1:\(server.port)/")
        #expect(answer.status == 200 && answer.body == Array("ok".utf8))
        #expect(String(decoding: answer.head, as: UTF8.self).hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(server.seen.first?.bytes.contains("X-A: b\r\n") == true)
    }
}
