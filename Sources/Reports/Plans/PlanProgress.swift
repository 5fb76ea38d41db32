/// Where the run of a plan stands, as it is told of while it goes on.
package struct PlanProgress: Sendable {
    /// A stage, and what is known of how long it takes.
    package struct Step: Hashable, Sendable {
        package var name: String
        /// Nanoseconds of quiet before it.
        package var pause: UInt64
        /// Nanoseconds for which it sends; `nil` where that is not known before.
        package var load: UInt64?
        /// Whether something is waited for, or looked for, afterwards that takes as long as it takes.
        package var isOpenEnded: Bool

        package init(name: String, pause: UInt64, load: UInt64?, isOpenEnded: Bool) {
            self.name = name
            self.pause = pause
            self.load = load
            self.isOpenEnded = isOpenEnded
        }
    }

    /// How long it takes from now on, as far as that is known.
    enum Rest: Hashable, Sendable {
        case unknown
        case atLeast(UInt64)
        case about(UInt64)
    }

    package let steps: [Step]
    /// The place of the stage under way.
    package var current: Int
    /// Which part of the stage it is, such as one load of a search; `nil` where it has no parts.
    package var part: String?
    /// Nanoseconds since the stage, or the part of it, began.
    package var elapsed: UInt64 = 0
    /// What is waited for, where nothing is sent any more.
    package var wait: String?
    /// Requests of the stage that have ended, and those of them with no whole answer or with 5xx.
    package var ended: UInt64 = 0
    package var errors: UInt64 = 0
    /// What the target has under way for those requests, each as a few words.
    package var underWay: [String] = []
    package var target = TargetGlance()

    package init(steps: [Step], current: Int) {
        precondition(steps.indices.contains(current), "the stage under way is one of those that run")
        self.steps = steps
        self.current = current
    }

    var step: Step { steps[current] }

    /// What is left of the load of the stage; `nil` where that is not known, or nothing is sent any more.
    var load: UInt64? {
        guard wait == nil, part == nil, let load = step.load else { return nil }
        return load - min(load, elapsed)
    }

    /// What is left of the run. What is known of stages is how long they send; where something is waited for besides, that
    /// much is the least.
    var rest: Rest {
        var known: UInt64 = 0
        var isWhole = step.load != nil && !step.isOpenEnded && part == nil && wait == nil
        known += load ?? 0
        for step in steps[(current + 1)...] {
            let (sum, overflow) = known.addingReportingOverflow(step.pause)
            let (whole, overflows) = sum.addingReportingOverflow(step.load ?? 0)
            guard !overflow, !overflows else { return .unknown }
            known = whole
            if step.load == nil || step.isOpenEnded { isWhole = false }
        }
        if isWhole { return .about(known) }
        return known > 0 ? .atLeast(known) : .unknown
    }
}
