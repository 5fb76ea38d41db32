import Messages
import Replay
import Testing
import Traces

@Suite struct LaneTests {
    private static let millisecond = Simulation.millisecond

    /// Every request takes `milliseconds`.
    private func answers(after milliseconds: UInt64) -> (ScheduledRequest) -> Simulation.Fate {
        { _ in Simulation.Fate(delay: milliseconds * Self.millisecond, outcome: .responded(status: 200)) }
    }

    @Test func strictLanesWaitAndSayForHowLong() throws {
        var source = MemorySource([.get(0), .get(1, at: 10), .get(2, at: 20), .get(3, on: 1, at: 20)])
        let plan = try ReplayPlan.test { $0.lanes = .strict }
        let run = try Simulation.run(plan, &source, fate: answers(after: 30))
        #expect(run.starts.map(\.exchange) == [0, 3, 1, 2])
        #expect(run.starts.map(\.at) == [0, 20, 30, 60])
        // Lateness by waiting is lane wait, and no error of the sender: 20 ms and 40 ms.
        #expect(run.summary.laneWait.max / 100 == 400)
        #expect(run.summary.sendError.max == 0)
        #expect(run.summary.connections.opened == 0 && run.summary.connections.overflow == 0)
        #expect(run.summary.bottleneck == .lanes)
        #expect(Set(run.starts.filter { $0.exchange != 3 }.map(\.connection)).count == 1)
    }

    @Test func overflowOpensAConnectionAndUsesItAgain() throws {
        var source = MemorySource([
            .get(0), .get(1, at: 10), .get(2, at: 20),
            // By now two connections are free; the first of the lane comes first.
            .get(3, at: 45), .get(4, at: 46),
        ])
        let run = try Simulation.run(try .test(), &source, fate: answers(after: 24))
        #expect(run.starts.map(\.at) == [0, 10, 20, 45, 46])
        let connections = run.starts.map(\.connection)
        #expect(connections[0] != connections[1])
        // Exchange 2 is due at 20 ms, when both are busy.
        #expect(Set(connections[0...2]).count == 3)
        #expect(connections[3] == connections[0])
        #expect(Set(connections).count == 3)
        #expect(run.summary.connections.overflow == 2)
        #expect(run.summary.laneWait.max == 0)
    }

    @Test func aLaneFreedBesideItsEventIsWokenAtOnce() throws {
        let plan = try ReplayPlan.test { $0.pacing = .maximum }
        var machine = ReplayMachine(plan: plan, start: 0, descriptors: 10)
        var feed = RequestFeed(plan: plan, schedule: Schedule(start: 0, factor: 0))
        var source = MemorySource([.get(0), .get(1)])
        while case .request(let scheduled) = try feed.next(from: &source) { machine.load(scheduled) }
        machine.endSource()
        #expect(machine.nextAction(at: 10) == .start(0, on: 0))
        #expect(machine.nextAction(at: 10) == nil)
        #expect(machine.wakeTime == nil)
        machine.sent(0, at: 11)
        machine.finish(0, outcome: .responded(status: 200), at: 12)
        // Nothing else will happen that could wake the transport.
        #expect(machine.wakeTime.map { $0 <= 12 } == true)
        #expect(machine.nextAction(at: 12) == .start(0, on: 0))
    }

    @Test func aClosedConnectionsNumberIsGivenOutAgain() throws {
        let messages = (0..<50).map { index in
            RecordedMessage.recorded(
                .request,
                UInt64(index),
                on: UInt64(index),
                at: Int64(index) * 10,
                "GET / HTTP/1.1|Host: a|Connection: close"
            )
        }
        var source = MemorySource(messages)
        let run = try Simulation.run(try .test(), &source)
        #expect(Set(run.starts.map(\.connection)) == [0])
        #expect(run.summary.connections.recorded == 50)
    }

    @Test func idleLanesAreForgottenAtTheLimit() throws {
        var source = MemorySource((0..<300).map { .get($0, on: $0, at: Int64($0)) })
        let run = try Simulation.run(try .test { $0.limits.lanes = 100 }, &source)
        #expect(run.summary.lanesForgotten > 100)
        // A forgotten lane's connection may still be open: nobody else gets its number.
        #expect(Set(run.starts.map(\.connection)).count == 300)
    }

    @Test func theLimitOfOutstandingRequestsHoldsAndIsNamed() throws {
        var source = MemorySource((0..<100).map { .get($0, on: $0) })
        let plan = try ReplayPlan.test { $0.limits.outstanding = 10 }
        let run = try Simulation.run(plan, &source, fate: answers(after: 20))
        #expect(run.summary.peakOutstanding == 10)
        #expect(run.summary.requests.responded == 100)
        #expect(run.summary.limitWaits > 0)
        #expect(run.summary.bottleneck == .replayer)
    }

    @Test func descriptorsBoundWhatIsOutstanding() throws {
        var source = MemorySource((0..<20).map { .get($0, on: $0) })
        let run = try Simulation.run(try .test(), &source, descriptors: 3, fate: answers(after: 1))
        #expect(run.summary.peakOutstanding == 3)
    }

    @Test func asFastAsPossibleIsPacedByTheLanes() throws {
        var source = MemorySource((0..<40).map { .get($0, on: $0 % 4, at: Int64($0) * 1_000) })
        let run = try Simulation.run(
            try .test { $0.pacing = .maximum },
            &source,
            factor: 0,
            fate: answers(after: 2)
        )
        #expect(run.starts.map(\.at).max() == 18)
        #expect(run.summary.peakOutstanding == 4)
        #expect(run.summary.requestedRate == nil && run.summary.speed == nil)
        #expect(run.summary.sendError.max == 0)
    }
}
