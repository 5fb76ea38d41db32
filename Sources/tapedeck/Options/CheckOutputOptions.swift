import ArgumentParser
import Glibc
import Reports

/// What a check writes for the machines that run it.
struct CheckOutputOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Write SARIF 2.1.0, for code hosts and editors.", valueName: "file"))
    var sarif: String?

    @Option(
        help: ArgumentHelp(
            "Write a summary in Markdown; it is appended where FILE is $GITHUB_STEP_SUMMARY.",
            valueName: "file"
        )
    )
    var markdown: String?

    @Flag(
        inversion: .prefixedNo,
        help:
            "Annotate the run of GitHub Actions, on standard error; so unless said otherwise where GITHUB_ACTIONS is true."
    )
    var annotations: Bool?

    /// Whether what is written to a log is read by GitHub Actions.
    static var isInGitHubActions: Bool { environment("GITHUB_ACTIONS") == "true" }

    /// Throws where one of the files could not be written, before the work is done.
    func requireWritable() throws {
        for path in [sarif, markdown] { if let path { try OutputFile.requireWritable(path) } }
    }

    /// Writes what was asked for; `trace` and `rules` are the files as they were named.
    func write(_ report: CheckReport, trace: String, rules: String?) throws {
        let place = Self.place(trace)
        if let sarif {
            let log = SARIFReport(
                report,
                version: Tapedeck.version,
                trace: place,
                rules: rules.map(Self.place)
            )
            try OutputFile.write(log.json(), to: sarif)
        }
        if let markdown {
            let text = Array(report.markdown().utf8)
            if markdown == Self.environment("GITHUB_STEP_SUMMARY") {
                try OutputFile.append(text, to: markdown)
            } else {
                try OutputFile.write(text, to: markdown)
            }
        }
        guard annotations ?? Self.isInGitHubActions else { return }
        for line in WorkflowAnnotations.lines(report, trace: place) { StandardError.print(line) }
    }

    /// A report for the log: GitHub Actions takes `##[` anywhere in a line for a command, and values come from strangers.
    func harmless(_ text: String) -> String {
        Self.isInGitHubActions ? text.replacing("##[", with: "## [") : text
    }

    /// Relative to the checked out repository where that is known, else to the working folder.
    private static func place(_ path: String) -> ArtifactPlace {
        let folder = WorkingFolder.path
        return ArtifactPlace(path, from: folder, root: environment("GITHUB_WORKSPACE") ?? folder)
    }

    private static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
