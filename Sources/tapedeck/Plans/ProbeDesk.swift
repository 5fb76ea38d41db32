import Bytes
import CurlTransport
import Dispatch
import LoadPlans
import Messages
import Replay
import Reports
import Synchronization

/// Asks the probes of a stage beside its load, each on a thread of its own, and one for each stream.
final class ProbeDesk: Sendable {
    private let probes: [Probe]
    private let loaded: LoadedPlan
    private let replay: ReplayPlan
    private let isolation: IsolationBook
    private let executions: ExecutionDesk?
    /// Tokens: of each tenant, and those that probes have for themselves.
    private let tenantTokens: [String: String]
    private let ownTokens: [String: String]
    private let tallies = Mutex<[String: ProbeTally]>([:])
    private let isStopped = Atomic<Bool>(false)
    private let stopped = DispatchSemaphore(value: 0)
    private let done = DispatchSemaphore(value: 0)
    private let threads = Mutex<Int>(0)

    /// Seconds for one answer.
    private static let timeout = 10
    /// Bytes of an answer that are looked through.
    private static let answerLimit = 8 << 20
    /// Between two looks whether the load has begun, and before a stream is opened again.
    private static let pause = DispatchTimeInterval.milliseconds(20)
    private static let reopening = DispatchTimeInterval.milliseconds(500)

    /// `replay` is what a scenario of the stage is told: it has the target.
    init(
        stage: Stage,
        loaded: LoadedPlan,
        replay: ReplayPlan,
        isolation: IsolationBook,
        executions: ExecutionDesk?
    ) throws {
        probes = loaded.plan.probes.filter { $0.runs(in: stage) }
        self.loaded = loaded
        self.replay = replay
        self.isolation = isolation
        self.executions = executions
        var tokens: [String: String] = [:]
        for tenant in loaded.plan.tenants where !probes.isEmpty {
            tokens[tenant.name] = try tenant.secretToken()
        }
        tenantTokens = tokens
        tokens = [:]
        for probe in probes { tokens[probe.name] = try probe.secretToken() }
        ownTokens = tokens
    }

    /// Starts asking once `hasBegun`: what keeps a replay from its target keeps probes from it, too.
    func start(when hasBegun: @escaping @Sendable () -> Bool) throws {
        for probe in probes {
            let place = loaded.plan.probes.firstIndex { $0.name == probe.name } ?? 0
            tallies.withLock { $0[probe.name] = ProbeTally() }
            switch probe.kind {
            case .ask:
                let signer = try ProbeSigner(probe, authority: replay.target.authority)
                begin(when: hasBegun) { self.ask(probe, place, signer) }
            case .listen(let path):
                for reader in readers(of: probe) {
                    begin(when: hasBegun) { self.listen(probe, path, reader) }
                }
            }
        }
    }

    private func begin(
        when hasBegun: @escaping @Sendable () -> Bool,
        _ work: @escaping @Sendable () -> Void
    ) {
        threads.withLock { $0 += 1 }
        ReplayThread.start {
            while !self.isOver, !hasBegun() { self.wait(Self.pause) }
            if !self.isOver { work() }
            self.done.signal()
        }
    }

    /// Ends all threads, waits for them, and puts what they saw into the record.
    func finish(into record: inout StageRecord) -> [String] {
        isStopped.store(true, ordering: .releasing)
        let count = threads.withLock { $0 }
        for _ in 0..<count { stopped.signal() }
        for _ in 0..<count { done.wait() }
        record.probes = tallies.withLock { $0 }
        return probes.flatMap { probe -> [String] in
            guard let tally = record.probes[probe.name] else { return [] }
            var remarks = tally.reasons.sorted { $0.key < $1.key }.map {
                "probe \(probe.name): \($0.key), \(Quantity.count($0.value)) of \(Quantity.count(tally.asked)) times"
            }
            if tally.asked == 0 {
                remarks.append("probe \(probe.name): nothing was answered that tells anything")
            }
            return remarks
        }
    }

    private var isOver: Bool { isStopped.load(ordering: .acquiring) || Interrupt.isRequested }

    private func wait(_ time: DispatchTimeInterval) {
        guard stopped.wait(timeout: .now() + time) == .success else { return }
        // It was this thread's own; whoever ends the threads asks each of them once.
        isStopped.store(true, ordering: .releasing)
    }

    private func note(_ verdict: Probe.Verdict, _ probe: Probe) {
        tallies.withLock { $0[probe.name, default: ProbeTally()].note(verdict) }
    }

    /// Field lines that say who asks: those of a tenant, and its token or the probe's own.
    private func credentials(of probe: Probe, as asker: String?) -> [String] {
        let headers = loaded.plan.tenants.first { $0.name == asker }?.headers ?? []
        let token = ownTokens[probe.name] ?? asker.flatMap { tenantTokens[$0] }
        return headers + (token.map { ["Authorization: Bearer \($0)"] } ?? [])
    }

    private func url(_ target: String) -> String {
        "\(replay.target.scheme.rawValue)://\(replay.target.authority)\(replay.target.pathPrefix)\(target)"
    }

    // MARK: Asking

    private func ask(_ probe: Probe, _ place: Int, _ signer: ProbeSigner?) {
        guard
            let fetch = try? CurlFetch(
                headers: [],
                timeoutSeconds: Self.timeout,
                connection: replay.connection,
                limit: Self.answerLimit,
                isCancelled: { Interrupt.isOverdue }
            )
        else { return }
        var course = ProbeCourse(probe, place: place, tenants: loaded.plan.tenants, mint: isolation.mint)
        var due = Clock.monotonic()
        while !isOver {
            if let question = isolation.next(&course) { ask(question, probe, signer, fetch) }
            // Questions that were missed are not made up for.
            repeat { due += probe.interval } while due <= Clock.monotonic()
            let rest = due - min(due, Clock.monotonic())
            wait(.nanoseconds(Int(clamping: rest)))
        }
    }

    private func ask(
        _ question: ProbeCourse.Question,
        _ probe: Probe,
        _ signer: ProbeSigner?,
        _ fetch: CurlFetch
    ) {
        var headers = question.headers + credentials(of: probe, as: question.asker)
        if question.body != nil, !headers.contains(where: { $0.lowercased().hasPrefix("content-type:") }) {
            headers.append("Content-Type: application/json")
        }
        let body = question.body.map { Array($0.utf8) }
        let sent = Clock.wall()
        if let signer {
            guard let signed = signer.signed(question, headers: headers, body: body ?? [], at: sent) else {
                return note(.broken("the probe's request has no place for the signature"), probe)
            }
            headers = signed
        }
        headers.append("X-Tapedeck-Replay: \(replay.run)/probe")
        isolation.plant(question.planted)
        guard
            let answer = try? fetch.send(
                question.method,
                url(question.target),
                headers: headers,
                body: body
            )
        else { return note(.silent, probe) }
        isolation.search(answer, place: question.route, reader: question.party ?? "")
        executions?.accept(
            answer,
            method: question.method,
            target: question.target,
            tenant: question.party ?? "",
            isPlanted: question.planted > 0,
            sent: sent,
            at: Clock.wall()
        )
        note(probe.verdict(status: UInt16(clamping: answer.status)), probe)
    }

    // MARK: Listening

    private func readers(of probe: Probe) -> [String] {
        switch probe.asker {
        case .tenant(let name): [name]
        case .each: loaded.plan.tenants.filter(\.canAsk).map(\.name)
        case .nobody, .owner, .other: [""]
        }
    }

    /// Keeps a stream open until the end; a line is what counts as an answer.
    private func listen(_ probe: Probe, _ path: String, _ reader: String) {
        let headers =
            probe.headers + credentials(of: probe, as: reader) + [
                "Accept: text/event-stream", "X-Tapedeck-Replay: \(replay.run)/probe",
            ]
        guard let fetch = try? CurlFetch(headers: headers, timeoutSeconds: 0, connection: replay.connection)
        else { return }
        while !isOver {
            var lines = StreamLines()
            let answer = try? fetch.stream(url(path), isCancelled: { self.isOver }) { piece in
                lines.feed(Array(piece).span) { self.take(line: $0, probe, path, reader) }
                return !self.isOver
            }
            lines.feed([0x0A].span) { self.take(line: $0, probe, path, reader) }
            if let answer { isolation.search(answer, place: "the stream \(path)", reader: reader) }
            if answer?.status != 200 { note(.silent, probe) }
            if !isOver { wait(Self.reopening) }
        }
    }

    private func take(line: [UInt8], _ probe: Probe, _ path: String, _ reader: String) {
        guard line.count > 1 else { return }
        isolation.search(line.span, place: "the stream \(path)", reader: reader)
        let names = StreamLines.names(in: line)
        if let owner = isolation.stranger(among: names, to: reader) {
            note(.broken("a run of \(owner) in the stream of \(reader.isEmpty ? "nobody" : reader)"), probe)
        } else {
            note(.kept, probe)
        }
    }
}

extension Probe {
    /// The token that it has for itself.
    func secretToken() throws -> String? {
        try token.map { try SecretText.read($0, of: "probe \(name)") }
    }
}

extension LoadPlan.Tenant {
    /// Field lines that say who asks: those of the plan, and the token where there is one.
    func credentials() throws -> [String] {
        guard let token = try secretToken() else { return headers }
        return headers + ["Authorization: Bearer \(token)"]
    }

    /// The token alone.
    func secretToken() throws -> String? {
        try token.map { try SecretText.read($0, of: "tenant \(name)") }
    }
}
