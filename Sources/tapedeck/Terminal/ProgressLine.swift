/// A line on the terminal, or a few of them, that tell how far long work has come; silent where there is no terminal.
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
        if isDue() { StandardError.live([line()]) }
    }

    /// Whether it is time to show something again.
    mutating func isDue() -> Bool {
        guard isShown else { return false }
        let now = Clock.monotonic()
        guard now &- lastShown >= Self.interval else { return false }
        lastShown = now
        return true
    }

    /// Clears the line, so that what follows starts at the margin.
    func clear() {
        if isShown { StandardError.live([]) }
    }
}
