import LoadPlans
import Replay
import Reports
import Synchronization

/// Shows on a terminal how a stage of a plan goes on, and what is seen of the target; silent where there is no terminal.
struct PlanView {
    private var progress: PlanProgress
    private let watch: TargetWatch
    private var line: ProgressLine
    private let start = Clock.monotonic()
    /// What had ended before the stage.
    private let ended: UInt64
    private let errors: UInt64
    /// The number of the last look that is shown.
    private var look: UInt64 = 0

    init(_ progress: PlanProgress, watch: TargetWatch, quiet: Bool) {
        self.progress = progress
        self.watch = watch
        line = ProgressLine(quiet: quiet)
        ended = watch.ended.load(ordering: .relaxed)
        errors = watch.errors.load(ordering: .relaxed)
    }

    /// Shows what there is unless it was shown a moment ago; `wait` says what is waited for after the load.
    mutating func show(underWay: @autoclosure () -> [String], wait: String? = nil) {
        guard line.isDue() else { return }
        progress.elapsed = Clock.monotonic() - start
        progress.wait = wait
        progress.ended = watch.ended.load(ordering: .relaxed) - ended
        progress.errors = watch.errors.load(ordering: .relaxed) - errors
        progress.underWay = underWay()
        if let newest = watch.newest(after: look) {
            look = newest.number
            progress.target = TargetGlance(newest.samples)
        }
        let size = TerminalSize.current()
        StandardError.live(progress.screen(columns: size.columns - 1, rows: size.rows))
    }

    func clear() { line.clear() }
}

extension PlanProgress {
    /// What is known of the stages that are to run before any of them has begun.
    static func of(_ stages: [Stage], in loaded: LoadedPlan) throws -> [Step] {
        try stages.map { stage in
            let loads = try stage.scenarios.map { name -> UInt64? in
                let replay = try loaded.replay(of: name, in: stage)
                // Where passes are counted, the traces say how long it takes, and they are not read yet.
                return replay.loops == nil ? replay.duration : nil
            }
            let isKnown = stage.kind != .knee && !loads.contains(nil)
            return Step(
                name: stage.name,
                pause: stage.pause,
                load: isKnown ? loads.compactMap { $0 }.max() : nil,
                isOpenEnded: stage.kind == .knee || stage.check != .none || loaded.plan.executions != nil
                    || loaded.plan.logs?.covers(stage) ?? false
            )
        }
    }
}
