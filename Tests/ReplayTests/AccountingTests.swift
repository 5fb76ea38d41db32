import Messages
import Replay
import SeededRandom
import Testing
import Traces

@Suite struct AccountingTests {
    private static let millisecond = Simulation.millisecond

    @Test(arguments: 0..<60 as Range<UInt64>)
    func everyRequestEndsInOneBucket(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var time: Int64 = 0
        let count = Int.random(in: 0...200, using: &generator)
        let messages = (0..<count).map { index -> RecordedMessage in
            time += Int64.random(in: 0...3, using: &generator)
            let flags: MessageFlags = Int.random(in: 0..<10, using: &generator) == 0 ? .gap : []
            let close = Int.random(in: 0..<8, using: &generator) == 0 ? "|Connection: close" : ""
            return .recorded(
                .request,
                UInt64(index),
                on: UInt64.random(in: 0..<6, using: &generator),
                at: time,
                "GET /\(index) HTTP/1.1|Host: a\(close)",
                flags: flags
            )
        }
        let plan = try ReplayPlan.test { plan in
            plan.lanes = Bool.random(using: &generator) ? .strict : .overflow
            plan.pacing = [.speed(.recorded), .maximum].randomElement(using: &generator) ?? .maximum
            plan.loops = UInt32.random(in: 1...3, using: &generator)
            plan.limits.window = Int.random(in: 1...50, using: &generator)
            plan.limits.outstanding = Int.random(in: 1...20, using: &generator)
            plan.limits.lanes = Int.random(in: 2...8, using: &generator)
            if Bool.random(using: &generator) {
                plan.duration = UInt64.random(in: 0...400, using: &generator) * Self.millisecond
            }
        }
        var interrupts: [UInt64] = []
        if Bool.random(using: &generator) {
            interrupts = [UInt64.random(in: 0...300, using: &generator)]
            if Bool.random(using: &generator) { interrupts.append(interrupts[0] + 1) }
        }
        var source = MemorySource(messages)
        let factor: Double = plan.pacing == .maximum ? 0 : 1
        // The summary itself traps where the sums do not hold.
        let run = try Simulation.run(plan, &source, factor: factor, interrupts: interrupts) { _ in
            let outcomes: [Outcome] = [
                .responded(status: 200), .responded(status: 500), .failed(.timeout), .failed(.reset),
            ]
            return Simulation.Fate(
                delay: UInt64.random(in: 0...20, using: &generator) * Self.millisecond,
                outcome: outcomes.randomElement(using: &generator) ?? .aborted
            )
        }
        let requests = run.summary.requests
        #expect(requests.addUp)
        #expect(requests.sent == UInt64(run.starts.count))
        #expect(run.summary.statuses.values.reduce(0, +) == requests.responded)
        #expect(run.summary.failures.values.reduce(0, +) == requests.failed)
        #expect(run.summary.skips.values.reduce(0, +) == requests.skipped)
        #expect(run.summary.serviceTime.count == requests.responded)
        if interrupts.isEmpty, plan.duration == nil {
            #expect(requests.scheduled == UInt64(count) * UInt64(plan.loops ?? 0))
            #expect(requests.notSent == 0 && requests.aborted == 0)
            // Nothing is sent twice.
            #expect(Set(run.starts.map { [$0.exchange, UInt64($0.loop)] }).count == run.starts.count)
        }
        if plan.lanes == .strict || plan.pacing == .maximum {
            expectOrder(run.starts, lanes: messages.map(\.connection))
        }
    }

    /// Within a lane and a pass, requests go out in the order of the recording.
    private func expectOrder(_ starts: [Simulation.Start], lanes: [UInt64]) {
        var last: [[UInt64]: UInt64] = [:]
        for start in starts {
            let lane = [lanes[Int(start.exchange)], UInt64(start.loop)]
            if let before = last[lane] { #expect(before < start.exchange) }
            last[lane] = start.exchange
        }
    }

    @Test func anInterruptDrains() throws {
        var source = MemorySource((0..<10).map { .get($0, on: $0, at: Int64($0) * 10) })
        let run = try Simulation.run(try .test(), &source, interrupts: [35]) { _ in
            Simulation.Fate(delay: 100 * Self.millisecond, outcome: .responded(status: 200))
        }
        #expect(run.summary.requests.sent == 4)
        #expect(run.summary.requests.responded == 4)
        #expect(run.summary.requests.notSent == 6)
        #expect(run.summary.wasInterrupted)
    }

    @Test func theSecondInterruptAborts() throws {
        var source = MemorySource((0..<10).map { .get($0, on: $0, at: Int64($0) * 10) })
        let run = try Simulation.run(try .test(), &source, interrupts: [35, 50]) { _ in
            Simulation.Fate(delay: 100 * Self.millisecond, outcome: .responded(status: 200))
        }
        #expect(run.summary.requests.aborted == 4)
        #expect(run.summary.requests.notSent == 6)
        #expect(run.summary.wallSeconds == 0.05)
    }

    @Test func drainingHasAnEnd() throws {
        var source = MemorySource((0..<3).map { .get($0, on: $0) })
        let plan = try ReplayPlan.test {
            $0.timeout = 1_000 * Self.millisecond
            $0.duration = 10 * Self.millisecond
        }
        // A transport that loses transfers.
        let run = try Simulation.run(plan, &source) { _ in
            Simulation.Fate(delay: 1_000_000_000_000, outcome: .failed(.timeout))
        }
        #expect(run.summary.requests.aborted == 3)
        #expect(run.summary.wallSeconds == 2.01)
    }

    @Test func latencyIsReckonedTwice() throws {
        var source = MemorySource([.get(0), .get(1, at: 10)])
        let run = try Simulation.run(try .test { $0.lanes = .strict }, &source) { _ in
            Simulation.Fate(delay: 50 * Self.millisecond, outcome: .responded(status: 200))
        }
        // The second waited 40 ms for its lane; only the response time holds it against the target.
        #expect(run.summary.serviceTime.max / 100 == 500)
        #expect(run.summary.responseTime.max / 100 == 900)
    }

    /// A target that answers nothing: the window is full, and what was due in the run time and could not even be
    /// loaded is not forgotten.
    @Test(arguments: [false, true]) func whatCouldNotBeSentIsCounted(_ isInterrupted: Bool) throws {
        var source = MemorySource((0..<5_000).map { .get($0, on: $0, at: Int64($0)) })
        let plan = try ReplayPlan.test {
            $0.timeout = 60_000 * Self.millisecond
            $0.limits.outstanding = 50
            $0.limits.window = 100
            if !isInterrupted { $0.duration = 2_000 * Self.millisecond }
        }
        let run = try Simulation.run(plan, &source, interrupts: isInterrupted ? [2_000] : []) { _ in
            Simulation.Fate(delay: 30_000 * Self.millisecond, outcome: .responded(status: 200))
        }
        let requests = run.summary.requests
        #expect(requests.sent == 50 && requests.responded == 50)
        #expect(requests.scheduled == 2_000 && requests.notSent == 1_950)
        #expect(run.summary.peakOutstanding == 50)
        // The schedule asked for them all, by second.
        #expect(run.summary.rates.intervals.map(\.requested) == [1_000, 1_000])
        #expect(run.summary.rates.intervals.map(\.sent) == [50, 0])
    }
}
