import Checks
import Glibc
import Messages
import TraceFiles
import Traces

/// Takes what was observed as the baseline of a recording.
struct BaselineTaking {
    var trace: String
    var observed: String
    /// What a check of `observed` found, against `previous` or, without one, against the recording; with
    /// ``CheckResult/unlike``.
    var result: CheckResult
    var previous: StoredBaseline?
    /// A target or the name of a file.
    var source: String
    var note: String
    /// Keeps all answers, and not only those that are not as recorded.
    var keepsAll = false

    struct Outcome {
        var baseline: Baseline
        /// Bytes of both files.
        var size: UInt64
        /// Answers that differ and are not whole, so that they were not taken.
        var refused: Int
    }

    /// Writes both files; where either cannot be written, those that are there stay.
    func take() throws -> Outcome {
        do {
            return try write()
        } catch let error as TraceReadError {
            throw CommandFailure(error.description)
        } catch let error as TraceWriteError {
            throw CommandFailure(error.description)
        }
    }

    private func write() throws -> Outcome {
        let recording = try TraceOpening.open(trace).header.traceID
        var answers = try AnswersFile(of: trace, recording: recording)
        defer { answers.discard() }
        let parameters = TraceRoutes.parameters(of: trace)
        var book = TimingBook(parameters: parameters)
        var authority: String?
        var refused = 0
        try TraceOpening.open(observed).forEachMessage { message in
            book.note(message)
            if authority == nil { authority = Baseline.authority(of: message) }
            guard message.kind == .response, !message.end.flags.contains(.interim), let of = message.head.of,
                of.trace == recording, of.loop == 0, of.copy == 0,
                keepsAll || result.unlike.contains(of.exchange)
            else { return }
            if !answers.keep(message) { refused += 1 }
        }
        if let path = previous?.answers, let digests = previous?.baseline.digests {
            try TraceOpening.open(path).forEachMessage { answers.carryOver($0, digests: digests) }
        }
        let stored = try answers.countByRoute(of: trace, parameters)
        var revisions = previous?.baseline.revisions ?? []
        revisions.append(
            BaselineRevision(
                after: previous?.baseline.revision ?? 0,
                time: Clock.wall(),
                source: source,
                note: note,
                stored: answers.kept.count,
                result
            )
        )
        let baseline = Baseline(
            trace: recording,
            answers: answers.identity,
            toolVersion: Tapedeck.version,
            authority: authority ?? "",
            host: TraceIdentity.hostName(),
            seconds: book.seconds,
            routes: book.baselineRoutes(stored: stored),
            digests: answers.digests,
            revisions: Array(revisions.suffix(BaselineRevision.most))
        )
        let json = baseline.json()
        // What can fail for want of room has been written before either file gets its name.
        try OutputFile.replace(json, at: StoredBaseline.path(of: trace)) { try answers.finish() }
        return Outcome(baseline: baseline, size: UInt64(json.count) + answers.size, refused: refused)
    }
}
