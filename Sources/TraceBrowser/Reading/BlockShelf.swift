import Synchronization
package import TraceFiles

/// Blocks of a trace by their places, of which those asked for last are kept inflated.
package final class BlockShelf: Sendable {
    private struct Kept {
        var offset: UInt64
        var bytes: [UInt8]
    }

    private struct Shelf {
        var reader: TraceReader
        /// The one asked for last comes last.
        var kept: [Kept] = []
    }

    private let shelf: Mutex<Shelf>
    private let keptBytes: Int

    /// Opens the trace for reading at any place; a pipe has no places.
    package init(path: String, keptBytes: Int = BrowserLimits().keptBlocks) throws(TraceReadError) {
        let reader = try TraceReader(path: path)
        self.keptBytes = keptBytes
        shelf = Mutex(Shelf(reader: reader))
    }

    /// The records of a block; `nil` where it cannot be used.
    package func bytes(of place: BlockPlace) throws -> [UInt8]? {
        try shelf.withLock { shelf in
            if let index = shelf.kept.firstIndex(where: { $0.offset == place.offset }) {
                let kept = shelf.kept.remove(at: index)
                shelf.kept.append(kept)
                return kept.bytes
            }
            guard try shelf.reader.read(blockAt: place.offset, sequence: place.sequence) else { return nil }
            let bytes = shelf.reader.blockBytes
            shelf.kept.append(Kept(offset: place.offset, bytes: bytes))
            var total = shelf.kept.reduce(0) { $0 + $1.bytes.count }
            while total > keptBytes, shelf.kept.count > 1 { total -= shelf.kept.removeFirst().bytes.count }
            return bytes
        }
    }
}
