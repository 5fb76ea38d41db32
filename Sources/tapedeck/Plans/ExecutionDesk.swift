import Bytes
import CurlTransport
import Dispatch
import JSON
import LoadPlans
import Messages
import Replay
import Reports
import Synchronization

/// Follows the executions of a stage: takes note of what answers accept, and looks for their ends.
///
/// Replays tell it of answers on their threads, its sources of runs on theirs.
final class ExecutionDesk: Sendable {
    let rule: ExecutionRule
    private let book: Mutex<ExecutionBook>
    let sources: [any RunSource]
    private let unreadable = Atomic<UInt64>(0)
    /// Is told of each run whose name an answer has.
    private let logs: LogDesk?
    private let isolation: IsolationBook

    /// `sources` tell what becomes of runs; `before` is the desk of the stage before.
    init(
        rule: ExecutionRule,
        sources: [any RunSource],
        isolation: IsolationBook,
        after before: ExecutionDesk?,
        logs: LogDesk? = nil
    ) {
        self.rule = rule
        self.isolation = isolation
        self.logs = logs
        book = Mutex(ExecutionBook(after: before?.book.withLock { $0 }))
        self.sources = sources
    }

    /// What is said of them while they are under way.
    var glance: String {
        let (accepted, open) = book.withLock { ($0.accepted, $0.open) }
        return "\(Quantity.count(accepted)) runs accepted, \(Quantity.count(open)) open"
    }

    /// Runs that were accepted and have no end.
    var open: Int { book.withLock { $0.open } }

    func start() { for source in sources { source.start(self) } }

    /// Takes an exchange that has ended; only what answers an accepted delivery counts.
    func see(_ exchange: ObservedExchange, _ request: PreparedRequest.Content, tenant: String) {
        guard case .responded(let status) = exchange.outcome, (200..<300).contains(status),
            let response = exchange.response
        else { return }
        let bytes = request.bytes.span
        let method = bytes.extracting(request.method.bounds)
        let target = bytes.extracting(request.target.bounds)
        guard rule.route.matches(method: method, target: target) else { return }
        let delay = rule.delay(method: method, target: target)
        let name = name(in: response.head, response.body)
        if let name { isolation.note(run: name, tenant: tenant) }
        let isFollowed = logs?.follows(method: method, target: target) ?? false
        accept(
            name,
            Self.identity(of: exchange, request),
            tenant: tenant,
            sent: exchange.sent,
            at: exchange.end,
            delay: delay,
            isFollowed: isFollowed
        )
    }

    /// Takes note of an execution, and has its log followed.
    ///
    /// The log is followed first: an end that is seen as soon as the execution is known here, or that was seen before,
    /// ends it then.
    private func accept(
        _ name: String?,
        _ identity: RequestIdentity,
        tenant: String,
        sent: Int64,
        at time: Int64,
        delay: UInt64,
        isFollowed: Bool
    ) {
        if isFollowed, let name { logs?.follow(run: name, tenant: tenant, at: time) }
        let isOver = book.withLock {
            $0.accept(name: name, identity, tenant: tenant, sent: sent, at: time, delay: delay)
        }
        if isFollowed, isOver, let name { logs?.end(runs: [name]) }
    }

    /// Takes the answer to a probe; only what answers an accepted delivery counts.
    func accept(
        _ answer: CurlFetch.Answer,
        method: String,
        target: String,
        tenant: String,
        isPlanted: Bool,
        sent: Int64,
        at time: Int64
    ) {
        let (method, target) = (Array(method.utf8), Array(target.utf8))
        guard (200..<300).contains(answer.status),
            rule.route.matches(method: method.span, target: target.span)
        else { return }
        let name = name(in: answer.head, answer.body)
        if let name { isolation.note(run: name, tenant: tenant, isPlanted: isPlanted) }
        let delay = rule.delay(method: method.span, target: target.span)
        let isFollowed = logs?.follows(method: method.span, target: target.span) ?? false
        accept(
            name,
            RequestIdentity(marks: []),
            tenant: tenant,
            sent: sent,
            at: time,
            delay: delay,
            isFollowed: isFollowed
        )
    }

    /// The name of the run in an answer, at the first of the places that has one.
    private func name(in head: [UInt8], _ body: [UInt8]) -> String? {
        let head = try? Head(parsing: head, kind: .response)
        return ExecutionRule.Place.text(at: rule.names) { name in
            let name = Array(name.utf8)
            guard let head, let index = head.fieldIndex(of: name.span) else { return nil }
            return String(decoding: head.bytes[head.fields[index].value], as: UTF8.self)
        } json: {
            try? JSONValue(parsing: body.span, maximumCount: 10_000)
        }
    }

    private static func identity(of exchange: ObservedExchange, _ request: PreparedRequest.Content)
        -> RequestIdentity
    {
        guard let head = try? Head(parsing: exchange.requestHead, kind: .request) else {
            return RequestIdentity(marks: [])
        }
        return RequestIdentity(
            head,
            target: String(decoding: request.bytes[request.target], as: UTF8.self),
            loop: exchange.scheduled.loop,
            copy: exchange.scheduled.copy
        )
    }

    /// Takes a page of runs, as it was shown to a tenant, or to nobody in particular; answers how many of them are open,
    /// those accepted here and others.
    @discardableResult
    func see(_ page: RunPage, of tenant: String, at time: Int64) -> (own: Int, other: Int) {
        if page.unreadable > 0 { unreadable.add(UInt64(page.unreadable), ordering: .relaxed) }
        let (open, owners, ended) = book.withLock { book in
            var open = (own: 0, other: 0)
            var owners: [String?] = []
            var ended: [String] = []
            for run in page.runs {
                let isOwn = book.see(run, at: time)
                owners.append(book.tenant(of: run))
                guard !run.state.isFinal else {
                    if isOwn { ended.append(run.id) }
                    continue
                }
                if isOwn { open.own += 1 } else { open.other += 1 }
            }
            return (open, owners, ended)
        }
        logs?.end(runs: ended)
        isolation.show(page.runs, owners: owners, to: tenant)
        return open
    }

    /// Takes the end of a run as the target itself reported it.
    func hear(_ run: RunSighting, at time: Int64) {
        let isOwn = book.withLock { $0.see(run, at: time) }
        if isOwn, run.state.isFinal { logs?.end(runs: [run.id]) }
    }

    /// Waits until every execution has its end or the deadline of the last one is over, or for so many nanoseconds, and puts
    /// what became of them into the record; answers what there is to say of it. `show` is told what is waited for.
    func finish(into record: inout StageRecord, patience: UInt64?, show: (String) -> Void) -> [String] {
        let start = Clock.wall()
        let deadline = Int64(clamping: min(patience ?? .max, rule.deadline))
        let wait = DispatchSemaphore(value: 0)
        while !sources.isEmpty, !Interrupt.isRequested {
            let (open, last) = book.withLock { ($0.open, $0.lastAccepted) }
            guard open > 0, Clock.wall() - last < deadline else { break }
            show("waiting for \(Quantity.count(open)) runs to end")
            _ = wait.wait(timeout: .now() + .milliseconds(50))
        }
        for source in sources { source.stop() }
        let now = Clock.wall()
        let book = book.withLock { $0 }
        book.write(into: &record, at: now)
        if sources.filter(\.isOfTenant).count > 1 {
            record.set(.crossedRuns, 0, tenant: "")
            for (tenant, count) in isolation.takeCrossed() {
                record.set(.crossedRuns, UInt64(count), tenant: tenant)
            }
        }
        var remarks: [String] = []
        if !sources.isEmpty {
            remarks.append(
                "the last runs ended within \(Quantity.duration(nanoseconds: now - start)) of the last answer"
            )
        }
        if book.open > 0, !sources.isEmpty {
            let runs = "\(Quantity.count(book.open)) runs had no end"
            remarks.append(
                now - book.lastAccepted >= deadline
                    ? "\(runs) \(Quantity.duration(nanoseconds: deadline)) after the last acceptance"
                    : "\(runs) when the stage was interrupted"
            )
        }
        if let repeated = record.count(.repeated, tenant: nil), repeated > 0 {
            remarks.append(
                "\(Quantity.count(repeated)) deliveries were answered with a run of before, and count for nothing here"
            )
        }
        if book.untold > 0 {
            remarks.append("\(Quantity.count(book.untold)) accepted deliveries could not be followed")
        }
        if book.clockOffset != 0 {
            let offset = book.clockOffset
            let size = Quantity.duration(nanoseconds: Int64(clamping: offset.magnitude))
            remarks.append(
                "the clock of the target is \(size) \(offset > 0 ? "ahead of" : "behind") the one here; times are corrected for it"
            )
        }
        let unreadable = unreadable.load(ordering: .relaxed)
        if unreadable > 0 {
            remarks.append("\(Quantity.count(unreadable)) entries of lists, rows or events were no runs")
        }
        return remarks + sources.flatMap(\.remarks)
    }
}
