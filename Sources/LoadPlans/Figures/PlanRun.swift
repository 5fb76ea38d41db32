import Replay

/// What a run of a plan came to: plain values that are kept in its folder and that a report is made of.
package struct PlanRun: Hashable, Sendable {
    package var plan: String
    package var about: String?
    package var seed: UInt64 = 1
    package var version: String
    package var target: String
    /// Nanoseconds since 1970.
    package var start: Int64
    package var end: Int64
    /// The machine of the replayer, and what the plan says of its surroundings.
    package var machine: [LoadPlan.Note] = []
    package var environment: [LoadPlan.Note] = []
    package var acceptance: [AcceptanceRow] = []
    package var stages: [StageResult] = []
    package var bottlenecks: [Bottleneck] = []
    /// What a search for the limit has found; `nil` where none was made.
    package var knee: KneeFinding?
    /// Why stages of the plan were left out; `nil` where all ran.
    package var endedEarly: String?
    /// The command line that made it, without secrets.
    package var command: String?
    /// What the target and its database say of their versions.
    package var versions: [LoadPlan.Note] = []
    /// The folder of the run that it repeats, and what is another now; `nil` where it repeats none.
    package var repeats: String?

    package init(plan: String, version: String, target: String, start: Int64, end: Int64) {
        self.plan = plan
        self.version = version
        self.target = target
        self.start = start
        self.end = end
    }

    /// Whether the run went through and every criterion is kept.
    package var isAccepted: Bool {
        endedEarly == nil && acceptance.allSatisfy { $0.verdict == .pass } && stages.allSatisfy(\.isSound)
    }

    /// What holds the target up, and what shows it.
    package struct Bottleneck: Hashable, Sendable {
        package var title: String
        package var evidence: [String]

        package init(title: String, evidence: [String]) {
            self.title = title
            self.evidence = evidence
        }
    }
}

/// What one stage came to.
package struct StageResult: Hashable, Sendable {
    package var name: String
    package var kind: Stage.Kind
    /// Nanoseconds since 1970.
    package var start: Int64
    package var end: Int64
    package var total: RouteRow
    package var routes: [RouteRow] = []
    package var scenarios: [ScenarioRow] = []
    package var executions: [ExecutionRow] = []
    package var probes: [ProbeRow] = []
    /// Where runs were measured, by what, and how exactly.
    package var method: String?
    package var logs: [LogRow] = []
    /// How live logs were read, and how exactly.
    package var logMethod: String?
    /// What took the most of the database's time, the most first.
    package var statements: [StatementRow] = []
    /// What else there is to know, a sentence each.
    package var remarks: [String] = []
    /// Whether the stage went as planned, apart from criteria: it was not stopped, its incidents took place and were mended, and
    /// its check found nothing.
    package var isSound = true
    /// Where what its replays reported and observed is, within the folder of the run; of a search that of the step whose
    /// figures these are.
    package var folder: String?

    package init(name: String, kind: Stage.Kind, start: Int64, end: Int64, total: RouteRow) {
        self.name = name
        self.kind = kind
        self.start = start
        self.end = end
        self.total = total
    }

    /// Requests of a route and a tenant; times in microseconds.
    package struct RouteRow: Hashable, Sendable {
        package var route: String
        package var tenant: String
        package var requests: UInt64 = 0
        package var failed: UInt64 = 0
        package var success = 0.0
        package var rate = 0.0
        package var p50: UInt64 = 0
        package var p95: UInt64 = 0
        package var p99: UInt64 = 0
        package var max: UInt64 = 0
        package var statuses: [UInt16: UInt64] = [:]

        package init(route: String, tenant: String) {
            self.route = route
            self.tenant = tenant
        }
    }

    /// One replay of the stage.
    package struct ScenarioRow: Hashable, Sendable {
        package var name: String
        package var load: String
        package var scheduled: UInt64 = 0
        package var sent: UInt64 = 0
        package var requestedRate: Double?
        package var achievedRate: Double?
        package var bottleneck: String
        /// Microseconds late at the 99th percentile.
        package var sendErrorP99: UInt64 = 0
        package var peakOutstanding = 0

        package init(name: String, load: String, bottleneck: String) {
            self.name = name
            self.load = load
            self.bottleneck = bottleneck
        }
    }

    /// The answers to a probe.
    package struct ProbeRow: Hashable, Sendable {
        package var name: String
        package var tally: ProbeTally

        package init(name: String, tally: ProbeTally) {
            self.name = name
            self.tally = tally
        }
    }

    /// The executions of a tenant; of all together where the tenant is empty.
    package struct ExecutionRow: Hashable, Sendable {
        package var tenant: String
        package var accepted: UInt64 = 0
        package var finished: UInt64 = 0
        package var failed: UInt64 = 0
        package var lost: UInt64 = 0
        package var peakRunning: UInt64 = 0
        /// Times in microseconds, where they were measured.
        package var times: [Time] = []

        package init(tenant: String) {
            self.tenant = tenant
        }
    }

    package struct Time: Hashable, Sendable {
        package var name: String
        package var count: UInt64
        package var p50: UInt64
        package var p95: UInt64
        package var p99: UInt64
        package var max: UInt64

        package init(name: String, count: UInt64, p50: UInt64, p95: UInt64, p99: UInt64, max: UInt64) {
            self.name = name
            self.count = count
            self.p50 = p50
            self.p95 = p95
            self.p99 = p99
            self.max = max
        }
    }
}

extension StageResult {
    /// What a record comes to; scenarios, remarks and the method are the caller's.
    package init(_ record: StageRecord) {
        var total = RouteRow(record.requests.total(), route: "", tenant: "")
        if record.requests.figures.count == 1, let key = record.requests.figures.keys.first {
            total.route = key.route
        }
        self.init(
            name: record.stage.name,
            kind: record.stage.kind,
            start: record.start,
            end: record.end,
            total: total
        )
        routes = record.requests.figures.map { RouteRow($1, route: $0.route, tenant: $0.tenant) }
            .sorted { ($0.route, $0.tenant) < ($1.route, $1.tenant) }
        probes = record.probes.sorted { $0.key < $1.key }.map { ProbeRow(name: $0.key, tally: $0.value) }
        logs = Self.logRows(record)
        guard record.count(.accepted, tenant: nil) != nil else { return }
        executions = [ExecutionRow(record, tenant: nil)]
        if record.tenants.count > 1 {
            executions += record.tenants.map { ExecutionRow(record, tenant: $0) }
        }
    }
}

extension StageResult.RouteRow {
    fileprivate init(_ figures: RequestFigures, route: String, tenant: String) {
        self.init(route: route, tenant: tenant)
        requests = figures.requests
        failed = figures.failed
        success = figures.share(.success) ?? 0
        rate = figures.rate ?? 0
        p50 = figures.response.percentile(50) ?? 0
        p95 = figures.response.percentile(95) ?? 0
        p99 = figures.response.percentile(99) ?? 0
        max = figures.response.percentile(100) ?? 0
        statuses = figures.statuses
    }
}

extension StageResult.ExecutionRow {
    fileprivate init(_ record: StageRecord, tenant: String?) {
        self.init(tenant: tenant ?? "")
        accepted = record.count(.accepted, tenant: tenant) ?? 0
        finished = record.count(.finished, tenant: tenant) ?? 0
        failed = record.count(.failedRuns, tenant: tenant) ?? 0
        lost = record.count(.lost, tenant: tenant) ?? 0
        let peak = tenant.flatMap { record.count(.peakRunning, tenant: $0) }
        peakRunning = peak ?? record.counts[StageRecord.Key(.peakRunning, tenant: "")] ?? 0
        times = StageResult.Time.all(in: record, tenant: tenant) { !$0.isOfRequests && !$0.isOfLogs }
    }
}
