import Bytes
import Messages

/// A WebSocket connection gives the same messages in any cut, and every byte is a frame's header, a message's or skipped.
///
/// The input is that of a conversation; bits 2 and 3 of its flags say whether messages may be compressed, and whether
/// the windows are kept.
enum WebSocketFuzz {
    static func run(_ bytes: Span<UInt8>) {
        let input = ConversationInput(bytes)
        let flags = bytes.isEmpty ? 0 : bytes[0]
        let whole = read(input, flags, cut: .max)
        let single = read(input, flags, cut: 1)
        // Behind a hole the cut decides how much is searched at once, and in a damaged compressed stream how far the
        // inflater comes before it says so.
        guard !input.isSearching, flags & 4 == 0 else { return }
        precondition(whole == single, "the messages depend on the cut")
    }

    private static func read(_ input: ConversationInput, _ flags: UInt8, cut: Int) -> WebSocketLog {
        let keeps = flags & 8 != 0
        let deflate = WebSocketExtensions.PermessageDeflate(
            clientKeepsWindow: keeps,
            serverKeepsWindow: keeps
        )
        let conversation = WebSocketConversation(
            WebSocketExtensions(deflate: flags & 4 != 0 ? deflate : nil),
            limits: WebSocketLimits(messageBytes: 512, discardedBytes: 4_096)
        )
        var log = WebSocketLog()
        for run in input.runs {
            if run.isGap {
                conversation.gap(run.count, from: run.kind, into: &log)
                continue
            }
            var start = 0
            while start < run.bytes.count {
                let end = run.bytes.count - start > cut ? start + cut : run.bytes.count
                let part = run.bytes.span.extracting(start..<end)
                conversation.receive(part, from: run.kind, room: 1 << 20, into: &log)
                start = end
            }
        }
        for kind in [MessageKind.request, .response] { conversation.finish(kind, into: &log) }
        precondition(
            conversation.pendingBytes == 0 && conversation.heldBytes == 0,
            "bytes are held after the end"
        )
        let given = input.runs.reduce(0) { $0 + ($1.isGap ? 0 : $1.count) }
        precondition(log.bytes == given, "a byte is in no bucket, or in two")
        return log
    }
}

private struct WebSocketLog: WebSocketSink, Equatable {
    private struct Entry: Equatable {
        var kind: MessageKind
        var message: WebSocketMessage
        var bytes: [UInt8]
    }

    private var entries: [Entry] = []
    /// Wire bytes by where they went.
    private(set) var bytes: UInt64 = 0

    mutating func receive(_ event: WebSocketEvent, bytes: Span<UInt8>) {
        switch event {
        case .began, .abandoned: break
        case .frame(_, let frame): self.bytes += UInt64(frame.headerLength)
        case .message(let kind, var message):
            self.bytes += message.wireLength
            // How far into a damaged stream the inflater came depends on how much it was given at once.
            if message.isUndecoded {
                message.undecodedBytes = 0
                message.truncatedBytes = 0
            }
            let kept = message.isUndecoded ? [] : Array(bytes)
            entries.append(Entry(kind: kind, message: message, bytes: kept))
        case .skipped(_, let count, _): self.bytes += count
        }
    }
}
