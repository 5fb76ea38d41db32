import Checks
import Glibc
import Messages
import TraceFiles
import Traces

/// A baseline as it lies beside its recording: `NAME.baseline.json` says what it is, `NAME.baseline.trace.gz` holds the
/// answers that are not as recorded, if there are any.
struct StoredBaseline {
    var baseline: Baseline
    var trace: String

    static func path(of trace: String) -> String { TraceCompanion.path(of: trace, ".baseline.json") }
    static func answersPath(of trace: String) -> String {
        TraceCompanion.path(of: trace, ".baseline.trace.gz")
    }

    /// The file of answers; `nil` where all are as recorded.
    var answers: String? { baseline.answers == nil ? nil : Self.answersPath(of: trace) }

    /// Its answers by exchange. They are what differs, and as small as what is committed is.
    func readAnswers() throws -> [UInt64: RecordedMessage] {
        guard let answers else { return [:] }
        var messages: [UInt64: RecordedMessage] = [:]
        var bytes = 0
        try TraceOpening.open(answers).forEachMessage { message in
            guard message.kind == .response else { return }
            bytes += message.body.count
            if bytes <= Self.mostBytes { messages[message.exchange] = message }
        }
        guard bytes <= Self.mostBytes else {
            throw CommandFailure(
                "\(answers): \(bytes) bytes of answers are more than the \(Self.mostBytes) that a check keeps; record a new "
                    + "trace of the service as it is, or compare with an observed trace"
            )
        }
        return messages
    }

    /// Bytes of bodies that a check keeps.
    private static let mostBytes = 512 << 20

    /// The baseline beside a trace; `nil` where there is none.
    ///
    /// One of another recording, or in two halves that do not belong together, is an error: to go on without it would
    /// check something else than was asked for.
    static func load(beside trace: String) throws -> StoredBaseline? {
        guard trace != "-" else { return nil }
        let path = path(of: trace)
        guard let bytes = try InputFile.read(path, maximumBytes: Baseline.maximumBytes) else { return nil }
        let baseline: Baseline
        do {
            baseline = try Baseline(parsing: bytes.span)
        } catch {
            throw CommandFailure("\(path): \(error.description)")
        }
        let id = try TraceOpening.open(trace).header.traceID
        guard baseline.trace == id else {
            throw CommandFailure(
                "\(path) is the baseline of another recording, and not of \(trace); 'tapedeck baseline set --force' takes "
                    + "a new one, --no-baseline checks against the recording"
            )
        }
        let stored = StoredBaseline(baseline: baseline, trace: trace)
        if let answers = stored.answers {
            guard access(answers, F_OK) == 0,
                try TraceOpening.open(answers).header.traceID == baseline.answers
            else {
                throw CommandFailure(
                    "\(answers) does not hold the answers that \(path) speaks of; bring both back from version control, or "
                        + "take a new baseline with 'tapedeck baseline set --force'"
                )
            }
        }
        return stored
    }
}
