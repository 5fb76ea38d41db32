/// One stretch of a load plan, with one load.
package struct Stage: Hashable, Sendable {
    /// What a stage is there to show.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Whether it works at all; what breaks here ends the run.
        case smoke
        /// What the target does at the recorded load.
        case baseline
        /// From low to peak.
        case ramp
        case peak
        case spike
        case soak
        /// Whether the target comes back from an incident.
        case recovery
        /// Where the target bends.
        case knee
        case load
    }

    package var name: String
    package var kind: Kind
    /// Names of the scenarios that run in it, in the order of the plan.
    package var scenarios: [String]
    /// Kept in this stage alone, beside those of the plan.
    package var criteria: [Criterion] = []
    package var check = Check.none
    /// Whether what is observed is kept as a trace.
    package var keepsObserved = true
    /// Nanoseconds of quiet before it.
    package var pause: UInt64 = 0
    package var incidents: [StageIncident] = []
    /// How the limit is looked for in a stage of that kind.
    package var knee = KneeSearch.Limits()

    /// Whether and how answers are compared with the recorded ones after the stage.
    package enum Check: Hashable, Sendable {
        case none
        case byDefault
        /// The path of a file of rules.
        case rules(String)
    }

    package init(name: String, kind: Kind, scenarios: [String]) {
        self.name = name
        self.kind = kind
        self.scenarios = scenarios
    }

    /// Whether a criterion that is not kept, or a request that fails, ends the run.
    package var endsRunOnFailure: Bool { kind == .smoke }
}

/// A command of the user's own that breaks something in the course of a stage, and one that mends it.
package struct StageIncident: Hashable, Sendable {
    package var name: String
    /// Nanoseconds from the start of the stage.
    package var after: UInt64
    /// The program and its arguments.
    package var command: [String]
    /// What mends it when the stage is over, once it has begun; empty where nothing has to.
    package var mend: [String] = []

    package init(name: String, after: UInt64, command: [String]) {
        self.name = name
        self.after = after
        self.command = command
    }
}
