import Glibc
package import Traces

/// Why a trace could not be repaired; the file is as it was.
package enum TraceRepairError: Error, Hashable, Sendable, CustomStringConvertible {
    case read(TraceReadError)
    case write(TraceWriteError)

    package var description: String {
        switch self {
        case .read(let error): error.description
        case .write(let error): error.description
        }
    }
}

/// What repairing a trace came to.
package struct TraceRepair: Hashable, Sendable {
    package enum Outcome: Hashable, Sendable {
        /// The file was finished and whole; it was left alone.
        case nothingToDo
        /// The finished file is at `path`; one that had damage inside is kept at `damaged`.
        case repaired(path: String, damaged: String?)
    }

    package var outcome: Outcome
    /// What is in the finished file.
    package var totals: TraceTotals
    package var blocksKept: UInt64
    /// What could not be kept.
    package var damage: DamageReport
    /// Messages of which the file has a beginning and no end.
    package var messagesWithoutEnd: UInt64

    /// What is added to the name of a file that had damage inside.
    package static let damagedSuffix = ".damaged"

    /// Finishes the trace at `path`: whole blocks are kept as they are, then come an index and a last member.
    ///
    /// `NAME.partial` becomes `NAME`, any other name stays. Nothing is replaced before the new file is whole and on
    /// the disk. A file that was damaged inside, and not only cut at its end, is kept beside it, since others may get
    /// more out of it. Refuses to replace a file called `NAME` unless `force`, and to touch what is being written.
    package static func repair(
        _ path: String,
        force: Bool = false
    ) throws(TraceRepairError) -> TraceRepair {
        let target =
            path.hasSuffix(Publication.suffix) ? String(path.dropLast(Publication.suffix.count)) : path
        if target != path, !force, access(target, F_OK) == 0 {
            throw .write(TraceWriteError(.alreadyExists, path: target))
        }
        let reader = try open(path)
        var salvage = try TraceSalvage(reader, target: target, replaces: force || target == path)
        do throws(TraceRepairError) {
            try salvage.copy()
        } catch {
            salvage.discard()
            throw error
        }
        var repair = TraceRepair(
            outcome: .nothingToDo,
            totals: salvage.index.totals,
            blocksKept: salvage.index.blockCount,
            damage: reader.damage,
            messagesWithoutEnd: salvage.messagesWithoutEnd
        )
        do throws(TraceWriteError) {
            if reader.isFinished, reader.damage.count == 0 {
                salvage.discard()
            } else {
                repair.outcome = try replace(path, target, with: salvage, damage: reader.damage)
            }
        } catch {
            throw .write(error)
        }
        return repair
    }

    private static func open(_ path: String) throws(TraceRepairError) -> TraceReader {
        do throws(TraceReadError) {
            let reader = try TraceReader(path: path)
            guard reader.fileSize != nil else { throw TraceReadError(.notSeekable, path: reader.path) }
            guard !reader.isBeingWritten else { throw TraceReadError(.beingWritten, path: path) }
            return reader
        } catch {
            throw .read(error)
        }
    }

    private static func replace(
        _ path: String,
        _ target: String,
        with salvage: borrowing TraceSalvage,
        damage: DamageReport
    ) throws(TraceWriteError) -> Outcome {
        var kept: String?
        if damage.entries.contains(where: { $0.fault != .cut }) {
            let name = target + damagedSuffix
            guard link(path, name) == 0 || rename(path, name) == 0 else {
                throw TraceWriteError(.publish(.last), path: name)
            }
            kept = name
        }
        try salvage.publish()
        if target != path { unlink(path) }
        return .repaired(path: target, damaged: kept)
    }
}
