import Checks
import Configuration
import MeshTarget
import Replay
import Signatures

/// The second half of the demo: the trace against a fresh server, and the check of its answers.
struct DemoReplay {
    let settings: DemoSettings
    let trace: String
    let observed: String
    let speed: Speed

    func run() throws -> (summary: ReplaySummary, check: CheckResult) {
        var options = MeshServer.Options()
        options.seed = settings.seed
        options.signingSecret = settings.stagingSecret
        // The trace holds placeholders for the readers' tokens, which only such a server tells apart.
        options.authentication = .project
        let server = try MeshServer.start(options)
        defer { server.stop() }
        let target: ReplayTarget
        do {
            target = try ReplayTarget("http://\(server.host):\(server.port)")
        } catch {
            throw CommandFailure("\(error)")
        }
        var plan = ReplayPlan(target: target, run: RunName.new())
        plan.pacing = .speed(speed)
        plan.renewsDeliveries = false
        plan.keepsFigures = true
        let secret = SigningSecret(settings.stagingSecret)
        plan.credentials = try SignatureSettings(sharing: secret, [.mesh, .github]).credentials
        let session = ReplaySession(plan: plan, observed: observed, force: true, quiet: true)
        let summary = try session.run([try TraceOpening.open(trace)])
        let check = try Comparison(rules: .default).run([Comparison.Pair(recorded: trace, observed: observed)]
        )
        return (summary, check)
    }
}
