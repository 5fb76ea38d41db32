import Capture
import Configuration
import Dispatch
import MeshTarget
import Signatures
import Synchronization

/// The first half of the demo: traffic to a stand-in, recorded while it goes over the wire.
struct DemoRecording {
    let settings: DemoSettings
    /// Where the trace goes.
    let trace: String

    /// How long the recorder goes on after the last answer, so that the last FIN is in the trace, in milliseconds.
    private static let afterglow = 200

    /// Records live on the loopback interface, or throws ``CaptureNotPermitted``.
    func recordLive() throws -> (outcome: RecordingOutcome, traffic: TrafficResult) {
        var options = MeshServer.Options()
        options.seed = settings.seed
        options.signingSecret = settings.productionSecret
        let server = try MeshServer.start(options)
        defer { server.stop() }

        let stop = CaptureStop()
        Interrupt.onRequest {
            stop.request()
            // The senders go when their connections do.
            server.stop()
        }
        let started = DispatchSemaphore(value: 0)
        let isCapturing = Atomic<Bool>(false)
        let plan = try recordingPlan(.interface("lo"), ports: [UInt16(server.port)])
        let recording = BackgroundTask {
            defer { started.signal() }
            return try RecordingSession(plan, stop: stop, quiet: true).run {
                isCapturing.store(true, ordering: .releasing)
                started.signal()
            }
        }
        started.wait()
        guard isCapturing.load(ordering: .acquiring) else {
            _ = try recording.value()
            throw CommandFailure("the recorder ended before it began")
        }
        let traffic: TrafficResult
        do {
            traffic = try TrafficSender.run(settings.traffic, host: server.host, port: server.port)
        } catch {
            stop.request()
            _ = try? recording.value()
            throw CommandFailure(error.description)
        }
        _ = DispatchSemaphore(value: 0).wait(timeout: .now() + .milliseconds(Self.afterglow))
        stop.request()
        return (try recording.value(), traffic)
    }

    /// Reads a capture of the same traffic.
    func recordFile(_ path: String) throws -> RecordingOutcome {
        let plan = try recordingPlan(.file(path), ports: [])
        return try RecordingSession(plan, stop: CaptureStop(), quiet: true).run()
    }

    private func recordingPlan(_ input: RecordingPlan.Input, ports: [UInt16]) throws -> RecordingPlan {
        var plan = RecordingPlan(
            input: input,
            output: trace,
            anonymizing: try RecordingPlan.Anonymizing(adding: [], keyFile: nil)
        )
        plan.ports = ports
        plan.force = true
        let secret = SigningSecret(settings.productionSecret)
        plan.signatures = try SignatureSettings(sharing: secret, [.mesh, .github])
        return plan
    }
}
