import CEvents
import Glibc
import Synchronization

/// The thread of a database: lends connections to transactions, opens them again when they break, and keeps the line.
final class DatabaseLoop {
    /// A place for a connection, which comes and goes.
    private struct Slot {
        var connection: Connection?
        var registered: Int32 = -1
        var mask: UInt32 = 0
        /// When to connect again, and how long to wait after the next failure, in nanoseconds.
        var retry: UInt64 = 0
        var pause = DatabaseLoop.firstPause
        var lent: Database.Submission?
        var lentAt: UInt64 = 0
    }

    static let firstPause: UInt64 = 50_000_000
    static let longestPause: UInt64 = 500_000_000

    private let shared: Database.Shared
    private let epoll: Int32
    private var slots: [Slot]
    private var idle: [Int] = []
    private var queue = SubmissionQueue()
    private var bells: Set<Notification> = []
    private var status: PoolStatus
    private var events = [epoll_event](repeating: epoll_event(), count: 64)

    init(_ shared: Database.Shared) {
        self.shared = shared
        let options = shared.options
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        slots = Array(repeating: Slot(), count: options.connections + (options.channels.isEmpty ? 0 : 1))
        status = shared.mailbox.withLock { $0.status }
        var event = epoll_event()
        event.events = EPOLLIN.rawValue
        event.data.u64 = UInt64.max
        _ = epoll_ctl(epoll, EPOLL_CTL_ADD, shared.wake, &event)
    }

    deinit { close(epoll) }

    /// The place of the line, which comes after those of the pool.
    private var line: Int? { shared.options.channels.isEmpty ? nil : shared.options.connections }

    func run() {
        var end: UInt64?
        while true {
            let now = monotonicNow()
            end = takeMail(now: now)
            connect(now: now)
            expire(now: now)
            lend(now: now)
            ringBells()
            publish()
            if let end, end <= now || (queue.isEmpty && status.inUse == 0) { break }
            wait(until: deadline(end: end), now: now)
        }
        leave()
    }

    private func takeMail(now: UInt64) -> UInt64? {
        let (submissions, rung, end) = shared.mailbox.withLock { mailbox in
            defer {
                mailbox.submissions = []
                mailbox.bells = []
            }
            return (mailbox.submissions, mailbox.bells, mailbox.end)
        }
        bells.formUnion(rung)
        for submission in submissions {
            if queue.count < shared.options.queue {
                queue.append(submission)
            } else {
                status.refused &+= 1
                submission.completion(.failure(.queueFull))
            }
        }
        return end
    }

    private func connect(now: UInt64) {
        for place in slots.indices where slots[place].connection == nil && slots[place].retry <= now {
            guard let connection = Connection(conninfo: shared.options.conninfo, isLine: place == line),
                connection.phase != .broken
            else {
                postpone(place, now: now)
                continue
            }
            slots[place].connection = connection
            watch(place)
        }
    }

    private func postpone(_ place: Int, now: UInt64) {
        slots[place].retry = now + slots[place].pause
        slots[place].pause = min(slots[place].pause * 2, Self.longestPause)
    }

    /// Transactions wait equally long at most, so the first in the queue is the first to give up.
    private func expire(now: UInt64) {
        let patience = UInt64(shared.options.patience)
        while let first = queue.first, first.submitted + patience <= now {
            _ = queue.removeFirst()
            status.timedOut &+= 1
            first.completion(.failure(.waitedTooLong))
        }
    }

    private func lend(now: UInt64) {
        while !queue.isEmpty, let place = idle.popLast() {
            guard let connection = slots[place].connection, connection.phase == .idle else { continue }
            let submission = queue.removeFirst()
            status.waits.record(seconds: seconds(from: submission.submitted, to: now))
            slots[place].lent = submission
            slots[place].lentAt = now
            status.inUse += 1
            if let error = connection.send(submission.transaction) {
                lose(place, error)
            } else {
                watch(place)
            }
        }
        status.waiting = queue.count
    }

    private func publish() {
        shared.mailbox.withLock { $0.status = status }
    }

    private func deadline(end: UInt64?) -> UInt64? {
        var deadlines: [UInt64] = end.map { [$0] } ?? []
        if let first = queue.first { deadlines.append(first.submitted + UInt64(shared.options.patience)) }
        for slot in slots where slot.connection == nil { deadlines.append(slot.retry) }
        return deadlines.min()
    }

    private func wait(until deadline: UInt64?, now: UInt64) {
        // Rounded up, so that the loop does not turn idly in the last millisecond.
        let timeout = deadline.map { $0 <= now ? 0 : Int32(clamping: ($0 - now + 999_999) / 1_000_000) } ?? -1
        let count = epoll_wait(epoll, &events, Int32(events.count), timeout)
        guard count > 0 else { return }
        for event in events[..<Int(count)] {
            guard event.data.u64 != UInt64.max else {
                var rings: UInt64 = 0
                _ = read(shared.wake, &rings, MemoryLayout<UInt64>.size)
                continue
            }
            serve(Int(event.data.u64))
        }
    }

    private func serve(_ place: Int) {
        guard let connection = slots[place].connection else { return }
        let outcome = connection.advance()
        if connection.isLine {
            for notification in connection.takeNotifications() { shared.onNotification(notification) }
        }
        switch outcome {
        case .nothing: watch(place)
        case .opened: opened(place)
        case .finished(let answer): finished(place, answer)
        case .failed(let error): lose(place, error)
        }
    }

    private func opened(_ place: Int) {
        slots[place].pause = Self.firstPause
        watch(place)
        guard place == line, let connection = slots[place].connection else {
            status.open += 1
            idle.append(place)
            return
        }
        // Nobody waits for the notifications of this session to reach a disk.
        let listening = shared.options.channels.map { "listen \($0);" }.joined()
        if let error = connection.sendPlain("set synchronous_commit = off;" + listening) {
            lose(place, error)
        }
        shared.onLine()
    }

    private func finished(_ place: Int, _ answer: Database.Answer) {
        watch(place)
        guard place != line else { return }
        status.inUse -= 1
        status.uses.record(seconds: seconds(from: slots[place].lentAt, to: monotonicNow()))
        let submission = slots[place].lent
        slots[place].lent = nil
        idle.append(place)
        submission?.completion(answer)
    }

    /// Gives a connection up; it is opened again after a pause.
    private func lose(_ place: Int, _ error: DatabaseError) {
        unwatch(place)
        let wasOpen = slots[place].connection?.phase != .connecting
        slots[place].connection = nil
        idle.removeAll { $0 == place }
        postpone(place, now: monotonicNow())
        if place != line {
            status.lost &+= 1
            if wasOpen { status.open = max(0, status.open - 1) }
        }
        guard let submission = slots[place].lent else { return }
        slots[place].lent = nil
        status.inUse -= 1
        submission.completion(.failure(error))
    }

    /// Sends the notifications that are due, all in one statement, as soon as the line is free.
    private func ringBells() {
        guard let line, !bells.isEmpty, let connection = slots[line].connection, connection.phase == .idle
        else {
            return
        }
        let calls = bells.map { "pg_notify(\(Self.literal($0.channel)),\(Self.literal($0.payload)))" }
        bells.removeAll(keepingCapacity: true)
        if let error = connection.sendPlain("select " + calls.joined(separator: ",")) {
            lose(line, error)
        } else {
            watch(line)
        }
    }

    /// A string of SQL; standard_conforming_strings, the default, leaves backslashes alone.
    private static func literal(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }

    /// Ends everything: what still waits or runs fails.
    private func leave() {
        let left = shared.mailbox.withLock { mailbox in
            mailbox.isClosed = true
            defer { mailbox.submissions = [] }
            return mailbox.submissions
        }
        for place in slots.indices {
            unwatch(place)
            slots[place].connection = nil
            slots[place].lent?.completion(.failure(.closed))
            slots[place].lent = nil
        }
        while !queue.isEmpty { queue.removeFirst().completion(.failure(.closed)) }
        for submission in left { submission.completion(.failure(.closed)) }
    }

    private func seconds(from start: UInt64, to end: UInt64) -> Double {
        Double(end - min(start, end)) / 1e9
    }
}

// MARK: Watching descriptors

extension DatabaseLoop {
    /// Tells the kernel what the connection at `place` waits for; while it connects, its socket may become another.
    private func watch(_ place: Int) {
        guard let connection = slots[place].connection else { return }
        let descriptor = connection.descriptor
        guard descriptor >= 0 else { return }
        let mask = EPOLLIN.rawValue | (connection.isWaitingToWrite ? EPOLLOUT.rawValue : 0)
        if connection.phase != .connecting, slots[place].registered == descriptor, slots[place].mask == mask {
            return
        }
        var event = epoll_event()
        event.events = mask
        event.data.u64 = UInt64(place)
        // libpq may have closed its socket and opened another under the same number, which the kernel does not know.
        if epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor, &event) != 0 {
            _ = epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event)
        }
        slots[place].registered = descriptor
        slots[place].mask = mask
    }

    private func unwatch(_ place: Int) {
        guard slots[place].registered >= 0 else { return }
        _ = epoll_ctl(epoll, EPOLL_CTL_DEL, slots[place].registered, nil)
        slots[place].registered = -1
        slots[place].mask = 0
    }
}

/// Transactions that wait, first come first served; taking one costs O(1).
private struct SubmissionQueue {
    private var items: [Database.Submission] = []
    private var head = 0

    var count: Int { items.count - head }
    var isEmpty: Bool { count == 0 }
    var first: Database.Submission? { isEmpty ? nil : items[head] }

    mutating func append(_ submission: Database.Submission) {
        items.append(submission)
    }

    mutating func removeFirst() -> Database.Submission {
        defer {
            head += 1
            if head > 64, head * 2 > items.count {
                items.removeFirst(head)
                head = 0
            }
        }
        return items[head]
    }
}
