/// A line on the terminal that tells how far long work has come; silent where there is no terminal.
struct ProgressLine {
    private let isShown: Bool
    private var lastShown: UInt64 = 0

    /// Shown at most this often, in nanoseconds.
    private static let interval: UInt64 = 200_000_000

    init(quiet: Bool) {
        isShown = !quiet && StandardError.canRedraw
    }

    /// Shows `line` unless another was shown a moment ago.
    mutating func show(_ line: @autoclosure () -> String) {
        guard isShown else { return }
        let now = Clock.monotonic()
        guard now &- lastShown >= Self.interval else { return }
        lastShown = now
        StandardError.live([line()])
    }

    /// Clears the line, so that what follows starts at the margin.
    func clear() {
        if isShown { StandardError.live([]) }
    }
}
