/// Packets by what they turned out to be.
package struct PacketLedger: Hashable, Sendable {
    /// Packets that the recorder was handed.
    package var delivered: UInt64 = 0

    /// With TCP segments that were followed; of those in fragments, every fragment.
    package var followed: UInt64 = 0
    /// Left out by a filter expression, where the recorder applies it itself.
    package var filtered: UInt64 = 0
    /// TCP segments without one of the ports asked for.
    package var otherPort: UInt64 = 0
    /// Of connections that were left out because not all could be recorded.
    package var sampled: UInt64 = 0
    package var notTCP: UInt64 = 0
    /// Fragments of IP packets of which the rest has not come; those of whole packets are where these are.
    package var fragment: UInt64 = 0
    package var badLength: UInt64 = 0
    /// With a wrong checksum of IPv4 or TCP, where checksums are looked at.
    package var badChecksum: UInt64 = 0
    /// Copies on further interfaces of packets that were followed or are fragments.
    package var duplicate: UInt64 = 0
    package var cutHeader: UInt64 = 0
    package var unknownLink: UInt64 = 0
    package var tooManyLayers: UInt64 = 0

    /// Packets on the wire as far as anybody knows of them: delivered, or lost before.
    package var seen: UInt64 = 0
    /// Lost before the recorder saw them: no room in the capture buffer. As the system counts them.
    package var kernelDropped: UInt64 = 0
    /// Lost before the recorder saw them: by the interface or its driver.
    package var interfaceDropped: UInt64 = 0

    /// Comments, names of addresses and decryption secrets that a capture file holds besides its packets.
    package var comments: UInt64 = 0
    package var names: UInt64 = 0
    package var secrets: UInt64 = 0
    /// Those for which there was no room.
    package var notesLeftOut: UInt64 = 0

    package init() {}
}

/// Captured TCP payload bytes by where they went.
package struct ByteLedger: Hashable, Sendable {
    /// Payload bytes of all TCP segments.
    package var received: UInt64 = 0

    /// Heads of messages in the trace, as captured.
    package var heads: UInt64 = 0
    /// Bodies of messages in the trace, as captured, without transfer coding.
    package var bodies: UInt64 = 0
    /// Payloads of WebSocket messages in the trace, as captured.
    package var events: UInt64 = 0
    /// Chunk sizes, trailer sections, empty lines between messages, headers of WebSocket frames.
    package var framing: UInt64 = 0
    /// Heads and bodies of messages that were left out on purpose.
    package var filtered: UInt64 = 0
    /// Parts of bodies and WebSocket messages past the limit for one.
    package var truncated: UInt64 = 0
    /// Parts of bodies for which the memory for open messages had no room.
    package var outOfMemory: UInt64 = 0
    /// Messages, and parts of bodies, for which the disk had no room.
    package var diskFull: UInt64 = 0
    /// After a connection left HTTP for something that is not read here.
    package var upgraded: UInt64 = 0
    package var unparsable: UInt64 = 0
    /// Heads past their limit.
    package var oversize: UInt64 = 0
    /// Before the first message that could be recognised, after joining or after a gap.
    package var beforeJoin: UInt64 = 0
    /// On streams of HTTP/2 that had been reset.
    package var aborted: UInt64 = 0
    /// On connections that are not HTTP.
    package var notHTTP: UInt64 = 0
    /// In segments without one of the ports asked for, and on connections of which only the client has one.
    package var otherPort: UInt64 = 0
    /// On connections that were left out because not all could be recorded.
    package var sampled: UInt64 = 0
    /// Further copies of bytes.
    package var duplicate: UInt64 = 0
    /// Further copies that differ from the first.
    package var conflicting: UInt64 = 0
    /// That came when they had been given up as missing.
    package var late: UInt64 = 0
    package var outsideWindow: UInt64 = 0
    package var afterClose: UInt64 = 0
    package var resetPayload: UInt64 = 0
    /// Still on their way: out of order, in messages that have not ended, or not yet recognised.
    package var pending: UInt64 = 0

    /// Bytes that were sent and never captured; not part of ``received``.
    package var missing: UInt64 = 0

    package init() {}
}

/// Requests or responses by what became of them.
package struct MessageLedger: Hashable, Sendable {
    /// Messages of which the first byte was seen.
    package var begun: UInt64 = 0

    package var stored: UInt64 = 0
    /// Left out on purpose: the traffic of a replay.
    package var filtered: UInt64 = 0
    /// Left out because the disk had no room.
    package var diskFull: UInt64 = 0
    /// Begun without ever giving a head.
    package var abandoned: UInt64 = 0
    /// Not over yet.
    package var open: UInt64 = 0

    /// Stored ones that are interim responses.
    package var interim: UInt64 = 0
    /// Stored ones of which the body was cut off at a limit.
    package var truncated: UInt64 = 0
    /// Stored ones of which the end was not seen.
    package var incomplete: UInt64 = 0
    /// Stored ones with bytes that were never captured.
    package var gap: UInt64 = 0
    /// Requests without a response, responses without a request.
    package var unmatched: UInt64 = 0

    package init() {}
}

/// Connections by what they carried.
package struct ConnectionLedger: Hashable, Sendable {
    package var opened: UInt64 = 0

    /// With at least one message in the trace.
    package var recorded: UInt64 = 0
    /// HTTP, but with no message in the trace.
    package var withoutMessages: UInt64 = 0
    package var notHTTP: UInt64 = 0
    /// With one of the ports asked for at the client's end only.
    package var otherPort: UInt64 = 0
    /// Left out because not all could be recorded; of those of which the beginning was seen.
    package var sampled: UInt64 = 0
    /// Over without a byte that could be recognised.
    package var unrecognised: UInt64 = 0
    /// Not over yet.
    package var open: UInt64 = 0

    /// Those of which no handshake was seen.
    package var joined: UInt64 = 0
    /// Those given up because too many were open.
    package var evicted: UInt64 = 0
    /// Those without a message of which the trace holds no summary, because too many ended at once.
    package var untold: UInt64 = 0
    /// Those that went over to WebSocket.
    package var upgradedWebSocket: UInt64 = 0
    /// Those that became a tunnel by CONNECT.
    package var upgradedTunnel: UInt64 = 0
    /// Those that went over to something that is not read here.
    package var upgradedOther: UInt64 = 0
    /// Directions of them that went on at another sequence number, as after an interruption of the capture.
    package var resynchronised: UInt64 = 0

    package init() {}
}
