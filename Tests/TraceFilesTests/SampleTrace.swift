import Messages
import Packets
import TraceFiles
import Traces

/// A small recording with every type of record, in three blocks.
enum SampleTrace {
    static let header = TraceHeader(
        traceID: TraceID(high: 0x0123_4567_89AB_4DEF, low: 0x8123_4567_89AB_CDEF),
        sources: [.init(id: 0, host: "web1", interface: "lo", clock: "realtime")],
        toolVersion: "0.1.0",
        anonymizers: [.init(name: "credentials", fingerprint: "5f3c")],
        isAnonymized: true,
        keyID: TraceHeader.ephemeralKey
    )

    static let start: Int64 = 1_700_000_000_000_000_000

    static func time(_ milliseconds: Int64) -> PacketTime {
        PacketTime(nanoseconds: start + milliseconds * 1_000_000)
    }

    static func head(_ kind: MessageKind, _ exchange: UInt64, at milliseconds: Int64) -> HeadRecord {
        HeadRecord(
            kind: kind,
            exchange: exchange,
            connection: 0,
            start: time(milliseconds),
            encoding: .http1,
            bytes: Array(
                (kind == .request ? "POST /hook HTTP/1.1\r\nHost: a\r\n\r\n" : "HTTP/1.1 200 OK\r\n\r\n").utf8
            ),
            framing: kind == .request ? .length(5) : .chunked,
            signature: kind == .request ? RecordedSignature(scheme: "github", state: 1) : nil,
            of: kind == .request
                ? nil : ObservedReference(trace: header.traceID, exchange: exchange, loop: 1, copy: 2)
        )
    }

    static func end(_ kind: MessageKind, _ exchange: UInt64, at milliseconds: Int64) -> EndRecord {
        EndRecord(
            kind: kind,
            exchange: exchange,
            connection: 0,
            time: time(milliseconds),
            wireLength: 5,
            flags: kind == .request ? [] : .chunked,
            trailers: kind == .request ? [] : Array("x: y\r\n".utf8)
        )
    }

    static func whole(_ kind: MessageKind, _ exchange: UInt64, at milliseconds: Int64) -> TraceRecord {
        .whole(
            head(kind, exchange, at: milliseconds),
            body: Array("hello".utf8),
            end(kind, exchange, at: milliseconds + 1)
        )
    }

    static func body(_ exchange: UInt64, at milliseconds: Int64) -> TraceRecord {
        .body(
            BodyRecord(
                kind: .response,
                exchange: exchange,
                connection: 0,
                time: time(milliseconds),
                bytes: Array("piece".utf8)
            )
        )
    }

    static func ledger(_ count: UInt64, at milliseconds: Int64) -> LedgerRecord {
        LedgerRecord(
            time: time(milliseconds),
            counts: [LedgerCount(name: "packets.delivered", value: count)]
        )
    }

    /// Block by block; exchange 2 begins in the first, goes on in the second and ends in the third.
    static let blocks: [[TraceRecord]] = [
        [
            .connectionOpen(
                ConnectionOpenRecord(
                    connection: 0,
                    time: time(0),
                    source: 0,
                    client: Endpoint(address: IPAddress(ipv4: 0x0A00_0001), port: 4711),
                    server: Endpoint(address: IPAddress(ipv6High: 0xFD00 << 48, low: 1), port: 80),
                    sawHandshake: true
                )
            ),
            whole(.request, 1, at: 1),
            whole(.request, 2, at: 5),
            .head(head(.response, 2, at: 6)),
        ],
        [
            whole(.response, 1, at: 2),
            body(2, at: 7),
            .event(
                EventRecord(
                    kind: .response,
                    exchange: 2,
                    connection: 0,
                    time: time(8),
                    eventKind: .serverSentEvent,
                    opcode: 0,
                    bytes: Array("data: 1\n\n".utf8)
                )
            ),
            whole(.request, 3, at: 9),
        ],
        [
            body(2, at: 10),
            .end(end(.response, 2, at: 12)),
            whole(.response, 3, at: 10),
            .connectionClose(ConnectionCloseRecord(connection: 0, time: time(13), reason: .fin)),
        ],
    ]

    /// With the ledger snapshot at the end of each block.
    static let records: [TraceRecord] = blocks.enumerated().flatMap { number, records in
        records + [.ledgerSnapshot(ledger(UInt64(number + 1), at: Int64(number * 5)))]
    }

    static let finalLedger = [LedgerCount(name: "packets.delivered", value: 3)]
    static let anonymized = [LedgerCount(name: "email", value: 4)]

    /// Writes the sample; an unfinished one stays under its partial name.
    static func write(to path: String, finished: Bool = true, header: TraceHeader = header) throws {
        let writer = try TraceWriter(path: path, header: header)
        for (number, records) in blocks.enumerated() {
            for record in records { try writer.append(record) }
            try writer.closeBlock(ledger: ledger(UInt64(number + 1), at: Int64(number * 5)))
        }
        if finished {
            try writer.finish(ledger: finalLedger, anonymized: anonymized)
        } else {
            writer.abandon()
        }
    }

    static func bytes(finished: Bool = true) throws -> [UInt8] {
        let folder = try TemporaryFolder()
        try write(to: folder.path("sample"), finished: finished)
        return try folder.read(finished ? "sample" : "sample.partial")
    }
}

extension TraceReader {
    func allRecords(_ selection: RecordSelection = .everything) throws -> [TraceRecord] {
        var records: [TraceRecord] = []
        while let record = try nextRecord(selection) { records.append(record) }
        return records
    }
}
