import Messages
import Packets
import Replay
import Testing

/// Where a run stands, told while it runs.
@Suite struct ProgressTests {
    private static let start: MonotonicTime = 1_000_000_000
    private static let millisecond: UInt64 = 1_000_000

    private static func loaded(
        _ count: Int,
        _ change: (inout ReplayPlan) -> Void = { _ in }
    ) throws -> ReplayMachine {
        var machine = ReplayMachine(
            plan: try .test {
                $0.keepsIntervals = true
                change(&$0)
            },
            start: start,
            descriptors: 100
        )
        var source = MemorySource((0..<count).map { .get(UInt64($0), on: UInt64($0), at: Int64($0) * 10) })
        var feed = RequestFeed(plan: try .test(), schedule: Schedule(start: start, factor: 1))
        while let item = try feed.next(from: &source) {
            if case .request(let scheduled) = item { machine.load(scheduled) }
        }
        machine.endSource()
        return machine
    }

    /// Answers the transfers that were started at `now`.
    private static func startAll(_ machine: inout ReplayMachine, at now: MonotonicTime) -> [TransferID] {
        var started: [TransferID] = []
        while case .start(let id, _)? = machine.nextAction(at: now) {
            machine.sent(id, at: now)
            started.append(id)
        }
        return started
    }

    @Test func whatIsDueIsCountedWhetherOrNotItWasSent() throws {
        // Ten requests, 10 ms apart, and two at a time.
        var machine = try Self.loaded(10) { $0.limits.outstanding = 2 }
        #expect(machine.progress(at: Self.start).due == 1)
        var now = Self.start + 45 * Self.millisecond
        let started = Self.startAll(&machine, at: now)
        var progress = machine.progress(at: now)
        #expect(started.count == 2 && progress.due == 5 && progress.sent == 2 && progress.outstanding == 2)
        #expect(progress.oldest == 45 * Self.millisecond)
        machine.finish(started[0], outcome: .responded(status: 204), at: now)
        machine.finish(started[1], outcome: .failed(.reset), at: now)
        progress = machine.progress(at: now)
        #expect(progress.statuses == [204: 1] && progress.failures == [.reset: 1] && progress.oldest == 0)
        // After the end nothing more becomes due.
        now += 10 * Self.millisecond
        machine.interrupt(at: now)
        progress = machine.progress(at: now + 100 * Self.millisecond)
        #expect(progress.due == 6 && progress.counts.notSent == 8 && progress.phase == .done)
    }

    @Test func intervalsAddUpToTheWhole() throws {
        var machine = try Self.loaded(100)
        var sums: (due: UInt64, sent: UInt64, responded: UInt64, failed: UInt64) = (0, 0, 0, 0)
        var last: UInt64 = 0
        for turn in 0..<21 as Range<UInt64> {
            let now = Self.start + turn * 50 * Self.millisecond
            for id in Self.startAll(&machine, at: now) {
                machine.finish(
                    id,
                    outcome: turn % 3 == 0 ? .failed(.closed) : .responded(status: 200),
                    at: now
                )
            }
            guard let interval = machine.takeInterval(at: now) else {
                Issue.record("the plan asks for intervals")
                return
            }
            #expect(interval.start == last && interval.end == turn * 50 * Self.millisecond)
            last = interval.end
            #expect(interval.sendError.summary.count == interval.sent)
            sums.due += interval.due
            sums.sent += interval.sent
            sums.responded += interval.responded
            sums.failed += interval.failed
            if turn > 0, turn < 20 { #expect(interval.due == 5 && interval.rate(interval.due) == 100) }
        }
        let counts = machine.progress(at: Self.start + last).counts
        #expect(sums.due == 100 && sums.sent == 100)
        #expect(sums.responded == counts.responded && sums.failed == counts.failed)
        #expect(sums.responded + sums.failed == 100)
    }

    struct Row: Sendable {
        var name: String
        var change: @Sendable (inout ReplayPlan) -> Void
        var factor = 1.0
        /// Seconds left after 4 s of a trace of 10 s with 101 requests, 40 of them sent.
        var left: Double?
    }

    @Test(arguments: [
        Row(name: "as recorded", change: { _ in }, left: 6),
        Row(name: "twice as fast", change: { _ in }, factor: 2, left: 1),
        Row(name: "for so long", change: { $0.duration = 5_000_000_000 }, left: 1),
        Row(name: "as far as", change: { $0.window.to = .offset(7_000_000_000) }, left: 3),
        // A gap of 100 ms, the mean, is between two passes.
        Row(name: "twice", change: { $0.loops = 2 }, left: 16.1),
        // The schedule begins with the first request that is sent.
        Row(name: "from", change: { $0.window.from = .offset(5_000_000_000) }, left: 1),
        Row(name: "for ever", change: { $0.loops = nil }, left: nil),
        Row(
            name: "for ever, but for so long",
            change: { ($0.loops, $0.duration) = (nil, 5_000_000_000) },
            left: 1
        ),
        // 40 took 4 s, 61 are left.
        Row(name: "as fast as possible", change: { $0.pacing = .maximum }, factor: 0, left: 6.1),
        Row(
            name: "as fast as possible, some",
            change: { ($0.pacing, $0.window.to) = (.maximum, .offset(7_000_000_000)) },
            factor: 0,
            left: nil
        ),
    ]) func theTimeThatIsLeft(_ row: Row) throws {
        var plan = try ReplayPlan.test(row.change)
        let first = PacketTime(nanoseconds: 1_700_000_000_000_000_000)
        plan.outlook = TraceOutlook(first: first, last: first.advanced(by: 10_000_000_000), requests: 101)
        let outlook = RunOutlook(plan, schedule: Schedule(start: Self.start, factor: row.factor))
        var progress = ReplayProgress()
        progress.elapsed = 4_000_000_000
        progress.counts.sent = 40
        let now = Self.start + progress.elapsed
        let left = outlook?.remaining(progress, at: now)
        #expect(left.map { Double($0) / 1e9 } == row.left, "\(row.name)")
        progress.phase = .draining
        #expect(outlook?.remaining(progress, at: now) == nil)
    }
}
