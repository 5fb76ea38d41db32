import Bytes
package import Messages

/// How the live logs of a target are read while it is loaded, and what they are held against.
package struct LogRule: Hashable, Sendable {
    /// Where lines come from: with `{run}` in its name there is one stream for each run, else one for each tenant.
    package enum Source: Hashable, Sendable {
        /// Streams of server-sent events, by their path.
        case events(path: String)
        /// Channels on WebSockets.
        case realtime(RealtimeRule)
    }

    package var source: Source
    /// Streams open at once: at most so many of runs, exactly so many of tenants, which take turns. `nil` is
    /// ``usualConnections`` of runs, and one for each tenant.
    package var connections: Int?
    /// The requests whose runs are followed; empty for all that set one going.
    package var routes: [RoutePattern] = []
    /// The share of the runs that is followed, from 0 to 1.
    package var share = 1.0
    /// Names of the events that are lines; empty for every event but ``end``.
    package var events: [String] = []
    /// The name of the event behind which nothing comes.
    package var end = "end"
    /// Where a line has its name; `nil` is the id of the event.
    package var line: [String]?
    /// Where a line has the moment at which it was written; `nil` where it has none, and no lag is measured.
    package var time: [String]?
    /// Where a line of a tenant's stream has the name of its run.
    package var run: [String]?
    /// Whether a stream begins with what was written before it was opened.
    package var hasBacklog: Bool
    package var history: History?
    /// Whether the names of lines are whole numbers, each one more than the one before.
    package var isContiguous = false
    package var reconnect: Reconnect?
    package var slow: Slow?
    /// Nanoseconds for which lines are waited for when the stage is over.
    package var linger: UInt64 = 2_000_000_000
    /// Names of stages; empty for each but those that look for the limit.
    package var stages: [String] = []

    package static let placeholder = "{run}"
    package static let usualConnections = 1_000

    /// The lines of a run as the target keeps them, read when the stage is over.
    package struct History: Hashable, Sendable {
        /// With `{run}` in it; further pages are asked for with `after=`.
        package var path: String
        /// Where an entry has its name.
        package var line: [String]
        /// Where it has the moment at which it was written.
        package var time: [String]
        /// Runs whose history is read, drawn from all that are followed.
        package var most: Int

        package init(
            path: String,
            line: [String] = ["id"],
            time: [String] = ["created_at"],
            most: Int = 2_000
        ) {
            self.path = path
            self.line = line
            self.time = time
            self.most = most
        }
    }

    /// Streams are cut off by the reader, and taken up again where they were.
    package struct Reconnect: Hashable, Sendable {
        /// Nanoseconds for which a stream is read, and nanoseconds away from it.
        package var every: UInt64
        package var away: UInt64
        /// The share of the streams with which that is done.
        package var share: Double

        package init(every: UInt64, away: UInt64 = 0, share: Double = 1) {
            self.every = every
            self.away = away
            self.share = share
        }
    }

    /// Streams beside the others that are read slowly.
    package struct Slow: Hashable, Sendable {
        package var streams: Int
        package var bytesPerSecond: Int

        package init(streams: Int, bytesPerSecond: Int) {
            self.streams = streams
            self.bytesPerSecond = bytesPerSecond
        }
    }

    package init(stream: String) {
        source = .events(path: stream)
        hasBacklog = stream.contains(Self.placeholder)
    }

    /// Where a line and its parts are is Realtime's own.
    package init(realtime: RealtimeRule) {
        source = .realtime(realtime)
        hasBacklog = false
        line = ["record", "id"]
        time = ["commit_timestamp"]
        run = ["record", "run_id"]
    }

    package var isOfRuns: Bool {
        switch source {
        case .events(let path): path.contains(Self.placeholder)
        case .realtime(let realtime): realtime.isOfRuns
        }
    }

    package var realtime: RealtimeRule? {
        if case .realtime(let realtime) = source { realtime } else { nil }
    }

    /// Whether the runs of a request are followed.
    package func follows(method: Span<UInt8>, target: Span<UInt8>) -> Bool {
        routes.isEmpty || routes.contains { $0.matches(method: method, target: target) }
    }

    /// Whether the logs are read in a stage.
    package func covers(_ stage: Stage) -> Bool {
        stages.isEmpty ? stage.kind != .knee : stages.contains(stage.name)
    }

    /// A path with the name of a run in its place.
    package static func path(_ template: String, run: String) -> String {
        template.split(separator: placeholder, omittingEmptySubsequences: false)
            .joined(separator: PercentEncoding.encode(run))
    }
}
