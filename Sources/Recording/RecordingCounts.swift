import Messages

/// What the recorder of messages has counted of one server; the ledger is put together from it.
struct RecordingCounts: Sendable {
    private var messages: [2 of MessageLedger] = [MessageLedger(), MessageLedger()]
    /// Heads and bodies of messages in the trace.
    var storedHeads: UInt64 = 0
    var storedBodies: UInt64 = 0
    /// Heads and bodies of messages left out.
    var filtered: UInt64 = 0
    var outOfMemory: UInt64 = 0
    /// Heads and bodies of messages, and parts of them, for which the disk had no room.
    var diskFull: UInt64 = 0
    /// Heads and bodies of messages under way.
    var open: UInt64 = 0
    /// Body bytes of all messages that the parser handed over.
    var seenBodies: UInt64 = 0
    var events = EventLedger()
    var webSocket = WebSocketBytes()
    var upgrades = UpgradeCounts()

    var requests: MessageLedger {
        @inline(__always)
        _read { yield messages[0] }
        @inline(__always)
        _modify { yield &messages[0] }
    }

    var responses: MessageLedger {
        @inline(__always)
        _read { yield messages[1] }
        @inline(__always)
        _modify { yield &messages[1] }
    }

    subscript(kind: MessageKind) -> MessageLedger {
        @inline(__always)
        _read { yield messages[Int(kind.rawValue)] }
        @inline(__always)
        _modify { yield &messages[Int(kind.rawValue)] }
    }
}
