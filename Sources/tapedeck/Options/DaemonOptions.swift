import ArgumentParser
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

    var rotates: Bool { rotateSize != nil || rotateEvery != nil }

    func validate() throws {
        for (name, value) in [
            ("--rotate-size", rotateSize?.bytes),
            ("--rotate-every", rotateEvery.map { UInt64($0.nanoseconds) }),
            ("--keep-files", keepFiles.map { UInt64(max(0, $0)) }), ("--keep-size", keepSize?.bytes),
        ] where value == 0 {
            throw ValidationError("\(name) 0 would leave no file; give more")
        }
        if !rotates, keepFiles != nil || keepSize != nil {
            throw ValidationError("--keep-files and --keep-size take --rotate-every or --rotate-size")
        }
    }

    /// Puts what was asked for into the plan.
    func apply(to plan: inout RecordingPlan) {
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
