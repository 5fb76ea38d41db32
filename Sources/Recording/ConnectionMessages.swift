import Anonymization
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
        /// Which rules apply to it; unknown until its request is.
        var scope: RuleScope
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
    /// what it hands out was seen to be read after its frame was gone. What is asked of every message is asked of
    /// this array itself, since an accessor that reads takes a frame from the heap.
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
        messages[Int(kind.rawValue)]?.take(bytes, at: time, room: room)
    }

    /// Begins a message in the place of its kind, which is free.
    mutating func begin(
        _ kind: MessageKind,
        _ ordinal: ExchangeOrdinal,
        _ exchange: (number: UInt64, selection: Selection, scope: RuleScope),
        body: consuming [UInt8],
        at time: PacketTime
    ) {
        messages[Int(kind.rawValue)] = OpenMessage(
            exchange: exchange.number,
            ordinal: ordinal,
            start: time,
            last: time,
            body: body,
            selection: exchange.selection,
            scope: exchange.scope
        )
    }

    /// Gives the message under way its head; nothing happens where there is none.
    mutating func take(_ head: consuming Head, for kind: MessageKind, at time: PacketTime) {
        let place = Int(kind.rawValue)
        guard messages[place] != nil else { return }
        messages[place]?.last = time
        messages[place]?.head = head
    }

    /// Whether the message under way is recorded; `nil` where there is none.
    func selection(of kind: MessageKind) -> Selection? { messages[Int(kind.rawValue)]?.selection }

    /// Takes out the message of exchange `ordinal`, if it is under way.
    mutating func end(_ kind: MessageKind, _ ordinal: ExchangeOrdinal) -> OpenMessage? {
        turn(to: ordinal, kind)
        return messages[Int(kind.rawValue)].take()
    }

    /// The number of an exchange, and whether it is recorded; `next` is the number for a new one.
    ///
    /// At most `limit` exchanges are remembered; the oldest is forgotten first, as it is by the conversation.
    mutating func exchange(
        _ ordinal: ExchangeOrdinal,
        next: inout UInt64,
        limit: Int
    ) -> (number: UInt64, selection: Selection, scope: RuleScope) {
        if let known = exchanges.last(where: { $0.ordinal == ordinal }) {
            return (known.number, known.selection, known.scope)
        }
        if exchanges.count > limit { exchanges.removeFirst() }
        defer { next &+= 1 }
        exchanges.append(Exchange(ordinal: ordinal, number: next, selection: .open, scope: .unknown))
        return (next, .open, .unknown)
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

    /// Says of an exchange, of its messages under way too, which rules apply to it.
    mutating func note(_ scope: RuleScope, _ ordinal: ExchangeOrdinal) {
        if let index = exchanges.lastIndex(where: { $0.ordinal == ordinal }) {
            exchanges[index].scope = scope
        }
        for place in 0..<2 where messages[place]?.ordinal == ordinal { messages[place]?.scope = scope }
        guard !setAside.isEmpty else { return }
        for kind in [MessageKind.request, .response] {
            setAside[Self.key(kind, ordinal)]?.scope = scope
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
        let open = messages[Int(kind.rawValue)]?.ordinal
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
