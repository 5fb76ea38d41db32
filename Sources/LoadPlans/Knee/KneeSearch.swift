/// Looks for the load at which a target begins to break its budgets: stairs upwards, then halving between the last step that
/// held and the first that broke, then what held once more for longer: a line that grows slowly takes its time to break a bound.
///
/// Asks for one step at a time and takes what was measured; whoever runs the steps needs no more than ``next()`` and
/// ``take(_:)``.
package struct KneeSearch: Sendable {
    package struct Limits: Hashable, Sendable {
        /// Times the recorded load: where it begins, and beyond which it does not go.
        package var from = 1.0
        package var upTo = 64.0
        /// Below which it does not look where nothing holds.
        package var least = 1.0 / 64
        /// From one step of the stairs to the next.
        package var factor = 1.5
        /// How near the two sides have to come to each other, as their ratio.
        package var precision = 1.06
        /// Nanoseconds of one step, and how often a step in doubt is run again.
        package var seconds = 10.0
        package var repeats = 2
        /// Steps at most, repetitions included.
        package var steps = 40

        package init() {}

        /// Seconds of the longest step that there may be: one in doubt for the last time, after what held has broken.
        package var longestStep: Double { seconds * Double(1 + repeats) * KneeSearch.confirmation }
    }

    package enum Ask: Hashable, Sendable {
        /// The recorded mix at so many times its load, for so many seconds.
        case run(multiplier: Double, seconds: Double)
        case finished
    }

    package let limits: Limits
    /// In the order in which they were run; repetitions take the place of what they repeat.
    package private(set) var steps: [KneeStep] = []
    private var held: Double?
    private var broke: Double?
    private var repeats = 0
    private var runs = 0
    private var isOver = false
    /// Steps are longer by this once the first halving is done.
    private var stretch = 1.0
    private var isConfirmed = false
    /// The lowest load at which the replayer was the limit.
    package private(set) var replayerLimit: Double?

    package init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// What to run next.
    package func next() -> Ask {
        guard !isOver, runs < limits.steps else { return .finished }
        let seconds = limits.seconds * Double(1 + repeats) * stretch
        guard let last = steps.last else { return .run(multiplier: limits.from, seconds: seconds) }
        if repeats > 0 { return .run(multiplier: last.multiplier, seconds: seconds) }
        guard let broke else {
            let up = min(last.multiplier * limits.factor, limits.upTo)
            return up > last.multiplier ? .run(multiplier: up, seconds: seconds) : .finished
        }
        // Nothing held: look below where it began.
        let low = held ?? broke / 4
        guard broke / low > limits.precision, broke > limits.least else {
            guard let held, !isConfirmed else { return .finished }
            return .run(multiplier: held, seconds: limits.seconds * Self.confirmation)
        }
        return .run(multiplier: max((low * broke).squareRoot(), limits.least), seconds: seconds)
    }

    /// For how many times the length of a step its runs are waited for.
    package static let patience = 10.0
    /// How much longer what held is run once more, and every step behind one that held for short and not for long.
    static let confirmation = 3.0

    /// Takes what was measured in the step that was asked for.
    package mutating func take(_ step: KneeStep) {
        runs += 1
        if repeats > 0 { steps.removeLast() }
        if step.isReplayerBound {
            // What lies beyond says nothing of the target, and what held for short was not seen for longer.
            steps.removeAll { $0.multiplier == step.multiplier }
            steps.append(step)
            replayerLimit = min(replayerLimit ?? step.multiplier, step.multiplier)
            repeats = 0
            if !step.isBroken || held == nil { isOver = true }
            breaks(at: step.multiplier)
            return
        }
        if repeats == 0, step.multiplier == held {
            // What was seen for longer counts.
            steps.removeAll { $0.multiplier == step.multiplier }
            steps.append(step)
            if step.isBroken {
                breaks(at: step.multiplier)
                stretch = Self.confirmation
            } else {
                isConfirmed = true
            }
            return
        }
        steps.append(step)
        if step.isInDoubt, repeats < limits.repeats {
            repeats += 1
            return
        }
        repeats = 0
        if step.isBroken {
            breaks(at: step.multiplier)
        } else if step.multiplier < broke ?? .infinity {
            // Above one that broke it does not count, since a target that breaks now and then is not safe.
            held = max(held ?? step.multiplier, step.multiplier)
        }
    }

    /// Nothing from `multiplier` on is safe, and what held below is.
    private mutating func breaks(at multiplier: Double) {
        let lowest = min(broke ?? multiplier, multiplier)
        broke = lowest
        guard let held, held >= lowest else { return }
        self.held = steps.filter { !$0.isBroken && !$0.isReplayerBound && $0.multiplier < lowest }
            .map(\.multiplier).max()
    }

    /// What the steps so far come to.
    package var finding: KneeFinding.Limit {
        if let replayerLimit, replayerLimit <= broke ?? .infinity { return .replayer(replayerLimit) }
        guard let broke else { return .notFound(upTo: steps.map(\.multiplier).max() ?? limits.from) }
        return .found(safe: held ?? 0, breaks: broke)
    }
}

extension KneeStep {
    /// Whether the figure is so near to its bound that its interval holds both sides.
    package var isInDoubt: Bool {
        guard let worst = routes.max(by: { $0.use < $1.use }) else { return false }
        return (worst.use - 1).magnitude < worst.uncertainty
    }
}
