package import Messages

/// What a load test is to do and what it has to show.
///
/// How each scenario is replayed in each stage is the configuration's: it speaks the language of the plans of a replay.
package struct LoadPlan: Sendable {
    package var name: String
    package var about: String?
    /// What the choices of every replay follow from.
    package var seed: UInt64 = 1
    /// Notes on where it runs, in their order.
    package var environment: [Note] = []
    package var tenants: [Tenant] = []
    package var scenarios: [Scenario] = []
    package var stages: [Stage] = []
    package var criteria: [Criterion] = []
    package var executions: ExecutionRule?
    package var logs: LogRule?
    package var observers = Observers()
    package var probes: [Probe] = []
    /// Commands whose output is searched for what probes have planted, after the stages.
    package var canaryCommands: [CanaryCommand] = []

    /// A command of the user's own that shows what the target keeps, such as columns of a database or a log file.
    package struct CanaryCommand: Hashable, Sendable {
        package var name: String
        /// The program and its arguments.
        package var command: [String]
        /// Whether data may stand in what it shows, since it is where data belongs; secrets never may.
        package var mayHoldData: Bool

        package init(name: String, command: [String], mayHoldData: Bool = true) {
            self.name = name
            self.command = command
            self.mayHoldData = mayHoldData
        }
    }

    package struct Note: Hashable, Sendable {
        package var name: String
        package var text: String

        package init(name: String, text: String) {
            self.name = name
            self.text = text
        }
    }

    /// Traces that are replayed together.
    package struct Scenario: Hashable, Sendable {
        package var name: String
        package var about: String?
        /// Paths, merged by time.
        package var traces: [String]
        /// Whose it is, where one tenant has it to itself.
        package var tenant: String?

        package init(name: String, traces: [String]) {
            self.name = name
            self.traces = traces
        }
    }

    /// Someone whose figures are told apart, and whose data nobody else may see.
    package struct Tenant: Sendable {
        package var name: String
        /// Which requests are the tenant's.
        package var match: RequestFilter?
        /// Where the token is with which the tenant's runs are read: `env:VAR` or `file:PATH`.
        package var token: String?
        /// Field lines that go along with the token, such as `X-Project-Id: harbor`.
        package var headers: [String] = []

        package init(name: String) {
            self.name = name
        }

        /// Whether there is something to ask as the tenant with.
        package var canAsk: Bool { token != nil || !headers.isEmpty }
    }

    /// Probes of a plan; each has a thread.
    package static let probeLimit = 64

    /// What is looked at beside the load.
    package struct Observers: Hashable, Sendable {
        /// Nanoseconds between two looks.
        package var interval: UInt64 = 1_000_000_000
        /// Names of processes, as /proc/PID/comm or the last part of the first argument has them.
        package var processes: [String] = []
        /// URLs of metrics in Prometheus' text format.
        package var metrics: [String] = []
        /// Where the connection string of a PostgreSQL server is: `env:VAR` or `file:PATH`.
        package var postgres: String?

        package init() {}

        package var isEmpty: Bool { processes.isEmpty && metrics.isEmpty && postgres == nil }
    }

    package init(name: String) {
        self.name = name
    }

    package func scenario(_ name: String) -> Scenario? { scenarios.first { $0.name == name } }
}

/// How executions that a request sets going are followed to their end.
package struct ExecutionRule: Sendable {
    /// Which requests set one going.
    package var route: RoutePattern
    /// Where the answer has the name of the run, tried in turn: `header:NAME` or `json:/POINTER`.
    package var names: [Place] = [.header("X-Run-Id"), .json(["run_id"])]
    /// The path of the list of runs, which is asked again and again; `nil` asks for none. With `{cursor}` in it the list is
    /// by the last change of each run, without it by creation, and `after` says where a page begins.
    package var poll: String?
    /// Where workflows report the ends of runs, where they do.
    package var callback: Callback?
    /// A stream of changes of runs, where the target has one.
    package var stream: StatusStream?
    /// What is asked of the target's database, where that may be.
    package var query: Query?
    /// Nanoseconds between two rounds of polling, and two queries.
    package var interval: UInt64 = 500_000_000
    /// Nanoseconds from the acceptance after which a run without an end is lost.
    package var deadline: UInt64 = 120_000_000_000
    /// What workflows are told to wait, in nanoseconds, by route; the first that matches counts.
    package var delays: [Delay] = []
    /// Where the target says how many executions it has given up.
    package var deadLetters: DeadLetters?

    /// A number that grows by one for each execution that failed for good.
    package struct DeadLetters: Hashable, Sendable {
        /// Nanoseconds after the last end within which the target has to say so.
        package static let patience: UInt64 = 5_000_000_000

        package var path: String
        package var count: Count

        package enum Count: Hashable, Sendable {
            /// The names of members on the way.
            case json([String])
            /// A family of metrics, all of whose samples count together.
            case metric(String)
        }

        package init(path: String, count: Count) {
            self.path = path
            self.count = count
        }
    }
    /// Where a run itself says it, which counts more.
    package var delay: DelayPlace?

    package enum Place: Hashable, Sendable {
        case header(String)
        /// The names of members on the way.
        case json([String])
    }

    package struct Delay: Sendable {
        package var route: RoutePattern
        package var nanoseconds: UInt64

        package init(route: RoutePattern, nanoseconds: UInt64) {
            self.route = route
            self.nanoseconds = nanoseconds
        }
    }

    package init(route: RoutePattern) {
        self.route = route
    }

    /// What the workflow behind a request is told to wait, in nanoseconds.
    package func delay(method: Span<UInt8>, target: Span<UInt8>) -> UInt64 {
        delays.first { $0.route.matches(method: method, target: target) }?.nanoseconds ?? 0
    }
}
