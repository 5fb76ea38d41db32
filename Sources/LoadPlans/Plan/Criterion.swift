package import Messages

/// A bound that a run has to keep: `p95 <= 500ms on POST /api/hooks/{slug}`, `peak running >= 10000 in peak`.
///
/// `FIGURE RELATION BOUND [on ROUTE] [of TENANT] [in STAGE, …]`. What is not said stands for all: all routes together, all
/// tenants together, each of the stages. `of each` holds every tenant to the bound by itself. A bound may be a multiple of
/// what the figure was elsewhere: `2x + 20ms against STAGE`, `1.5x against last run`.
package struct Criterion: Hashable, Sendable, CustomStringConvertible {
    /// What is measured.
    package enum Figure: Hashable, Sendable {
        /// A statistic of a time, in nanoseconds.
        case time(MeasuredTime, Statistic)
        /// A share of the requests, from 0 to 1.
        case share(Outcomes)
        /// Answers in a second.
        case rate
        case count(CountedThing)
    }

    /// Times of which distributions are kept.
    package enum MeasuredTime: String, Hashable, Sendable, CaseIterable {
        /// From the intended time to the end of the answer.
        case response = "response_time"
        /// From the sending to the end of the answer.
        case service = "service_time"
        /// From the acceptance of a delivery to the first step of its run.
        case queue
        /// From the first step to the end of a run.
        case execution
        /// From the acceptance to the end of the run.
        case turnaround
        /// The turnaround without what the workflow is told to wait.
        case overhead
        /// From the end of a run to the moment at which that is known here.
        case notice
        /// From the acceptance of the last delivery to the end of the last run: one for each tenant.
        case drain
        /// From the asking for a stream of log lines to the head of its answer.
        case subscribe
        /// From the asking for it to its first line.
        case firstLine = "first line"
        /// From the writing of a log line to its arrival.
        case logLag = "log lag"
        /// The same in streams that are read slowly.
        case slowLogLag = "slow log lag"
        /// From the end of a connection to the head of the answer with which the stream goes on.
        case resume

        /// Whether it is a time of requests, told apart by route.
        package var isOfRequests: Bool { self == .response || self == .service }

        /// Whether it is a time of live logs.
        package var isOfLogs: Bool {
            switch self {
            case .subscribe, .firstLine, .logLag, .slowLogLag, .resume: true
            case .response, .service, .queue, .execution, .turnaround, .overhead, .notice, .drain: false
            }
        }
    }

    package enum Statistic: Hashable, Sendable {
        /// More than 0 and at most 100, which is the longest.
        case percentile(Double)
        case mean
    }

    /// How requests end.
    package enum Outcomes: Hashable, Sendable {
        /// Answered whole, and not with 5xx.
        case success
        /// Not answered whole, or with 5xx.
        case errors
        /// Not answered whole.
        case failures
        /// Of seconds in place of requests: those of whose requests more than half were successes.
        case available
        case statuses(ClosedRange<UInt16>)
    }

    package enum CountedThing: String, Hashable, Sendable, CaseIterable {
        /// Requests sent.
        case requests
        /// Executions that were accepted.
        case accepted
        /// Executions that came to their end.
        case finished
        /// Executions without an end at the deadline.
        case lost
        /// Deliveries that were answered with a run of before, since they had come before.
        case repeated
        /// Executions that failed.
        case failedRuns = "failed runs"
        /// Deliveries with more than one run.
        case duplicateRuns = "duplicate runs"
        /// Runs of the target that no answer accepted.
        case strayRuns = "stray runs"
        /// The most executions that were running at once.
        case peakRunning = "peak running"
        /// Runs that the list of another tenant showed.
        case crossedRuns = "crossed runs"
        /// Executions that failed and left no dead letter.
        case missingDeadLetters = "missing dead letters"
        /// Answers that a check found to differ.
        case differences
        /// The most streams of log lines that were open at once.
        case logStreams = "log streams"
        /// Answers that were none, and connections that gave none.
        case logStreamsFailed = "log streams failed"
        /// Connections of streams that broke off before their end.
        case logStreamsCut = "log streams cut"
        /// Connections of streams that were given up on purpose.
        case logReconnects = "log reconnects"
        case logLines = "log lines"
        /// Lines that had to come, of the runs that were compared.
        case logLinesChecked = "log lines checked"
        case logLinesMissing = "log lines missing"
        case logLinesDuplicated = "log lines duplicated"
        case logLinesOutOfOrder = "log lines out of order"
        /// Lines that the target itself does not keep.
        case logLinesUnknown = "log lines unknown"
        /// Lines that were written while a stream was away that cannot go on where it was.
        case logLinesInGaps = "log lines in gaps"
        /// Lines of runs that another tenant set going.
        case logLinesOfOthers = "log lines of others"
    }

    package enum Relation: String, Hashable, Sendable, CaseIterable {
        case atMost = "<="
        case atLeast = ">="
        case below = "<"
        case above = ">"
        case equal = "="

        package func holds(_ value: Double, _ bound: Double) -> Bool {
            switch self {
            case .atMost: value <= bound
            case .atLeast: value >= bound
            case .below: value < bound
            case .above: value > bound
            case .equal: value == bound
            }
        }

        /// Whether the larger of two values is the one that is nearer to breaking the bound.
        package var breaksUpwards: Bool { self == .atMost || self == .below || self == .equal }
    }

    /// Whose requests and runs are meant.
    package enum Party: Hashable, Sendable {
        /// All together.
        case all
        /// Each tenant by itself; the worst one counts.
        case each
        case tenant(String)
    }

    /// What a bound is a multiple of: the same figure, of the same route and tenant, somewhere else.
    package struct Comparison: Hashable, Sendable {
        package enum Place: Hashable, Sendable {
            case stage(String)
            /// The run of the plan before this one.
            case lastRun
        }

        package var factor: Double
        /// What is put on top, in the unit of the figure.
        package var slack: Double
        package var place: Place
    }

    /// As it was given, with single blanks.
    package let description: String
    package let figure: Figure
    package let relation: Relation
    /// In nanoseconds, a share, per second, or a number; 0 where ``comparison`` makes it.
    package let bound: Double
    /// `nil` where the bound stands by itself.
    package let comparison: Comparison?
    /// `nil` for all routes together.
    package let route: RoutePattern?
    package let party: Party
    /// Names of stages; empty for each of them.
    package let stages: [String]

    package init(
        description: String,
        figure: Figure,
        relation: Relation,
        bound: Double,
        comparison: Comparison? = nil,
        route: RoutePattern?,
        party: Party,
        stages: [String]
    ) {
        self.description = description
        self.figure = figure
        self.relation = relation
        self.bound = bound
        self.comparison = comparison
        self.route = route
        self.party = party
        self.stages = stages
    }
}
