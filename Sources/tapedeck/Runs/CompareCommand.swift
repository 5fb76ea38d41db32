import ArgumentParser
import Checks
import Glibc
import Reports

/// `tapedeck compare`: runs side by side.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Show what changed from one run to another: figures, times by route, answers.",
        discussion: """
            Example:
              tapedeck compare last~1 last
              tapedeck compare before.json after.json
              tapedeck compare before.trace.gz after.trace.gz

            A run is 'last', 'last~1', …, a name that 'tapedeck runs' lists or what was said with --run, a folder, a file \
            that 'replay --json' or 'check --json' wrote, or a trace that 'replay --observed' wrote. Every run is \
            compared with the first. Times and answers are compared where those of both were kept.

            Exit codes: 0 compared, whatever came of it ('tapedeck check' judges); 2 usage or unusable input.
            """
    )

    @Argument(help: "Two runs or more, the first one to compare with.")
    var runs: [String]

    @Option(help: ArgumentHelp("What varies by itself, by learn-noise.", valueName: "file"))
    var noise: String?

    @Option(help: ArgumentHelp("What is compared and what may differ, as for check.", valueName: "file"))
    var rules: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The least change of a route's median time that counts.", valueName: "share")
    )
    var minEffect: ShareArgument = ShareArgument(value: 0.05)

    @Option(parsing: .unconditional, help: "What is drawn by chance is drawn from it.")
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Lay the runs over each other in one HTML file.", valueName: "file"))
    var report: String?

    @Flag(help: "One JSON object instead of text.")
    var json = false

    func validate() throws {
        guard (2...RunComparison.mostRuns).contains(runs.count) else {
            throw ValidationError("give two to \(RunComparison.mostRuns) runs")
        }
    }

    func run() throws {
        let places = try runs.map(RunPlace.init)
        var terms = TimingComparison.Terms()
        terms.minimumEffect = minEffect.value
        terms.seed = seed
        // The noise lies beside the recording, which the first run knows.
        let recording = places[0].record?.traces.first
        let comparison = Comparison(
            rules: try CheckInputs.rules(rules),
            noise: noise == nil && recording == nil
                ? nil : try CheckInputs.noise(noise, of: recording ?? "-", quiet: true),
            timing: terms
        )
        var compared: [RunComparison.Run] = []
        for (index, place) in places.enumerated() {
            var run = RunComparison.Run(
                name: place.name,
                record: place.record,
                replay: place.replay,
                check: place.check
            )
            if index > 0, let first = places[0].observed, let observed = place.observed {
                run.against = try comparison.run([Comparison.Pair(recorded: first, observed: observed)])
            }
            compared.append(run)
        }
        let result = RunComparison(compared)
        if let report { try write(result, of: places, to: report) }
        if json {
            StandardOutput.write(result.json())
        } else {
            StandardOutput.write(result.text(isStyled: StandardOutput.isTerminal))
        }
    }

    /// Draws the runs that kept how they went over time, and says the rest in words.
    private func write(_ result: RunComparison, of places: [RunPlace], to file: String) throws {
        let runs = places.map { place in
            (place.name, place.replay.flatMap { RunFigures(replay: $0, name: place.name) })
        }
        var page = ReportComparison(
            runs: runs.compactMap(\.1),
            subject: "compared with \(places[0].name): "
                + places.dropFirst().map(\.name).joined(separator: ", ")
        )
        page.reasons = runs.filter { $0.1 == nil }.map { "\($0.0) kept no figures over time" }
        page.words = result.text()
        page.context = .ofThisRun(recordings: [])
        try OutputFile.write(Array(page.html().utf8), to: file)
    }
}
