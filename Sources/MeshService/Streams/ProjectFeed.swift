import MeshDatabase
import NIOCore

/// What happens in one project, read once for all who follow single runs, and only while somebody follows.
///
/// The doorbell says when to look; looking now and then covers a bell that was lost.
final class ProjectFeed {
    static let page = 1000
    /// So that a burst of bells is one look.
    static let pause = TimeAmount.milliseconds(10)
    /// How soon to look again while transactions that may have written something were under way.
    static let patience = TimeAmount.milliseconds(40)
    static let idlePause = TimeAmount.milliseconds(500)

    let project: String
    private unowned let service: Service
    private var cursor: FeedCursor?
    private var runs: [String: [ObjectIdentifier: RunSubscription]] = [:]
    private var whole: [ObjectIdentifier: ProjectSubscription] = [:]
    private var whenStarted: [() -> Void] = []
    private var isReading = false
    private var isRung = false
    private var lastBell = NIODeadline.now()
    private var timer: (deadline: NIODeadline, task: Scheduled<Void>)?

    init(project: String, service: Service) {
        self.project = project
        self.service = service
    }

    private var isFollowed: Bool { !runs.isEmpty || !whole.isEmpty }

    /// Adds a follower of one run; `then` is called when whatever commits from then on reaches it.
    func add(_ subscription: RunSubscription, then: @escaping () -> Void) {
        runs[subscription.run, default: [:]][ObjectIdentifier(subscription)] = subscription
        if cursor != nil { return then() }
        whenStarted.append(then)
        if whenStarted.count == 1 { start() }
    }

    func remove(_ subscription: RunSubscription) {
        runs[subscription.run]?[ObjectIdentifier(subscription)] = nil
        if runs[subscription.run]?.isEmpty == true { runs[subscription.run] = nil }
        if runs.isEmpty { cursor = nil }
    }

    func add(_ subscription: ProjectSubscription) {
        whole[ObjectIdentifier(subscription)] = subscription
        look(after: Self.idlePause)
    }

    func remove(_ subscription: ProjectSubscription) {
        whole[ObjectIdentifier(subscription)] = nil
    }

    /// Something may have been written.
    func poke() {
        lastBell = .now()
        isRung = true
        look(after: Self.pause)
    }

    private func start() {
        service.run(Transaction(Queries.feedStart), as: project) { [self] _, answer in
            guard case .success(let tables) = answer, let writer = tables.last.flatMap({ $0.integer(0, 0) })
            else {
                if !runs.isEmpty { service.after(.milliseconds(200)) { _ in self.start() } }
                return
            }
            cursor = FeedCursor(writer: writer)
            let waiting = whenStarted
            whenStarted = []
            waiting.forEach { $0() }
            look(after: Self.pause)
        }
    }

    private func look(after pause: TimeAmount) {
        guard isFollowed, !service.isLeaving else { return }
        let deadline = NIODeadline.now() + pause
        if let timer {
            guard deadline < timer.deadline else { return }
            timer.task.cancel()
        }
        let task = service.loop.assumeIsolated().scheduleTask(deadline: deadline) { [weak self] in
            self?.timer = nil
            self?.service.working { self?.read() }
        }
        timer = (deadline, task)
    }

    private func read() {
        isRung = false
        for subscription in whole.values { subscription.read() }
        guard let cursor, !runs.isEmpty else { return look(after: nextPause) }
        guard !isReading else { return look(after: Self.pause) }
        isReading = true
        let feed = Transaction(
            Queries.feed,
            Parameter(project),
            Parameter(cursor.writer),
            Parameter(cursor.line),
            Parameter(cursor.state),
            Parameter(Self.page)
        )
        service.run(feed, as: project) { [self] service, answer in
            isReading = false
            guard case .success(let tables) = answer, let table = tables.last, self.cursor != nil else {
                return look(after: Self.idlePause)
            }
            let entries = FeedEntry.all(in: table, after: cursor)
            if let last = entries.last {
                self.cursor = last.cursor
                service.counts.feedLag = table.number(table.rowCount - 1, 8) ?? 0
            }
            for entry in entries {
                // A copy: a subscription that ends leaves the table.
                for subscription in (runs[entry.run] ?? [:]).values { subscription.take(entry) }
            }
            look(after: entries.count == Self.page || isRung ? Self.pause : nextPause)
        }
    }

    /// For a while after a bell something may still be held back by transactions under way.
    private var nextPause: TimeAmount {
        NIODeadline.now() - lastBell < .seconds(2) ? Self.patience : Self.idlePause
    }
}
