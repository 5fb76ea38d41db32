import Anonymization
import Bytes
import Messages
import Packets
import Traces

extension MessageRecorder {
    /// Follows the current connection into what it goes over to after a response.
    mutating func upgrade(after response: borrowing Head, of message: borrowing OpenMessage) {
        switch UpgradeKind(response) {
        case .webSocket:
            counts.upgrades.webSocket &+= 1
            connections[current].webSocket = UpgradedWebSocket(
                response,
                exchange: message.exchange,
                isFiltered: message.isFiltered,
                scope: message.scope,
                at: now
            )
        case .tunnel: counts.upgrades.tunnel &+= 1
        case .other: counts.upgrades.other &+= 1
        }
    }

    /// Takes bytes of the current connection that are no longer HTTP.
    mutating func receiveUpgraded(_ bytes: Span<UInt8>, from kind: MessageKind) {
        guard let conversation = connections[current].webSocket?.conversation else { return }
        connections[current].webSocket?.note(kind, at: now)
        counts.webSocket.received &+= UInt64(bytes.count)
        let held = conversation.heldBytes
        let room = options.limits.openBytes - heldBytes
        conversation.receive(bytes, from: kind, room: room, into: &self)
        heldBytes += conversation.heldBytes - held
    }

    /// Says that bytes of the current connection that are no longer HTTP were never captured.
    mutating func gapInUpgraded(_ count: UInt64, from kind: MessageKind) {
        guard let conversation = connections[current].webSocket?.conversation else { return }
        let held = conversation.heldBytes
        conversation.gap(count, from: kind, into: &self)
        heldBytes += conversation.heldBytes - held
    }

    /// Says that a direction of the current connection is over.
    mutating func finishUpgraded(_ kind: MessageKind) {
        guard let conversation = connections[current].webSocket?.conversation else { return }
        let held = conversation.heldBytes
        conversation.finish(kind, into: &self)
        heldBytes += conversation.heldBytes - held
    }
}

extension MessageRecorder: WebSocketSink {
    mutating func receive(_ event: WebSocketEvent, bytes: Span<UInt8>) {
        switch event {
        case .began(let kind, let opcode):
            begunEvents &+= 1
            counts.events.begun &+= 1
            counts.events.open &+= 1
            connections[current].webSocket?.begin(kind, opcode, at: now)
        case .frame(_, let frame):
            counts.webSocket.framing &+= UInt64(frame.headerLength)
        case .message(let kind, let message):
            counts.events.open &-= 1
            finish(message, kind, bytes)
        case .abandoned:
            counts.events.open &-= 1
            counts.events.abandoned &+= 1
        case .skipped(let kind, let count, let reason):
            if reason == .beforeJoin {
                counts.webSocket.beforeJoin &+= count
            } else {
                counts.webSocket.unparsable &+= count
            }
            skip(count, reason, of: kind)
        }
    }

    private mutating func finish(_ message: WebSocketMessage, _ kind: MessageKind, _ bytes: Span<UInt8>) {
        guard let webSocket = connections[current].webSocket else { return }
        guard !webSocket.isFiltered else {
            counts.events.filtered &+= 1
            counts.filtered &+= message.wireLength
            return
        }
        guard output.isAccepting else {
            counts.events.diskFull &+= 1
            counts.diskFull &+= message.wireLength
            return
        }
        counts.webSocket.stored &+= message.keptBytes
        counts.webSocket.truncated &+= message.truncatedBytes
        counts.webSocket.unparsable &+= message.undecodedBytes
        counts.outOfMemory &+= message.refusedBytes
        counts.events.stored &+= 1
        counts.events.webSocket &+= 1
        let flags = EventFlags(message)
        counts.events.note(flags)
        let record = EventRecord(
            kind: kind,
            exchange: webSocket.exchange,
            connection: connectionNumber(),
            time: isFinishing ? webSocket.last(kind) : now,
            eventKind: .webSocket,
            opcode: message.opcode.rawValue,
            bytes: Array(bytes),
            start: webSocket.start(kind, message.opcode),
            frames: message.frames,
            flags: flags,
            wireLength: message.wireLength
        )
        let content: StreamedContent =
            message.isUndecoded ? .opaque : StreamedContent(webSocketOpcode: message.opcode.rawValue)
        output.append(.streamed(record, content, webSocket.scope))
    }
}
