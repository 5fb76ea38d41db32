import Messages

/// What the recorder of messages has counted of one server; the ledger is put together from it.
struct RecordingCounts: Sendable {
    var requests = MessageLedger()
    var responses = MessageLedger()
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

    subscript(kind: MessageKind) -> MessageLedger {
        _read {
            switch kind {
            case .request: yield requests
            case .response: yield responses
            }
        }
        _modify {
            switch kind {
            case .request: yield &requests
            case .response: yield &responses
            }
        }
    }
}
