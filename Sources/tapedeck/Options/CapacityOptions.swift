import ArgumentParser
import Replay

/// How much a replay may have under way, and how urgent it is.
struct CapacityOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Requests in flight at most: there must be descriptors for them, and what is due beyond waits, counted.",
            valueName: "n"
        )
    )
    var maxInFlight: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "With --max: memory for requests that are prepared before the first goes out; unless said otherwise, all of a trace whose requests fit into 256MB, else little at a time.",
            valueName: "size"
        )
    )
    var readAhead: SizeArgument?

    @Flag(help: "Come before all else on this machine (SCHED_FIFO), where that is permitted.")
    var realtime = false

    /// More than any machine has descriptors or ports for.
    private static let most = 1_000_000

    func validate() throws {
        if let maxInFlight, !(1...Self.most).contains(maxInFlight) {
            throw ValidationError("--max-in-flight \(maxInFlight): give 1 to \(Self.most)")
        }
    }

    func apply(to plan: inout ReplayPlan) {
        if realtime { plan.isRealtime = true }
        if let readAhead { plan.readAhead = Int(clamping: readAhead.bytes) }
        guard let maxInFlight else { return }
        plan.neededInFlight = maxInFlight
        plan.limits.outstanding = maxInFlight
        plan.limits.outstandingAtMaximum = maxInFlight
    }
}
