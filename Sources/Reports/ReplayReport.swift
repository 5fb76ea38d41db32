package import Replay

/// What a replay did, for a terminal and as JSON.
package struct ReplayReport: Sendable {
    package var summary: ReplaySummary

    package init(_ summary: ReplaySummary) {
        self.summary = summary
    }
}
