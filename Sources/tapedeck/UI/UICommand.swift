import Anonymization
import ArgumentParser
import Checks
import Configuration
import Dispatch
import Glibc
import MeshTarget
import Replay
import TraceBrowser
import TraceFiles
import Traces

/// `tapedeck ui`: a page on this machine for looking through a trace, until it is interrupted.
struct UICommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ui",
        abstract: "Look through a trace in a browser on this machine.",
        discussion: """
            Example:
              tapedeck ui hooks.trace.gz
              tapedeck ui hooks.trace.gz --observed observed.trace.gz --target http://127.0.0.1:8080

            Prints the address of the page to standard output; the token in it is the permission, so treat it as one. \
            Only this machine can reach it. The page is there at once and fills while the trace is read. With --target \
            a request can be sent once more and its answer compared; the same targets are refused as by replay.

            Ends when it is interrupted (exit code 130).
            """
    )

    @Argument(help: "The trace to look through, or the parts of one recording in any order.")
    var traces: [String]

    @Option(help: ArgumentHelp("What a replay of it observed, to compare with.", valueName: "trace"))
    var observed: String?

    @Option(
        help: ArgumentHelp(
            "Where to listen, on this machine; port 0 takes a free one.",
            valueName: "host:port"
        )
    )
    var listen = ListenAddress(host: "127.0.0.1", port: 0)

    @Option(help: ArgumentHelp("The server that a request may be sent to once more.", valueName: "url"))
    var target: TargetArgument?

    @OptionGroup(title: "Target options")
    var targetOptions: TargetOptions

    @Option(help: ArgumentHelp("What may differ between two answers.", valueName: "file"))
    var rules: String?

    @Flag(help: "Nothing but the address.")
    var quiet = false

    func run() throws {
        var options = BrowserSession.Options()
        options.comparison = try comparison()
        options.describeDamage = { TraceOpening.damage(of: $0) }
        let opened = try traces.map { try TraceOpening.openForUse($0, quiet: quiet) }[0]
        if opened.header.isAnonymized {
            let names = opened.header.anonymizers.map(\.name)
            let ruleSets = try RecordingPlan.Anonymizing.ruleSets(adding: [])
            options.pseudonyms = PseudonymFinder(ruleSets.filter { names.isEmpty || names.contains($0.name) })
        }
        if let target = try target?.value() {
            var plan = ReplayPlan(target: target, run: RunName.new())
            plan.renewsDeliveries = false
            try targetOptions.apply(to: &plan)
            options.sender = try SendOnce(plan, traces: traces).sender
        }
        let server = try start(options)
        StandardOutput.write(server.url + "\n")
        StandardOutput.flush()
        let stopped = DispatchSemaphore(value: 0)
        Interrupt.onRequest { stopped.signal() }
        stopped.wait()
        server.stop()
        throw ExitCode(CommandExit.interrupted)
    }

    private func start(_ options: BrowserSession.Options) throws -> BrowserServer {
        do {
            let session = try BrowserSession(paths: traces, observed: observed, options: options)
            let server = try BrowserServer.start(session, host: listen.host, port: listen.port)
            session.start()
            return server
        } catch let error as TraceReadError {
            throw CommandFailure(error.description)
        } catch let error as BrowserError {
            throw CommandFailure(error.description)
        }
    }

    /// The rules that are named, and the noise that lies beside the trace.
    private func comparison() throws -> AnswerComparison {
        do {
            let noise = NoisePath.beside(traces[0])
            return AnswerComparison(
                rules: try rules.map { try CheckRulesFile.load(path: $0) } ?? .default,
                noise: access(noise, F_OK) == 0 ? try NoiseFile.load(path: noise) : nil
            )
        } catch {
            throw CommandFailure("\(error)")
        }
    }
}
