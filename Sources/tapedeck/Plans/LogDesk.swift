import Bytes
import CurlTransport
import Dispatch
import JSON
import LoadPlans
import Replay
import Reports
import Synchronization
import Transports

/// Reads the live logs of the target through one stage, on a thread of its own.
final class LogDesk: Sendable {
    private let rule: LogRule
    private let readers: [LogReader]
    /// What the URLs begin with.
    private let base: String
    private let connection: TargetConnection
    private let realtime: RealtimeAddress?
    private let isolation: IsolationBook
    private let watch: Mutex<LogWatch>
    private let inbox = Mutex<Inbox>(Inbox())
    private let failure = Mutex<String?>(nil)
    private let stopped = Atomic<Bool>(false)
    private let isRunning = Atomic<Bool>(false)
    private let done = DispatchSemaphore(value: 0)
    private let token = Mutex<StopToken?>(nil)

    private struct Inbox {
        var runs: [(run: String, tenant: String, time: Int64)] = []
        /// Runs that have come to their end.
        var ended: [String] = []
    }

    /// Nanoseconds between two looks at what is due.
    private static let pace: UInt64 = 50_000_000
    /// Nanoseconds for which the first streams of tenants are waited for before the load begins.
    private static let patience: UInt64 = 10_000_000_000
    /// Seconds for a page of a history.
    private static let timeout = 20
    /// Pages of one history.
    private static let pages = 100

    init(
        rule: LogRule,
        readers: [LogReader],
        target: ReplayTarget,
        connection: TargetConnection,
        seed: UInt64,
        isolation: IsolationBook
    ) throws {
        self.isolation = isolation
        self.rule = rule
        self.readers = readers
        self.connection = connection
        base = "\(target.scheme.rawValue)://\(target.authority)\(target.pathPrefix)"
        realtime = try rule.realtime.map { try RealtimeAddress($0, target: target, seed: seed) }
        watch = Mutex(
            LogWatch(
                rule,
                readers: readers.map(\.tenant),
                seed: seed,
                credentials: RealtimeCredentials(tokens: readers.map(\.token), apikey: realtime?.apikey)
            )
        )
    }

    /// What a line of progress says of them.
    var glance: String {
        let (open, lines) = watch.withLock { ($0.open, $0.lines) }
        return "\(Quantity.count(open)) log streams, \(Quantity.count(lines)) lines"
    }

    /// Streams that are open.
    var open: Int { watch.withLock { $0.open } }

    /// Begins to read, and waits until the streams of tenants are there.
    func start() {
        isRunning.store(true, ordering: .relaxed)
        ReplayThread.start {
            self.read()
            self.done.signal()
        }
        let start = Clock.monotonic()
        let wait = DispatchSemaphore(value: 0)
        while !rule.isOfRuns, isRunning.load(ordering: .relaxed), Clock.monotonic() - start < Self.patience,
            !Interrupt.isRequested
        {
            _ = wait.wait(timeout: .now() + .milliseconds(20))
            if watch.withLock({ $0.open > 0 && $0.isSubscribed }) { break }
        }
    }

    /// Whether the runs of a request are followed.
    func follows(method: Span<UInt8>, target: Span<UInt8>) -> Bool {
        rule.follows(method: method, target: target)
    }

    /// A run was accepted whose log is to be read.
    func follow(run: String, tenant: String, at time: Int64) {
        inbox.withLock { $0.runs.append((run, tenant, time)) }
        token.withLock { $0 }?.request()
    }

    /// Runs were seen to have come to their ends, which some logs do not say themselves.
    func end(runs: [String]) {
        guard rule.realtime != nil, rule.isOfRuns, !runs.isEmpty else { return }
        inbox.withLock { $0.ended += runs }
    }

    private func read() {
        defer { isRunning.store(false, ordering: .relaxed) }
        do {
            let streams = try CurlStreams(
                realtime?.isElsewhere == true ? connection.elsewhere : connection,
                connections: 1_000
            )
            token.withLock { $0 = streams.token }
            watch.withLock { $0.begin(at: Clock.wall()) }
            var searched = SearchedStreams()
            var due: UInt64 = 0
            while true {
                let (arrived, ended) = inbox.withLock { inbox in
                    defer {
                        inbox.runs.removeAll(keepingCapacity: true)
                        inbox.ended.removeAll(keepingCapacity: true)
                    }
                    return (inbox.runs, inbox.ended)
                }
                let isLast = stopped.load(ordering: .acquiring)
                // Looking through all streams is not for every event.
                let isDue = due <= Clock.monotonic()
                if isDue { due = Clock.monotonic() + Self.pace }
                watch.withLock { watch in
                    let now = Clock.wall()
                    for run in arrived { watch.follow(run: run.run, tenant: run.tenant, at: now) }
                    for run in ended { watch.end(run: run, at: now) }
                    if isDue { watch.tick(at: now) }
                    if isLast { watch.stop(at: now) }
                }
                while let action = watch.withLock({ $0.nextAction() }) {
                    note(action, &searched)
                    try perform(action, streams)
                }
                if isLast { return }
                try streams.turn(until: MonotonicClock.now + Self.pace) { stream, event in
                    self.watch.withLock {
                        if realtime == nil {
                            Self.tell(&$0, stream, event)
                        } else {
                            Self.tell(&$0, socket: stream, event)
                        }
                    }
                    // Afterwards: what that takes is no part of a lag.
                    self.search(stream, event, &searched)
                }
            }
        } catch {
            failure.withLock { $0 = "\(error)" }
        }
    }

    private func perform(_ action: LogWatch.Action, _ streams: CurlStreams) throws {
        switch action {
        case .close(let stream): streams.close(stream)
        case .openSocket(let socket, let reader, let isSlow):
            guard let realtime else { return }
            try streams.openSocket(
                socket,
                url: realtime.url,
                headers: readers[reader].plain,
                bytesPerSecond: isSlow ? rule.slow?.bytesPerSecond : nil,
                seed: realtime.seed
            )
        case .send(let socket, let text):
            streams.send(socket, text: String(decoding: text, as: UTF8.self))
        case .closeSocket(let socket): streams.close(socket)
        case .open(let stream, let path, let reader, let lastEventID, let isSlow):
            var headers = readers[reader].headers + ["Accept: text/event-stream", "Cache-Control: no-cache"]
            // An id comes from the target, and must not become a line of its own.
            if let lastEventID, lastEventID.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) {
                headers.append("Last-Event-ID: \(lastEventID)")
            }
            streams.close(stream)
            try streams.open(
                stream,
                url: base + path,
                headers: headers,
                bytesPerSecond: isSlow ? rule.slow?.bytesPerSecond : nil
            )
        }
    }

    /// That of a `Date` in seconds since 1970.
    private static func moment(_ date: Int?) -> Int64? {
        date.flatMap { TargetMoment.nanoseconds(Int64($0), unit: 1_000_000_000) }
    }

    private static func tell(_ watch: inout LogWatch, _ stream: Int, _ event: CurlStreams.Event) {
        let now = Clock.wall()
        switch event {
        case .field, .message: break
        case .head(let status, let isEventStream, let date):
            watch.head(
                stream,
                status: status,
                isEventStream: isEventStream,
                date: Self.moment(date),
                at: now
            )
        case .body(let bytes): watch.take(bytes.bindMemory(to: UInt8.self).span, of: stream, at: now)
        case .end(let failure): watch.end(stream, failure.map { .failed($0) } ?? .finished, at: now)
        }
    }

    private static func tell(_ watch: inout LogWatch, socket: Int, _ event: CurlStreams.Event) {
        let now = Clock.wall()
        switch event {
        case .field, .body: break
        case .head(let status, _, let date):
            watch.head(socket: socket, status: status, date: Self.moment(date), at: now)
        case .message(let bytes):
            watch.take(text: bytes.bindMemory(to: UInt8.self).span, ofSocket: socket, at: now)
        case .end(let failure):
            watch.end(socket: socket, reason: failure ?? "the connection was closed", at: now)
        }
    }

    // MARK: Planted values

    /// Keeps in mind who reads a stream or a socket, where what it shows is looked through.
    private func note(_ action: LogWatch.Action, _ searched: inout SearchedStreams) {
        switch action {
        case .open(let stream, _, let reader, _, _), .openSocket(let stream, let reader, _):
            searched.close(stream, look)
            if isolation.plants { searched.open(stream, reader: readers[reader].tenant) }
        case .close(let stream), .closeSocket(let stream): searched.close(stream, look)
        case .send: break
        }
    }

    /// Looks through what a stream or a socket shows, whatever becomes of it.
    private func search(_ stream: Int, _ event: CurlStreams.Event, _ searched: inout SearchedStreams) {
        switch event {
        case .field(let bytes), .message(let bytes):
            searched.take(whole: bytes.bindMemory(to: UInt8.self).span, of: stream, look)
        case .body(let bytes): searched.take(bytes.bindMemory(to: UInt8.self).span, of: stream, look)
        case .head: break
        case .end: searched.close(stream, look)
        }
    }

    private func look(_ bytes: Span<UInt8>, _ reader: String) {
        isolation.search(bytes, place: "live logs", reader: reader.isEmpty ? nil : reader)
    }

    // MARK: The end of a stage

    /// Waits for what may still come, ends the reading, reads the histories, and puts what the lines came to into the
    /// record; answers what there is to say of it.
    func finish(into record: inout StageRecord, quiet: Bool) -> [String] {
        let wait = DispatchSemaphore(value: 0)
        if !Interrupt.isRequested {
            _ = wait.wait(timeout: .now() + .nanoseconds(Int(clamping: rule.linger)))
        }
        stopped.store(true, ordering: .releasing)
        token.withLock { $0 }?.request()
        done.wait()
        token.withLock { $0 = nil }
        var remarks: [String] = []
        if let failure = failure.withLock({ $0 }) {
            remarks.append("live logs were not read to the end: \(failure)")
        }
        if rule.history != nil, !Interrupt.isRequested { remarks += readHistories(quiet: quiet) }
        watch.withLock { $0.write(into: &record) }
        return remarks + watch.withLock { $0 }.remarks
    }

    /// Reads the histories that are owed, for each reader on a thread of its own.
    private func readHistories(quiet: Bool) -> [String] {
        guard let history = rule.history else { return [] }
        let owed = Dictionary(grouping: watch.withLock { $0.owedHistories }, by: \.reader)
        let left = Atomic<Int>(owed.count)
        let read = Atomic<Int>(0)
        let problems = Mutex<[String: UInt64]>([:])
        let wait = DispatchSemaphore(value: 0)
        for (reader, histories) in owed {
            ReplayThread.start {
                let fetch = try? CurlFetch(
                    headers: self.readers[reader].headers,
                    timeoutSeconds: Self.timeout,
                    connection: self.connection,
                    isCancelled: { Interrupt.isOverdue }
                )
                for one in histories {
                    guard let fetch, !Interrupt.isRequested else { break }
                    do {
                        let lines = try self.lines(of: one, history, fetch)
                        self.watch.withLock { $0.compare(lines, of: one.run) }
                    } catch {
                        let message = CommandFailure.message(of: error)
                        problems.withLock { $0[message, default: 0] += 1 }
                    }
                    read.add(1, ordering: .relaxed)
                }
                left.subtract(1, ordering: .releasing)
                wait.signal()
            }
        }
        var line = ProgressLine(quiet: quiet)
        while left.load(ordering: .acquiring) > 0 {
            line.show("reading the logs of \(Quantity.count(read.load(ordering: .relaxed))) runs")
            _ = wait.wait(timeout: .now() + .milliseconds(200))
        }
        line.clear()
        return problems.withLock { $0 }.sorted { $0.key < $1.key }.prefix(3).map {
            "\(Quantity.count($0.value)) logs could not be read: \($0.key)"
        }
    }

    private func lines(of owed: LogWatch.OwedHistory, _ history: LogRule.History, _ fetch: CurlFetch) throws
        -> [LogComparison.Line]
    {
        let url = base + LogRule.path(history.path, run: owed.run)
        var lines: [LogComparison.Line] = []
        var next: String?
        for _ in 0..<Self.pages {
            let more = next.map { (url.contains("?") ? "&" : "?") + "after=" + PercentEncoding.encode($0) }
            let answer = try fetch.get(url + (more ?? ""))
            isolation.search(answer, place: "the history of logs", reader: readers[owed.reader].party)
            guard answer.status == 200 else { throw CommandFailure("answered with status \(answer.status)") }
            guard let value = try? JSONValue(parsing: answer.body.span), let page = history.page(value) else {
                throw CommandFailure("answered with what is no list of lines")
            }
            lines += page.lines
            // A page that leads to itself would lead there for ever.
            guard let place = page.next, place != next, !page.lines.isEmpty else { return lines }
            next = place
        }
        throw CommandFailure("longer than \(Self.pages) pages")
    }

    /// How the lines were read, and how exactly.
    var method: String { watch.withLock { $0.method } }
}
