import Anonymization
import ArgumentParser
import Capture
import Configuration
import Glibc
import Messages
import Packets
import Recording
import Reports
import Signatures

/// `tapedeck record`: traffic of an interface or a capture file to a trace.
struct RecordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Record HTTP traffic from an interface or a capture file, anonymized, as a trace.",
        discussion: """
            Example:
              tapedeck record -i eth0 -p 8080 -w hooks.trace.gz --duration 10m --key-file ~/.tapedeck.key
              tapedeck record -r traffic.pcapng -w hooks.trace.gz
              tapedeck record -i eth0 -p 8080 -w failed.trace.gz --filter 'method=POST path=/hooks/* status!=2xx'
              tcpdump -i eth0 -w - tcp port 80 | tapedeck record -r - -w hooks.trace.gz

            Without -p or -f, every TCP port on which HTTP is recognised is taken. Tunnels on their usual ports are \
            looked into where their packets are captured; --tunnel lets them through. Payloads are anonymized before \
            they are written, with all built-in rule sets but strict; --anonymizer adds to them. Ctrl-C ends the \
            recording and finishes the trace; a second one ends at once and leaves NAME.partial, which \
            `tapedeck repair` finishes.

            With --rotate-every or --rotate-size the trace is written in parts, each a whole trace, and -w is a \
            pattern with the places of strftime(3); SIGHUP begins the next part, SIGUSR1 prints the ledger, SIGTERM \
            ends the recording with 0. --help-hidden shows what else a recorder takes that runs for days.

            Exit codes: 0 done; 2 usage or unusable input; 3 the capture file was cut or damaged; 130 interrupted.
            """
    )

    @Option(
        name: .customShort("i"),
        help: ArgumentHelp("Interface to capture on; any is all.", valueName: "iface")
    )
    var interface: String?

    @Option(
        name: .customShort("r"),
        help: ArgumentHelp("Capture file, pcap or pcapng; - is stdin.", valueName: "file")
    )
    var file: String?

    @Option(name: [.customShort("p"), .long], help: "Server port; may be repeated.")
    var port: [UInt16] = []

    @Option(
        name: .customShort("f"),
        help: ArgumentHelp("Filter in the language of pcap-filter(7).", valueName: "bpf")
    )
    var filter: String?

    @Option(
        name: .customLong("filter"),
        help: ArgumentHelp(
            "Only exchanges by method, path, host, header:NAME and status: 'method=POST path=/api/* status=5xx'.",
            valueName: "expression"
        ),
        transform: Spelled<RequestFilter>.filter
    )
    var exchanges: Spelled<RequestFilter>?

    @Option(
        help: ArgumentHelp(
            "Tunnel to look into whatever -p and -f say; may be repeated: vxlan:4789, geneve, gtp, gre, ipip, mpls.",
            valueName: "kind[:port]"
        ),
        transform: TunnelArgument.parse
    )
    var tunnel: [Tunnel] = []

    @Flag(help: "Leave out packets of a capture file with a wrong IPv4 or TCP checksum.")
    var checkChecksums = false

    @Option(
        name: .customShort("w"),
        help: ArgumentHelp("Trace to write, NAME.trace.gz; - is stdout.", valueName: "trace")
    )
    var trace: String?

    @Option(help: ArgumentHelp("Rule set to add: a built-in one, or a YAML file.", valueName: "name|file"))
    var anonymizer: [String] = []

    @Flag(help: "Write payloads as they are captured. The trace then holds personal data and secrets.")
    var noAnonymize = false

    @Flag(help: "Write nothing; tell what would be anonymized, by rule and field.")
    var dryRunAnonymizer = false

    @Flag(help: "Audit each block before it is written; a finding ends the command with 1.")
    var audit = false

    @Option(
        help: ArgumentHelp(
            "Key of the pseudonyms, made on first use; without one it is random and forgotten.",
            valueName: "file"
        )
    )
    var keyFile: String?

    @Option(
        help: ArgumentHelp(
            "Secret to tell right signatures from wrong ones with, or a YAML file of them by route; may be repeated.",
            valueName: "scheme=env:VAR|file:PATH"
        )
    )
    var verify: [String] = []

    @Option(parsing: .unconditional, help: "Run time after which the recording ends: 30s, 10m.")
    var duration: DurationArgument?

    @Option(parsing: .unconditional, help: "Answered requests after which the recording ends.")
    var count: UInt64?

    @Option(help: ArgumentHelp("Size of the trace after which the recording ends: 500MB.", valueName: "size"))
    var maxSize: SizeArgument?

    @Option(help: ArgumentHelp("Buffer for bursts between kernel and recorder.", valueName: "size"))
    var ring: SizeArgument?

    @Flag(help: "Keep the traffic of replays, which carries X-Tapedeck-Replay.")
    var includeReplays = false

    @Flag(help: "One JSON object instead of text.")
    var json = false

    @Flag(help: "Overwrite the trace if it is there.")
    var force = false

    @Flag(help: "No progress and no warnings.")
    var quiet = false

    @OptionGroup var daemon: DaemonOptions

    func validate() throws {
        guard (interface == nil) != (file == nil) else {
            throw ValidationError("give either -i INTERFACE or -r FILE")
        }
        if noAnonymize, !anonymizer.isEmpty || keyFile != nil {
            throw ValidationError("--no-anonymize excludes --anonymizer and --key-file")
        }
        guard trace != nil || dryRunAnonymizer else {
            throw ValidationError("Missing expected argument '-w <trace>'")
        }
        if dryRunAnonymizer, trace != nil || noAnonymize || audit {
            throw ValidationError(
                "--dry-run-anonymizer writes nothing and excludes -w, --no-anonymize and --audit"
            )
        }
        if checkChecksums, file == nil {
            throw ValidationError(
                "--check-checksums needs -r: packets on their way out of a host have no checksums yet"
            )
        }
        if port.contains(0) { throw ValidationError("-p 0 is no port; give 1 to 65535") }
        for (name, value) in [
            ("--count", count), ("--duration", duration.map { UInt64($0.nanoseconds) }),
            ("--max-size", maxSize?.bytes),
        ] where value == 0 {
            throw ValidationError("\(name) 0 would record nothing; give more")
        }
        if file != nil, daemon.user != nil || daemon.metricsAddr != nil || daemon.maxCpu != nil {
            throw ValidationError("--user, --metrics-addr and --max-cpu are for recording from an interface")
        }
        if daemon.rotates, output == "-" {
            throw ValidationError("-w - is one stream; --rotate-every and --rotate-size take files")
        }
        if daemon.rotateEvery != nil, file != nil {
            throw ValidationError("--rotate-every goes by the clock; with -r use --rotate-size")
        }
        if let ring, ring.bytes > UInt64(Int32.max) || ring.bytes < 65_536 {
            throw ValidationError("--ring goes from 64KiB to 2047MiB")
        }
    }

    func run() throws {
        if let file, SameFile.isOne(file, output) {
            throw CommandFailure("\(output) is the capture file itself; choose another name for the trace")
        }
        let stop = CaptureStop()
        Interrupt.onRequest { stop.request() }
        if noAnonymize, !quiet {
            StandardError.print(
                "tapedeck: warning: payloads are written as they are captured, personal data and secrets included"
            )
        }
        let wishes = RecordingWishes()
        Interrupt.take(SIGUSR1) { wishes.requestLedger() }
        if daemon.rotates { Interrupt.take(SIGHUP) { wishes.requestRotation() } }
        let session = RecordingSession(try plan(), stop: stop, wishes: wishes, quiet: quiet)
        do {
            let outcome = try session.run {
                if let interface, !quiet {
                    StandardError.print("tapedeck: recording on \(interface) to \(output); Ctrl-C ends it")
                }
            }
            try report(outcome)
        } catch let refusal as CaptureNotPermitted {
            throw CommandFailure(refusal.message)
        }
    }

    /// Where the trace goes; a dry run leaves none.
    private var output: String { trace ?? "/dev/null" }

    private func plan() throws -> RecordingPlan {
        var plan = RecordingPlan(
            input: interface.map { .interface($0) } ?? .file(file ?? "-"),
            output: output,
            anonymizing: try anonymizing()
        )
        plan.isDryRun = dryRunAnonymizer
        if audit { plan.audit = try RecordingPlan.Anonymizing.ruleSets(adding: anonymizer) }
        plan.ports = port
        plan.filter = filter
        if let exchanges { plan.exchanges = exchanges.value }
        plan.signatures = try SecretOptions.read(verify, option: "--verify")
        plan.tunnels = tunnel
        plan.checksChecksums = checkChecksums
        plan.includesReplays = includeReplays
        plan.duration = duration.map { UInt64($0.nanoseconds) }
        plan.count = count
        plan.maximumSize = maxSize?.bytes
        plan.ringBytes = ring.map { Int32($0.bytes) }
        plan.force = force
        try daemon.apply(to: &plan)
        return plan
    }

    private func anonymizing() throws -> RecordingPlan.Anonymizing {
        if noAnonymize { return .nothing }
        return try RecordingPlan.Anonymizing(adding: anonymizer, keyFile: keyFile)
    }

    private func report(_ outcome: RecordingOutcome) throws {
        if dryRunAnonymizer { return try reportDryRun(outcome) }
        var report = RecordingReport(
            requests: outcome.stored.requests,
            responses: outcome.stored.responses,
            connections: outcome.stored.connections,
            ledger: outcome.ledger,
            endpoints: outcome.endpoints,
            anonymized: outcome.anonymized
        )
        report.anonymizedByRule = outcome.anonymizedByRule
        report.auditFindings = outcome.audit?.total
        let text = json ? report.json() : Array(report.text().utf8)
        if output == "-" {
            if !quiet { StandardError.print(String(decoding: text, as: UTF8.self)) }
        } else {
            StandardOutput.write(text)
        }
        if outcome.recordsTooLong > 0 {
            StandardError.print(
                "tapedeck: \(outcome.recordsTooLong) records were longer than a trace allows and were left out"
            )
        }
        let imbalances = report.imbalances
        guard imbalances.isEmpty else {
            for imbalance in imbalances {
                StandardError.print("tapedeck: the ledger does not add up: \(imbalance)")
            }
            throw CommandFailure(
                "what is missing cannot be told; please report this",
                code: CommandExit.failed
            )
        }
        if let verdict = outcome.verdict, verdict != .complete {
            StandardError.print("tapedeck: \(file ?? "-") is \(verdict); everything before that was recorded")
            throw ExitCode(CommandExit.damaged)
        }
        if let audit = outcome.audit, audit.total > 0 {
            StandardError.print(audit.text())
            throw ExitCode(CommandExit.failed)
        }
        // A recording that rotates has no other end than to be stopped.
        if daemon.rotates, Interrupt.signal == SIGTERM { return }
        if Interrupt.isRequested { throw ExitCode(CommandExit.interrupted) }
    }

    private func reportDryRun(_ outcome: RecordingOutcome) throws {
        if json {
            StandardOutput.write(ChangeTable.json(outcome.changes, messages: outcome.stored))
        } else {
            StandardOutput.write(ChangeTable.text(outcome.changes) + "\n")
        }
        if let verdict = outcome.verdict, verdict != .complete { throw ExitCode(CommandExit.damaged) }
        if Interrupt.isRequested { throw ExitCode(CommandExit.interrupted) }
    }
}
