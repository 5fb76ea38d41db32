import Anonymization
import Messages
import Packets
import Signatures
import Traces

/// The second half of a recording: says what is known of signatures, rewrites what the rules name, makes the records.
///
/// It knows nothing of packets and connections. Steps have to come in the order in which they were found out.
struct RecordWriter: ~Copyable {
    let signatures: SignatureReader
    var anonymizer: Anonymizer?
    /// The record of the message at hand: to make one for each takes longer than to fill it in. Its bytes are those of the
    /// message while it is written, and none otherwise.
    private var record = HeadRecord.blank

    init(signatures: SignatureReader, anonymizer: consuming Anonymizer?) {
        self.signatures = signatures
        self.anonymizer = anonymizer
    }

    /// Writes a message in one record where it is small; its head and body are of no more use but as storage.
    mutating func write<Output: RecordOutput & ~Copyable>(
        whole message: inout WholeMessage,
        to output: inout Output
    ) {
        let signature =
            message.end.kind == .request
            ? signatures.read(
                message.head,
                body: message.body.span,
                isComplete: message.isComplete,
                at: message.start
            )
            : SignatureReader.Reading()
        rewrite(&message)
        var record = HeadRecord.blank
        swap(&record, &self.record)
        message.fill(&record, signature)
        swap(&record.bytes, &message.raw.head.bytes)
        if message.body.count <= RecordedMessage.maximumWholeBody {
            output.append(whole: record, body: message.body, message.end)
        } else {
            RecordedMessage(head: record, body: message.body, end: message.end).forEachRecord {
                output.append($0)
            }
        }
        swap(&record.bytes, &message.raw.head.bytes)
        swap(&record, &self.record)
    }

    /// Rewrites a message where it stands.
    private mutating func rewrite(_ message: inout WholeMessage) {
        guard message.end.trailers.isEmpty else {
            swap(&message.raw.trailers, &message.end.trailers)
            anonymizer?.anonymize(&message.raw, in: message.scope)
            swap(&message.raw.trailers, &message.end.trailers)
            return
        }
        anonymizer?.anonymize(&message.raw, in: message.scope)
    }

    mutating func write<Output: RecordOutput & ~Copyable>(
        _ step: consuming RecordingStep,
        to output: inout Output
    ) {
        switch consume step {
        case .record(let record): output.append(record)
        case .opening(var opening):
            if let address = anonymizer?.client(opening.client.address) { opening.client.address = address }
            output.append(.connectionOpen(opening))
        case .summary(var summary):
            if let address = anonymizer?.client(summary.client.address) { summary.client.address = address }
            output.append(.connectionSummary(summary))
        case .head(var message, let isRepeated):
            write(head: &message, isRepeated: isRepeated, to: &output)
        case .end(var end, let head, let scope):
            var raw = RawMessage(head: head, body: [], trailers: end.trailers, isBodyComplete: false)
            anonymizer?.anonymize(&raw, in: scope)
            end.trailers = raw.trailers
            output.append(.end(end))
        case .events(var record, let scope):
            anonymizer?.anonymizeEvents(&record.bytes, in: scope, of: record.kind)
            output.append(.event(record))
        case .streamed(var record, let content, let scope):
            anonymizer?.anonymizeMessage(
                &record.bytes,
                content,
                isComplete: record.flags.isDisjoint(with: [.truncated, .gap, .incomplete]),
                in: scope,
                of: record.kind
            )
            output.append(.event(record))
        case .comment(var note, let text):
            note.detail = String(decoding: anonymized(comment: text), as: UTF8.self)
            output.append(.note(note))
        case .masked(let reason): anonymizer?.noteMasked(reason)
        case .mark(let now, let time, let ledger):
            output.mark(at: now) { LedgerRecord(time: time, counts: ledger.counts) }
        }
    }

    private mutating func write<Output: RecordOutput & ~Copyable>(
        head message: inout WholeMessage,
        isRepeated: Bool,
        to output: inout Output
    ) {
        let signature =
            message.end.kind == .request
            ? signatures.read(message.head, body: Span(), isComplete: false, at: message.start)
            : SignatureReader.Reading()
        rewrite(&message)
        var record = HeadRecord.blank
        message.fill(&record, signature)
        record.bytes = message.head.bytes
        record.isRepeated = isRepeated
        output.append(.head(record))
    }

    /// Comments are anonymized as bodies of plain text are.
    private mutating func anonymized(comment text: [UInt8]) -> [UInt8] {
        let head = Array("POST / HTTP/1.1\r\nContent-Type: text/plain\r\n\r\n".utf8)
        guard anonymizer != nil, let head = try? Head(parsing: head, kind: .request) else { return text }
        var message = RawMessage(head: head, body: text)
        anonymizer?.anonymize(&message)
        return message.body
    }
}

extension WholeMessage {
    /// Makes a record that of this message, but for the bytes.
    fileprivate func fill(_ record: inout HeadRecord, _ signature: SignatureReader.Reading) {
        record.kind = end.kind
        record.exchange = end.exchange
        record.connection = end.connection
        record.start = start
        record.encoding = raw.head.version.major == 2 ? .fieldList : .http1
        record.framing = raw.head.framing
        record.signature = signature.signature
        record.hasMalformedSignature = signature.isMalformed
    }
}

extension HeadRecord {
    /// One of nothing, to be made that of a message.
    fileprivate static var blank: HeadRecord {
        HeadRecord(
            kind: .request,
            exchange: 0,
            connection: 0,
            start: PacketTime(nanoseconds: 0),
            encoding: .http1,
            bytes: [],
            framing: .none
        )
    }
}
