import Messages
import Replay
import Testing
import Traces
import Transports

@Suite struct StoppingTests {
    static let spread = (0..<100).map {
        RecordedMessage.request($0, on: $0, at: Int64($0) * 1_000, "GET /\($0) HTTP/1.1|Host: a")
    }

    private func run(
        _ port: UInt16,
        over transport: TransportChoice,
        stops: Int,
        when: Int,
        messages: [RecordedMessage] = spread
    ) throws -> ReplaySummary {
        let plan = ReplayPlan(target: try ReplayTarget("http://127.0.0.1:\(port)"), run: "run")
        var source = MemorySource(messages)
        var observer = StoppingObserver(stop: try StopToken(), stops: stops, after: when)
        return try transport.run(plan, source: &source, observer: &observer, stop: observer.stop)
    }

    /// Asks for a stop when it has seen enough.
    private struct StoppingObserver: ObservedSink {
        let stop: StopToken
        let stops: Int
        var after: Int
        var isObserving: Bool { true }

        mutating func observe(_ exchange: consuming ObservedExchange) {
            after -= 1
            if after == 0 { for _ in 0..<stops { stop.request() } }
        }
    }

    @Test(arguments: transports) func drainsAndAccountsForEverything(over transport: TransportChoice) throws {
        let server = try ScriptedServer()
        defer { server.stop() }
        // The trace would last a hundred seconds.
        let summary = try run(server.port, over: transport, stops: 1, when: 1)
        #expect(summary.wasInterrupted)
        #expect(summary.requests.addUp)
        #expect(summary.requests.scheduled == 100)
        #expect(summary.requests.notSent == 100 - summary.requests.sent)
        #expect(summary.requests.responded == summary.requests.sent)
    }

    @Test(arguments: transports) func theSecondTimeItWaitsForNobody(over transport: TransportChoice) throws {
        let server = try ScriptedServer { seen, _ in
            seen.bytes.hasPrefix("GET /1 ") ? ScriptedServer.ok : .silence
        }
        defer { server.stop() }
        let summary = try run(server.port, over: transport, stops: 2, when: 1)
        #expect(summary.requests.addUp)
        #expect(summary.requests.aborted == 1)
    }

    @Test(arguments: transports) func moreThanOneBatchIsGivenUpAtOnce(over transport: TransportChoice) throws
    {
        let server = try ScriptedServer { seen, _ in
            seen.bytes.hasPrefix("GET /99 ") ? ScriptedServer.ok : .silence
        }
        defer { server.stop() }
        let burst = (0..<100).map { RecordedMessage.request($0, on: $0, "GET /\($0) HTTP/1.1|Host: a") }
        let summary = try run(server.port, over: transport, stops: 2, when: 1, messages: burst)
        #expect(summary.requests.aborted == 99)
        #expect(summary.requests.addUp)
    }

    @Test(arguments: transports) func anObserverThatFailsEndsTheRun(over transport: TransportChoice) throws {
        struct Failure: Error {}
        struct FailingObserver: ObservedSink {
            var isObserving: Bool { true }
            mutating func observe(_ exchange: consuming ObservedExchange) throws { throw Failure() }
        }
        let server = try ScriptedServer()
        defer { server.stop() }
        let plan = ReplayPlan(target: try ReplayTarget("http://127.0.0.1:\(server.port)"), run: "run")
        var source = MemorySource(Self.spread)
        var observer = FailingObserver()
        #expect(throws: Failure.self) {
            try transport.run(plan, source: &source, observer: &observer, stop: try StopToken())
        }
    }

    @Test(arguments: transports) func theRunTimeEndsTheRun(over transport: TransportChoice) throws {
        let server = try ScriptedServer()
        defer { server.stop() }
        var plan = ReplayPlan(target: try ReplayTarget("http://127.0.0.1:\(server.port)"), run: "run")
        plan.duration = 50_000_000
        var source = MemorySource(Self.spread)
        var observer = NoObserver()
        let summary = try transport.run(plan, source: &source, observer: &observer, stop: try StopToken())
        #expect(summary.requests.scheduled == 1)
        #expect(summary.requests.responded == 1)
        #expect(!summary.wasInterrupted)
    }

    /// Nothing is ever sent, so nothing ever happens: the run has to end by itself.
    @Test(arguments: transports) func aRunOfNothingEnds(over transport: TransportChoice) throws {
        var plan = ReplayPlan(target: try ReplayTarget("http://127.0.0.1:9"), run: "run")
        plan.filter = try RequestFilter("path=/nowhere")
        var source = MemorySource(Self.spread)
        var observer = NoObserver()
        let summary = try transport.run(plan, source: &source, observer: &observer, stop: try StopToken())
        #expect(summary.requests.scheduled == 0)
    }
}
