import ArgumentParser
import Capture
import Recording
import TraceFiles

/// What a recording needs that goes on for days; shown by `--help-hidden`.
struct DaemonOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Begin the next file after so many bytes; -w is then a pattern such as hooks-%Y%m%d-%H%M%S.trace.gz.",
            valueName: "size",
            visibility: .hidden
        )
    )
    var rotateSize: SizeArgument?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Begin the next file at each multiple of this time: 1m, 1h.",
            valueName: "duration",
            visibility: .hidden
        )
    )
    var rotateEvery: DurationArgument?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Keep so many finished files, remove older ones.", visibility: .hidden)
    )
    var keepFiles: Int?

    @Option(
        help: ArgumentHelp(
            "Keep the files within so many bytes, remove the oldest.",
            valueName: "size",
            visibility: .hidden
        )
    )
    var keepSize: SizeArgument?

    @Option(
        help: ArgumentHelp(
            "What to do when the disk is full: stop, or wait for room, which is what a rotating recording does.",
            valueName: "stop|wait",
            visibility: .hidden
        )
    )
    var onFullDisk: RecordingPlan.FullDisk?

    @Option(
        help: ArgumentHelp(
            "Become this user once the capture is open; the files are then made by it.",
            valueName: "name",
            visibility: .hidden
        )
    )
    var user: String?

    @Option(
        help: ArgumentHelp(
            "Answer GET /metrics in Prometheus' format: 127.0.0.1:9464; a port alone is on 127.0.0.1.",
            valueName: "address",
            visibility: .hidden
        )
    )
    var metricsAddr: String?

    @Option(
        help: ArgumentHelp(
            "Record this share of the connections, chosen by their ends, whole.",
            valueName: "share",
            visibility: .hidden
        )
    )
    var sample: ShareArgument?

    @Option(
        help: ArgumentHelp(
            "Processor time to keep to, 100% being one processor: past it fewer new connections are recorded.",
            valueName: "share",
            visibility: .hidden
        )
    )
    var maxCpu: ShareArgument?

    @Option(
        help: ArgumentHelp(
            "Resident memory to keep to: past it fewer new connections are recorded.",
            valueName: "size",
            visibility: .hidden
        )
    )
    var maxMemory: SizeArgument?

    var rotates: Bool { rotateSize != nil || rotateEvery != nil }

    func validate() throws {
        for (name, value) in [
            ("--rotate-size", rotateSize?.bytes),
            ("--rotate-every", rotateEvery.map { UInt64($0.nanoseconds) }),
            ("--keep-files", keepFiles.map { UInt64(max(0, $0)) }), ("--keep-size", keepSize?.bytes),
        ] where value == 0 {
            throw ValidationError("\(name) 0 would leave no file; give more")
        }
        if let share = sample?.value, share <= 0 || share > 1 {
            throw ValidationError("--sample goes from more than 0 to 100%")
        }
        if maxCpu?.value == 0 {
            throw ValidationError("--max-cpu 0 leaves nothing to record with; give more")
        }
        if let memory = maxMemory?.bytes, memory < 128 << 20 {
            throw ValidationError("--max-memory goes from 128MiB, which includes the capture ring")
        }
        if !rotates, keepFiles != nil || keepSize != nil {
            throw ValidationError("--keep-files and --keep-size take --rotate-every or --rotate-size")
        }
    }

    /// Puts what was asked for into the plan.
    func apply(to plan: inout RecordingPlan) throws {
        if let user {
            do { plan.user = try UnprivilegedUser(user) } catch { throw CommandFailure("--user: \(error)") }
        }
        plan.metricsAddress = metricsAddr
        if sample != nil || maxCpu != nil || maxMemory != nil {
            var limits = SamplingControl.Limits()
            limits.share = sample?.value ?? 1
            limits.cpu = maxCpu?.value
            limits.memory = maxMemory?.bytes
            plan.sampling = limits
        }
        if rotates {
            plan.rotation = RotationPolicy(size: rotateSize?.bytes, interval: rotateEvery?.nanoseconds)
        }
        plan.retention = Retention(files: keepFiles, size: keepSize?.bytes)
        // A capture file can be read again; live traffic cannot.
        if case .interface = plan.input, rotates { plan.onFullDisk = .wait }
        if let onFullDisk { plan.onFullDisk = onFullDisk }
    }
}

extension RecordingPlan.FullDisk: ExpressibleByArgument {}

extension RecordingPlan {
    /// The pattern of the names of the trace's files.
    func namePattern() throws -> TraceNamePattern {
        do {
            return try TraceNamePattern(output)
        } catch {
            throw CommandFailure(error.description)
        }
    }
}
