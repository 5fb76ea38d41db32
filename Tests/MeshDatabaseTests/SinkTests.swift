import Glibc
import LoopbackSockets
import MeshDatabase
import MeshService
import Synchronization
import Testing

extension MeshDatabaseSuite {
    /// The callback by which a load test learns that a run is over.
    @Suite struct SinkTests {
        @Test func callsOutBeforeARunEnds() throws {
            let sink = try StubSink(status: "204 No Content")
            try Stand.with { _, worker in
                worker.sink = "http://127.0.0.1:\(sink.port)/callback"
            } _: { server in
                var line = try RawConnection(port: server.port)
                let runs = try (0..<20).map { try line.deliver("harbor-orders", ["X-Delivery-Id": "\($0)"]) }
                for run in runs { #expect(try line.follow(run).status == "succeeded") }
                let heard = sink.heard
                for run in runs {
                    #expect(heard.contains { $0.contains("POST /callback") && $0.contains(run) })
                }
            }
        }

        /// A sink that refuses, and none at all: the step fails until no attempt is left.
        @Test(arguments: ["500 No", nil] as [String?])
        func failsARunThatNobodyTakes(status: String?) throws {
            let sink = try status.map { try StubSink(status: $0) }
            try Stand.with { _, worker in
                // Port 9 is that of discard, where nobody listens.
                worker.sink = "http://127.0.0.1:\(sink?.port ?? 9)/"
            } _: { server in
                var line = try RawConnection(port: server.port)
                let run = try line.deliver("harbor-orders")
                #expect(try line.follow(run).status == "failed")
                let attempts = try Stand.query(
                    "select payload->>'status_code' from mesh.workflow_events where type = 'http_attempted'"
                )
                #expect(
                    (0..<attempts.rowCount).map { attempts.string($0, 0) }
                        == Array(repeating: status == nil ? "0" : "500", count: 5)
                )
            }
        }
    }
}

/// A server that gives everybody the same answer, on a thread for each connection; it ends with the process.
final class StubSink: Sendable {
    let port: Int
    private let listener: Int32
    private let requests = Mutex<[String]>([])
    private let answer: String

    var heard: [String] { requests.withLock { $0 } }

    init(status: String) throws {
        answer = "HTTP/1.1 \(status)\r\nContent-Length: 0\r\n\r\n"
        let (listener, port) = try Loopback.listen()
        self.listener = listener
        self.port = Int(port)
        start { $0.accept() }
    }

    private func start(_ work: @escaping @Sendable (StubSink) -> Void) {
        let context = Unmanaged.passRetained(Work(sink: self, work: work)).toOpaque()
        var thread = pthread_t()
        pthread_create(&thread, nil, runStubWork, context)
        pthread_detach(thread)
    }

    private func accept() {
        while true {
            let connection = Glibc.accept(listener, nil, nil)
            guard connection >= 0 else { return }
            start { $0.serve(connection) }
        }
    }

    /// Requests come one after another, each with a short body that ends in a brace.
    private func serve(_ connection: Int32) {
        defer { close(connection) }
        var text = ""
        var part = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(connection, &part, part.count, 0)
            guard count > 0 else { return }
            text += String(decoding: part.prefix(count), as: UTF8.self)
            guard text.hasSuffix("}") else { continue }
            requests.withLock { $0.append(text) }
            text = ""
            let bytes = Array(answer.utf8)
            send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        }
    }

    fileprivate final class Work: Sendable {
        let sink: StubSink
        let work: @Sendable (StubSink) -> Void

        init(sink: StubSink, work: @escaping @Sendable (StubSink) -> Void) {
            self.sink = sink
            self.work = work
        }
    }
}

private func runStubWork(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    let work = Unmanaged<StubSink.Work>.fromOpaque(context).takeRetainedValue()
    work.work(work.sink)
    return nil
}
