package import Messages
package import Packets

/// Something that happened on a connection and that its messages alone do not tell.
package struct NoteRecord: Hashable, Sendable {
    /// `nil` for a connection that has no number, because nothing of it is in the trace; its summary holds the note.
    package var connection: UInt64?
    /// The message that it happened to, where it is one.
    package var exchange: UInt64?
    package var time: PacketTime
    /// Whose bytes it was about.
    package var direction: MessageKind
    package var subject: NoteSubject
    /// Bytes, or whatever the subject counts.
    package var amount: UInt64
    /// How many bytes of the direction came before, missing ones included.
    package var offset: UInt64
    /// A word more: a token, a protocol; UTF-8, at most ``detailLimit`` bytes, the rest is cut off.
    package var detail: String

    package static let detailLimit = 255

    package init(
        connection: UInt64?,
        exchange: UInt64? = nil,
        time: PacketTime,
        direction: MessageKind,
        subject: NoteSubject,
        amount: UInt64 = 0,
        offset: UInt64 = 0,
        detail: String = ""
    ) {
        self.connection = connection
        self.exchange = exchange
        self.time = time
        self.direction = direction
        self.subject = subject
        self.amount = amount
        self.offset = offset
        self.detail = detail
    }
}

/// What a note is about, as its number in the file; numbers of later versions are kept as they are.
package struct NoteSubject: RawRepresentable, Hashable, Sendable {
    package var rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Bytes were never captured.
    package static let gap = NoteSubject(rawValue: 1)
    /// Another copy of bytes had other content; the first one counts.
    package static let conflicting = NoteSubject(rawValue: 2)
    /// Bytes too far from what was expected.
    package static let outsideWindow = NoteSubject(rawValue: 3)
    /// The connection left HTTP; the detail says for what.
    package static let upgraded = NoteSubject(rawValue: 4)
    /// Bytes after that.
    package static let afterUpgrade = NoteSubject(rawValue: 5)
    /// Bytes that are not HTTP where HTTP should be.
    package static let unparsable = NoteSubject(rawValue: 6)
    /// A head longer than its limit.
    package static let oversize = NoteSubject(rawValue: 7)
    /// Bytes passed over until a message could be recognised, after joining or after a gap.
    package static let beforeJoin = NoteSubject(rawValue: 8)
    /// The rest of a body was left out: the memory for open messages was full.
    package static let outOfMemory = NoteSubject(rawValue: 9)
    /// A message began and never gave a head.
    package static let abandoned = NoteSubject(rawValue: 10)
    /// Requests that were given up because too many waited for a response.
    package static let forgotten = NoteSubject(rawValue: 11)
    /// What a side began with is not HTTP; the detail says what it looks like.
    package static let notHTTP = NoteSubject(rawValue: 12)
    /// Bytes on a stream of HTTP/2 that was over.
    package static let aborted = NoteSubject(rawValue: 13)
    /// A comment in the capture file that was recorded from; of no connection.
    package static let fileComment = NoteSubject(rawValue: 14)
    /// An address and a name that the capture file has for it; of no connection.
    package static let fileName = NoteSubject(rawValue: 15)
}
