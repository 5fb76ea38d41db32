import ArgumentParser
import Capture
import Diagnosis
import Packets
import Reports

/// `tapedeck doctor`: what stands between this host and a complete capture.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Tell what stands between this host and a complete capture, and what to do about it.",
        discussion: """
            Example:
              tapedeck doctor -i eth0 -p 8080
              tapedeck doctor -i any -p 8080 --duration 1m --json | jq -r '.findings[].remedy'

            Listens as `tapedeck record` would with the same options, and beside it on all interfaces: for missing \
            permission, traffic on another interface or inside a tunnel, only one side of it, TLS, packets longer than \
            the snapshot length, a ring too small for the bursts, clocks that jump. Nothing is stored.

            Exit codes: 0 nothing stands in the way; 1 something does; 2 usage; 130 interrupted.
            """
    )

    @Option(
        name: .customShort("i"),
        help: ArgumentHelp("Interface on which to record; any is all.", valueName: "iface")
    )
    var interface: String

    @Option(name: [.customShort("p"), .long], help: "Server port; may be repeated.")
    var port: [UInt16] = []

    @Option(
        help: ArgumentHelp("Tunnel to look into, as for record.", valueName: "kind[:port]"),
        transform: TunnelArgument.parse
    )
    var tunnel: [Tunnel] = []

    @Option(parsing: .unconditional, help: "How long to listen (default: 10s).")
    var duration: DurationArgument?

    @Option(help: ArgumentHelp("Buffer for bursts, as for record.", valueName: "size"))
    var ring: SizeArgument?

    @Flag(help: "One JSON object instead of text.")
    var json = false

    @Flag(help: "No progress.")
    var quiet = false

    func validate() throws {
        if port.contains(0) { throw ValidationError("-p 0 is no port; give 1 to 65535") }
        if duration?.nanoseconds == 0 { throw ValidationError("--duration 0 would hear nothing; give more") }
        if let ring, ring.bytes > UInt64(Int32.max) || ring.bytes < 65_536 {
            throw ValidationError("--ring goes from 64KiB to 2047MiB")
        }
    }

    func run() throws {
        let stop = CaptureStop()
        Interrupt.onRequest { stop.request() }
        // Payloads are in memory while they are looked at.
        CoreDumps.forbid()
        let nanoseconds = UInt64(duration?.nanoseconds ?? 10_000_000_000)
        let session = DoctorSession(
            interface: interface,
            ports: port,
            tunnels: tunnel,
            ringBytes: ring.map { Int32($0.bytes) },
            duration: nanoseconds,
            stop: stop
        )
        let diagnosis = try session.run {
            guard !quiet else { return }
            let time = Quantity.duration(nanoseconds: Int64(clamping: nanoseconds))
            StandardError.print("tapedeck: listening on \(interface) for \(time)")
        }
        let report = DiagnosisReport(diagnosis)
        StandardOutput.write(json ? report.json() : Array(report.text().utf8))
        if Interrupt.isRequested { throw ExitCode(CommandExit.interrupted) }
        if !diagnosis.isFine { throw ExitCode(CommandExit.failed) }
    }
}
