import Replay
import Testing
import Traces
import Transports

/// Requests are drawn on a thread of their own: none is lost, none comes out of turn, and what goes wrong is told.
@Suite struct ReadAheadTests {
    struct Broken: Error {}

    /// Gives so many messages and then fails, or ends.
    struct LongSource: RequestSource {
        var count: UInt64
        var fails = false
        private var given: UInt64 = 0

        init(count: UInt64, fails: Bool = false) {
            self.count = count
            self.fails = fails
        }

        mutating func next() throws -> RecordedMessage? {
            guard given < count else {
                if fails { throw Broken() }
                return nil
            }
            defer { given += 1 }
            return .request(given, on: given % 3, "GET /\(given) HTTP/1.1|Host: a")
        }

        mutating func rewind() { given = 0 }
    }

    private func run(
        _ source: inout LongSource,
        over transport: TransportChoice,
        _ server: ScriptedServer,
        _ change: (inout ReplayPlan) -> Void = { _ in }
    ) throws -> ReplaySummary {
        var plan = ReplayPlan(target: try ReplayTarget("http://127.0.0.1:\(server.port)"), run: "run")
        plan.pacing = .maximum
        change(&plan)
        var nobody = NoObserver()
        return try transport.run(plan, source: &source, observer: &nobody, stop: try StopToken())
    }

    /// More than the queue holds, and twice.
    @Test(arguments: transports) func everyRequestOfEveryPassGoesOut(over transport: TransportChoice) throws {
        let server = try ScriptedServer()
        defer { server.stop() }
        var source = LongSource(count: 3_000)
        let summary = try run(&source, over: transport, server) { $0.loops = 2 }
        #expect(summary.requests.responded == 6_000)
        for connection in 0..<3 as Range<UInt64> {
            let targets = server.seen.map { $0.bytes.split(separator: " ")[1] }
            let ofLane = targets.filter { UInt64($0.dropFirst()).map { $0 % 3 == connection } ?? false }
            let expected = stride(from: connection, to: 3_000, by: 3).map { "/\($0)" }
            // Each pass has lanes of its own, which may run side by side.
            #expect(ofLane.count == 2 * expected.count && Set(ofLane) == Set(expected.map { $0[...] }))
        }
    }

    /// A source that fails ends the run with its own error, whether it has given anything or not.
    @Test(arguments: [0, 1, 5_000] as [UInt64]) func theErrorOfTheSourceIsThrown(after count: UInt64) throws {
        let server = try ScriptedServer()
        defer { server.stop() }
        var source = LongSource(count: count, fails: true)
        #expect(throws: Broken.self) { _ = try run(&source, over: .wire, server) }
    }

    /// The thread waits for room when the run stops.
    @Test func aRunThatStopsEarlyEndsTheReading() throws {
        let server = try ScriptedServer()
        defer { server.stop() }
        var source = LongSource(count: .max)
        let summary = try run(&source, over: .wire, server) { $0.duration = 50_000_000 }
        #expect(summary.requests.addUp)
        #expect(summary.requests.responded > 0)
    }
}
