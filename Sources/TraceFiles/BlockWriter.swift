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
    private let waitsForRoom: Bool
    private let inspector: BlockInspector?
    /// Called on the writing thread after each block and when the file has its name.
    private let progress: WritingProgress?
    private let concluded = Atomic(false)
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
        queuedBlocks: Int,
        waitsForRoom: Bool = false,
        inspector: BlockInspector? = nil,
        progress: WritingProgress? = nil
    ) throws(TraceWriteError) {
        self.publication = publication
        self.waitsForRoom = waitsForRoom
        self.inspector = inspector
        self.progress = progress
        queue = BlockQueue(capacity: queuedBlocks)
        encoder = MemberEncoder(trace: header.traceID, level: level)
        encoder.append(header, to: &output)
        try write(waitsForRoom: false)
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

    /// Whether the thread has nothing left to do.
    var isConcluded: Bool { concluded.load(ordering: .acquiring) }

    /// Waits until all that was queued is written and, where there is an ending, the file has its name.
    func join() {
        guard isRunning else { return }
        queue.close()
        pthread_join(thread, nil)
        isRunning = false
    }

    fileprivate func run() {
        defer { concluded.store(true, ordering: .releasing) }
        while let block = queue.pop() {
            if queue.failureSoFar() == nil {
                inspector?.inspect(block.bytes)
                write(block)
            }
            queue.recycle(block)
        }
        guard let ending, queue.failureSoFar() == nil else { return }
        index.totals = ending.totals.adding(rawBytes: index.totals.rawBytes)
        index.ledger = ending.ledger
        index.anonymized = ending.anonymized
        output.removeAll(keepingCapacity: true)
        encoder.append(index, at: bytesWritten, to: &output)
        guard writeOrFail() else { return }
        do throws(TraceWriteError) {
            try publication.publish()
            progress?(.published(publication.path, size: bytesWritten))
        } catch {
            queue.fail(error)
        }
    }

    private func write(_ block: borrowing BlockEncoder) {
        output.removeAll(keepingCapacity: true)
        let offset = bytesWritten
        let header = encoder.append(block, to: &output)
        guard writeOrFail() else { return }
        index.append(TraceIndex.Block(header, offset: offset))
        progress?(.wrote(bytesWritten))
    }

    @discardableResult
    private func writeOrFail() -> Bool {
        do throws(TraceWriteError) {
            try write(waitsForRoom: waitsForRoom)
            return true
        } catch {
            queue.fail(error)
            return false
        }
    }

    private func write(waitsForRoom: Bool) throws(TraceWriteError) {
        while true {
            do throws(SystemFault) {
                try publication.file.write(output)
                break
            } catch {
                publication.keep(bytesWritten)
                guard waitsForRoom, error.isLackOfRoom, queue.waitForRoom(error) else {
                    throw TraceWriteError(.write(error), path: publication.partialPath)
                }
            }
        }
        queue.resume()
        written.add(UInt64(output.count), ordering: .relaxed)
    }
}

/// What the writing thread has come to, for whoever keeps count of files.
enum WritingStep: Sendable {
    /// So many bytes stand in the file.
    case wrote(UInt64)
    /// The file is whole and has its name.
    case published(String, size: UInt64)
}

typealias WritingProgress = @Sendable (WritingStep) -> Void

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
