import JSON
import Replay

/// Which sockets carry the channels of streams, each as many as it may: every reader has sockets of its own, and what is
/// read slowly has one for itself.
///
/// Bytes and connections are somebody else's: what is to be done comes out as actions, and time is an argument.
struct RealtimeSockets: Sendable {
    enum Action: Hashable, Sendable {
        case open(socket: Int, reader: Int, isSlow: Bool)
        case send(socket: Int, text: [UInt8])
        case close(socket: Int)
    }

    /// What became of streams.
    enum Event: Sendable {
        case subscribed(Int)
        case refused(Int, reason: String)
        case change(Int, JSONValue)
        /// Its channel or the whole socket is gone.
        case lost(Int, reason: String)
        /// Its socket was cut off on purpose.
        case cutOff(Int)
        case unreadable(reader: Int)
    }

    let rule: RealtimeRule
    private let credentials: RealtimeCredentials
    private let reconnect: LogRule.Reconnect?
    private var sockets: [Int: RealtimeSocket] = [:]
    /// By stream, the socket that carries it.
    private var places: [Int: Int] = [:]
    /// By reader, sockets with room for more.
    private var roomy: [Int: [Int]] = [:]
    private var nextSocket = 0
    /// The most sockets that were there at once.
    private(set) var peak = 0
    var actions: [Action] = []
    private var events: [Event] = []

    init(_ rule: RealtimeRule, credentials: RealtimeCredentials, reconnect: LogRule.Reconnect?) {
        self.rule = rule
        self.credentials = credentials
        self.reconnect = reconnect
    }

    mutating func takeEvents() -> [Event] {
        defer { events.removeAll(keepingCapacity: true) }
        return events
    }

    mutating func takeActions() -> [Action] {
        defer { actions.removeAll(keepingCapacity: true) }
        return actions
    }

    /// Joins a topic for a stream, on a socket that is there or a new one.
    mutating func join(_ stream: Int, topic: String, run: String, reader: Int, isSlow: Bool, at time: Int64) {
        let socket = place(for: topic, reader: reader, isSlow: isSlow, at: time)
        places[stream] = socket
        sockets[socket]?.join(stream, topic: topic, run: run, at: time)
        if !isSlow, sockets[socket]?.hasRoom == false { roomy[reader]?.removeAll { $0 == socket } }
        flush(socket)
    }

    private mutating func place(for topic: String, reader: Int, isSlow: Bool, at time: Int64) -> Int {
        if !isSlow, let place = roomy[reader]?.first(where: { sockets[$0]?.hasRoom(for: topic) == true }) {
            return place
        }
        let number = nextSocket
        nextSocket += 1
        sockets[number] = RealtimeSocket(
            reader: reader,
            isSlow: isSlow,
            rule: rule,
            token: credentials.token(of: reader),
            at: time
        )
        if !isSlow { roomy[reader, default: []].append(number) }
        peak = max(peak, sockets.count)
        actions.append(.open(socket: number, reader: reader, isSlow: isSlow))
        return number
    }

    /// Leaves the channel of a stream, if it has one; nothing of it is told any more.
    mutating func leave(_ stream: Int) {
        guard let socket = places.removeValue(forKey: stream) else { return }
        change(socket) { $0?.leave(stream) }
        flush(socket)
    }

    /// Closes every socket.
    mutating func stop() {
        for socket in sockets.keys.sorted() { close(socket) }
        places.removeAll()
    }

    /// When a socket was asked for that has no answer yet.
    func asked(_ socket: Int) -> Int64? { sockets[socket].flatMap { $0.isOpen ? nil : $0.asked } }

    /// The answer to the upgrade of a socket is there.
    mutating func head(_ socket: Int, status: Int, at time: Int64) {
        guard sockets[socket]?.isOpen == false else { return }
        guard status == 101 else {
            drop(socket, reason: "status \(status)")
            return
        }
        sockets[socket]?.open(at: time)
        if let reconnect, sockets[socket]?.isSlow == false, isCutOff(socket, reconnect) {
            sockets[socket]?.cut = time &+ Int64(clamping: reconnect.every)
        }
        flush(socket)
    }

    private func isCutOff(_ socket: Int, _ reconnect: LogRule.Reconnect) -> Bool {
        var hash = StableHash(seed: 2)
        hash.combine(UInt64(socket))
        return hash.unit < reconnect.share
    }

    /// Takes a text that a socket brought.
    mutating func take(_ text: Span<UInt8>, of socket: Int) {
        guard sockets[socket]?.isOpen == true else { return }
        var told: [RealtimeSocket.Event] = []
        change(socket) { $0?.take(text) { told.append($0) } }
        for event in told { tell(event, of: socket) }
        flush(socket)
    }

    /// A connection is over.
    mutating func end(_ socket: Int, reason: String) {
        guard let gone = remove(socket) else { return }
        lose(gone, reason: reason)
    }

    /// Time has passed: what is due is done.
    mutating func tick(at time: Int64) {
        for number in sockets.keys.sorted() {
            guard let cut = sockets[number]?.cut else { continue }
            if cut <= time {
                actions.append(.close(socket: number))
                for stream in remove(number)?.channels.keys.sorted() ?? [] {
                    places[stream] = nil
                    events.append(.cutOff(stream))
                }
                continue
            }
            var told: [RealtimeSocket.Event] = []
            var failure: String?
            change(number) { failure = $0?.tick(at: time) { told.append($0) } }
            for event in told { tell(event, of: number) }
            if let failure { drop(number, reason: failure) } else { flush(number) }
        }
    }

    // MARK: Sockets

    /// Changes a socket, which may have room afterwards that it had not.
    private mutating func change(_ socket: Int, _ change: (inout RealtimeSocket?) -> Void) {
        // Its parts one by one: a copy of the whole would make the change one of all its channels.
        guard let hadRoom = sockets[socket]?.hasRoom, let reader = sockets[socket]?.reader else { return }
        change(&sockets[socket])
        guard !hadRoom, sockets[socket]?.isSlow == false, sockets[socket]?.hasRoom == true else { return }
        roomy[reader, default: []].append(socket)
    }

    /// Sends what a socket has to say. One that is read slowly goes with its channel.
    private mutating func flush(_ socket: Int) {
        for text in sockets[socket]?.takeOutgoing() ?? [] {
            actions.append(.send(socket: socket, text: text))
        }
        if sockets[socket]?.isSlow == true, sockets[socket]?.channels.isEmpty == true { close(socket) }
    }

    private mutating func close(_ socket: Int) {
        guard remove(socket) != nil else { return }
        actions.append(.close(socket: socket))
    }

    /// Gives a socket up, for a reason.
    private mutating func drop(_ socket: Int, reason: String) {
        guard let gone = remove(socket) else { return }
        actions.append(.close(socket: socket))
        lose(gone, reason: reason)
    }

    private mutating func remove(_ socket: Int) -> RealtimeSocket? {
        guard let gone = sockets.removeValue(forKey: socket) else { return nil }
        roomy[gone.reader]?.removeAll { $0 == socket }
        return gone
    }

    private mutating func lose(_ gone: RealtimeSocket, reason: String) {
        let reason = credentials.redact(reason)
        for stream in gone.channels.keys.sorted() {
            places[stream] = nil
            events.append(.lost(stream, reason: reason))
        }
    }

    private mutating func tell(_ event: RealtimeSocket.Event, of socket: Int) {
        switch event {
        case .subscribed(let stream): events.append(.subscribed(stream))
        case .change(let stream, let data): events.append(.change(stream, data))
        case .refused(let stream, let reason):
            places[stream] = nil
            events.append(.refused(stream, reason: credentials.redact(reason)))
        case .closed(let stream, let reason):
            places[stream] = nil
            events.append(.lost(stream, reason: credentials.redact(reason)))
        case .unreadable:
            guard let reader = sockets[socket]?.reader else { return }
            events.append(.unreadable(reader: reader))
        }
    }
}
