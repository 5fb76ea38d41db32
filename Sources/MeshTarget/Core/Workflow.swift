/// What a hook sets going: steps one after another, each of which takes its time and writes a log line.
package struct Workflow: Sendable, Hashable {
    package var id: String
    package var steps: [String]
    /// From the first step to the last, in milliseconds; where in the range is a function of the run id.
    package var milliseconds: ClosedRange<Int>
    /// Whether the last step fails, and the run with it.
    package var fails: Bool

    /// About 50 ms: over before its sender asks for it.
    package static let short = Workflow(
        id: "wf-short",
        steps: ["validate", "transform", "notify"],
        milliseconds: 45...55,
        fails: false
    )
    /// One to two seconds: long enough to watch.
    package static let medium = Workflow(
        id: "wf-medium",
        steps: ["validate", "enrich", "transform", "store", "notify"],
        milliseconds: 1000...2000,
        fails: false
    )
    /// 30 to 60 seconds: what fills a server with running workflows.
    package static let long = Workflow(
        id: "wf-long",
        steps: ["validate", "delay", "notify"],
        milliseconds: 30_000...60_000,
        fails: false
    )
    /// About 80 ms, then an error.
    package static let failing = Workflow(
        id: "wf-failing",
        steps: ["validate", "charge"],
        milliseconds: 75...85,
        fails: true
    )

    /// How long the steps of this run take together, in nanoseconds.
    package func duration(of run: RunID) -> Int64 {
        let spread = milliseconds.upperBound - milliseconds.lowerBound + 1
        return Int64(milliseconds.lowerBound + run.number(below: spread)) * 1_000_000
    }
}
