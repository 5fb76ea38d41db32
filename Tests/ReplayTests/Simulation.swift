import Replay

/// Drives a machine with a clock and a target that exist only here.
struct Simulation {
    /// What a request met with: how long it takes, and how it ends.
    struct Fate {
        var delay: UInt64
        var outcome: Outcome
    }

    /// What the target answers, where a test is about that.
    struct Answers {
        let answer: (ScheduledRequest) -> ObservedResponse?
    }

    struct Start: Equatable {
        var exchange: UInt64
        var loop: UInt32
        var connection: ConnectionID
        /// Since the start of the run, in milliseconds.
        var at: UInt64
    }

    static let epoch: MonotonicTime = 5_000_000_000
    static let millisecond: UInt64 = 1_000_000

    var starts: [Start] = []
    /// The requests as they were sent, in the order of ``starts``.
    var sent: [PreparedRequest] = []
    var summary = ReplaySummary()

    /// Runs to the end; `interrupts` are moments in milliseconds.
    static func run(
        _ plan: ReplayPlan,
        _ source: inout some RequestSource,
        factor: Double = 1,
        curve: SpeedCurve? = nil,
        interrupts: [UInt64] = [],
        descriptors: Int = 10_000,
        answers: Answers = Answers { _ in nil },
        fate: (ScheduledRequest) -> Fate = { _ in
            Fate(delay: millisecond / 2, outcome: .responded(status: 200))
        }
    ) throws -> Simulation {
        var simulation = Simulation()
        let curve = curve ?? SpeedCurve(constant: factor)
        var machine = ReplayMachine(plan: plan, start: epoch, descriptors: descriptors, curve: curve)
        var feed = RequestFeed(plan: plan, schedule: Schedule(start: epoch, curve: curve))
        var now = epoch
        var flying: [(end: MonotonicTime, id: TransferID, outcome: Outcome)] = []
        var interrupts = interrupts.map { epoch + $0 * millisecond }
        while true {
            while let action = machine.nextAction(at: now) {
                switch action {
                case .start(let id, let connection):
                    let scheduled = machine.request(of: id)
                    precondition(machine.connection(of: id) == connection)
                    simulation.starts.append(
                        Start(
                            exchange: scheduled.request.exchange,
                            loop: scheduled.loop,
                            connection: connection,
                            at: (now - epoch) / millisecond
                        )
                    )
                    simulation.sent.append(scheduled.request)
                    machine.sent(id, at: now)
                    let fate = fate(scheduled)
                    flying.append((now + fate.delay, id, fate.outcome))
                case .abort(let id):
                    flying.removeAll { $0.id == id }
                    machine.finish(id, outcome: .aborted, at: now)
                }
            }
            if machine.isFinished { break }
            while machine.canLoad {
                switch try feed.next(from: &source) {
                case .request(let scheduled): machine.load(scheduled)
                case .skipped(let reason, let intended): machine.skip(reason, intended: intended)
                case .nothingYet: continue
                case nil: machine.endSource()
                }
            }
            let moments = [machine.wakeTime, flying.map(\.end).min(), interrupts.first].compactMap { $0 }
            guard let next = moments.min() else {
                // Loading may have ended the run; anything else would wait for ever.
                precondition(machine.isFinished, "nothing is left to wait for, and the run is not over")
                continue
            }
            now = max(now, next)
            if let interrupt = interrupts.first, interrupt <= now {
                interrupts.removeFirst()
                machine.interrupt(at: now)
            }
            for flight in flying where flight.end <= now {
                if machine.readsAnswer(of: flight.id), case .responded = flight.outcome {
                    machine.answered(flight.id, with: answers.answer(machine.request(of: flight.id)))
                }
                machine.finish(flight.id, outcome: flight.outcome, at: now)
            }
            flying.removeAll { $0.end <= now }
        }
        simulation.summary = machine.summary(at: now, idle: 0, feed: feed)
        return simulation
    }
}
