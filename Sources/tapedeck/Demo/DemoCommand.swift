import ArgumentParser
import Capture
import Glibc
import MeshTarget
import Replay
import Reports

/// `tapedeck demo`: the whole loop on loopback, with every stage the real one.
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Record, anonymize, replay and check on loopback, and report.",
        discussion: """
            Example:
              tapedeck demo
              tapedeck demo --keep /tmp/demo && tapedeck cat /tmp/demo/recorded.trace.gz | less

            Starts a webhook server, sends it bursty signed traffic over real sockets, records that with libpcap, \
            anonymized, replays the trace at 1x and 10x against fresh servers that know another secret, compares \
            the answers with the recorded ones, prints a report on one screen, and writes one with charts: \
            tapedeck-demo.html, or report.html in the folder of --keep. Where capturing is not permitted, a capture \
            file of the same traffic is read instead.
            """
    )

    @Option(help: ArgumentHelp("Keep the traces in this folder.", valueName: "folder"))
    var keep: String?

    @Option(parsing: .unconditional, help: "Seconds of traffic, 1 to 60.")
    var seconds: Int64 = 10

    @Option(help: ArgumentHelp("Capture file to read where capturing is not permitted.", valueName: "file"))
    var capture: String?

    @Flag(help: "No progress.")
    var quiet = false

    /// Decides the content of the traffic; the capture file was made with the same.
    private static let seed: UInt64 = 1

    func validate() throws {
        guard (1...60).contains(seconds) else { throw ValidationError("--seconds goes from 1 to 60") }
    }

    func run() throws {
        let folder = try DemoFolder(keeping: keep)
        var settings = DemoSettings(seed: Self.seed, seconds: seconds)
        var report = DemoReport()
        try record(&settings, into: folder, &report)
        try guardAgainstInterrupt()
        report.leaks = try LeakSearch(settings.traffic.plants).search(folder.recorded)
        for (name, speed) in [("1x", 1.0), ("10x", 10.0)] {
            guard let speed = Speed(factor: speed) else { continue }
            say("replaying at \(name) against a fresh server with another secret")
            let replay = DemoReplay(
                settings: settings,
                trace: folder.recorded,
                observed: folder.observed(name),
                speed: speed
            )
            let (summary, check) = try replay.run()
            report.replays.append(DemoReport.Replay(name: name, summary: summary, check: check))
            try guardAgainstInterrupt()
        }
        StandardOutput.write(report.text(isStyled: StandardOutput.isTerminal))
        if let keep { StandardOutput.write("The traces are in \(keep).\n") }
        let file = try DemoReportFile.write(report.html(of: folder.recorded), keeping: keep)
        StandardOutput.write("The report is in \(file)\n")
        if !report.isGood { throw ExitCode(CommandExit.failed) }
    }

    /// Records live, or reads the capture file; `settings` are then those of the file.
    private func record(
        _ settings: inout DemoSettings,
        into folder: DemoFolder,
        _ report: inout DemoReport
    ) throws {
        let recording = DemoRecording(settings: settings, trace: folder.recorded)
        do {
            say(
                "recording \(settings.traffic.requestCount) requests on "
                    + "\(settings.traffic.connectionCount) connections, for \(seconds) s"
            )
            let (outcome, traffic) = try recording.recordLive()
            report.recording = outcome
            report.traffic = traffic
        } catch let refusal as CaptureNotPermitted {
            guard let file = try DemoCapture.find(capture) else { throw CommandFailure(refusal.message) }
            StandardError.print("tapedeck: \(refusal.message)")
            settings = DemoSettings(seed: Self.seed, seconds: DemoCapture.seconds)
            StandardError.print("tapedeck: reading \(file) instead, \(DemoCapture.seconds) s of such traffic")
            report.captureFile = file
            report.recording = try DemoRecording(settings: settings, trace: folder.recorded).recordFile(file)
        }
    }

    private func say(_ sentence: String) {
        if !quiet { StandardError.print("tapedeck: \(sentence)") }
    }

    private func guardAgainstInterrupt() throws {
        if Interrupt.isRequested { throw ExitCode(CommandExit.interrupted) }
    }
}
