import Anonymization
import Bytes
import Messages
import Packets
import Streams
import Traces

/// Collects the messages of all connections and writes each when it is over; long streams as they come.
///
/// Before it is fed, `current` and `now` say whose message it is and when its bytes were seen.
struct MessageRecorder: ~Copyable {
    let options: RecordingOptions
    /// Whether anything is asked of exchanges that are to be recorded.
    let isFiltering: Bool
    /// Tells which rules apply to an exchange; `nil` where nothing is rewritten.
    private var scopes: ScopeFinder?
    let output: any RecordChannel
    /// By the slot of their connection.
    var connections: [ConnectionMessages] = []
    var current = 0
    var now = PacketTime.distantPast
    /// Nothing more comes of this connection: what ends now ended with its last byte.
    var isFinishing = false
    /// What was counted, by server.
    var endpoints: EndpointTable
    /// Messages begun and stored in all, counted apart from those of the servers; interim responses are stored, and
    /// not counted here.
    private(set) var begun: (requests: UInt64, responses: UInt64) = (0, 0)
    var begunEvents: UInt64 = 0
    private(set) var stored: (requests: UInt64, responses: UInt64) = (0, 0)
    /// Connections of which something was written.
    var connectionCount: UInt64 = 0
    /// The part of the recording that is being written, from 0.
    var part: UInt32 = 0
    /// Bytes held of messages under way, and of connections not recognised yet.
    var heldBytes = 0
    /// Those of messages that are over and wait for the status of their exchange; they are part of ``heldBytes``.
    var undecidedBytes = 0
    var spare = SpareStorage()
    private var nextExchange: UInt64 = 0

    init(
        options: RecordingOptions,
        scopes: ScopeFinder?,
        output: any RecordChannel
    ) {
        self.options = options
        isFiltering = options.filter != .all
        self.scopes = scopes
        self.output = output
        endpoints = EndpointTable(limit: options.limits.endpoints)
    }

    var isAnonymizing: Bool { scopes != nil }

    /// The counts of the server of the current connection.
    var counts: RecordingCounts {
        @inline(__always)
        _read { yield endpoints.rows[connections[current].endpoint].messages }
        @inline(__always)
        _modify { yield &endpoints.rows[connections[current].endpoint].messages }
    }
}

extension MessageRecorder: MessageSink {
    mutating func head(_ head: inout Head, of ordinal: ExchangeOrdinal) {
        let kind = head.kind
        connections[current].turn(to: ordinal, kind)
        if head.version.major == 2 { connections[current].isMultiplexed = true }
        counts.open &+= UInt64(head.wireCount)
        heldBytes += head.bytes.count
        switch kind {
        case .request:
            selectRequest(by: head, ordinal)
            if let scope = scopes?.scope(of: head) { connections[current].note(scope, ordinal) }
        case .response: selectResponse(by: head, ordinal)
        }
        let carriesEvents = head.carriesEvents
        connections[current].take(spare.take(&head), for: kind, at: now)
        if carriesEvents { beginDelivery(kind, .events) }
    }

    mutating func receive(_ event: MessageEvent, bytes: Span<UInt8>) {
        switch event {
        case .began(let kind, let ordinal): begin(kind, ordinal)
        case .body(let kind, let ordinal):
            connections[current].turn(to: ordinal, kind)
            append(bytes, to: kind)
        case .bodyGap(let kind, let ordinal, _):
            connections[current].turn(to: ordinal, kind)
            noteGap(kind)
        case .trailers(let kind, let ordinal):
            connections[current].turn(to: ordinal, kind)
            connections[current][kind]?.last = now
            connections[current][kind]?.trailers = Array(bytes)
            heldBytes += bytes.count
        case .end(let kind, let ordinal, let end): finish(kind, ordinal, end)
        case .abandoned(let kind, let ordinal):
            connections[current].turn(to: ordinal, kind)
            note(.abandoned, of: kind, amount: 0)
            connections[current][kind] = nil
            counts[kind].open &-= 1
            counts[kind].abandoned &+= 1
        case .skipped(let kind, _, .upgraded) where connections[current].webSocket != nil:
            receiveUpgraded(bytes, from: kind)
        case .skipped(let kind, let count, let reason): skip(count, reason, of: kind)
        }
    }

    private mutating func begin(_ kind: MessageKind, _ ordinal: ExchangeOrdinal) {
        endSkipping(of: kind)
        if kind == .request { begun.requests &+= 1 } else { begun.responses &+= 1 }
        counts.begin(kind)
        let limit = options.http.outstandingRequests
        connections[current].turn(to: ordinal, kind)
        let exchange = connections[current].exchange(ordinal, next: &nextExchange, limit: limit)
        connections[current].begin(kind, ordinal, exchange, body: spare.body(), at: now)
    }

    private mutating func append(_ bytes: Span<UInt8>, to kind: MessageKind) {
        counts.seenBodies &+= UInt64(bytes.count)
        let room = options.limits.openBytes - heldBytes
        switch connections[current].take(bytes, for: kind, at: now, room: room) {
        case .none: break
        case .refused: counts.outOfMemory &+= UInt64(bytes.count)
        case .filtered: counts.open &+= UInt64(bytes.count)
        case .kept(let canGo):
            counts.open &+= UInt64(bytes.count)
            heldBytes += bytes.count
            if canGo { deliverPart(kind) }
        }
    }

    /// What stands behind a gap is no continuation of an event, a line or a message of gRPC.
    private mutating func noteGap(_ kind: MessageKind) {
        connections[current][kind]?.last = now
        connections[current][kind]?.hasGap = true
        switch connections[current][kind]?.delivery {
        case .none, .whole, .pieces, .masked: break
        case .events: deliverRest(kind)
        case .jsonLines, .lines:
            deliverRest(kind)
            connections[current][kind]?.isInsideMask = true
        case .grpc:
            deliverRest(kind)
            connections[current][kind]?.delivery = .masked
        }
    }

    private mutating func finish(_ kind: MessageKind, _ ordinal: ExchangeOrdinal, _ end: MessageEnd) {
        guard var message = connections[current].end(kind, ordinal) else { return }
        if !isFinishing { message.last = now }
        if kind == .response, !end.flags.contains(.interim) {
            connections[current].settle(ordinal)
            leaveOutUndecided(settledWith: ordinal)
            if end.flags.contains(.upgraded), let head = message.head {
                upgrade(after: head, of: message)
            }
        }
        if message.selection == .undecided { hold(message, kind, end) } else { conclude(&message, kind, end) }
    }

    /// Writes a message that is over, or counts why not; it is used up.
    mutating func conclude(_ message: inout OpenMessage, _ kind: MessageKind, _ end: MessageEnd) {
        let head = message.head?.wireCount ?? 0
        let body = message.seenBytes
        heldBytes -= (message.head?.bytes.count ?? 0) + message.trailers.count
        let isWhole = message.delivery == .whole
        if isWhole { heldBytes -= message.body.count }
        guard !message.isFiltered else { return counts.leaveOut(kind, head: head, body: body) }
        guard !isWhole || output.isAccepting else { return counts.refuse(kind, head: head, body: body) }
        noteEnd(message, kind, end)
        message.flags.formUnion(end.flags)
        counts.store(kind, head: head, body: body, lost: message.lostBytes, message.flags)
        count(message.flags, of: kind)
        write(&message, kind, wireLength: end.bodyLength)
    }

    /// Counts a message that is stored among all.
    private mutating func count(_ flags: MessageFlags, of kind: MessageKind) {
        switch kind {
        // A promise of the server is no request.
        case .request: if !flags.contains(.pushed) { stored.requests &+= 1 }
        case .response: if !flags.contains(.interim) { stored.responses &+= 1 }
        }
    }
}
