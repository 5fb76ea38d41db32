import Messages
import Packets
package import Traces

/// The plain words for what happens to connections and messages.
package enum HistoryWords {
    static func side(_ direction: MessageKind) -> String { direction == .request ? "client" : "server" }

    static func end(_ reason: ConnectionCloseRecord.Reason) -> String {
        switch reason {
        case .fin: "closed in order by both sides"
        case .reset: "reset: one side broke it off"
        case .expired: "given up: no packet came for a long time, or its end was not captured"
        case .endOfCapture: "still open when the recording ended"
        case .reused: "its ports were taken by a new connection; its end was not captured"
        }
    }

    /// What the flags of a message say about it, a phrase each.
    static func phrases(for message: HistoryMessage) -> [String] {
        var phrases: [String] = []
        let flags = message.flags
        if flags.contains(.truncated) {
            phrases.append(
                "cut at a limit: \(Quantity.count(message.storedLength)) of "
                    + "\(Quantity.count(message.wireLength)) bytes are stored"
            )
        }
        if flags.contains(.gap) { phrases.append("bytes of it were never captured") }
        if flags.contains(.reset) { phrases.append("broken off by a reset") }
        if flags.contains(.incomplete) { phrases.append("its end was never seen") }
        if flags.contains(.noRequest) { phrases.append("no request for it was seen") }
        if flags.contains(.joined) {
            phrases.append("the capture had joined in the middle of the connection")
        }
        if flags.contains(.upgraded) { phrases.append("after it the connection is not HTTP any more") }
        if flags.contains(.smuggling) { phrases.append("its framing can be read in two ways") }
        if flags.contains(.unknownFields) { phrases.append("some fields were sent before the capture began") }
        if flags.contains(.pipelined) { phrases.append("sent before the response before it had ended") }
        if message.end == nil { phrases.append("the trace does not hold its end") }
        return phrases
    }

    static func text(of message: HistoryMessage) -> String {
        var parts = [
            "\(message.kind == .request ? "request" : "response") \(message.exchange): \(message.title)"
        ]
        if message.wireLength > 0 { parts[0] += ", \(size(message.wireLength))" }
        if message.events > 0 { parts[0] += ", \(Quantity.count(message.events)) events" }
        if let end = message.end, end > message.start {
            parts[0] += ", in \(Quantity.duration(nanoseconds: end.nanoseconds(since: message.start)))"
        }
        parts += phrases(for: message)
        return parts.joined(separator: "; ")
    }

    /// A name for programs and a sentence for people.
    package static func words(for note: NoteRecord) -> (event: String, text: String) {
        let side = side(note.direction)
        let amount = size(note.amount)
        let place = note.offset > 0 ? ", \(size(note.offset)) into what it sent" : ", from its first byte on"
        switch note.subject {
        case .gap: return ("gap", "\(amount) from the \(side) were never captured\(place)")
        case .conflicting:
            return (
                "conflicting",
                "\(amount) from the \(side) came again with other content; the first copy counts"
            )
        case .outsideWindow:
            return (
                "outside_window",
                "\(amount) from the \(side) stood far from where the stream was, and were left out"
            )
        case .upgraded:
            let token = note.detail.isEmpty ? "another protocol" : note.detail
            return ("upgraded", "the connection left HTTP for \(token)")
        case .afterUpgrade: return ("after_upgrade", "\(amount) from the \(side) followed that are not HTTP")
        case .unparsable: return ("unparsable", "\(amount) from the \(side) that cannot be read as HTTP")
        case .oversize: return ("oversize", "\(amount) from the \(side) of a head past its limit")
        case .beforeJoin:
            return ("before_join", "\(amount) were passed over until a message could be recognised")
        case .outOfMemory:
            return (
                "out_of_memory", "\(amount) of a body were left out: the memory for open messages was full"
            )
        case .abandoned: return ("abandoned", "a message from the \(side) began and never gave a whole head")
        case .forgotten:
            return ("forgotten", "\(Quantity.count(note.amount)) requests waited for a response in vain")
        case .notHTTP:
            let name = note.detail.isEmpty ? "no HTTP" : "no HTTP; it looks like \(note.detail)"
            return ("not_http", "what the \(side) began with is \(name)")
        case .aborted: return ("aborted", "\(amount) from the \(side) came on streams that had been reset")
        default:
            return ("note_\(note.subject.rawValue)", "a later version of the recorder noted something here")
        }
    }

    static func size(_ count: UInt64) -> String { "\(Quantity.count(count)) byte\(count == 1 ? "" : "s")" }
}
