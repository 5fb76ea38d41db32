import ArgumentParser

/// Whether a run is kept in a folder of its own.
struct RunOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Keep the run in .tapedeck/runs/TIME-NAME: figures, what was observed, the report. So by itself where there is "
                + "a folder .tapedeck.",
            valueName: "name"
        )
    )
    var run: String?

    @Flag(help: "Keep no run.")
    var noRun = false

    func validate() throws {
        if run != nil, noRun { throw ValidationError("--run and --no-run exclude each other") }
    }

    /// Begins the folder of a run of `trace`, if it is to be kept.
    func begin(_ trace: String) throws -> RunFolder? {
        if let run { return try RunFolder(run) }
        guard !noRun, RunCatalog.isThere else { return nil }
        return try RunFolder(RunFolder.label(of: trace))
    }
}
