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
        var raw = message.takeRaw()
        anonymizer?.anonymize(&raw, in: message.scope)
        swap(&message.end.trailers, &raw.trailers)
        let record = message.record(of: raw.head, signature)
        if raw.body.count <= RecordedMessage.maximumWholeBody {
            output.append(whole: record, body: raw.body, message.end)
        } else {
            RecordedMessage(head: record, body: raw.body, end: message.end).forEachRecord {
                output.append($0)
            }
        }
        message.head.exchange(with: &raw.head)
        swap(&message.body, &raw.body)
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
        var raw = message.takeRaw()
        anonymizer?.anonymize(&raw, in: message.scope)
        var record = message.record(of: raw.head, signature)
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
    /// Moves head, body and trailers out, so that an edit finds nobody else who holds their bytes.
    fileprivate mutating func takeRaw() -> RawMessage {
        var raw = RawMessage(head: .withoutStorage, body: [], isBodyComplete: isComplete)
        raw.head.exchange(with: &head)
        swap(&raw.body, &body)
        swap(&raw.trailers, &end.trailers)
        return raw
    }

    fileprivate func record(of head: borrowing Head, _ signature: SignatureReader.Reading) -> HeadRecord {
        HeadRecord(
            kind: end.kind,
            exchange: end.exchange,
            connection: end.connection,
            start: start,
            encoding: head.version.major == 2 ? .fieldList : .http1,
            bytes: head.bytes,
            framing: head.framing,
            signature: signature.signature,
            hasMalformedSignature: signature.isMalformed
        )
    }
}
