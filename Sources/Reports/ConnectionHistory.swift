import Packets
package import Traces

/// What a trace tells of one connection; bounded however long it lasted.
package struct ConnectionHistory: Sendable {
    package var opening: ConnectionOpenRecord?
    package var close: ConnectionCloseRecord?
    package var summary: ConnectionSummaryRecord?
    package private(set) var notes: [NoteRecord] = []
    package private(set) var messages: [HistoryMessage] = []
    /// Messages that were usual and are only counted.
    package private(set) var messagesLeftOut: UInt64 = 0
    package private(set) var notesLeftOut: UInt64 = 0

    /// Messages from the start that are kept whatever they are.
    private static let firstMessages = 40
    /// Messages kept in all.
    private static let messageLimit = 200
    private static let noteLimit = 256

    init() {}

    mutating func add(_ note: NoteRecord) {
        if notes.count < Self.noteLimit { notes.append(note) } else { notesLeftOut += 1 }
    }

    /// Adds a message; past the limit, the oldest usual one behind the first ones is only counted.
    mutating func add(_ message: HistoryMessage, keeping exchange: UInt64?) {
        messages.append(message)
        guard messages.count > Self.messageLimit else { return }
        let index = messages.indices.dropFirst(Self.firstMessages).first { index in
            !messages[index].isRemarkable && messages[index].exchange != exchange
        }
        messages.remove(at: index ?? Self.firstMessages)
        messagesLeftOut += 1
    }
}

/// When packets were dropped before the recorder saw them, as the snapshots of the ledger tell.
struct DropTimeline: Sendable {
    struct Span: Hashable, Sendable {
        var from: PacketTime
        var to: PacketTime
        var kernel: UInt64
        var interface: UInt64
    }

    private(set) var hasSnapshots = false
    private(set) var spans: [Span] = []
    private var last: (time: PacketTime, kernel: UInt64, interface: UInt64)?

    /// Spans that are kept; more drops than that are one long trouble.
    private static let limit = 10_000

    mutating func receive(_ record: LedgerRecord) {
        hasSnapshots = true
        let kernel = record.counts.first { $0.name == "packets.kernel_dropped" }?.value ?? 0
        let interface = record.counts.first { $0.name == "packets.interface_dropped" }?.value ?? 0
        let before = last ?? (record.time, 0, 0)
        if kernel > before.kernel || interface > before.interface, spans.count < Self.limit {
            spans.append(
                Span(
                    from: before.time,
                    to: record.time,
                    kernel: kernel - min(kernel, before.kernel),
                    interface: interface - min(interface, before.interface)
                )
            )
        }
        last = (record.time, kernel, interface)
    }

    /// The drops between the snapshots before and after a moment; a gap is known a little later than it was.
    func span(around time: PacketTime) -> Span? {
        spans.first { $0.from <= time && time <= $0.to.advanced(by: Self.delay) }
    }

    /// Nanoseconds.
    private static let delay: Int64 = 200_000_000
}
