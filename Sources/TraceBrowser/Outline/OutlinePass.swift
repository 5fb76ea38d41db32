import Synchronization
package import TraceFiles
import Traces

/// The one pass over the files of a recording that makes its outline, while what there is of it is looked at already.
package final class OutlinePass: Sendable {
    private struct Progress: Sendable {
        var outline: TraceOutline
        /// Bytes of the files that have been read.
        var bytes: UInt64 = 0
        var failure: String?
        var damage: [String] = []
    }

    private let progress: Mutex<Progress>
    private let isStopped = Atomic(false)
    /// Bytes of all files.
    package let fileSize: UInt64

    package init(fileSize: UInt64, limits: BrowserLimits = BrowserLimits()) {
        self.fileSize = fileSize
        progress = Mutex(Progress(outline: TraceOutline(limits: limits)))
    }

    /// Reads the files one after the other to their ends, on the calling thread; `describe` says what is wrong with each then.
    package func run(_ readers: [TraceReader], describe: (TraceReader) -> [String] = { _ in [] }) {
        var damage: [String] = []
        var before: UInt64 = 0
        for (file, reader) in readers.enumerated() {
            do {
                while !isStopped.load(ordering: .relaxed), try reader.nextBlock() {
                    read(reader, file: UInt32(file), before: before)
                }
            } catch {
                progress.withLock { $0.failure = "\(error)" }
            }
            before += reader.fileSize ?? 0
            damage += describe(reader).map { readers.count > 1 ? "\(reader.path): \($0)" : $0 }
        }
        progress.withLock { progress in
            progress.damage = damage
            progress.bytes = fileSize
            progress.outline.finish()
        }
    }

    /// Takes the block at hand in one step, so that nobody sees half of it.
    private func read(_ reader: TraceReader, file: UInt32, before: UInt64) {
        guard let block = reader.block else { return }
        let bytes = reader.blockBytes
        progress.withLock { progress in
            progress.outline.begin(BlockPlace(offset: block.offset, sequence: block.sequence, file: file))
            progress.bytes = before + block.offset + UInt64(block.memberSize)
            do {
                var prefixes = RecordCursor(bytes.span)
                while let prefix = try prefixes.nextPrefix() {
                    var cursor = RecordCursor(bytes.span, from: prefix.offset)
                    guard let record = try cursor.next(.withoutBodies), cursor.offset == prefixes.offset
                    else { continue }
                    progress.outline.add(record, at: prefix.offset)
                }
            } catch {
                progress.damage.append("at byte \(block.offset): \(error)")
            }
        }
    }

    /// Ends the pass after the block at hand.
    package func stop() { isStopped.store(true, ordering: .relaxed) }

    package var isStopping: Bool { isStopped.load(ordering: .relaxed) }

    /// Looks at the outline as far as it has come.
    package func look<Result: Sendable>(
        _ body: (borrowing TraceOutline) throws -> Result
    ) rethrows -> Result {
        try progress.withLock { try body($0.outline) }
    }

    /// How far the pass has come.
    package var state: (share: Double, isFinished: Bool, failure: String?, damage: [String]) {
        progress.withLock { progress in
            (
                fileSize == 0 ? 1 : min(1, Double(progress.bytes) / Double(fileSize)),
                progress.outline.isFinished, progress.failure, progress.damage
            )
        }
    }
}
