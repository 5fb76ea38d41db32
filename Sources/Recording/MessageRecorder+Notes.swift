import Bytes
import Messages
import Packets
import Streams
import Traces

extension MessageRecorder {
    /// Notes something about the current connection, as long as it has not had too many notes.
    mutating func note(
        _ subject: NoteSubject,
        of kind: MessageKind,
        amount: UInt64,
        at place: (time: PacketTime, offset: UInt64)? = nil,
        exchange: UInt64? = nil,
        detail: String = ""
    ) {
        guard connections[current].notes.admit(limit: output.isAccepting ? options.limits.notes : 0) else {
            return
        }
        let number = connections[current].number
        let note = NoteRecord(
            connection: number,
            exchange: exchange ?? connections[current][kind]?.exchange,
            time: place?.time ?? now,
            direction: kind,
            subject: subject,
            amount: amount,
            offset: place?.offset ?? connections[current].notes.offsets[Int(kind.rawValue)],
            detail: detail
        )
        if number == nil {
            connections[current].notes.hold(note)
        } else {
            output.append(.record(.note(note)))
        }
    }

    /// Counts bytes of the current connection that belong to no message; noted when their run ends.
    mutating func skip(_ amount: UInt64, _ reason: SkippedBytes, of kind: MessageKind) {
        let ended = connections[current].notes.skip(amount, reason, of: kind, at: now)
        if let ended { note(ended, of: kind) }
    }

    /// Notes the bytes before this place that belong to no message, if there are any.
    mutating func endSkipping(of kind: MessageKind) {
        guard let run = connections[current].notes.endRun(of: kind) else { return }
        note(run, of: kind)
    }

    private mutating func note(_ run: ConnectionNotes.Run, of kind: MessageKind) {
        note(NoteSubject(run.reason), of: kind, amount: run.amount, at: (run.time, run.offset))
    }

    /// Writes the notes that waited for the number of the current connection.
    mutating func writeHeldNotes(_ number: UInt64) {
        for var note in connections[current].notes.release() {
            note.connection = number
            output.append(.record(.note(note)))
        }
    }

    /// Notes what an ended message tells of its connection: that it left HTTP with it, or that memory was short.
    mutating func noteEnd(_ message: borrowing OpenMessage, _ kind: MessageKind, _ end: MessageEnd) {
        // Flags of the message itself are the recorder's; those of the end are the parser's.
        if message.flags.contains(.truncated), message.lostBytes == 0 {
            let rest = end.bodyLength &- min(end.bodyLength, UInt64(message.seenBytes))
            note(.outOfMemory, of: kind, amount: rest, exchange: message.exchange)
        }
        guard end.flags.contains(.upgraded), let head = message.head else { return }
        var token = "CONNECT"
        if head.status == 101 {
            if let value = head.value(of: "upgrade") { token = UpgradeToken.text(value) } else { token = "" }
        }
        note(.upgraded, of: kind, amount: 0, exchange: message.exchange, detail: token)
    }
}

/// The name of a protocol in an `Upgrade` field (RFC 9110, section 7.8).
private enum UpgradeToken {
    private static let limit = 32

    /// Only a plain token is repeated: whatever else a server sent there is nobody's business.
    static func text(_ value: Span<UInt8>) -> String {
        guard value.count <= limit else { return "" }
        for index in value.indices {
            switch value[index] {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F: continue
            default: return ""
            }
        }
        return String(decoding: Array(value), as: UTF8.self)
    }
}
