/// The longest stretch of a run without an answer although some were waited for.
///
/// It shows a target that hung, which the service time of the requests sent afterwards does not.
package struct Silence: Hashable, Sendable {
    /// Nanoseconds.
    package private(set) var longest: UInt64 = 0
    /// When it began.
    package private(set) var start: MonotonicTime = 0
    /// Requests that were waited for at its end.
    package private(set) var waiting = 0

    /// Since when nothing was answered; `nil` while nothing is waited for.
    private var since: MonotonicTime?

    package init() {}

    /// A request goes out.
    mutating func begin(at now: MonotonicTime) {
        if since == nil { since = now }
    }

    /// A request ends; `waiting` are those in flight before, this one included.
    mutating func end(isAnswered: Bool, waiting: Int, at now: MonotonicTime) {
        guard let since, isAnswered || waiting == 1 else { return }
        let length = now - min(now, since)
        if length > longest {
            longest = length
            start = since
            self.waiting = waiting
        }
        self.since = waiting == 1 ? nil : now
    }
}

extension Silence {
    /// The same, its start reckoned from `start`.
    func since(_ start: MonotonicTime) -> Silence {
        var silence = self
        silence.start = self.start - min(self.start, start)
        return silence
    }
}
