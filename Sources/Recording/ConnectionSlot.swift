import Messages
import Streams

/// A connection as the recorder follows it: not recognised yet, HTTP, or something else.
struct ConnectionSlot: Sendable {
    enum Phase: Sendable {
        /// → http, foreign, otherPort
        case unrecognised
        case http
        case foreign
        /// One of the ports asked for is its client's, by chance: the server is another one.
        case otherPort
    }

    var id: ConnectionID
    var phase = Phase.unrecognised
    /// The capture does not hold the connection from its first byte on.
    var isJoined: Bool
    /// Content shows that the side taken for the server sends the requests.
    var isSwapped = false
    /// What may be the start of a message, by side.
    var prefixes: [2 of [UInt8]] = [[], []]
    /// How much of each prefix has been looked at.
    var sniffed: [2 of Int] = [0, 0]
    /// Sides that began with something that is not HTTP.
    var rejected: [2 of Bool] = [false, false]
    /// Sides of which bytes were lost before HTTP was recognised.
    var hasGap: [2 of Bool] = [false, false]
    /// Bytes of a joined connection that were passed over.
    var passedOver: UInt64 = 0
    /// Bytes of it that are not read: they are not HTTP, or the server's port was not asked for.
    var unreadBytes: UInt64 = 0
    /// What became of its bytes before they were handed on; known when it closes.
    var streams = ConnectionCounts()
    var conversation: HTTPConversation?

    init(id: ConnectionID, isJoined: Bool) {
        self.id = id
        self.isJoined = isJoined
    }

    func kind(of side: Side) -> MessageKind { (side == .client) != isSwapped ? .request : .response }

    var prefixBytes: Int { prefixes[0].count + prefixes[1].count }
}
