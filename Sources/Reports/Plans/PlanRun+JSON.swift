import JSON
package import LoadPlans

extension PlanRun {
    package static let schema = "tapedeck.plan-run/1"

    /// One JSON object and a line feed.
    package func json() -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("schema", Self.schema)
        writer.member("plan", plan)
        writer.member("about", about)
        writer.member("accepted", isAccepted)
        writer.member("ended_early", endedEarly)
        writer.member("command", command)
        writer.member("seed", seed)
        writer.member("version", version)
        writer.member("target", target)
        writer.member("start_ns", start)
        writer.member("end_ns", end)
        writer.notes("machine", machine)
        writer.notes("environment", environment)
        writer.notes("versions", versions)
        writer.member("repeats", repeats)
        writer.array("acceptance", acceptance) { $1.write(to: &$0) }
        writer.array("stages", stages) { $1.write(to: &$0) }
        writer.array("bottlenecks", bottlenecks) { writer, bottleneck in
            writer.beginObject()
            writer.member("title", bottleneck.title)
            writer.array("evidence", bottleneck.evidence) { $0.string($1) }
            writer.endObject()
        }
        writer.key("knee")
        if let knee { knee.write(to: &writer) } else { writer.null() }
        writer.endObject()
        writer.endLine()
        return writer.bytes
    }
}

extension JSONWriter {
    mutating func array<Element>(
        _ name: String,
        _ elements: [Element],
        _ write: (inout JSONWriter, Element) -> Void
    ) {
        key(name)
        beginArray()
        for element in elements { write(&self, element) }
        endArray()
    }

    mutating func optional(_ name: String, _ value: Double?) {
        key(name)
        if let value { double(value) } else { null() }
    }

    fileprivate mutating func notes(_ name: String, _ notes: [LoadPlan.Note]) {
        array(name, notes) { writer, note in
            writer.beginObject()
            writer.member("name", note.name)
            writer.member("text", note.text)
            writer.endObject()
        }
    }
}

extension AcceptanceRow {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("criterion", criterion)
        writer.member("verdict", verdict.rawValue)
        writer.optional("value", value)
        writer.member("unit", unit.rawValue)
        writer.member("stage", stage)
        writer.member("tenant", tenant)
        if let bound { writer.member("bound", bound) }
        writer.endObject()
    }
}

extension StageResult {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("name", name)
        writer.member("kind", kind.rawValue)
        writer.member("start_ns", start)
        writer.member("end_ns", end)
        writer.member("sound", isSound)
        writer.key("total")
        total.write(to: &writer)
        writer.array("routes", routes) { $1.write(to: &$0) }
        writer.array("scenarios", scenarios) { $1.write(to: &$0) }
        writer.array("executions", executions) { $1.write(to: &$0) }
        writer.array("probes", probes) { $1.write(to: &$0) }
        writer.member("method", method)
        writer.array("logs", logs) { $1.write(to: &$0) }
        writer.member("log_method", logMethod)
        writer.array("statements", statements) { $1.write(to: &$0) }
        writer.array("remarks", remarks) { $0.string($1) }
        writer.member("folder", folder)
        writer.endObject()
    }
}

extension StageResult.RouteRow {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("route", route)
        writer.member("tenant", tenant)
        writer.member("requests", requests)
        writer.member("failed", failed)
        writer.member("success", success)
        writer.member("rate", rate)
        writer.key("response_time_us")
        writer.beginObject()
        writer.member("p50", p50)
        writer.member("p95", p95)
        writer.member("p99", p99)
        writer.member("max", max)
        writer.endObject()
        writer.key("statuses")
        writer.beginObject()
        for (status, count) in statuses.sorted(by: { $0.key < $1.key }) { writer.member("\(status)", count) }
        writer.endObject()
        writer.endObject()
    }
}

extension StageResult.ScenarioRow {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("name", name)
        writer.member("load", load)
        writer.member("scheduled", scheduled)
        writer.member("sent", sent)
        writer.optional("requested_rate", requestedRate)
        writer.optional("achieved_rate", achievedRate)
        writer.member("bottleneck", bottleneck)
        writer.member("send_error_p99_us", sendErrorP99)
        writer.member("peak_outstanding", peakOutstanding)
        writer.endObject()
    }
}

extension StageResult.ExecutionRow {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("tenant", tenant)
        writer.member("accepted", accepted)
        writer.member("finished", finished)
        writer.member("failed", failed)
        writer.member("lost", lost)
        writer.member("peak_running", peakRunning)
        writer.array("times", times) { $1.write(to: &$0) }
        writer.endObject()
    }
}

extension StageResult.Time {
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("name", name)
        writer.member("count", count)
        writer.member("p50", p50)
        writer.member("p95", p95)
        writer.member("p99", p99)
        writer.member("max", max)
        writer.endObject()
    }
}
