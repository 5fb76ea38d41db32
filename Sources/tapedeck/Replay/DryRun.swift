import Replay
import Reports
import TraceFiles
import Traces
import Transports

/// What a replay would send, found out without sending anything.
struct DryRun {
    var plan: ReplayPlan

    /// Draws every request as a replay would; throws ``CommandFailure`` for what the user can mend.
    func run(_ readers: [TraceReader]) throws -> ReplayForecast {
        do {
            return try forecast(readers)
        } catch let error as TraceReadError {
            throw CommandFailure(error.description)
        }
    }

    private func forecast(_ readers: [TraceReader]) throws -> ReplayForecast {
        var plan = plan
        plan.streams = try StreamSurvey.streams(of: readers)
        var source = try TraceRequests(
            readers,
            selection: plan.credentials.isEmpty ? .requestsOnly : .withoutResponseBodies
        )
        var targetGuard = TargetGuard(allowed: plan.allowedTargets, recordedServers: plan.recordedServers)
        // A name that is not resolved keeps the real run from starting; here it is a finding.
        let addresses = try? TargetResolver.addresses(of: plan)
        if !targetGuard.isExempt(target: plan.target, addresses: addresses ?? []) {
            targetGuard.recordedServers.formUnion(try source.recordedServers())
        }
        let needsHosts = targetGuard.needsRecordedHosts(target: plan.target, addresses: addresses ?? [])
        if needsHosts || plan.needsTotals {
            let survey = try TraceSurvey(of: &source, plan: plan)
            plan.totals = survey.totals
            targetGuard.recordedHosts = survey.hosts
        }
        let curve = plan.pacing.curve(totals: plan.sentTotals)
        var feed = RequestFeed(plan: plan, schedule: Schedule(start: 0, curve: curve))
        var forecast = ReplayForecast(plan: plan)
        drawing: while let item = try feed.next(from: &source) {
            switch item {
            case .request(let scheduled): guard forecast.note(scheduled) else { break drawing }
            case .skipped(let reason, let intended):
                guard forecast.noteSkipped(reason, intended: intended) else { break drawing }
            case .nothingYet: continue
            }
        }
        forecast.load = feed.load
        forecast.habits.crowded = feed.crowded
        forecast.addresses = addresses
        forecast.refusal = addresses.flatMap { targetGuard.verdict(target: plan.target, addresses: $0) }
        return forecast
    }
}
