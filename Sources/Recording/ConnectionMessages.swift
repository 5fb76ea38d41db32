import Messages
import Packets
import Streams

/// The messages of one connection that are under way, and the numbers of its exchanges.
struct ConnectionMessages: Sendable {
    /// An exchange that may still get a response.
    private struct Exchange {
        var ordinal: ExchangeOrdinal
        var number: UInt64
        var selection: Selection
    }

    var opening: ConnectionOpening
    var openedAt: PacketTime
    /// The row of its server in the table of endpoints; that of no server until it is known to be HTTP.
    var endpoint = EndpointTable.unassigned
    /// Its number in the trace, from the first message written on.
    var number: UInt64?
    /// The last part of the recording that says which connection it is.
    var part: UInt32 = 0
    var notes = ConnectionNotes()
    /// By kind. Two properties would need an accessor that yields one of them, and such a one is never inlined:
    /// what it hands out was seen to be read after its frame was gone.
    private var messages: [2 of OpenMessage?] = [nil, nil]
    /// What follows after an upgrade to WebSocket.
    var webSocket: UpgradedWebSocket?
    private var exchanges: [Exchange] = []
    /// Messages of HTTP/2 that others have come between, by kind and ordinal; `request` and `response` are those that
    /// came last.
    private var setAside: [UInt64: OpenMessage] = [:]
    /// Responses may come in another order than requests.
    var isMultiplexed = false
    /// Messages that are over and wait for the status of their exchange, oldest first.
    var undecided: [UndecidedMessage] = []

    init(opening: ConnectionOpening, at time: PacketTime) {
        self.opening = opening
        openedAt = time
    }

    var request: OpenMessage? {
        @inline(__always)
        _read { yield messages[0] }
        @inline(__always)
        _modify { yield &messages[0] }
    }

    var response: OpenMessage? {
        @inline(__always)
        _read { yield messages[1] }
        @inline(__always)
        _modify { yield &messages[1] }
    }

    subscript(kind: MessageKind) -> OpenMessage? {
        @inline(__always)
        _read { yield messages[Int(kind.rawValue)] }
        @inline(__always)
        _modify { yield &messages[Int(kind.rawValue)] }
    }

    /// Adds bytes to the body of the message under way, in place; `nil` where there is none.
    mutating func take(
        _ bytes: Span<UInt8>,
        for kind: MessageKind,
        at time: PacketTime,
        room: Int
    ) -> OpenMessage.Intake? {
        switch kind {
        case .request: request?.take(bytes, at: time, room: room)
        case .response: response?.take(bytes, at: time, room: room)
        }
    }

    /// The number of an exchange, and whether it is recorded; `next` is the number for a new one.
    ///
    /// At most `limit` exchanges are remembered; the oldest is forgotten first, as it is by the conversation.
    mutating func exchange(
        _ ordinal: ExchangeOrdinal,
        next: inout UInt64,
        limit: Int
    ) -> (number: UInt64, selection: Selection) {
        if let known = exchanges.last(where: { $0.ordinal == ordinal }) {
            return (known.number, known.selection)
        }
        if exchanges.count > limit { exchanges.removeFirst() }
        defer { next &+= 1 }
        exchanges.append(Exchange(ordinal: ordinal, number: next, selection: .open))
        return (next, .open)
    }

    /// Says of an exchange, of its messages under way too, whether it is recorded.
    mutating func select(_ selection: Selection, _ ordinal: ExchangeOrdinal) {
        if let index = exchanges.lastIndex(where: { $0.ordinal == ordinal }) {
            exchanges[index].selection = selection
        }
        for kind in [MessageKind.request, .response] {
            if self[kind]?.ordinal == ordinal {
                self[kind]?.selection = selection
            } else if !setAside.isEmpty {
                setAside[Self.key(kind, ordinal)]?.selection = selection
            }
        }
    }

    /// Forgets the exchanges up to one that has had its response; of a multiplexed connection only that one.
    mutating func settle(_ ordinal: ExchangeOrdinal) {
        if isMultiplexed {
            exchanges.removeAll { $0.ordinal == ordinal }
        } else {
            exchanges.removeAll { $0.ordinal <= ordinal }
        }
    }

    /// Whether a message of a kind is under way.
    func isOpen(_ kind: MessageKind) -> Bool { self[kind] != nil || !setAside.isEmpty }

    /// The exchanges with a message of a kind under way, in order, the one that came last at the end; O(n log n).
    func openOrdinals(_ kind: MessageKind) -> [ExchangeOrdinal] {
        var ordinals = setAside.values.filter { $0.head?.kind == kind }.map(\.ordinal).sorted()
        if let open = self[kind]?.ordinal { ordinals.append(open) }
        return ordinals
    }

    /// Makes the message of exchange `ordinal` the one under way of its kind.
    @inline(__always)
    mutating func turn(to ordinal: ExchangeOrdinal, _ kind: MessageKind) {
        let open =
            switch kind {
            case .request: request?.ordinal
            case .response: response?.ordinal
            }
        guard open != ordinal, open != nil || !setAside.isEmpty else { return }
        exchange(kind, for: ordinal)
    }

    private mutating func exchange(_ kind: MessageKind, for ordinal: ExchangeOrdinal) {
        if let other = self[kind].take() { setAside[Self.key(kind, other.ordinal)] = other }
        if !setAside.isEmpty { self[kind] = setAside.removeValue(forKey: Self.key(kind, ordinal)) }
    }

    private static func key(_ kind: MessageKind, _ ordinal: ExchangeOrdinal) -> UInt64 {
        UInt64(ordinal) << 1 | UInt64(kind.rawValue)
    }
}
