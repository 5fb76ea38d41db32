import Replay

/// Follows the live logs of a target through one stage: which streams are to be opened and cut off, and what their lines
/// come to. Time is an argument, in nanoseconds since 1970 by the clock here.
///
///     waiting → opening → open → ending → over
///        ↑         │        │
///        └─────────┴────────┘  cut off, by either side
package struct LogWatch: Sendable {
    /// What is to be done about a stream.
    package enum Action: Hashable, Sendable {
        /// Asks for `path` as the reader with this number, and goes on after the event with the id.
        case open(stream: Int, path: String, reader: Int, lastEventID: String?, isSlow: Bool)
        /// Drops the connection; nothing of it is told any more.
        case close(stream: Int)
        /// Opens a WebSocket as the reader with this number.
        case openSocket(Int, reader: Int, isSlow: Bool)
        /// Sends a text on it.
        case send(socket: Int, text: [UInt8])
        case closeSocket(Int)
    }

    /// How a connection ended.
    package enum End: Hashable, Sendable {
        /// The answer was whole.
        case finished
        case failed(String)
    }

    /// Streams that are asked for at once and have no answer yet.
    package static let openingLimit = 200
    /// Streams in one stage; runs beyond are counted, and not followed.
    package static let streamLimit = 500_000
    /// Nanoseconds before a stream is asked for again that was refused or has broken off, unless the server says when.
    static let patience: UInt64 = 1_000_000_000
    /// Nanoseconds for which the head of an answer is waited for: as long as for the answers of Realtime.
    static let answerPatience: Int64 = 10_000_000_000
    /// Refusals after which the stream of a run is given up that was never there.
    static let attempts = 5

    struct Stream: Sendable {
        enum Phase: Hashable, Sendable {
            case waiting(due: Int64)
            case opening
            case open
            /// Its last event has come; the connection may serve another stream when the answer is whole.
            case ending(due: Int64)
            case over
        }

        var reader: Int
        var tenant: String
        /// Empty for the stream of a tenant.
        var run: String
        var isSlow: Bool
        var phase = Phase.waiting(due: .min)
        var parser = ServerEventParser()
        /// When it was asked for, or put into the queue to be: the last time.
        var asked: Int64
        /// When it was asked for the first time.
        var firstAsked: Int64?
        /// When it was there for the first time.
        var subscribed: Int64?
        /// When the connection before was lost.
        var lost: Int64?
        /// When it is cut off next.
        var cut = Int64.max
        /// When it is left, where nothing but its run says that no more comes.
        var leave = Int64.max
        /// Where it cannot go on where it was: from when to when it was away.
        var gaps: [ClosedRange<Int64>] = []
        var hasLine = false
        var hasEnded = false
        var refusals = 0
    }

    package let rule: LogRule
    private let readers: [String]
    var streams: [Stream] = []
    var actions: [Action] = []
    private var actionPlace = 0
    /// What carries the streams, where that is Realtime.
    var sockets: RealtimeSockets?
    /// Streams that wait to be opened, in their order.
    var queue: [Int] = []
    var queuePlace = 0
    var opening = 0
    var openCount = 0
    package internal(set) var counts = LogCounts()
    /// By whose stream it is.
    var times: [StageRecord.Key<Criterion.MeasuredTime>: Latencies] = [:]
    var clock = ClockBracket()
    var sample: LogSample
    /// Runs that were accepted, with their tenants, as far as they are in the sample.
    var runs: [String: String] = [:]
    /// Of runs with streams of their own.
    var streamsByRun: [String: [Int]] = [:]
    /// What came held against what had to come, by tenant; and how many histories that was.
    var comparisons: [String: LogComparison.Counts] = [:]
    package internal(set) var compared = 0
    var slowOpen = 0
    var isStopping = false
    /// The last of what went wrong.
    package internal(set) var lastFailure: String?

    /// `readers` are the names of those who may read, at least one; the first reads for whom no reader has the name where it
    /// is nobody's.
    package init(
        _ rule: LogRule,
        readers: [String],
        seed: UInt64,
        credentials: RealtimeCredentials = .none
    ) {
        precondition(!readers.isEmpty, "somebody reads the logs")
        self.rule = rule
        self.readers = readers
        sockets = rule.realtime.map {
            RealtimeSockets($0, credentials: credentials, reconnect: rule.reconnect)
        }
        sample = LogSample(share: rule.share, seed: seed)
    }

    /// Streams that are open.
    package var open: Int { openCount }
    /// Lines that have come.
    package var lines: UInt64 { counts.all(\.lines) }

    /// By how much the target's clock is ahead, in nanoseconds, and how far that may be off.
    package var clockOffset: Int64 { clock.offset }
    package var clockUncertainty: UInt64? { clock.uncertainty }
    package var isClockDisputed: Bool { clock.isDisputed }
    /// The share of the runs whose lines were kept.
    package var sampledShare: Double { sample.share }

    package func total(_ part: (LogCounts.Tenant) -> UInt64) -> UInt64 { counts.all(part) }

    /// Whether every stream of a tenant has been there once, or been given up.
    package var isSubscribed: Bool {
        streams.allSatisfy { $0.subscribed != nil || $0.refusals >= Self.attempts || $0.phase == .over }
    }

    /// Whether one reader reads for all tenants.
    var hasOneReader: Bool { readers == [""] }

    private func reader(for tenant: String) -> Int? {
        readers.firstIndex(of: tenant) ?? (hasOneReader ? 0 : nil)
    }

    mutating func noteUnreadable(reader: Int) { counts.note(readers[reader]) { $0.unreadable += 1 } }

    func reader(of run: String) -> Int? { runs[run].flatMap { reader(for: $0) } }

    // MARK: Inputs

    /// Opens the streams of tenants; those of runs follow when their runs are accepted.
    package mutating func begin(at time: Int64) {
        guard !rule.isOfRuns else { return }
        for (isSlow, count) in [(false, rule.connections ?? readers.count), (true, rule.slow?.streams ?? 0)] {
            for place in 0..<count {
                let reader = place % readers.count
                add(reader: reader, run: "", tenant: readers[reader], isSlow: isSlow, at: time)
            }
        }
        openNext(at: time)
    }

    /// A run was accepted.
    package mutating func follow(run: String, tenant: String, at time: Int64) {
        guard !isStopping, !run.isEmpty, sample.includes(run), runs[run] == nil else { return }
        guard let reader = reader(for: tenant) else {
            counts.unread += 1
            return
        }
        guard runs.count < Self.streamLimit else {
            counts.beyond += 1
            return
        }
        runs[run] = tenant
        guard rule.isOfRuns else { return }
        let unfinished = openCount + opening + queue.count - queuePlace
        guard unfinished < rule.connections ?? LogRule.usualConnections, streams.count < Self.streamLimit
        else {
            counts.beyond += 1
            return
        }
        add(reader: reader, run: run, tenant: tenant, isSlow: false, at: time)
        if let slow = rule.slow, slowOpen < slow.streams {
            add(reader: reader, run: run, tenant: tenant, isSlow: true, at: time)
            slowOpen += 1
        }
        openNext(at: time)
    }

    /// The head of an answer is there; `date` is what it says of the time, by the target's clock.
    package mutating func head(
        _ stream: Int,
        status: Int,
        isEventStream: Bool,
        date: Int64?,
        at time: Int64
    ) {
        guard streams[stream].phase == .opening else { return }
        if let date { clock.note(date: date, sent: streams[stream].asked, received: time) }
        guard status == 200, isEventStream else {
            let what = status == 200 ? "an answer that is no stream of events" : "status \(status)"
            lastFailure = "\(path(of: streams[stream])): \(what)"
            drop(stream)
            // Asked not to come again (HTML standard, section 9.2.3).
            refuse(stream, isFinal: status == 204, at: time)
            return
        }
        begin(stream, at: time)
    }

    /// A stream is there.
    mutating func begin(_ stream: Int, at time: Int64) {
        leaveOpening(stream)
        streams[stream].phase = .open
        streams[stream].refusals = 0
        openCount += 1
        counts.note(streams[stream].tenant) { $0.opened += 1 }
        counts.peak = max(counts.peak, openCount)
        let asked = streams[stream].asked
        if let lost = streams[stream].lost {
            counts.note(streams[stream].tenant) { $0.resumed += 1 }
            if sockets != nil { streams[stream].gaps.append(lost...max(lost, time)) }
            streams[stream].lost = nil
            note(.resume, from: lost, to: time, of: stream)
        } else {
            streams[stream].subscribed = time
            if !streams[stream].isSlow { note(.subscribe, from: asked, to: time, of: stream) }
        }
        if let reconnect = rule.reconnect, isCutOff(stream, reconnect) {
            streams[stream].cut = time + Int64(clamping: reconnect.every)
        }
        openNext(at: time)
    }

    /// A piece of a stream.
    package mutating func take(_ bytes: Span<UInt8>, of stream: Int, at time: Int64) {
        guard streams[stream].phase == .open else { return }
        var offset = 0
        while streams[stream].phase == .open, let block = streams[stream].parser.next(bytes, at: &offset) {
            guard case .event(let event) = block else { continue }
            if event.name == rule.end {
                streams[stream].hasEnded = true
                streams[stream].parser = ServerEventParser()
                streams[stream].phase = .ending(due: time &+ Int64(Self.patience))
                openCount -= 1
                leaveSlow(stream)
                openNext(at: time)
                return
            }
            guard rule.events.isEmpty || rule.events.contains(event.name) else { continue }
            take(event, of: stream, at: time)
        }
    }

    /// The connection of a stream is over.
    package mutating func end(_ stream: Int, _ end: End, at time: Int64) {
        switch streams[stream].phase {
        case .waiting, .over: return
        case .ending: streams[stream].phase = .over
        case .opening:
            if case .failed(let reason) = end { lastFailure = "\(path(of: streams[stream])): \(reason)" }
            refuse(stream, isFinal: false, at: time)
        case .open:
            openCount -= 1
            if case .failed(let reason) = end { lastFailure = "\(path(of: streams[stream])): \(reason)" }
            guard !isStopping else {
                streams[stream].phase = .over
                return
            }
            counts.note(streams[stream].tenant) { $0.cut += 1 }
            let pause = streams[stream].parser.retry ?? Self.patience
            wait(stream, until: time &+ Int64(clamping: pause), lostAt: time)
        }
        openNext(at: time)
    }

    /// Time has passed: what is due is done.
    package mutating func tick(at time: Int64) {
        guard !isStopping else { return }
        for stream in streams.indices {
            switch streams[stream].phase {
            case .open where streams[stream].cut <= time:
                drop(stream)
                cutOff(stream, at: time)
            case .open where streams[stream].leave <= time:
                streams[stream].hasEnded = true
                close(stream)
            // Sockets have limits of their own.
            case .opening where sockets == nil && time - streams[stream].asked >= Self.answerPatience:
                lastFailure = "\(path(of: streams[stream])): no answer"
                drop(stream)
                refuse(stream, isFinal: false, at: time)
            case .waiting(let due) where due > .min && streams[stream].leave <= time:
                streams[stream].phase = .over
                leaveSlow(stream)
            case .waiting(let due) where due > .min && due <= time:
                streams[stream].phase = .waiting(due: .min)
                queue.append(stream)
            case .ending(let due) where due <= time:
                streams[stream].phase = .over
                drop(stream)
            case .waiting, .opening, .open, .ending, .over: continue
            }
        }
        tickSockets(at: time)
        openNext(at: time)
    }

    /// The reader itself has given up the connection.
    mutating func cutOff(_ stream: Int, at time: Int64) {
        openCount -= 1
        counts.note(streams[stream].tenant) { $0.reconnects += 1 }
        wait(stream, until: time &+ Int64(clamping: rule.reconnect?.away ?? 0), lostAt: time)
    }

    /// The stage is over, and what was to be waited for has been.
    package mutating func stop(at time: Int64) {
        isStopping = true
        stopped = time
        // Who goes leaves no channel by itself.
        sockets?.stop()
        for stream in streams.indices {
            noteUnanswered(stream, at: time)
            switch streams[stream].phase {
            case .opening, .open, .ending: close(stream)
            case .waiting, .over: streams[stream].phase = .over
            }
        }
    }

    /// When ``stop(at:)`` was.
    private(set) var stopped: Int64?

    package mutating func nextAction() -> Action? {
        takeSocketActions()
        guard actionPlace < actions.count else {
            actions.removeAll(keepingCapacity: true)
            actionPlace = 0
            return nil
        }
        defer { actionPlace += 1 }
        return actions[actionPlace]
    }
}
