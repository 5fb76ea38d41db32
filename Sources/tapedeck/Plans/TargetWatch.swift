import CurlTransport
import Dispatch
import Glibc
import LoadPlans
import Replay
import Reports
import Synchronization

/// Looks at the target beside the load, on a thread of its own: processes, pages of metrics, a database, and the load itself,
/// all on one axis of time.
final class TargetWatch: Sendable {
    private let observers: LoadPlan.Observers
    private let table = Mutex<SeriesTable>(SeriesTable())
    private let remarks = Mutex<[String: UInt64]>([:])
    private let stopped = DispatchSemaphore(value: 0)
    private let done = DispatchSemaphore(value: 0)
    private let isRunning = Mutex<Bool>(false)
    /// Requests that have ended, of all stages.
    let ended = Atomic<UInt64>(0)
    /// Those of them with no whole answer, or with 5xx.
    let errors = Atomic<UInt64>(0)
    /// What they took since the last look.
    private let responses = Mutex<Latencies>(Latencies())
    /// What the stage under way has open.
    private let gauges = Mutex<(@Sendable () -> [MetricSample])?>(nil)
    private let last = Mutex<(number: UInt64, samples: [MetricSample])>((0, []))

    /// Seconds that a page of metrics may take; the next look is late by as much.
    private static let patience = 3

    init(_ observers: LoadPlan.Observers) {
        self.observers = observers
    }

    /// Notes how long the answer to a request took, from when it was due, in nanoseconds, and whether it was one.
    func note(response: UInt64, isSuccess: Bool) {
        ended.add(1, ordering: .relaxed)
        if !isSuccess { errors.add(1, ordering: .relaxed) }
        responses.withLock { $0.record(nanoseconds: response) }
    }

    /// Asks `gauges` in every look from now on.
    func look(at gauges: @escaping @Sendable () -> [MetricSample]) { self.gauges.withLock { $0 = gauges } }

    private func load() -> [MetricSample] {
        let responses = responses.withLock { responses in
            defer { responses = Latencies() }
            return responses
        }
        var samples = gauges.withLock { $0 }?() ?? []
        guard responses.count > 0 else { return samples }
        for (name, percent) in [("p50", 50.0), ("p95", 95), ("p99", 99)] {
            samples.append(
                MetricSample(
                    name: "load_response_seconds{quantile=\"\(name)\"}",
                    value: Double(responses.percentile(percent) ?? 0) / 1e6
                )
            )
        }
        return samples
    }

    func start() {
        isRunning.withLock { $0 = true }
        ReplayThread.start {
            self.run()
            self.done.signal()
        }
    }

    /// Ends the thread, waits for it, and answers what was seen.
    func finish() -> SeriesTable {
        let wasRunning = isRunning.withLock { isRunning in
            defer { isRunning = false }
            return isRunning
        }
        if wasRunning {
            stopped.signal()
            done.wait()
        }
        return series
    }

    /// What the last look has shown, and its number; `nil` where there is none after `number`.
    func newest(after number: UInt64) -> (number: UInt64, samples: [MetricSample])? {
        last.withLock { $0.number > number ? $0 : nil }
    }

    /// What was seen so far.
    var series: SeriesTable { table.withLock { $0 } }

    /// What could not be looked at, a sentence each.
    var failures: [String] {
        let dropped = series.dropped
        let cut =
            "values beyond \(Quantity.count(SeriesTable.rowLimit)) series, \(Quantity.count(dropped)) times"
        return remarks.withLock { $0 }.sorted { $0.key < $1.key }.map {
            "\($0.key), \(Quantity.count($0.value)) times"
        } + (dropped > 0 ? [cut] : [])
    }

    private func run() {
        var look = Look(observers)
        let interval = observers.interval
        var due = Clock.monotonic()
        while true {
            let (samples, pages, failures) = look.take(
                ended: ended.load(ordering: .relaxed),
                errors: errors.load(ordering: .relaxed)
            )
            let load = load()
            table.withLock { $0.append(load + samples, pages: pages, at: Clock.wall()) }
            last.withLock { $0 = ($0.number + 1, load + samples + pages) }
            if !failures.isEmpty {
                remarks.withLock { remarks in for failure in failures { remarks[failure, default: 0] += 1 } }
            }
            // Looks that were missed are not made up for.
            repeat { due += interval } while due <= Clock.monotonic()
            let rest = due - min(due, Clock.monotonic())
            if stopped.wait(timeout: .now() + .nanoseconds(Int(clamping: rest))) == .success { return }
        }
    }

    /// What one look has to know of the look before; the thread's own.
    private struct Look {
        private let observers: LoadPlan.Observers
        private var machine: MachineSample?
        private var table: ProcessTable
        private var processes: [String: ProcessSample] = [:]
        private var feeds: [MetricFeed]
        private let fetch: CurlFetch?
        private var database: DatabaseWatch?
        private var endedBefore: (all: UInt64, errors: UInt64)?
        private var before: UInt64?

        init(_ observers: LoadPlan.Observers) {
            self.observers = observers
            table = ProcessTable(observers.processes, interval: observers.interval)
            feeds = observers.metrics.map { _ in MetricFeed() }
            fetch =
                observers.metrics.isEmpty
                ? nil
                : try? CurlFetch(
                    headers: [],
                    timeoutSeconds: patience,
                    limit: 8 << 20,
                    isCancelled: { Interrupt.isOverdue }
                )
            database = observers.postgres.map { DatabaseWatch($0) }
        }

        mutating func take(ended: UInt64, errors: UInt64) -> (
            samples: [MetricSample], pages: [MetricSample], failures: [String]
        ) {
            let now = Clock.monotonic()
            let seconds = before.map { Double(now - $0) / 1e9 } ?? 0
            before = now
            var samples: [MetricSample] = []
            var pages: [MetricSample] = []
            var failures: [String] = []
            if let endedBefore, seconds > 0 {
                for (name, now, then) in [
                    ("load_ended_per_second", ended, endedBefore.all),
                    ("load_errors_per_second", errors, endedBefore.errors),
                ] {
                    samples.append(MetricSample(name: name, value: Double(now - min(now, then)) / seconds))
                }
            }
            endedBefore = (ended, errors)
            if let now = TextFile.read("/proc/stat").flatMap({ MachineSample(stat: $0) }) {
                if let share = machine.flatMap({ now.busyShare(since: $0) }) {
                    samples.append(MetricSample(name: "machine_busy_share", value: share))
                }
                machine = now
            }
            let found = table.look(load: ended > 0)
            for name in observers.processes {
                guard let now = found[name] else {
                    failures.append("no process is called \(name)")
                    processes[name] = nil
                    continue
                }
                samples += now.samples(named: name, since: processes[name], seconds: seconds)
                processes[name] = now
            }
            for (index, url) in observers.metrics.enumerated() {
                guard let fetch, let answer = try? fetch.get(url), answer.status == 200 else {
                    failures.append("\(url) gave no metrics")
                    continue
                }
                let page = Exposition(answer.body.span)
                failures += page.losses.map { "\(url): \($0)" }
                pages += feeds[index].take(page, at: Clock.wall())
            }
            if database != nil {
                switch database?.look(seconds: seconds) {
                case .success(let found)?: samples += found
                case .failure(let failure)?: failures.append(failure.message)
                case nil: break
                }
            }
            return (samples, pages, failures)
        }
    }
}
