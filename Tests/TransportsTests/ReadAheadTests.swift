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
        /// What an index would tell.
        var size: SourceSize?
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
            // Too long to be packed, among those that are not.
            if given % 100 == 99 {
                let body = String(repeating: "x", count: 20_000)
                return .request(given, on: given % 3, "POST /\(given) HTTP/1.1|Host: a", body: body)
            }
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

    /// All of a trace that is known to fit is ready before the first request goes out, and all of it goes out in order.
    @Test(arguments: transports) func whatFitsIsReadyBeforeTheRun(over transport: TransportChoice) throws {
        let server = try ScriptedServer()
        defer { server.stop() }
        var source = LongSource(count: 2_000)
        source.size = SourceSize(requests: 2_000, bytes: 1 << 20)
        let summary = try run(&source, over: transport, server)
        #expect(summary.requests.responded == 2_000)
        #expect(summary.prepared.requests == 2_000)
        #expect(summary.prepared.bytes > 0 && summary.prepared.nanoseconds > 0)
        for connection in 0..<3 as Range<UInt64> {
            let targets = server.seen.map { $0.bytes.split(separator: " ")[1] }
            let ofLane = targets.filter { UInt64($0.dropFirst()).map { $0 % 3 == connection } ?? false }
            #expect(ofLane == stride(from: connection, to: 2_000, by: 3).map { "/\($0)" })
        }
    }

    /// Of one that is not, no more than a little.
    @Test func whatMayNotFitIsReadAsItGoes() throws {
        let server = try ScriptedServer()
        defer { server.stop() }
        var source = LongSource(count: 2_000)
        source.size = SourceSize(requests: 2_000, bytes: 1 << 40)
        let summary = try run(&source, over: .wire, server)
        #expect(summary.requests.responded == 2_000)
        #expect((1..<2_000).contains(summary.prepared.requests))
    }

    /// As much as was said, and what is too long to be packed counts as well.
    @Test func asMuchIsReadyAsWasSaid() throws {
        let server = try ScriptedServer()
        defer { server.stop() }
        var source = LongSource(count: 2_000)
        let summary = try run(&source, over: .wire, server) { $0.readAhead = 100_000 }
        #expect(summary.requests.responded == 2_000)
        // A batch more at most, and a request that is long.
        #expect((100_000..<180_000).contains(summary.prepared.bytes))
    }

    /// A stop that comes while requests are prepared is heeded before the first goes out.
    @Test func aStopWhileRequestsArePreparedEndsTheRun() throws {
        let server = try ScriptedServer()
        defer { server.stop() }
        var source = LongSource(count: .max)
        var plan = ReplayPlan(target: try ReplayTarget("http://127.0.0.1:\(server.port)"), run: "run")
        plan.pacing = .maximum
        plan.readAhead = 8 << 20
        plan.duration = 10_000_000_000
        let stop = try StopToken()
        stop.request()
        stop.request()
        var nobody = NoObserver()
        let summary = try TransportChoice.wire.run(plan, source: &source, observer: &nobody, stop: stop)
        #expect(summary.wasInterrupted && summary.requests.addUp)
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
