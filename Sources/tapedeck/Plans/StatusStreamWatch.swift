import CurlTransport
import Dispatch
import LoadPlans
import Replay
import Reports
import Synchronization
import Transports

/// Reads the stream in which the target tells one tenant of changes of its runs, on a thread of its own.
///
/// It outlives a stage: the next one goes on after the last event, where the target numbers them.
final class StatusStreamWatch: RunSource {
    private let reader: LogReader
    private let url: String
    private let connection: TargetConnection
    private let isolation: IsolationBook
    private let feed: Mutex<StatusFeed>
    private let state = Mutex<State>(State())
    private let token = Mutex<StopToken?>(nil)
    private let isStopped = Atomic<Bool>(false)
    private let isThere = DispatchSemaphore(value: 0)
    private let done = DispatchSemaphore(value: 0)

    private struct State {
        var isRunning = false
        /// Whether the stream was there once in this stage.
        var wasThere = false
        var breaks: UInt64 = 0
        var refusals: UInt64 = 0
        var lastFailure = ""
        var unreadableBefore: UInt64 = 0
    }

    /// Nanoseconds between two looks at what is due, and before a stream is asked for again.
    private static let pace: UInt64 = 50_000_000
    private static let pause: UInt64 = 1_000_000_000
    /// Seconds for which the stream is waited for before the load begins.
    private static let patience = 10

    init(
        _ stream: ExecutionRule.StatusStream,
        reader: LogReader,
        delay: ExecutionRule.DelayPlace?,
        target: ReplayTarget,
        connection: TargetConnection,
        isolation: IsolationBook
    ) {
        self.reader = reader
        url = "\(target.scheme.rawValue)://\(target.authority)\(target.pathPrefix)\(stream.path)"
        self.connection = connection
        self.isolation = isolation
        feed = Mutex(StatusFeed(stream, delay: delay))
    }

    let isOfTenant = true

    /// Begins to read, and waits until the stream is there: what changes before is told to nobody.
    func start(_ desk: ExecutionDesk) {
        let unreadable = feed.withLock { $0.unreadable }
        state.withLock { $0 = State(isRunning: true, unreadableBefore: unreadable) }
        isStopped.store(false, ordering: .relaxed)
        ReplayThread.start {
            do {
                try self.read(desk)
            } catch {
                self.state.withLock { $0.lastFailure = "\(error)" }
            }
            self.isThere.signal()
            self.done.signal()
        }
        _ = isThere.wait(timeout: .now() + .seconds(Self.patience))
    }

    func stop() {
        let wasRunning = state.withLock { state in
            defer { state.isRunning = false }
            return state.isRunning
        }
        guard wasRunning else { return }
        isStopped.store(true, ordering: .releasing)
        token.withLock { $0 }?.request()
        done.wait()
        token.withLock { $0 = nil }
        // Whoever was not waited for any more must not be there for the next stage.
        while isThere.wait(timeout: .now()) == .success {}
    }

    private func read(_ desk: ExecutionDesk) throws {
        let streams = try CurlStreams(connection, connections: 4)
        token.withLock { $0 = streams.token }
        var due: UInt64 = 0
        var isAsked = false
        var isRefused = false
        while !isStopped.load(ordering: .acquiring), !Interrupt.isRequested {
            if isRefused {
                streams.close(0)
                (isRefused, isAsked) = (false, false)
                due = Clock.monotonic() + pause
            }
            if !isAsked, due <= Clock.monotonic() {
                try streams.open(0, url: url, headers: headers, bytesPerSecond: nil)
                isAsked = true
            }
            try streams.turn(until: MonotonicClock.now + Self.pace) { _, event in
                switch event {
                case .field(let bytes): search(bytes.bindMemory(to: UInt8.self).span)
                case .head(let status, let isEventStream, _):
                    guard status != 200 || !isEventStream else { return }
                    refuse(status == 200 ? "no stream of events" : "status \(status)")
                    isRefused = true
                case .message: break
                case .body(let bytes):
                    take(bytes.bindMemory(to: UInt8.self).span, desk)
                case .end(let failure):
                    if !isRefused { lose(failure) }
                    (isRefused, isAsked) = (false, false)
                    due = Clock.monotonic() + pause
                }
            }
        }
    }

    private var pause: UInt64 { feed.withLock { $0.retry } ?? Self.pause }

    private var headers: [String] {
        var headers = reader.headers + ["Accept: text/event-stream", "Cache-Control: no-cache"]
        let last = feed.withLock { feed in
            feed.restart()
            return feed.lastEventID
        }
        // An id comes from the target, and must not become a line of its own.
        if !last.isEmpty, last.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) {
            headers.append("Last-Event-ID: \(last)")
        }
        return headers
    }

    private func search(_ bytes: Span<UInt8>) {
        isolation.search(bytes, place: "the stream of runs", reader: reader.party)
    }

    private func take(_ bytes: Span<UInt8>, _ desk: ExecutionDesk) {
        let now = Clock.wall()
        let (runs, isUnderWay) = feed.withLock { feed in
            let runs = feed.take(bytes) { search($0) }
            return (runs, feed.isUnderWay)
        }
        if !runs.isEmpty { desk.see(RunPage(runs), of: reader.tenant, at: now) }
        guard isUnderWay else { return }
        let isFirst = state.withLock { state in
            defer { state.wasThere = true }
            return !state.wasThere
        }
        if isFirst { isThere.signal() }
    }

    private func refuse(_ reason: String) {
        state.withLock {
            $0.refusals += 1
            $0.lastFailure = "answered with \(reason)"
        }
    }

    private func lose(_ failure: String?) {
        state.withLock { state in
            if state.wasThere { state.breaks += 1 } else { state.refusals += 1 }
            state.lastFailure = failure ?? "it came to its end"
        }
    }

    var remarks: [String] {
        let state = state.withLock { $0 }
        let who = reader.tenant.isEmpty ? "the stream of runs" : "the stream of \(reader.tenant)'s runs"
        var remarks: [String] = []
        if state.refusals > 0 {
            remarks.append(
                "\(who) was not to be had \(Quantity.count(state.refusals)) times: \(state.lastFailure)"
            )
        }
        if state.breaks > 0 {
            let goesOn =
                feed.withLock { $0.lastEventID.isEmpty }
                ? "what changed meanwhile was not told" : "it went on after the last event"
            remarks.append(
                "\(who) broke off \(Quantity.count(state.breaks)) times (\(state.lastFailure)); \(goesOn)"
            )
        }
        let unreadable = feed.withLock { $0.unreadable } - state.unreadableBefore
        if unreadable > 0 {
            remarks.append("\(Quantity.count(unreadable)) events of \(who) told of no run")
        }
        return remarks
    }
}
