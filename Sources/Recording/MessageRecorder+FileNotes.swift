import Anonymization
import Messages
import Packets
import Traces

extension MessageRecorder {
    /// Writes the comments and names of a capture file as notes of no connection.
    ///
    /// Comments are anonymized as bodies of plain text are. Names say whose an address is, and addresses of clients are
    /// exchanged: where there is an anonymizer, names stay out.
    mutating func write(_ notes: SavefileNotes) {
        guard output.isAccepting else { return }
        for comment in notes.comments {
            var number: UInt64 = 0
            if case .packet(let packet) = comment.subject { number = packet }
            write(.fileComment, anonymized(comment.text), number)
        }
        guard anonymizer == nil else { return }
        for name in notes.names {
            write(.fileName, Array("\(name.address) ".utf8) + name.name, 0)
        }
    }

    private mutating func write(_ subject: NoteSubject, _ text: [UInt8], _ amount: UInt64) {
        let note = NoteRecord(
            connection: nil,
            time: now,
            direction: .request,
            subject: subject,
            amount: amount,
            detail: String(decoding: text, as: UTF8.self)
        )
        output.append(.note(note))
    }

    private mutating func anonymized(_ text: [UInt8]) -> [UInt8] {
        let head = Array("POST / HTTP/1.1\r\nContent-Type: text/plain\r\n\r\n".utf8)
        guard anonymizer != nil, let head = try? Head(parsing: head, kind: .request) else { return text }
        var message = RawMessage(head: head, body: text)
        anonymizer?.anonymize(&message)
        return message.body
    }
}
