import Reports
import TraceFiles
import Traces

/// Opens the traces that were named on the command line.
enum TraceOpening {
    /// Opens one trace; says to standard error what should be known of it.
    static func open(_ path: String) throws -> TraceReader {
        do {
            return try TraceReader(path: path)
        } catch {
            throw CommandFailure(error.description)
        }
    }

    /// Opens a trace whose messages go on to somewhere: one that was not anonymized is worth a warning.
    static func openForUse(_ path: String, quiet: Bool) throws -> TraceReader {
        let reader = try open(path)
        if !reader.header.isAnonymized, !quiet {
            StandardError.print(
                "tapedeck: warning: \(reader.path) was recorded without anonymizing; it holds payloads as captured"
            )
        }
        return reader
    }

    /// Says what could not be read of a trace that has been read to its end, and whether that is anything.
    static func reportDamage(of reader: TraceReader) -> Bool {
        let sentences = self.damage(of: reader)
        for sentence in sentences { StandardError.print("tapedeck: \(reader.path): \(sentence)") }
        return !sentences.isEmpty
    }

    /// What is wrong with a trace, a sentence each: places that could not be read, and a missing end.
    static func damage(of reader: TraceReader) -> [String] {
        let damage = reader.damage
        var sentences = damage.entries.prefix(shownPlaces).map { "at byte \($0.offset): \($0.fault)" }
        if damage.count > UInt64(shownPlaces) {
            sentences.append("and \(damage.count - UInt64(shownPlaces)) more places")
        }
        if damage.blocksLost > 0 { sentences.append("\(damage.blocksLost) blocks are lost") }
        if !reader.isFinished { sentences.append("unfinished; `tapedeck repair` finishes it") }
        return sentences
    }

    private static let shownPlaces = 5
}
