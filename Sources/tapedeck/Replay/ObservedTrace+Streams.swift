import Messages
import Packets
import Replay
import TraceFiles
import Traces

extension ObservedTrace {
    /// Writes an event stream: its body in events, each with its own time, and what stands behind the last one.
    func appendEvents(_ response: ObservedResponse, _ head: HeadRecord, end: Int64) throws {
        try writer.append(.head(head))
        var start = 0
        for part in response.parts {
            guard case .event(let end) = part.content, end <= response.body.count, start < end else { break }
            if end - start <= TraceLimits.event {
                try writer.append(
                    .event(
                        EventRecord(
                            kind: .response,
                            exchange: head.exchange,
                            connection: head.connection,
                            time: PacketTime(nanoseconds: max(part.end, head.start.nanoseconds)),
                            eventKind: .serverSentEvent,
                            opcode: 0,
                            bytes: Array(response.body[start..<end]),
                            start: PacketTime(nanoseconds: max(part.start, head.start.nanoseconds))
                        )
                    )
                )
            } else {
                try appendBody(response.body[start..<end], of: head, at: part.end)
            }
            start = end
        }
        try appendBody(response.body[start...], of: head, at: end)
        let end = EndRecord(
            of: head,
            length: response.bodyLength,
            response.flags,
            trailers: response.trailers,
            at: end
        )
        try writer.append(.end(end))
    }

    /// Writes the messages of a WebSocket session, which stand directly behind the handshake.
    func appendMessages(_ parts: [StreamPart], of head: HeadRecord) throws {
        for part in parts {
            guard case .message(let kind, let message, let bytes) = part.content else { continue }
            try writer.append(
                .event(
                    EventRecord(
                        kind: kind,
                        exchange: head.exchange,
                        connection: head.connection,
                        time: PacketTime(nanoseconds: max(part.end, head.start.nanoseconds)),
                        eventKind: .webSocket,
                        opcode: message.opcode.rawValue,
                        bytes: bytes,
                        start: PacketTime(nanoseconds: max(part.start, head.start.nanoseconds)),
                        frames: message.frames,
                        flags: EventFlags(message),
                        wireLength: message.wireLength
                    )
                )
            )
        }
    }

    private func appendBody(_ bytes: ArraySlice<UInt8>, of head: HeadRecord, at time: Int64) throws {
        var rest = bytes
        while !rest.isEmpty {
            try writer.append(
                .body(
                    BodyRecord(
                        kind: head.kind,
                        exchange: head.exchange,
                        connection: head.connection,
                        time: PacketTime(nanoseconds: max(time, head.start.nanoseconds)),
                        bytes: Array(rest.prefix(BodyRecord.maximumCount))
                    )
                )
            )
            rest = rest.dropFirst(BodyRecord.maximumCount)
        }
    }
}
