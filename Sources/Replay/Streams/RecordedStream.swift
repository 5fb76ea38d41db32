/// A recorded event stream or WebSocket session: when what came, and how it ended.
///
/// Offsets are nanoseconds since the request began. Shared by all that is replayed of it.
package final class RecordedStream: Sendable {
    package enum Kind: String, Hashable, Sendable {
        case serverSentEvents = "server_sent"
        case webSocket = "web_socket"
    }

    /// An event that the server sent; of WebSocket a text or binary message.
    package struct Event: Hashable, Sendable {
        package var key: EventKey
        /// When its last byte was there.
        package var offset: Int64

        package init(key: EventKey, offset: Int64) {
            self.key = key
            self.offset = offset
        }
    }

    /// A WebSocket message that the client sent, unmasked and joined.
    package struct ClientMessage: Hashable, Sendable {
        package var opcode: UInt8
        package var bytes: [UInt8]
        /// Frames that it came in, 1 at least.
        package var frames: UInt32
        package var offset: Int64
        /// Events of the server before it.
        package var eventsBefore: Int

        package init(opcode: UInt8, bytes: [UInt8], frames: UInt32, offset: Int64, eventsBefore: Int) {
            self.opcode = opcode
            self.bytes = bytes
            self.frames = frames
            self.offset = offset
            self.eventsBefore = eventsBefore
        }
    }

    package let kind: Kind
    package let events: [Event]
    package let messages: [ClientMessage]
    /// When the recorded one was over, or last heard of.
    package let end: Int64
    /// The server ended it; otherwise the client did, or nobody while it was recorded.
    package let endsAtServer: Bool
    /// Events behind a limit, which are not in ``events``.
    package let eventsLeftOut: UInt64
    /// Client messages that cannot be sent again: behind a limit, or not recorded as a whole.
    package let messagesLeftOut: UInt64
    /// The longest time without an event, before the first and behind the last included.
    package let longestSilence: UInt64
    /// Places in ``events`` in the order of their digests, and where those are equal of the places.
    private let order: [UInt32]

    package init(
        kind: Kind,
        events: [Event],
        messages: [ClientMessage] = [],
        end: Int64,
        endsAtServer: Bool,
        eventsLeftOut: UInt64 = 0,
        messagesLeftOut: UInt64 = 0
    ) {
        self.kind = kind
        self.events = events
        self.messages = messages
        self.end = max(end, events.last?.offset ?? 0, messages.last?.offset ?? 0)
        self.endsAtServer = endsAtServer
        self.eventsLeftOut = eventsLeftOut
        self.messagesLeftOut = messagesLeftOut
        var last: Int64 = 0
        var longest: Int64 = 0
        for event in events {
            longest = max(longest, event.offset - last)
            last = max(last, event.offset)
        }
        longestSilence = UInt64(max(0, longest, self.end - last))
        let digests = events.map(\.key.digest)
        order = digests.indices.map { UInt32($0) }.sorted {
            (digests[Int($0)], $0) < (digests[Int($1)], $1)
        }
    }

    /// The places of all events with a key, in their order, each handed to `body` until it answers true. O(log n).
    func first(_ key: EventKey, where body: (Int) -> Bool) -> (place: Int?, exists: Bool) {
        guard key != .unknown else { return (nil, false) }
        var low = 0
        var high = order.count
        while low < high {
            let middle = (low + high) / 2
            if events[Int(order[middle])].key.digest < key.digest { low = middle + 1 } else { high = middle }
        }
        var exists = false
        while low < order.count, events[Int(order[low])].key.digest == key.digest {
            let place = Int(order[low])
            if events[place].key == key {
                exists = true
                if body(place) { return (place, true) }
            }
            low += 1
        }
        return (nil, exists)
    }
}
