/// What a run was, as `run.json` in its folder says: which command on which traces, and how it ended.
package struct RunRecord: Hashable, Sendable {
    package static let schema = "tapedeck.run/1"
    /// Longer files are none.
    package static let maximumBytes = 1 << 20

    /// The name of its folder.
    package var name: String
    /// `replay` or `check`.
    package var command: String
    /// The whole command line; secrets are never in one.
    package var arguments: [String]
    /// As they were named.
    package var traces: [String]
    /// Where requests were sent; `nil` where observed traces were compared.
    package var target: String?
    /// Nanoseconds since 1970.
    package var start: Int64
    package var end: Int64
    /// A check's verdict; of a replay `done`, `failed`, `aborted` or `interrupted`.
    package var outcome: String
    /// Requests sent, and those that failed; of a check, answers compared and those that differ.
    package var requests: UInt64
    package var failed: UInt64

    package init(
        name: String,
        command: String,
        arguments: [String],
        traces: [String],
        target: String?,
        start: Int64,
        end: Int64,
        outcome: String,
        requests: UInt64,
        failed: UInt64
    ) {
        self.name = name
        self.command = command
        self.arguments = arguments
        self.traces = traces
        self.target = target
        self.start = start
        self.end = end
        self.outcome = outcome
        self.requests = requests
        self.failed = failed
    }
}
