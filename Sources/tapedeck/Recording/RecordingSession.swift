import Anonymization
import Capture
import Configuration
import Glibc
import Packets
import Recording
import Reports
import Signatures
import TraceFiles
import Traces

/// One recording from its first packet to its finished trace, as `record` and `demo` run it.
///
/// Packets are taken apart on the calling thread, messages rewritten on a second one where there is a processor for it,
/// and blocks deflated and written on a third; ``stop`` may be used from any.
final class RecordingSession {
    /// How long the capture waits for packets before it looks at the clock, in milliseconds.
    private static let turn: Int32 = 100

    private let plan: RecordingPlan
    private let stop: CaptureStop
    private let wishes: RecordingWishes
    private let quiet: Bool
    private var watch = RecordingWatch()
    private var audit: BlockAudit?
    private var series: TraceSeries?
    private var thread: BatchThread?

    init(
        _ plan: RecordingPlan,
        stop: CaptureStop,
        wishes: RecordingWishes = RecordingWishes(),
        quiet: Bool
    ) {
        self.plan = plan
        self.stop = stop
        self.wishes = wishes
        self.quiet = quiet
    }

    /// Records until the input, the duration or the count is over, or the stop is requested.
    ///
    /// - Parameter started: Called when packets are being captured, before the first is looked at.
    func run(started: () -> Void = {}) throws -> RecordingOutcome {
        // Raw payloads are in memory from here on, and a core dump would put them on a disk.
        CoreDumps.forbid()
        defer { thread?.stop() }
        do {
            switch plan.input {
            case .interface(let name): return try capture(name, started)
            case .file(let path): return try read(path, started)
            }
        } catch let error as CaptureError where error.code == .permissionDenied {
            throw CaptureNotPermitted(message: error.description)
        } catch let error as CaptureError {
            throw CommandFailure(error.description)
        } catch let error as TraceWriteError {
            throw CommandFailure(error.description)
        }
    }

    private var filter: FilterExpression {
        plan.filter.map { .text($0, tunnels: plan.tunnels) } ?? .ports(plan.ports, tunnels: plan.tunnels)
    }

    private func capture(_ interface: String, _ started: () -> Void) throws -> RecordingOutcome {
        var options = CaptureOptions()
        if let ringBytes = plan.ringBytes { options.ringBytes = ringBytes }
        let service = ServiceNotification()
        var handle = try CaptureHandle(interface: interface, filter: filter, options: options, stop: stop)
        let metrics = try plan.metricsAddress.map { try MetricsServer($0) }
        try dropPrivileges()
        var pipeline = try makePipeline(source: interface, clock: "realtime")
        metrics?.start()
        var duties = LiveDuties(
            ringBytes: options.ringBytes,
            limits: plan.sampling,
            metrics: metrics,
            service: service
        )
        if let metrics, !quiet {
            StandardError.print("tapedeck: metrics on http://\(metrics.address)/metrics")
        }
        service.ready("recording on \(interface)")
        defer { service.stopping() }
        started()
        let begin = Clock.monotonic()
        var progress = ProgressLine(quiet: quiet)
        defer { progress.clear() }
        do {
            while !stop.isRequested, !isOver(pipeline, since: begin) {
                _ = try handle.dispatch(milliseconds: Self.turn) { bytes, packet in
                    if !isCounted(pipeline) { pipeline.receive(bytes, packet) }
                }
                pipeline.advance(to: PacketTime(nanoseconds: Clock.wall()))
                let drops = try handle.statistics()
                pipeline.noteDrops(kernel: drops.droppedByKernel, interface: drops.droppedByInterface)
                tick(&pipeline)
                let sentence = duties.perform(&pipeline, drops, errors: watch.errors, at: Clock.monotonic())
                if let sentence { say(sentence) }
                progress.show(pipeline.progress(since: begin))
            }
            service.status("finishing")
            try handle.drain { bytes, packet in
                if !isCounted(pipeline) { pipeline.receive(bytes, packet) }
            }
            let statistics = try handle.statistics()
            pipeline.noteDrops(kernel: statistics.droppedByKernel, interface: statistics.droppedByInterface)
        } catch {
            pipeline.discardIfEmpty()
            throw error
        }
        pipeline.finish(at: PacketTime(nanoseconds: Clock.wall()))
        return try finish(&pipeline, verdict: nil)
    }

    /// Gives up what only opening the capture took.
    private func dropPrivileges() throws {
        guard let user = plan.user else {
            // A service may have been given the one capability that opening takes, and no more.
            if geteuid() != 0 { Privileges.dropOfThread() }
            return
        }
        do {
            try Privileges.drop(to: user)
        } catch {
            throw CommandFailure("--user: \(error)")
        }
        let folder = plan.output == "-" || plan.isDryRun ? nil : try plan.namePattern().folder
        if let folder, !Privileges.mayWrite(in: folder) {
            let name = folder.isEmpty ? "the current folder" : folder
            throw CommandFailure(
                "\(user.name) may not write in \(name); `chown \(user.name) \(folder.isEmpty ? "." : folder)` lets it, "
                    + "or choose another folder"
            )
        }
    }

    private func say(_ sentence: String) {
        StandardError.print("tapedeck: " + sentence)
    }

    private func read(_ path: String, _ started: () -> Void) throws -> RecordingOutcome {
        let filter: FilterExpression? = plan.filter.map { .text($0, tunnels: plan.tunnels) }
        var input = try SavefileInput(path: path, filter: filter, stop: stop)
        var pipeline = try makePipeline(source: path == "-" ? "standard input" : path, clock: "file")
        started()
        let begin = Clock.monotonic()
        var progress = ProgressLine(quiet: quiet)
        defer { progress.clear() }
        let isCounting = plan.count != nil
        var time = PacketTime.distantPast
        var verdict: SavefileVerdict?
        do {
            while verdict == nil, !stop.isRequested, !isOver(pipeline, since: begin) {
                let filtered = input.progress.filteredOut
                let batch = try input.dispatch(milliseconds: Self.turn) { bytes, packet in
                    if isCounting { guard !isCounted(pipeline) else { return } }
                    time = max(time, packet.time)
                    pipeline.receive(bytes, packet)
                }
                for _ in 0..<(input.progress.filteredOut - filtered) { pipeline.countFiltered() }
                if case .ended(let end) = batch { verdict = end }
                tick(&pipeline)
                progress.show(pipeline.progress(since: begin))
            }
        } catch {
            pipeline.discardIfEmpty()
            throw error
        }
        if let verdict, !verdict.isUsable {
            pipeline.output.series.writer.discard()
            throw CommandFailure("\(path) cannot be recorded from: it is \(verdict)")
        }
        pipeline.note(input.notes)
        pipeline.finish(at: time)
        return try finish(&pipeline, verdict: verdict)
    }

    private func makePipeline(source: String, clock: String) throws -> RecordingPipeline<TraceOutput> {
        var header = TraceHeader(
            traceID: TraceIdentity.new(),
            sources: [
                TraceHeader.Source(id: 0, host: TraceIdentity.hostName(), interface: source, clock: clock)
            ],
            toolVersion: Tapedeck.version,
            isAnonymized: false
        )
        var anonymizer: Anonymizer?
        if case .with(let ruleSets, let key, let keyID) = plan.anonymizing {
            header.isAnonymized = true
            header.keyID = keyID
            header.anonymizers = ruleSets.map {
                TraceHeader.Anonymizer(name: $0.name, fingerprint: $0.fingerprint)
            }
            var made = Anonymizer(ruleSets: ruleSets, key: key)
            if plan.isDryRun { made.tally = ChangeTally() }
            anonymizer = consume made
        }
        if let ruleSets = plan.audit { audit = BlockAudit(ruleSets, plan.output, header) }
        let series = try series(header)
        let sampling = plan.makeSampling()
        var options = RecordingOptions()
        if let memory = plan.sampling?.memory {
            options.limits.openBytes = min(options.limits.openBytes, Int(memory / 4))
            options.limits.undecidedBytes = min(options.limits.undecidedBytes, options.limits.openBytes / 4)
        }
        options.ports = PortSet(plan.ports)
        options.tunnels = plan.tunnels
        options.checksChecksums = plan.checksChecksums
        options.includesReplays = plan.includesReplays
        options.filter = plan.exchanges
        var pipeline = RecordingPipeline(
            options: options,
            signatures: SignatureReader(plan.signatures.credentials, schemes: plan.signatures.directory),
            anonymizer: anonymizer,
            output: TraceOutput(series)
        )
        pipeline.sampling = sampling
        self.series = series
        // Without rules there is less to do behind the messages than handing them over costs.
        if header.isAnonymized, ProcessUsage.processors > 1 {
            let thread = BatchThread(pipeline.batchWriter, series)
            if thread.start() {
                self.thread = thread
                pipeline.hand(to: thread)
            }
        }
        return pipeline
    }

    /// The files that the recording is written to.
    private func series(_ header: TraceHeader) throws -> TraceSeries {
        let now = PacketTime(nanoseconds: Clock.wall())
        var options = TraceWriter.Options(force: plan.force)
        options.waitsForRoom = plan.onFullDisk == .wait
        if let audit { options.inspector = BlockInspector { audit.inspect($0) } }
        var naming = TraceSeries.Naming.path(plan.output)
        if plan.output != "-" {
            let pattern = try plan.namePattern()
            naming = plan.rotation == nil ? .path(pattern.path(at: now)) : .pattern(pattern.withTime)
        }
        // A name that is taken gives way to the next one, so there is nothing to replace.
        if plan.rotation != nil { options.force = false }
        return try TraceSeries(
            naming,
            header: header,
            options: options,
            rotation: plan.rotation ?? RotationPolicy(),
            retention: plan.retention,
            at: now
        )
    }

    /// Does what is due between two batches of packets: closes the block, begins the next part, says what is to be said.
    private func tick(_ pipeline: inout RecordingPipeline<TraceOutput>) {
        guard let series, !hasFailed(pipeline) else { return }
        pipeline.mark(at: Clock.monotonic())
        if wishes.takeLedgerRequest() { StandardError.print(LedgerText.lines(pipeline.ledger)) }
        let now = PacketTime(nanoseconds: Clock.wall())
        if wishes.takeRotationRequest() || series.isRotationDue(at: now, settled: { pipeline.settle() }) {
            rotate(&pipeline, at: now)
        }
        for sentence in watch.sentences(of: series) {
            StandardError.print("tapedeck: " + sentence)
        }
    }

    /// Whether writing has stopped for good.
    private func hasFailed(_ pipeline: borrowing RecordingPipeline<TraceOutput>) -> Bool {
        thread?.hasFailed ?? pipeline.output.hasFailed
    }

    private func rotate(_ pipeline: inout RecordingPipeline<TraceOutput>, at time: PacketTime) {
        guard plan.rotation != nil, pipeline.output.failure == nil else { return }
        writeEndpoints(&pipeline)
        let failure = pipeline.output.rotate(
            ledger: pipeline.ledger.counts,
            anonymized: pipeline.anonymizedCounts,
            at: time
        )
        if let failure {
            watch.noteError()
            say("the next part is not begun: \(failure)")
        } else {
            pipeline.beginPart()
        }
    }

    /// The ledgers of the servers stand at the end of each part.
    private func writeEndpoints(_ pipeline: inout RecordingPipeline<TraceOutput>) {
        for record in pipeline.endpointLedgers.records(at: pipeline.latest) {
            pipeline.output.append(.endpointLedger(record))
        }
        let byRule = pipeline.countsByRule
        if !byRule.isEmpty {
            pipeline.output.append(.anonymized(LedgerRecord(time: pipeline.latest, counts: byRule)))
        }
    }

    private func isOver(
        _ pipeline: borrowing RecordingPipeline<TraceOutput>,
        since begin: UInt64
    ) -> Bool {
        if hasFailed(pipeline) { return true }
        if let duration = plan.duration, Clock.monotonic() - begin >= duration { return true }
        if isCounted(pipeline) { return true }
        if let size = plan.maximumSize, let series, series.bytesWritten >= size { return true }
        return false
    }

    /// Whether as many requests and responses as were asked for are in the trace.
    private func isCounted(_ pipeline: borrowing RecordingPipeline<TraceOutput>) -> Bool {
        guard let count = plan.count else { return false }
        let stored = pipeline.stored
        return stored.requests >= count && stored.responses >= count
    }

    private func finish(
        _ pipeline: inout RecordingPipeline<TraceOutput>,
        verdict: SavefileVerdict?
    ) throws -> RecordingOutcome {
        let ledger = pipeline.ledger
        let endpoints = pipeline.endpointLedgers
        let anonymized = pipeline.anonymizedCounts
        let byRule = pipeline.countsByRule
        writeEndpoints(&pipeline)
        if let failure = pipeline.output.failure { throw failure }
        try pipeline.output.series.finish(ledger: ledger.counts, anonymized: anonymized)
        return RecordingOutcome(
            stored: pipeline.stored,
            ledger: ledger,
            endpoints: endpoints,
            anonymized: anonymized,
            anonymizedByRule: byRule,
            changes: pipeline.anonymizerChanges,
            audit: audit?.finish(),
            recordsTooLong: pipeline.output.tooLong,
            verdict: verdict
        )
    }
}

/// What a recording came to.
struct RecordingOutcome {
    var stored: (requests: UInt64, responses: UInt64, connections: UInt64)
    var ledger: Ledger
    var endpoints: EndpointLedgers
    /// What was anonymized, by kind.
    var anonymized: [LedgerCount]
    /// The same by rule and kind.
    var anonymizedByRule: [LedgerCount]
    /// What a dry run would have changed.
    var changes: [(rule: String, action: String, kind: String, place: String, count: UInt64)]
    /// What was found in the blocks, where they were audited.
    var audit: AuditFindings?
    var recordsTooLong: UInt64
    /// How a capture file ended; `nil` live and after a stop.
    var verdict: SavefileVerdict?
}

extension RecordingPipeline where Output == TraceOutput {
    fileprivate mutating func receive(_ bytes: Span<UInt8>, _ packet: CapturedPacket) {
        receive(
            bytes,
            originalLength: packet.originalLength,
            link: packet.link,
            interface: packet.isOneOfSeveral ? packet.interface : nil,
            at: packet.time
        )
    }

    /// Leaves no file behind where nothing was recorded.
    fileprivate mutating func discardIfEmpty() {
        if stored.requests == 0 { output.series.writer.discard() }
    }

    /// What was anonymized, by kind.
    fileprivate var anonymizedCounts: [LedgerCount] {
        (audit?.counts ?? []).map { LedgerCount(name: $0.name, value: $0.count) }
    }

    /// What was anonymized, by rule and kind, as far as a record holds.
    fileprivate var countsByRule: [LedgerCount] {
        anonymizedByRule.prefix(TraceLimits.counts).map {
            LedgerCount(name: "\($0.rule.prefix(60)) as \($0.kind)", value: $0.count)
        }
    }

    fileprivate func progress(since begin: UInt64) -> String {
        let elapsed = Int64(clamping: Clock.monotonic() - begin)
        return "\(Quantity.duration(nanoseconds: elapsed))  \(Quantity.count(stored.requests)) requests, "
            + "\(Quantity.count(stored.responses)) responses, "
            + "\(Quantity.bytes(output.series.bytesWritten)) written"
    }
}
