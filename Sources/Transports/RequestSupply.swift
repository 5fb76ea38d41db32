import CEvents
import Replay

/// Where the event loop gets its requests from: drawn on a thread of their own where there is a second processor, and
/// by the loop itself where there is none for this process, or where the source is a pipe, whose thread could not be stopped.
final class RequestSupply<Source: RequestSource> {
    // Not watched for overlapping accesses, at every request: one thread at a time draws them, and nothing calls back.
    @exclusivity(unchecked)
    private(set) var source: Source
    @exclusivity(unchecked)
    private(set) var feed: RequestFeed
    @exclusivity(unchecked)
    private(set) var ahead: ReadAhead?

    init(_ source: Source, feed: RequestFeed) {
        self.source = source
        self.feed = feed
    }

    /// Starts reading ahead where that is of use.
    func start(_ bounds: ReadAhead.Bounds) throws {
        guard !source.isPipe, tapedeck_processor_count() > 1 else { return }
        let ahead = try ReadAhead(
            bounds,
            { [unowned self] in
                while let item = try feed.next(from: &source) {
                    if case .nothingYet = item { continue }
                    return item
                }
                return nil
            },
            reuse: { [unowned self] request in feed.recycle(request, to: &source) }
        )
        try ahead.start()
        self.ahead = ahead
    }

    /// Waits until as much is drawn as may be ahead, or a stop is requested; answers what that is.
    func fill(_ stop: StopToken) -> PreparedAhead {
        guard let ahead else { return PreparedAhead() }
        let begin = MonotonicClock.now
        while !ahead.waitUntilFull(ReplayRunLimits.fillingTurn), !stop.isRequested {}
        let waiting = ahead.waiting
        return PreparedAhead(
            requests: UInt64(waiting.requests),
            bytes: UInt64(waiting.bytes),
            nanoseconds: MonotonicClock.now - begin
        )
    }

    /// Stops reading ahead; ``source`` and ``feed`` may be looked at again.
    func stop() {
        ahead?.stop()
        ahead = nil
    }

    /// Gives back a request that is done with.
    func recycle(_ request: PreparedRequest) {
        if let ahead {
            ahead.recycle(request)
        } else {
            feed.recycle(request, to: &source)
        }
    }

    func next() throws -> ReadAhead.Step {
        if let ahead { return try ahead.next() }
        return try feed.next(from: &source).map { .item($0) } ?? .end
    }
}
