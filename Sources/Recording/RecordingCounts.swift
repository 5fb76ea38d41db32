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

extension RecordingCounts {
    /// Counts a message of which the first byte was seen.
    mutating func begin(_ kind: MessageKind) {
        self[kind].begun &+= 1
        self[kind].open &+= 1
    }

    /// Counts a message under way as over, with `bytes` of its head and body; one of the next three says what became
    /// of it.
    private mutating func end(_ kind: MessageKind, bytes: Int) {
        self[kind].open &-= 1
        open &-= UInt64(bytes)
    }

    /// Counts a message that was left out on purpose.
    mutating func leaveOut(_ kind: MessageKind, head: Int, body: Int) {
        end(kind, bytes: head + body)
        self[kind].filtered &+= 1
        filtered &+= UInt64(head + body)
    }

    /// Counts a message for which the disk had no room.
    mutating func refuse(_ kind: MessageKind, head: Int, body: Int) {
        end(kind, bytes: head + body)
        self[kind].diskFull &+= 1
        diskFull &+= UInt64(head + body)
    }

    /// Counts a message that goes into the trace; for `lost` bytes of its body the disk had no room.
    mutating func store(_ kind: MessageKind, head: Int, body: Int, lost: Int, _ flags: MessageFlags) {
        end(kind, bytes: head + body)
        storedHeads &+= UInt64(head)
        storedBodies &+= UInt64(body - lost)
        diskFull &+= UInt64(lost)
        self[kind].stored &+= 1
        guard !flags.isDisjoint(with: [.interim, .truncated, .incomplete, .gap, .noRequest]) else { return }
        if flags.contains(.interim) { self[kind].interim &+= 1 }
        if flags.contains(.truncated) { self[kind].truncated &+= 1 }
        if flags.contains(.incomplete) { self[kind].incomplete &+= 1 }
        if flags.contains(.gap) { self[kind].gap &+= 1 }
        if flags.contains(.noRequest) { self[kind].unmatched &+= 1 }
    }
}
