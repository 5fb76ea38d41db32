import MeshDatabase
import NIOCore

/// Takes due jobs, carries each on until it has to wait, and writes what came of it: many in one transaction.
///
/// Confined to its event loop. What a worker that died had taken is due again when its lock runs out, and nothing that it
/// would still write counts then.
final class Worker {
    /// Between two looks for due jobs where nothing says that there are any.
    static let idlePause = TimeAmount.milliseconds(200)
    /// So that a burst of news is one look.
    static let shortestPause = TimeAmount.milliseconds(5)
    /// MeshHook's workers sleep after each job.
    static let compatiblePause = TimeAmount.seconds(1)

    let options: WorkerOptions
    let loop: any EventLoop
    let database: Database
    let execution: Execution
    private(set) var counts = WorkerCounts()

    var workflows: [String: WorkflowDefinition] = [:]
    /// Whether the workflows are known: a job taken before would be given up.
    private var isReady = false
    private var isClaiming = false
    private var isStopping = false
    private var wakeUp: (deadline: NIODeadline, task: Scheduled<Void>)?
    private var lastClaim = NIODeadline.now()
    private var rest = NIODeadline.now()
    /// Jobs taken and not yet written.
    private(set) var inHand = 0
    /// Of those, the ones that wait for the answer to a call.
    private var calling = 0
    /// When the planted slow worker is done with what it has.
    private var free = NIODeadline.now()
    var finished: [JobProgress] = []
    private var isFlushing = false
    var caller: SinkCaller?
    private var whenIdle: [() -> Void] = []
    private var busySince: NIODeadline?
    private var busyTime = TimeAmount.nanoseconds(0)
    private var lastReport = NIODeadline.now()

    init(_ options: WorkerOptions, database: Database, loop: any EventLoop) {
        loop.preconditionInEventLoop()
        self.options = options
        self.loop = loop
        self.database = database
        execution = Execution(retryBase: options.retryBase)
        if let sink = options.sink { caller = SinkCaller(url: sink, loop: loop) }
    }

    static var now: Int64 { Int64(NIODeadline.now().uptimeNanoseconds) }

    /// Learns the workflows, and begins; `then` is called when it has, and what was queued before is forgotten where it is to be.
    func start(then: @escaping () -> Void = {}) {
        var transaction = Transaction(Queries.workflows)
        if options.forgetsJobs { transaction.add(Queries.forgetJobs) }
        database.run(transaction, on: loop) { [self] answer in
            guard case .success(let tables) = answer, let table = tables.first else {
                // The database is not there yet; it may come.
                after(.milliseconds(500)) { $0.start(then: then) }
                return
            }
            for row in 0..<table.rowCount {
                workflows[table.string(row, 0) + "/" + table.string(row, 1)] = WorkflowDefinition(
                    json: table.string(row, 2)
                )
            }
            isReady = true
            report()
            wake()
            then()
        }
    }

    /// Takes no more jobs; `then` is called when those in hand are written.
    func stop(then: @escaping () -> Void) {
        isStopping = true
        wakeUp?.task.cancel()
        wakeUp = nil
        if inHand == 0 && !isClaiming { then() } else { whenIdle.append(then) }
    }

    /// There may be due jobs.
    func wake() {
        wake(at: .now())
    }

    private func wake(at deadline: NIODeadline) {
        guard isReady, !isStopping else { return }
        let deadline = max(deadline, lastClaim + Self.shortestPause, rest)
        if let wakeUp {
            guard deadline < wakeUp.deadline else { return }
            wakeUp.task.cancel()
        }
        let task = loop.assumeIsolated().scheduleTask(deadline: deadline) { [weak self] in
            self?.wakeUp = nil
            self?.claim()
        }
        wakeUp = (deadline, task)
    }

    func after(_ time: TimeAmount, _ what: @escaping (Worker) -> Void) {
        loop.assumeIsolated().scheduleTask(in: time) { [weak self] in
            if let self { what(self) }
        }
    }

    private func claim() {
        let most = options.most
        guard !isClaiming, !isStopping, inHand + most <= options.mostInHand else { return }
        isClaiming = true
        lastClaim = .now()
        var transaction = Transaction(
            Queries.claim,
            Parameter(options.name),
            Parameter(most),
            Parameter("\(options.lock)")
        )
        transaction.add(Queries.nextJob)
        database.run(transaction, on: loop) { [self] answer in
            isClaiming = false
            guard case .success(let tables) = answer, tables.count == 2 else {
                wake(at: .now() + Self.idlePause)
                return settle()
            }
            let jobs = Job.all(in: tables[0])
            let next = tables[1].number(0, 0)
            take(jobs)
            if jobs.count == most {
                wake()
            } else {
                let pause = next.map { TimeAmount.microseconds(Int64(max(0, min($0, 60_000)) * 1000)) }
                wake(at: .now() + min(pause ?? Self.idlePause, Self.idlePause))
            }
            settle()
        }
    }

    private func take(_ jobs: [Job]) {
        guard !jobs.isEmpty else { return }
        inHand += jobs.count
        noteWork()
        for job in jobs {
            // One run after another, each once: what a workflow waits in between is not the worker's time.
            guard let slow = options.bottlenecks.slowWorker, !job.isStarted else {
                carryOn(job)
                continue
            }
            free = max(free, .now()) + .nanoseconds(slow)
            loop.assumeIsolated().scheduleTask(deadline: free) { [weak self] in self?.carryOn(job) }
        }
        if options.isSlowQueue { rest = .now() + Self.compatiblePause }
    }

    private func carryOn(_ job: Job, answer: CallAnswer? = nil, before: JobProgress? = nil) {
        var progress = execution.advance(job, workflows[job.project + "/" + job.workflow], answer: answer)
        if let before {
            progress.events = before.events + progress.events
            progress.lines = before.lines + progress.lines
        }
        guard case .calling(let url) = progress.standing else { return finish(progress) }
        let asked = Self.now
        calling += 1
        noteWork()
        call(url: url, for: progress.job) { worker, answer in
            worker.calling -= 1
            worker.noteWork()
            worker.counts.calls &+= 1
            worker.counts.callWait += Double(Self.now - asked) / 1e9
            worker.carryOn(progress.job, answer: answer, before: progress)
        }
    }

    private func finish(_ progress: JobProgress) {
        finished.append(progress)
        guard !isFlushing else { return }
        isFlushing = true
        // What ends in the same turn of the loop is written together.
        loop.assumeIsolated().execute { [self] in
            isFlushing = false
            let all = finished
            finished = []
            for (project, part) in Dictionary(grouping: all, by: \.job.project) {
                write(part, of: project, since: .now())
            }
        }
    }

    private func write(_ all: [JobProgress], of project: String, since start: NIODeadline) {
        var transaction = Transaction(Queries.asProject, Parameter(project))
        let isBuryingDead = !options.defects.has(.deadLettersUnfilled)
        transaction.add(Queries.progress, Parameter(ProgressText.of(all, isBuryingDead: isBuryingDead)))
        database.run(transaction, on: loop) { [self] answer in
            switch answer {
            case .success(let tables):
                let held = tables.last.flatMap { $0.integer(0, 0) } ?? 0
                written(all, held: Int(held), project: project)
            case .failure(.refused), .failure(.closed):
                counts.lost &+= UInt64(all.count)
                putDown(all.count)
            case .failure:
                // Whether it was written is not known: where it was, the lock is gone, and writing again does nothing.
                guard NIODeadline.now() - start < .milliseconds(Int64(options.lock * 1000)) else {
                    counts.lost &+= UInt64(all.count)
                    return putDown(all.count)
                }
                after(.milliseconds(200)) { $0.write(all, of: project, since: start) }
            }
        }
    }

    private func written(_ all: [JobProgress], held: Int, project: String) {
        counts.done &+= UInt64(held)
        counts.lost &+= UInt64(all.count - held)
        for progress in all {
            switch progress.standing {
            case .succeeded: counts.succeeded &+= 1
            case .dead: counts.dead &+= 1
            case .waiting(let time): wake(at: .now() + .microseconds(Int64(min(time, 60_000) * 1000)))
            case .calling: break
            }
        }
        database.notify(Notification(channel: Doorbell.logs, payload: project))
        putDown(all.count)
    }

    private func putDown(_ count: Int) {
        inHand -= count
        noteWork()
        if inHand < options.mostInHand { wake() }
        settle()
    }

    /// Notes whether there is work: a job that waits for another's answer is none.
    private func noteWork() {
        if inHand > calling {
            if busySince == nil { busySince = .now() }
        } else if let busySince {
            busyTime = busyTime + (.now() - busySince)
            self.busySince = nil
        }
    }

    private func settle() {
        guard isStopping, inHand == 0, !isClaiming else { return }
        let waiting = whenIdle
        whenIdle = []
        waiting.forEach { $0() }
    }

    /// Says once a second that the worker is there, and how busy it was.
    private func report() {
        let now = NIODeadline.now()
        if let busySince {
            busyTime = busyTime + (now - busySince)
            self.busySince = now
        }
        let elapsed = max(1, (now - lastReport).nanoseconds)
        let busy = min(1, Double(busyTime.nanoseconds) / Double(elapsed))
        lastReport = now
        busyTime = .nanoseconds(0)
        let seen = Transaction(
            Queries.workerSeen,
            Parameter(options.name),
            Parameter(processIdentifier),
            Parameter("\(busy)"),
            Parameter(counts.done),
            Parameter(counts.calls),
            Parameter("\(counts.callWait)")
        )
        database.run(seen, on: loop) { _ in }
        guard !isStopping else { return }
        after(.seconds(1)) { $0.report() }
    }
}

/// The doorbells.
package enum Doorbell {
    /// There are due jobs.
    package static let jobs = "mesh_jobs"
    /// Lines or states of the project in the payload were written.
    package static let logs = "mesh_logs"
}
