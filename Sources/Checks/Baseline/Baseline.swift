package import Traces

/// What a recording is to be answered with, as a target that was approved of did: the answers that differ from the
/// recorded ones, how long all of them took, and how the baseline came to be what it is.
///
/// The answers themselves are messages of a trace of their own, ``answers``; an exchange of which that holds none is to be
/// answered as recorded.
package struct Baseline: Hashable, Sendable {
    /// The version of its form that this code writes and reads.
    package static let format = 1

    /// The recording to which it belongs.
    package var trace: TraceID
    /// The trace that holds its answers; `nil` where every answer is as recorded.
    package var answers: TraceID?
    package var toolVersion: String
    /// The authority that the answers came from, which a `Location` in them may name.
    package var authority: String
    /// The machine on which the times were taken.
    package var host: String
    /// From the first request to the last answer, in seconds.
    package var seconds: Double
    /// Sorted by name.
    package var routes: [BaselineRoute]
    /// By exchange: bodies of which the trace of answers holds no bytes.
    package var digests: [UInt64: BodyDigest]
    /// What it came from, the latest last; never empty.
    package var revisions: [BaselineRevision]

    package init(
        trace: TraceID,
        answers: TraceID?,
        toolVersion: String,
        authority: String,
        host: String,
        seconds: Double,
        routes: [BaselineRoute],
        digests: [UInt64: BodyDigest] = [:],
        revisions: [BaselineRevision]
    ) {
        self.trace = trace
        self.answers = answers
        self.toolVersion = toolVersion
        self.authority = authority
        self.host = host
        self.seconds = seconds
        self.routes = routes
        self.digests = digests
        self.revisions = revisions
    }

    /// Counts from 1.
    package var revision: Int { revisions.last?.number ?? 0 }
}

/// What a baseline knows of a route.
package struct BaselineRoute: Hashable, Sendable {
    /// Method and template of the path, as a check names routes.
    package var name: String
    /// Answers of its own, which are not as recorded.
    package var stored: Int
    /// Requests that failed: no answer, a cut one, a status of 500 and above.
    package var errors: UInt64
    /// Service times of the others.
    package var times: LatencySketch

    package init(name: String, stored: Int = 0, errors: UInt64 = 0, times: LatencySketch = LatencySketch()) {
        self.name = name
        self.stored = stored
        self.errors = errors
        self.times = times
    }
}

/// One state of a baseline, and what changed with it.
package struct BaselineRevision: Hashable, Sendable {
    /// Revisions kept; of more, the oldest are forgotten.
    package static let most = 50
    /// Changes listed of each.
    package static let mostChanges = 100

    package struct Change: Hashable, Sendable {
        package var route: String
        package var field: String
        package var kind: String
        /// In how many answers.
        package var count: Int

        package init(route: String, field: String, kind: String, count: Int) {
            self.route = route
            self.field = field
            self.kind = kind
            self.count = count
        }
    }

    package var number: Int
    /// Nanoseconds since 1970.
    package var time: Int64
    /// Where the answers came from: a target or the name of a file.
    package var source: String
    /// What whoever made it had to say.
    package var note: String
    /// Answers held by the baseline since then.
    package var stored: Int
    /// Against the state before it; of the first, against the recording.
    package var changes: [Change]
    /// Changes beyond those listed.
    package var unlisted: Int

    package init(
        number: Int,
        time: Int64,
        source: String,
        note: String = "",
        stored: Int,
        changes: [Change],
        unlisted: Int = 0
    ) {
        self.number = number
        self.time = time
        self.source = source
        self.note = note
        self.stored = stored
        self.changes = changes
        self.unlisted = unlisted
    }

    /// The revision after `number`, of a check that found `result`.
    package init(
        after number: Int,
        time: Int64,
        source: String,
        note: String,
        stored: Int,
        _ result: CheckResult
    ) {
        let changes = result.groups.map {
            Change(route: $0.route, field: $0.field, kind: $0.kind.rawValue, count: $0.count)
        }
        self.init(
            number: number + 1,
            time: time,
            source: source,
            note: note,
            stored: stored,
            changes: Array(changes.prefix(Self.mostChanges)),
            unlisted: max(0, changes.count - Self.mostChanges)
        )
    }
}

/// What a check used of a baseline.
package struct BaselineUse: Hashable, Sendable {
    package var revision: Int
    /// Recorded exchanges that are held against an answer of the baseline; the others against the recorded one.
    package var answers: Int

    package init(revision: Int, answers: Int) {
        self.revision = revision
        self.answers = answers
    }
}
