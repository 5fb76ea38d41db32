import JSON

/// The client's side of one Realtime socket: which channels it has joined, and what the server's messages say of them.
///
///     socket    opening → open → (gone)
///     channel   waiting → joining → answered → subscribed → (gone)
///
/// A channel is subscribed once the server says so (`system`), or when its first change comes; what is committed between
/// the answer to the join and that message, nobody promises to tell.
struct RealtimeSocket: Sendable {
    struct Channel: Sendable {
        var topic: String
        var run: String
        /// Of the join that is under way or was granted; `nil` before it is sent.
        var ref: UInt64?
        var hasAnswer = false
    }

    /// What a message comes to, by the number of the stream that a channel carries.
    enum Event: Sendable {
        case subscribed(Int)
        /// The channel is none.
        case refused(Int, reason: String)
        /// The channel was there, and is no more.
        case closed(Int, reason: String)
        case change(Int, JSONValue)
        /// A message that none can read, or a change that has no row.
        case unreadable
    }

    /// Nanoseconds for which the answer to the upgrade, to a join and the word of a subscription are waited for: as long as
    /// the clients of Phoenix wait.
    static let patience: Int64 = 10_000_000_000

    let reader: Int
    /// Whether it is one of those that are read slowly; it has one channel.
    let isSlow: Bool
    private let rule: RealtimeRule
    private let token: String?
    let asked: Int64
    private(set) var isOpen = false
    /// When the connection is cut off on purpose.
    var cut = Int64.max
    private(set) var channels: [Int: Channel] = [:]
    /// By topic.
    private var streams: [String: Int] = [:]
    /// When the subscription of those that have none is given up.
    private var limits: [Int: Int64] = [:]
    private var nextRef: UInt64 = 1
    /// When the answer to the upgrade, or the next heartbeat, is due.
    private var due: Int64
    /// Of the heartbeat that has no answer yet.
    private var heartbeat: UInt64?
    private(set) var outgoing: [[UInt8]] = []

    init(reader: Int, isSlow: Bool, rule: RealtimeRule, token: String?, at time: Int64) {
        self.reader = reader
        self.isSlow = isSlow
        self.rule = rule
        self.token = token
        asked = time
        due = time &+ Self.patience
    }

    /// Whether a channel more may be joined.
    func hasRoom(for topic: String) -> Bool { hasRoom && streams[topic] == nil }
    var hasRoom: Bool { channels.count < (isSlow ? 1 : rule.channels) }

    mutating func takeOutgoing() -> [[UInt8]] {
        defer { outgoing.removeAll(keepingCapacity: true) }
        return outgoing
    }

    // MARK: What the reader wants

    /// Joins a topic for a stream, as soon as the socket is there.
    mutating func join(_ stream: Int, topic: String, run: String, at time: Int64) {
        channels[stream] = Channel(topic: topic, run: run)
        streams[topic] = stream
        if isOpen { sendJoin(stream, at: time) }
    }

    private mutating func sendJoin(_ stream: Int, at time: Int64) {
        guard let channel = channels[stream] else { return }
        let ref = takeRef()
        channels[stream]?.ref = ref
        limits[stream] = time &+ Self.patience
        outgoing.append(PhoenixMessage.join(channel.topic, run: channel.run, rule, token: token, ref: ref))
    }

    /// Leaves the channel of a stream; nothing of it is told any more.
    mutating func leave(_ stream: Int) {
        guard let channel = forget(stream), isOpen, let joinRef = channel.ref else { return }
        outgoing.append(
            PhoenixMessage.text(topic: channel.topic, event: "phx_leave", ref: takeRef(), joinRef: joinRef)
        )
    }

    private mutating func forget(_ stream: Int) -> Channel? {
        guard let channel = channels.removeValue(forKey: stream) else { return nil }
        streams[channel.topic] = nil
        limits[stream] = nil
        return channel
    }

    private mutating func takeRef() -> UInt64 {
        defer { nextRef += 1 }
        return nextRef
    }

    // MARK: What happens

    /// The connection has gone over to WebSocket.
    mutating func open(at time: Int64) {
        isOpen = true
        due = time &+ Int64(clamping: rule.heartbeat)
        for stream in channels.keys.sorted() { sendJoin(stream, at: time) }
    }

    /// Time has passed; answers why the connection is given up, where it is.
    mutating func tick(at time: Int64, _ tell: (Event) -> Void) -> String? {
        for (stream, limit) in limits where limit <= time {
            let hasAnswer = channels[stream]?.hasAnswer ?? false
            leave(stream)
            tell(
                .refused(stream, reason: hasAnswer ? "joined, and never subscribed" : "no answer to the join")
            )
        }
        guard due <= time else { return nil }
        guard isOpen else { return "no answer to the upgrade" }
        guard heartbeat == nil else { return "no answer to a heartbeat" }
        let ref = takeRef()
        heartbeat = ref
        due = time &+ Int64(clamping: rule.heartbeat)
        outgoing.append(PhoenixMessage.text(topic: "phoenix", event: "heartbeat", ref: ref))
        return nil
    }

    /// Takes a text that the server sent.
    mutating func take(_ text: Span<UInt8>, _ tell: (Event) -> Void) {
        guard let message = PhoenixMessage(text) else { return tell(.unreadable) }
        if message.topic == "phoenix" {
            if message.event == "phx_reply", let ref = heartbeat, message.ref == "\(ref)" { heartbeat = nil }
            return
        }
        // Of a channel that was left before the server knew.
        guard let stream = streams[message.topic], let channel = channels[stream], let ref = channel.ref
        else {
            return
        }
        switch message.event {
        case "phx_reply" where message.ref == "\(ref)":
            if message.payload["status"]?.name == "ok" {
                channels[stream]?.hasAnswer = true
            } else {
                _ = forget(stream)
                tell(.refused(stream, reason: message.reason))
            }
        case "system": takeSystem(message, of: stream, tell)
        case "postgres_changes": takeChange(message.payload, of: stream, tell)
        // An older join of the same topic says so with its own number.
        case "phx_close" where isMeant(message, ref), "phx_error" where isMeant(message, ref):
            end(stream, message.event == "phx_close" ? "the channel was closed" : "the channel failed", tell)
        default: break
        }
    }

    private func isMeant(_ message: PhoenixMessage, _ ref: UInt64) -> Bool {
        message.ref == nil || message.ref == "\(ref)"
    }

    private mutating func takeSystem(_ message: PhoenixMessage, of stream: Int, _ tell: (Event) -> Void) {
        if message.payload["status"]?.name == "error" {
            let isSubscribed = limits[stream] == nil
            leave(stream)
            let reason = message.reason
            tell(isSubscribed ? .closed(stream, reason: reason) : .refused(stream, reason: reason))
        } else if message.payload["extension"]?.name == "postgres_changes" {
            noteSubscription(stream, tell)
        }
    }

    private mutating func noteSubscription(_ stream: Int, _ tell: (Event) -> Void) {
        guard limits.removeValue(forKey: stream) != nil else { return }
        tell(.subscribed(stream))
    }

    private mutating func takeChange(_ payload: JSONValue, of stream: Int, _ tell: (Event) -> Void) {
        guard let data = payload["data"], case .object = data else { return tell(.unreadable) }
        noteSubscription(stream, tell)
        // Servers that tell of more than was asked for are met.
        guard data["table"]?.name ?? rule.table == rule.table,
            rule.event == "*" || data["type"]?.name ?? rule.event == rule.event
        else { return }
        tell(.change(stream, data))
    }

    private mutating func end(_ stream: Int, _ reason: String, _ tell: (Event) -> Void) {
        let isSubscribed = limits[stream] == nil
        _ = forget(stream)
        tell(isSubscribed ? .closed(stream, reason: reason) : .refused(stream, reason: reason))
    }
}
