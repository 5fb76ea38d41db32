import Traces

/// Events inside messages, which are server-sent events and WebSocket messages, by what became of them.
package struct EventLedger: Hashable, Sendable {
    /// Events of which the first byte was seen.
    package var begun: UInt64 = 0

    package var stored: UInt64 = 0
    /// Left out on purpose, with the exchange that they belong to.
    package var filtered: UInt64 = 0
    /// For which the disk had no room.
    package var diskFull: UInt64 = 0
    /// Begun without a whole frame header.
    package var abandoned: UInt64 = 0
    /// Not over yet.
    package var open: UInt64 = 0

    /// Stored ones that are server-sent events.
    package var serverSent: UInt64 = 0
    /// Stored ones that are WebSocket messages, control frames included.
    package var webSocket: UInt64 = 0
    /// Stored ones of which the rest was cut off at a limit.
    package var truncated: UInt64 = 0
    /// Stored ones of which the end was not seen.
    package var incomplete: UInt64 = 0
    /// Stored ones with bytes that were never captured.
    package var gap: UInt64 = 0
    /// Stored ones that could not be decompressed.
    package var undecoded: UInt64 = 0

    package init() {}

    mutating func note(_ flags: EventFlags) {
        if flags.contains(.truncated) { truncated &+= 1 }
        if flags.contains(.incomplete) { incomplete &+= 1 }
        if flags.contains(.gap) { gap &+= 1 }
        if flags.contains(.undecoded) { undecoded &+= 1 }
    }

    /// Adds everything but the total.
    mutating func addBuckets(of other: EventLedger) {
        stored &+= other.stored
        filtered &+= other.filtered
        diskFull &+= other.diskFull
        abandoned &+= other.abandoned
        open &+= other.open
        serverSent &+= other.serverSent
        webSocket &+= other.webSocket
        truncated &+= other.truncated
        incomplete &+= other.incomplete
        gap &+= other.gap
        undecoded &+= other.undecoded
    }
}

/// Where the bytes went that came after an upgrade to WebSocket, but for those of messages left out.
struct WebSocketBytes: Sendable {
    var received: UInt64 = 0
    /// Headers of frames.
    var framing: UInt64 = 0
    /// Payloads of messages in the trace.
    var stored: UInt64 = 0
    var truncated: UInt64 = 0
    var unparsable: UInt64 = 0
    /// Behind a gap, before frames were found again.
    var beforeJoin: UInt64 = 0
}

/// Connections that left HTTP, by what they went over to.
struct UpgradeCounts: Sendable {
    var webSocket: UInt64 = 0
    var tunnel: UInt64 = 0
    var other: UInt64 = 0
}

extension Ledger {
    mutating func add(_ webSocket: WebSocketBytes) {
        bytes.events &+= webSocket.stored
        bytes.framing &+= webSocket.framing
        bytes.truncated &+= webSocket.truncated
        bytes.unparsable &+= webSocket.unparsable
        bytes.beforeJoin &+= webSocket.beforeJoin
    }
}
