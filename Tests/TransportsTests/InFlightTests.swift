import Glibc
import LoopbackSockets
import Replay
import Synchronization
import Testing
import Traces
import Transports

/// A server that answers nobody until so many have asked: whoever sends them one after the other waits for ever.
final class BarrierServer: Sendable {
    let port: UInt16
    private let listener: Int32
    private let count: Int
    private let thread = Mutex<pthread_t?>(nil)

    init(count: Int) throws {
        self.count = count
        (listener, port) = try Loopback.listen(backlog: 4_096)
        var thread = pthread_t()
        pthread_create(&thread, nil, serveBarrier, Unmanaged.passRetained(self).toOpaque())
        self.thread.withLock { $0 = thread }
    }

    /// Lets the server go, whether all have come or not.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        if let thread = thread.withLock({ $0.take() }) { pthread_join(thread, nil) }
        close(listener)
    }

    fileprivate func serve() {
        var clients: [Int32] = []
        defer { for client in clients { close(client) } }
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while clients.count < count {
            let client = accept(listener, nil, nil)
            guard client >= 0 else { return }
            clients.append(client)
        }
        // Small requests come in one piece.
        for client in clients where recv(client, &buffer, buffer.count, 0) <= 0 { return }
        let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".utf8)
        for client in clients { _ = send(client, answer, answer.count, Int32(MSG_NOSIGNAL)) }
        // Until everybody has read: an end that comes too soon could overtake.
        for client in clients { _ = recv(client, &buffer, buffer.count, 0) }
    }
}

private func serveBarrier(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    Unmanaged<BarrierServer>.fromOpaque(context).takeRetainedValue().serve()
    return nil
}

@Suite struct InFlightTests {
    /// Each on a connection of its own, all unanswered at once; `Benchmarks/replay/replay in-flight` does it with 10,000.
    @Test(arguments: transports) func aThousandAreInFlightAtOnce(over transport: TransportChoice) throws {
        let count = 1_000
        let server = try BarrierServer(count: count)
        defer { server.stop() }
        let messages = (0..<UInt64(count)).map {
            RecordedMessage.request($0, on: $0, "GET /\($0) HTTP/1.1|Host: a")
        }
        let (summary, observed) = try replay(messages, over: transport, to: server.port) {
            $0.limits.outstanding = count
            $0.neededInFlight = count
            $0.timeout = 30_000_000_000
        }
        #expect(summary.peakOutstanding == count)
        #expect(summary.requests.responded == UInt64(count))
        #expect(summary.limitWaits == 0)
        #expect(observed.count == count)
        #expect(summary.replayer.peakResidentBytes ?? 0 > 0)
    }

    /// Fewer than are due: the others wait, and it is said how many did.
    @Test(arguments: transports) func noMoreAreInFlightThanAllowed(over transport: TransportChoice) throws {
        let server = try ScriptedServer()
        defer { server.stop() }
        let messages = (0..<200 as Range<UInt64>).map {
            RecordedMessage.request($0, on: $0, "GET /\($0) HTTP/1.1|Host: a")
        }
        let (summary, _) = try replay(messages, over: transport, to: server.port) {
            $0.limits.outstanding = 3
        }
        #expect(summary.peakOutstanding == 3)
        #expect(summary.requests.responded == 200)
        #expect(summary.limitWaits > 0)
    }

    /// What cannot be had is told before anything is sent.
    @Test func tooManyForTheDescriptorsAreRefused() throws {
        let server = try ScriptedServer()
        defer { server.stop() }
        let messages = [RecordedMessage.request(1, "GET / HTTP/1.1|Host: a")]
        let error = #expect(throws: TransportError.self) {
            _ = try replay(messages, over: .wire, to: server.port) { $0.neededInFlight = 100_000_000 }
        }
        #expect(error?.code == .descriptors)
        #expect(
            error?.description.contains("100000000 requests in flight need 100000100 descriptors") ?? false
        )
        #expect(server.seen.isEmpty)
    }
}
