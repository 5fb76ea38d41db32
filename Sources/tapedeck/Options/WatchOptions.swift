import ArgumentParser
import Replay

/// What is looked at while a replay runs.
struct WatchOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Stop when this holds: 'errors > 5% for 10s', 'p99 > 2s for 10s'; may be repeated.",
            valueName: "condition"
        ),
        transform: Self.condition
    )
    var abortIf: [AbortCondition] = []

    private static func condition(_ text: String) throws -> AbortCondition {
        do {
            return try AbortCondition(text)
        } catch {
            throw ValidationError(error.description)
        }
    }
}
