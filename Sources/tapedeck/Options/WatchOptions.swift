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

    @Option(
        help: ArgumentHelp(
            "On standard error: a view that is renewed on a terminal (auto), a line a second, a JSON object a second, or"
                + " nothing.",
            valueName: "auto|plain|json|none"
        )
    )
    var progress = ProgressArgument.auto

    @Option(
        help: ArgumentHelp(
            "Answer GET /metrics in Prometheus' format: 127.0.0.1:9464; a port alone is on 127.0.0.1.",
            valueName: "address"
        )
    )
    var metricsAddr: String?

    private static func condition(_ text: String) throws -> AbortCondition {
        do {
            return try AbortCondition(text)
        } catch {
            throw ValidationError(error.description)
        }
    }
}

/// How a replay is shown while it runs, as spelled on the command line.
enum ProgressArgument: String, CaseIterable, ExpressibleByArgument {
    case auto
    case plain
    case json
    case none

    /// Nothing is shown unasked where nobody looks at a terminal.
    func display(quiet: Bool) -> ReplayWatch.Display {
        switch self {
        case .auto:
            guard !quiet, StandardError.isTerminal else { return .none }
            return StandardError.canRedraw ? .screen : .plain
        case .plain: return .plain
        case .json: return .json
        case .none: return .none
        }
    }
}
