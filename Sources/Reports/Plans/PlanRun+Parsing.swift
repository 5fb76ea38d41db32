import Bytes
import JSON
package import LoadPlans

extension PlanRun {
    /// Why what a file holds is no run of a plan.
    package struct Unreadable: Error, Hashable, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// Reads what ``json()`` has written; members that are not known are passed over, and those missing are empty.
    package init(json: [UInt8]) throws(Unreadable) {
        let root: JSONValue
        do {
            root = try JSONValue(parsing: json.span)
        } catch {
            throw Unreadable(description: "no JSON: \(error)")
        }
        guard root["schema"]?.text == Self.schema, let plan = root["plan"]?.text else {
            throw Unreadable(description: "not a run of a plan (\(Self.schema))")
        }
        self.init(
            plan: plan,
            version: root.text("version"),
            target: root.text("target"),
            start: root["start_ns"]?.integer ?? 0,
            end: root["end_ns"]?.integer ?? 0
        )
        about = root["about"]?.text
        seed = root.count("seed")
        endedEarly = root["ended_early"]?.text
        command = root["command"]?.text
        machine = root.list("machine").map(LoadPlan.Note.init)
        environment = root.list("environment").map(LoadPlan.Note.init)
        versions = root.list("versions").map(LoadPlan.Note.init)
        repeats = root["repeats"]?.text
        acceptance = root.list("acceptance").map(AcceptanceRow.init)
        stages = root.list("stages").map(StageResult.init)
        bottlenecks = root.list("bottlenecks").map { value in
            Bottleneck(title: value.text("title"), evidence: value.list("evidence").compactMap(\.text))
        }
        knee = root["knee"].flatMap { KneeFinding($0) }
    }
}

extension JSONValue {
    var integer: Int64? {
        guard case .number(let number) = self else { return nil }
        return Int64(number.spelling)
    }

    func text(_ name: String) -> String { self[name]?.text ?? "" }

    /// A number that is not negative; 0 where there is none.
    func count(_ name: String) -> UInt64 {
        guard case .number(let number)? = self[name] else { return 0 }
        return UInt64(number.spelling) ?? 0
    }

    func list(_ name: String) -> [JSONValue] {
        if case .array(let elements)? = self[name] { elements } else { [] }
    }
}

extension LoadPlan.Note {
    fileprivate init(_ value: JSONValue) {
        self.init(name: value.text("name"), text: value.text("text"))
    }
}

extension AcceptanceRow {
    fileprivate init(_ value: JSONValue) {
        self.init(
            criterion: value.text("criterion"),
            verdict: Verdict(rawValue: value.text("verdict")) ?? .unknown,
            value: value["value"]?.double,
            unit: Unit(rawValue: value.text("unit")) ?? .count,
            stage: value["stage"]?.text,
            tenant: value["tenant"]?.text
        )
        bound = value["bound"]?.double
    }
}

extension StageResult {
    fileprivate init(_ value: JSONValue) {
        self.init(
            name: value.text("name"),
            kind: Stage.Kind(rawValue: value.text("kind")) ?? .load,
            start: value["start_ns"]?.integer ?? 0,
            end: value["end_ns"]?.integer ?? 0,
            total: value["total"].map(RouteRow.init) ?? RouteRow(route: "", tenant: "")
        )
        routes = value.list("routes").map(RouteRow.init)
        scenarios = value.list("scenarios").map(ScenarioRow.init)
        executions = value.list("executions").map(ExecutionRow.init)
        probes = value.list("probes").map(ProbeRow.init)
        method = value["method"]?.text
        logs = value.list("logs").map(LogRow.init)
        logMethod = value["log_method"]?.text
        statements = value.list("statements").map(StatementRow.init)
        remarks = value.list("remarks").compactMap(\.text)
        isSound = value["sound"] != .bool(false)
        folder = value["folder"]?.text
    }
}

extension StageResult.RouteRow {
    fileprivate init(_ value: JSONValue) {
        self.init(route: value.text("route"), tenant: value.text("tenant"))
        requests = value.count("requests")
        failed = value.count("failed")
        success = value["success"]?.double ?? 0
        rate = value["rate"]?.double ?? 0
        if let times = value["response_time_us"] {
            p50 = times.count("p50")
            p95 = times.count("p95")
            p99 = times.count("p99")
            max = times.count("max")
        }
        guard case .object(let members)? = value["statuses"] else { return }
        for member in members {
            if let status = UInt16(member.name), let count = member.value.integer {
                statuses[status] = UInt64(clamping: count)
            }
        }
    }
}

extension StageResult.ScenarioRow {
    fileprivate init(_ value: JSONValue) {
        self.init(
            name: value.text("name"),
            load: value.text("load"),
            bottleneck: value.text("bottleneck")
        )
        scheduled = value.count("scheduled")
        sent = value.count("sent")
        requestedRate = value["requested_rate"]?.double
        achievedRate = value["achieved_rate"]?.double
        sendErrorP99 = value.count("send_error_p99_us")
        peakOutstanding = Int(clamping: value.count("peak_outstanding"))
    }
}

extension StageResult.ExecutionRow {
    fileprivate init(_ value: JSONValue) {
        self.init(tenant: value.text("tenant"))
        accepted = value.count("accepted")
        finished = value.count("finished")
        failed = value.count("failed")
        lost = value.count("lost")
        peakRunning = value.count("peak_running")
        times = value.list("times").map(StageResult.Time.init)
    }
}

extension StageResult.Time {
    init(_ value: JSONValue) {
        self.init(
            name: value.text("name"),
            count: value.count("count"),
            p50: value.count("p50"),
            p95: value.count("p95"),
            p99: value.count("p99"),
            max: value.count("max")
        )
    }
}
