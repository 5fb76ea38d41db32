import Messages
import Packets
import Traces

extension MessageRecorder {
    /// Writes the comments and names of a capture file as notes of no connection.
    ///
    /// Names say whose an address is, and addresses of clients are exchanged: where there is an anonymizer, names stay
    /// out.
    mutating func write(_ notes: SavefileNotes) {
        guard output.isAccepting else { return }
        for comment in notes.comments {
            var number: UInt64 = 0
            if case .packet(let packet) = comment.subject { number = packet }
            output.append(.comment(note(.fileComment, number), comment.text))
        }
        guard !isAnonymizing else { return }
        for name in notes.names {
            var note = note(.fileName, 0)
            note.detail = "\(name.address) " + String(decoding: name.name, as: UTF8.self)
            output.append(.record(.note(note)))
        }
    }

    private func note(_ subject: NoteSubject, _ amount: UInt64) -> NoteRecord {
        NoteRecord(
            connection: nil,
            time: now,
            direction: .request,
            subject: subject,
            amount: amount
        )
    }
}
