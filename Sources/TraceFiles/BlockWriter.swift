import Glibc
import Synchronization
import Traces

/// Deflates blocks and writes them, on a thread of its own from ``start()`` to ``join()``.
///
/// `@unchecked`: between the two only that thread touches what is not a constant; before and after, only the owner.
final class BlockWriter: @unchecked Sendable {
    let queue: BlockQueue
    let publication: Publication
    private var encoder: MemberEncoder
    private var output: [UInt8] = []
    private var index = TraceIndex()
    private var thread = pthread_t()
    private var isRunning = false
    /// What the last member is to say; without it the file stays unfinished.
    var ending: Ending?

    /// Bytes of whole members that have been written.
    private let written = Atomic<UInt64>(0)

    struct Ending: Sendable {
        var totals: TraceTotals
        var ledger: [LedgerCount]
        var anonymized: [LedgerCount]
    }

    init(
        _ publication: consuming Publication,
        header: TraceHeader,
        level: Int32,
        queuedBlocks: Int
    ) throws(TraceWriteError) {
        self.publication = publication
        queue = BlockQueue(capacity: queuedBlocks)
        encoder = MemberEncoder(trace: header.traceID, level: level)
        encoder.append(header, to: &output)
        try write()
    }

    var bytesWritten: UInt64 { written.load(ordering: .relaxed) }

    func start() throws(TraceWriteError) {
        let context = Unmanaged.passRetained(self)
        let code = pthread_create(&thread, nil, writeBlocks, context.toOpaque())
        guard code == 0 else {
            context.release()
            throw TraceWriteError(.create(SystemFault(number: code)), path: publication.partialPath)
        }
        isRunning = true
    }

    /// Waits until all that was queued is written.
    func join() {
        guard isRunning else { return }
        queue.close()
        pthread_join(thread, nil)
        isRunning = false
    }

    fileprivate func run() {
        while let block = queue.pop() {
            if queue.failureSoFar() == nil { write(block) }
            queue.recycle(block)
        }
        guard let ending, queue.failureSoFar() == nil else { return }
        index.totals = ending.totals.adding(rawBytes: index.totals.rawBytes)
        index.ledger = ending.ledger
        index.anonymized = ending.anonymized
        output.removeAll(keepingCapacity: true)
        encoder.append(index, at: bytesWritten, to: &output)
        writeOrFail()
    }

    private func write(_ block: borrowing BlockEncoder) {
        output.removeAll(keepingCapacity: true)
        let offset = bytesWritten
        let header = encoder.append(block, to: &output)
        if writeOrFail() { index.append(TraceIndex.Block(header, offset: offset)) }
    }

    @discardableResult
    private func writeOrFail() -> Bool {
        do throws(TraceWriteError) {
            try write()
            return true
        } catch {
            queue.fail(error)
            return false
        }
    }

    private func write() throws(TraceWriteError) {
        do throws(SystemFault) {
            try publication.file.write(output)
        } catch {
            publication.keep(bytesWritten)
            throw TraceWriteError(.write(error), path: publication.partialPath)
        }
        written.add(UInt64(output.count), ordering: .relaxed)
    }
}

/// The body of the thread; free, so that no actor claims it.
private func writeBlocks(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    // A pipe whose reader has gone is an error of `write`, not the end of the process.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    Unmanaged<BlockWriter>.fromOpaque(context).takeRetainedValue().run()
    return nil
}

extension TraceTotals {
    fileprivate func adding(rawBytes: UInt64) -> TraceTotals {
        var totals = self
        totals.rawBytes &+= rawBytes
        return totals
    }
}
