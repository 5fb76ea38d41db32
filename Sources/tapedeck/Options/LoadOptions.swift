import ArgumentParser
import Configuration
import Replay

/// What load a replay makes of a trace, beyond its speed: the plan file, and the few of its keys that have a flag.
struct LoadOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Take what is not said here from a plan in YAML; Documentation/replay-plans.md describes it.",
            valueName: "file"
        )
    )
    var plan: String?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Put a value into the plan: copies.spread=5s; may be repeated.",
            valueName: "key=value"
        )
    )
    var set: [String] = []

    @Option(
        parsing: .unconditional,
        help: "Replay each session so many times, with identities of its own each time."
    )
    var copies: UInt32?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Replay this share of the sessions: 25%.", valueName: "share"),
        transform: Spelled<Share>.share
    )
    var sample: Spelled<Share>?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Replay the part of one machine among several, by session: 2/8.",
            valueName: "n/m"
        ),
        transform: Spelled<Shard>.shard
    )
    var shard: Spelled<Shard>?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "By what a session is known: cookie, cookie:NAME, bearer, client, delivery, header:NAME, …",
            valueName: "marks",
            visibility: .hidden
        ),
        transform: Spelled<SessionRule>.session
    )
    var session: Spelled<SessionRule>?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("What choices follow from; the same seed makes the same run.", visibility: .hidden)
    )
    var seed: UInt64?

    @Flag(help: "Send GET, HEAD and OPTIONS only; others are skipped and counted.")
    var onlySafeMethods = false

    @Flag(help: "Send nothing; say what would be sent, by route, and how many at most in a second.")
    var dryRun = false

    func validate() throws {
        if let copies, !(1...SessionCopies.maximumCount).contains(Int(copies)) {
            throw ValidationError("--copies goes from 1 to \(SessionCopies.maximumCount)")
        }
    }

    /// The plan of the file with its settings; one that says nothing where there is neither.
    func file() throws -> PlanFile {
        // How many copies is a setting like others, so that `--copies 3 --set copies.spread=5s` say it together.
        let settings = set + (copies.map { ["copies.count=\($0)"] } ?? [])
        do {
            guard let plan else { return try PlanFile(settings: settings) }
            return try PlanFile.load(path: plan, settings: settings)
        } catch {
            throw CommandFailure(plan == nil ? error.description : "--plan: \(error)")
        }
    }

    /// Puts the flags over what a plan has.
    func apply(to plan: inout ReplayPlan) {
        if let sample { plan.selection.sample = sample.value.value }
        if let shard { plan.selection.shard = shard.value }
        if let session { plan.sessions = session.value }
        if let seed { plan.seed = seed }
        if onlySafeMethods { plan.sendsOnlySafeMethods = true }
    }
}
