package import Messages
package import Packets

/// The unit of a trace file; `Documentation/trace-format.md` draws the bytes of each.
///
/// Every record names the connection and, where it belongs to a message, the exchange. Numbers run through the
/// whole recording, rotation included.
package enum TraceRecord: Equatable, Sendable {
    case connectionOpen(ConnectionOpenRecord)
    case connectionClose(ConnectionCloseRecord)
    /// The start of a message whose end comes in a later record.
    case head(HeadRecord)
    /// A piece of a body, 64 KiB at most.
    case body(BodyRecord)
    /// A server-sent event or a WebSocket message.
    case event(EventRecord)
    case end(EndRecord)
    /// A usual small message in one piece: head, body and end.
    case whole(HeadRecord, body: [UInt8], EndRecord)
    case ledgerSnapshot(LedgerRecord)
    case note(NoteRecord)
    case connectionSummary(ConnectionSummaryRecord)
    case endpointLedger(EndpointRecord)
    /// What was anonymized, by rule and kind; each name is a rule, ` as ` and a kind. A later one replaces it.
    case anonymized(LedgerRecord)
}

/// A connection of the recording, numbered from 0.
package struct ConnectionOpenRecord: Equatable, Sendable {
    package var connection: UInt64
    package var time: PacketTime
    /// Index into the `sources` of the header.
    package var source: UInt16
    package var client: Endpoint
    package var server: Endpoint
    /// False when the capture joined in the middle.
    package var sawHandshake: Bool
    /// It was opened in an earlier part of the recording and is introduced again; `time` is when that was done.
    package var isRepeated: Bool

    package init(
        connection: UInt64,
        time: PacketTime,
        source: UInt16,
        client: Endpoint,
        server: Endpoint,
        sawHandshake: Bool,
        isRepeated: Bool = false
    ) {
        self.connection = connection
        self.time = time
        self.source = source
        self.client = client
        self.server = server
        self.sawHandshake = sawHandshake
        self.isRepeated = isRepeated
    }
}

/// The end of a connection.
package struct ConnectionCloseRecord: Equatable, Sendable {
    /// The numbers are those of the file.
    package enum Reason: UInt8, Sendable {
        case fin = 1
        case reset = 2
        case expired = 3
        case endOfCapture = 4
        case reused = 5
    }

    package var connection: UInt64
    package var time: PacketTime
    package var reason: Reason

    package init(connection: UInt64, time: PacketTime, reason: Reason) {
        self.connection = connection
        self.time = time
        self.reason = reason
    }
}

/// Which recorded request an observed message answers or repeats.
package struct ObservedReference: Hashable, Sendable {
    /// The 16 bytes of the recorded trace's id.
    package var trace: TraceID
    package var exchange: UInt64
    /// 0 for the first pass over the trace.
    package var loop: UInt32
    /// 0 for the session itself, 1… for its copies.
    package var copy: UInt32

    package init(trace: TraceID, exchange: UInt64, loop: UInt32, copy: UInt32) {
        self.trace = trace
        self.exchange = exchange
        self.loop = loop
        self.copy = copy
    }
}

/// The 128 bits of a trace's UUID, in network order.
package struct TraceID: Hashable, Sendable {
    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}

/// How the bytes of a stored head are to be read.
package enum HeadEncoding: UInt8, Sendable {
    /// As on the wire of HTTP/1: start line, fields, empty line.
    case http1 = 1
    /// A list of fields, for HTTP/2 and imports.
    case fieldList = 2
}

/// A signature scheme by name and what is known of the signature, as its number in the file.
package struct RecordedSignature: Hashable, Sendable {
    package var scheme: String
    /// The raw value of `SignatureState`.
    package var state: UInt8

    package init(scheme: String, state: UInt8) {
        self.scheme = scheme
        self.state = state
    }
}

/// The first part of a message.
package struct HeadRecord: Equatable, Sendable {
    package var kind: MessageKind
    package var exchange: UInt64
    package var connection: UInt64
    /// When its first byte was seen.
    package var start: PacketTime
    package var encoding: HeadEncoding
    /// Content-Length in here is advisory: `framing` and the lengths in the end record count.
    package var bytes: [UInt8]
    package var framing: BodyFraming
    package var signature: RecordedSignature?
    package var of: ObservedReference?
    /// It stands in an earlier part of the recording and is repeated for what follows of its message in this one.
    package var isRepeated: Bool
    /// What stands in the signature's place can be no signature of its scheme, under whatever secret.
    package var hasMalformedSignature: Bool

    package init(
        kind: MessageKind,
        exchange: UInt64,
        connection: UInt64,
        start: PacketTime,
        encoding: HeadEncoding,
        bytes: [UInt8],
        framing: BodyFraming,
        signature: RecordedSignature? = nil,
        of: ObservedReference? = nil,
        isRepeated: Bool = false,
        hasMalformedSignature: Bool = false
    ) {
        self.hasMalformedSignature = hasMalformedSignature
        self.kind = kind
        self.exchange = exchange
        self.connection = connection
        self.start = start
        self.encoding = encoding
        self.bytes = bytes
        self.framing = framing
        self.signature = signature
        self.of = of
        self.isRepeated = isRepeated
    }
}

/// A piece of a body.
package struct BodyRecord: Equatable, Sendable {
    package static let maximumCount = 65_536

    package var kind: MessageKind
    package var exchange: UInt64
    package var connection: UInt64
    package var time: PacketTime
    package var bytes: [UInt8]

    package init(
        kind: MessageKind,
        exchange: UInt64,
        connection: UInt64,
        time: PacketTime,
        bytes: [UInt8]
    ) {
        self.kind = kind
        self.exchange = exchange
        self.connection = connection
        self.time = time
        self.bytes = bytes
    }
}

/// One message of a stream inside a message.
package struct EventRecord: Equatable, Sendable {
    /// The numbers are those of the file.
    package enum Kind: UInt8, Sendable {
        case serverSentEvent = 1
        case webSocket = 2
    }

    package var kind: MessageKind
    package var exchange: UInt64
    package var connection: UInt64
    package var time: PacketTime
    package var eventKind: Kind
    /// WebSocket opcode (RFC 6455, section 5.2); 0 for server-sent events.
    package var opcode: UInt8
    package var bytes: [UInt8]
    /// When its first byte was seen; `time` is that of its last.
    package var start: PacketTime
    /// Frames that it came in; 0 where that is not known, and for server-sent events.
    package var frames: UInt32
    package var flags: EventFlags
    /// Bytes of it on the wire, compressed where it was, gaps and frame headers left out.
    package var wireLength: UInt64

    package init(
        kind: MessageKind,
        exchange: UInt64,
        connection: UInt64,
        time: PacketTime,
        eventKind: Kind,
        opcode: UInt8,
        bytes: [UInt8],
        start: PacketTime? = nil,
        frames: UInt32 = 0,
        flags: EventFlags = [],
        wireLength: UInt64? = nil
    ) {
        self.kind = kind
        self.exchange = exchange
        self.connection = connection
        self.time = time
        self.eventKind = eventKind
        self.opcode = opcode
        self.bytes = bytes
        self.start = start ?? time
        self.frames = frames
        self.flags = flags
        self.wireLength = wireLength ?? UInt64(bytes.count)
    }
}

/// The last part of a message.
package struct EndRecord: Equatable, Sendable {
    package var kind: MessageKind
    package var exchange: UInt64
    package var connection: UInt64
    /// When its last byte was seen.
    package var time: PacketTime
    /// De-chunked length on the wire, even if less is stored.
    package var wireLength: UInt64
    package var flags: MessageFlags
    /// The trailer section, fields only; empty where there is none.
    package var trailers: [UInt8]

    package init(
        kind: MessageKind,
        exchange: UInt64,
        connection: UInt64,
        time: PacketTime,
        wireLength: UInt64,
        flags: MessageFlags,
        trailers: [UInt8] = []
    ) {
        self.kind = kind
        self.exchange = exchange
        self.connection = connection
        self.time = time
        self.wireLength = wireLength
        self.flags = flags
        self.trailers = trailers
    }
}

/// The counts of the ledger so far: names such as `packets.delivered`, in a fixed order.
package struct LedgerRecord: Equatable, Sendable {
    package var time: PacketTime
    package var counts: [LedgerCount]

    package init(time: PacketTime, counts: [LedgerCount]) {
        self.time = time
        self.counts = counts
    }
}

/// One bucket of the ledger.
package struct LedgerCount: Hashable, Sendable {
    /// ASCII, at most 255 bytes.
    package var name: String
    package var value: UInt64

    package init(name: String, value: UInt64) {
        self.name = name
        self.value = value
    }
}
