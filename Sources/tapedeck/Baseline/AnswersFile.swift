import Checks
import Glibc
import Messages
import Packets
import TraceFiles
import Traces

/// The trace that holds the answers of a baseline, while it is written.
struct AnswersFile {
    private let path: String
    private let recording: TraceID
    private let id: TraceID
    private let writer: TraceWriter
    private var failure: TraceWriteError?
    private var isFinished = false
    /// The exchanges of which it holds the answer.
    private(set) var kept: Set<UInt64> = []
    private(set) var digests: [UInt64: BodyDigest] = [:]
    /// Bytes of the finished file.
    private(set) var size: UInt64 = 0

    /// Begins the file beside `trace`; the one that is there stays until ``finish()``.
    init(of trace: String, recording: TraceID) throws {
        path = StoredBaseline.answersPath(of: trace)
        self.recording = recording
        id = TraceIdentity.new()
        let header = TraceHeader(
            traceID: id,
            sources: [
                TraceHeader.Source(
                    id: 0,
                    host: TraceIdentity.hostName(),
                    interface: "baseline of \(recording)",
                    clock: "realtime"
                )
            ],
            toolVersion: Tapedeck.version,
            isAnonymized: false
        )
        writer = try TraceWriter(
            path: path,
            header: header,
            options: TraceWriter.Options(level: 9, blockSize: 1 << 20, force: true)
        )
    }

    /// Keeps the answer of an exchange, the first of several; false for one that is not whole.
    mutating func keep(_ message: RecordedMessage) -> Bool {
        guard let (answer, digest) = Baseline.kept(message, trace: recording) else { return false }
        add(answer, digest)
        return true
    }

    /// Keeps what an earlier baseline held, unless the exchange has a new answer.
    mutating func carryOver(_ message: RecordedMessage, digests: [UInt64: BodyDigest]) {
        guard message.kind == .response else { return }
        add(message, digests[message.exchange])
    }

    private mutating func add(_ answer: RecordedMessage, _ digest: BodyDigest?) {
        guard failure == nil, kept.insert(answer.exchange).inserted else { return }
        do {
            if kept.count == 1 {
                let nobody = Endpoint(address: IPAddress(ipv4: 0), port: 0)
                try writer.append(
                    .connectionOpen(
                        ConnectionOpenRecord(
                            connection: 0,
                            time: answer.start,
                            source: 0,
                            client: nobody,
                            server: nobody,
                            sawHandshake: true
                        )
                    )
                )
            }
            try writer.append(answer)
        } catch {
            failure = error
            return
        }
        if let digest { digests[answer.exchange] = digest }
    }

    /// How many of the answers belong to each route of the recording.
    func countByRoute(of trace: String, _ parameters: PathParameters) throws -> [String: Int] {
        guard !kept.isEmpty else { return [:] }
        var counts: [String: Int] = [:]
        try TraceOpening.open(trace).forEachMessage { message in
            guard message.kind == .request, kept.contains(message.exchange) else { return }
            counts[TimingBook.name(of: message.head, parameters), default: 0] += 1
        }
        return counts
    }

    /// The id of the file; `nil` where no answer is in it.
    var identity: TraceID? { kept.isEmpty ? nil : id }

    /// Gives the file its name; without an answer none stays.
    mutating func finish() throws {
        if let failure { throw failure }
        guard !kept.isEmpty else {
            discard()
            unlink(path)
            return
        }
        try writer.finish(ledger: [])
        isFinished = true
        size = writer.bytesWritten
    }

    /// Removes what has been written, unless it is finished.
    mutating func discard() {
        guard !isFinished else { return }
        isFinished = true
        writer.discard()
    }
}
