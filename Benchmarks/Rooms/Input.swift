import Anonymization
import Bytes
import Configuration
import Messages
import Packets
import Recording
import Streams
import Traces

/// What the rooms are given: a capture, and what each stage makes of it for the next one.
struct Input {
    /// The capture file.
    let file: [UInt8]
    var packets: [SavefilePacket] = []
    /// With the packet that each came in.
    var segments: [(segment: TCPSegment, packet: SavefilePacket)] = []
    /// The bytes of each direction as they are handed from streams to messages.
    var data: [(kind: MessageKind, bytes: [UInt8])] = []
    /// Not anonymized.
    var messages: [RawMessage] = []
    var records: [TraceRecord] = []
    /// The records as they stand in blocks.
    var blocks: [[UInt8]] = []

    init(_ file: [UInt8]) throws {
        self.file = file
        var reader = SavefileReader()
        var cursor = 0
        while case .packet(let packet) = reader.next(in: file.span, from: &cursor, isLast: true) {
            packets.append(packet)
        }
        let dissector = PacketDissector()
        for packet in packets {
            let bytes = file.span.extracting(packet.bytes.bounds)
            if case .segment(let segment) = dissector.dissect(
                bytes,
                originalLength: packet.originalLength,
                link: packet.link
            ) {
                segments.append((segment, packet))
            }
        }
        var pipeline = RecordingPipeline(anonymizer: nil, output: Records())
        for packet in packets {
            pipeline.receive(
                file.span.extracting(packet.bytes.bounds),
                originalLength: packet.originalLength,
                link: packet.link,
                at: packet.time
            )
        }
        if let last = packets.last { pipeline.finish(at: last.time) }
        records = pipeline.output.records
        try readRecords()
    }

    private mutating func readRecords() throws {
        var encoder = BlockEncoder()
        for record in records {
            try encoder.append(record)
            if encoder.bytes.count > 256 << 10 {
                blocks.append(encoder.bytes)
                encoder.removeAll()
            }
            guard case .whole(let head, let body, let end) = record else { continue }
            let parsed = try Head(parsing: head.bytes, kind: head.kind)
            messages.append(RawMessage(head: parsed, body: body, trailers: end.trailers))
            data.append((head.kind, head.bytes + body))
        }
        if !encoder.isEmpty { blocks.append(encoder.bytes) }
    }
}

/// Keeps the records of a pipeline.
struct Records: RecordOutput {
    var records: [TraceRecord] = []

    mutating func append(_ record: TraceRecord) { records.append(record) }
}

/// Drops the records of a pipeline, as borrowed.
struct NoRecords: RecordOutput {
    var count = 0

    mutating func append(_ record: TraceRecord) { count &+= 1 }

    mutating func append(
        whole head: borrowing HeadRecord,
        body: borrowing [UInt8],
        _ end: borrowing EndRecord
    ) {
        count &+= 1
    }
}

/// Drops what streams hand over.
struct NoStreams: StreamSink {
    var count = 0

    mutating func opened(_ opening: ConnectionOpening, at time: PacketTime) { count &+= 1 }
    mutating func receive(_ event: StreamEvent, bytes: Span<UInt8>, at time: PacketTime) { count &+= 1 }
}

/// Drops what messages hand over.
struct NoMessages: MessageSink {
    var count = 0

    mutating func head(_ head: inout Head, of ordinal: ExchangeOrdinal) { count &+= 1 }
    mutating func receive(_ event: MessageEvent, bytes: Span<UInt8>) { count &+= 1 }
}
