import Synchronization
package import TraceFiles

/// Blocks of a recording by their places, of which those asked for last are kept inflated.
package final class BlockShelf: Sendable {
    private struct Kept {
        var place: BlockPlace
        var bytes: [UInt8]
    }

    private struct Shelf {
        var readers: [TraceReader]
        /// The one asked for last comes last.
        var kept: [Kept] = []
    }

    private let shelf: Mutex<Shelf>
    private let keptBytes: Int

    /// Opens the files for reading at any place; a pipe has no places.
    package init(paths: [String], keptBytes: Int = BrowserLimits().keptBlocks) throws(TraceReadError) {
        var readers: [TraceReader] = []
        for path in paths { readers.append(try TraceReader(path: path)) }
        self.keptBytes = keptBytes
        shelf = Mutex(Shelf(readers: readers))
    }

    /// The records of a block; `nil` where it cannot be used.
    package func bytes(of place: BlockPlace) throws -> [UInt8]? {
        try shelf.withLock { shelf in
            if let index = shelf.kept.firstIndex(where: { $0.place == place }) {
                let kept = shelf.kept.remove(at: index)
                shelf.kept.append(kept)
                return kept.bytes
            }
            let reader = shelf.readers[Int(place.file)]
            guard try reader.read(blockAt: place.offset, sequence: place.sequence) else { return nil }
            let bytes = reader.blockBytes
            shelf.kept.append(Kept(place: place, bytes: bytes))
            var total = shelf.kept.reduce(0) { $0 + $1.bytes.count }
            while total > keptBytes, shelf.kept.count > 1 { total -= shelf.kept.removeFirst().bytes.count }
            return bytes
        }
    }
}
