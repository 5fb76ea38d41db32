import Messages
import Packets
import Testing
import Traces

/// The bytes of one record of each type: a change here is a change of the format.
@Suite struct GoldenRecordTests {
    struct Row: CustomTestStringConvertible {
        var testDescription: String
        var record: TraceRecord
        var hex: String
    }

    static let time = PacketTime(nanoseconds: 0x0102_0304_0506_0708)
    static let head = HeadRecord(
        kind: .request,
        exchange: 3,
        connection: 2,
        start: time,
        encoding: .http1,
        bytes: Array("GET".utf8),
        framing: .length(9),
        signature: RecordedSignature(scheme: "mesh", state: 1),
        of: ObservedReference(
            trace: TraceID(high: 0xA0A1_A2A3_A4A5_A6A7, low: 0xB0B1_B2B3_B4B5_B6B7),
            exchange: 7,
            loop: 8,
            copy: 9
        )
    )
    static let end = EndRecord(
        kind: .request,
        exchange: 3,
        connection: 2,
        time: time.advanced(by: 1),
        wireLength: 9,
        flags: [.chunked, .pipelined],
        trailers: Array("a:b\r\n".utf8)
    )

    static let prefixNumbers = "0200000000000000 0300000000000000 0807060504030201"
    static let none = "ffffffffffffffff"
    static let headFields =
        "01010104 03000000 0900000000000000 0100000000000000 6d657368 474554"
        + "a0a1a2a3a4a5a6a7b0b1b2b3b4b5b6b7 0700000000000000 08000000 09000000"
    static let endFields = "0900000000000000 01100000 05000000 613a620d0a"

    static let rows: [Row] = [
        Row(
            testDescription: "connection-open",
            record: .connectionOpen(
                ConnectionOpenRecord(
                    connection: 2,
                    time: time,
                    source: 1,
                    client: Endpoint(address: IPAddress(ipv4: 0x0A00_0001), port: 4711),
                    server: Endpoint(address: IPAddress(ipv6High: 0xFD00 << 48, low: 1), port: 80),
                    sawHandshake: true
                )
            ),
            hex: "46000000 01000000 0200000000000000 \(none) 0807060504030201 0100 01 04 06 00 6712 5000"
                + "0a000001000000000000000000000000 fd000000000000000000000000000001"
        ),
        Row(
            testDescription: "connection-open, repeated in a later part",
            record: .connectionOpen(
                ConnectionOpenRecord(
                    connection: 2,
                    time: time,
                    source: 1,
                    client: Endpoint(address: IPAddress(ipv4: 0x0A00_0001), port: 4711),
                    server: Endpoint(address: IPAddress(ipv4: 0x0A00_0002), port: 80),
                    sawHandshake: false,
                    isRepeated: true
                )
            ),
            hex: "46000000 01000000 0200000000000000 \(none) 0807060504030201 0100 02 04 04 00 6712 5000"
                + "0a000001000000000000000000000000 0a000002000000000000000000000000"
        ),
        Row(
            testDescription: "response-head, repeated in a later part",
            record: .head(
                HeadRecord(
                    kind: .response,
                    exchange: 3,
                    connection: 2,
                    start: time,
                    encoding: .http1,
                    bytes: Array("HTTP".utf8),
                    framing: .untilClose,
                    isRepeated: true
                )
            ),
            hex:
                "38000000 04010000 \(prefixNumbers) 01030000 04000000 0000000000000000 0200000000000000 48545450"
        ),
        Row(
            testDescription: "connection-close",
            record: .connectionClose(ConnectionCloseRecord(connection: 2, time: time, reason: .reset)),
            hex: "1d000000 02000000 0200000000000000 \(none) 0807060504030201 02"
        ),
        Row(
            testDescription: "request-head",
            record: .head(head),
            hex: "5b000000 03000000 \(prefixNumbers) \(headFields)"
        ),
        Row(
            testDescription: "body of a response",
            record: .body(
                BodyRecord(kind: .response, exchange: 3, connection: 2, time: time, bytes: [0xAA, 0xBB])
            ),
            hex: "22000000 05010000 \(prefixNumbers) 02000000 aabb"
        ),
        Row(
            testDescription: "event",
            record: .event(
                EventRecord(
                    kind: .response,
                    exchange: 3,
                    connection: 2,
                    time: time,
                    eventKind: .webSocket,
                    opcode: 1,
                    bytes: [0xCC],
                    start: time.advanced(by: -1),
                    frames: 2,
                    flags: [.gap, .compressed],
                    wireLength: 3
                )
            ),
            hex:
                "3d000000 06010000 \(prefixNumbers) 02 01 0000 01000000 cc 0707060504030201 02000000 04000100 0300000000000000"
        ),
        Row(
            testDescription: "end",
            record: .end(end),
            hex: "31000000 07000000 0200000000000000 0300000000000000 0907060504030201 \(endFields)"
        ),
        Row(
            testDescription: "whole",
            record: .whole(head, body: [0xDD], end),
            hex: "7d000000 08000000 \(prefixNumbers) 0907060504030201 \(headFields) 01000000 dd \(endFields)"
        ),
        Row(
            testDescription: "ledger-snapshot",
            record: .ledgerSnapshot(
                LedgerRecord(time: time, counts: [LedgerCount(name: "a.b", value: 258)])
            ),
            hex: "2c000000 09000000 \(none) \(none) 0807060504030201 01000000 03 612e62 0201000000000000"
        ),
        Row(
            testDescription: "note",
            record: .note(
                NoteRecord(
                    connection: 2,
                    exchange: 3,
                    time: time,
                    direction: .response,
                    subject: .upgraded,
                    amount: 257,
                    offset: 7,
                    detail: "ws"
                )
            ),
            hex:
                "36000000 81010000 \(prefixNumbers) 04 00 0200 00000000 0101000000000000 0700000000000000 7773"
        ),
        Row(
            testDescription: "connection-summary",
            record: .connectionSummary(
                ConnectionSummaryRecord(
                    connection: nil,
                    opened: time.advanced(by: -1),
                    closed: time,
                    source: 1,
                    client: Endpoint(address: IPAddress(ipv4: 0x0A00_0001), port: 4711),
                    server: Endpoint(address: IPAddress(ipv6High: 0xFD00 << 48, low: 1), port: 80),
                    sawHandshake: true,
                    isEvicted: true,
                    reason: .reset,
                    content: .other,
                    packets: 5,
                    bytes: [LedgerCount(name: "heads", value: 6)],
                    notesLeftOut: 7,
                    notes: [
                        NoteRecord(
                            connection: nil,
                            time: time,
                            direction: .request,
                            subject: .notHTTP,
                            amount: 8,
                            offset: 9
                        )
                    ]
                )
            ),
            hex:
                "b2000000 82000000 \(none) \(none) 0807060504030201 0707060504030201 0100 03 04 06 02 6712 5000"
                + "0a000001 000000000000000000000000 fd000000000000000000000000000001"
                + "02 0000000000 0500000000000000 0700000000000000 01000000 05 6865616473 0600000000000000"
                + "01000000 34000000 81000000 \(none) \(none) 0807060504030201"
                + "0c 00 0000 00000000 0800000000000000 0900000000000000"
        ),
        Row(
            testDescription: "endpoint-ledger",
            record: .endpointLedger(
                EndpointRecord(
                    time: time,
                    subject: .server(Endpoint(address: IPAddress(ipv4: 0x0A00_0002), port: 80)),
                    counts: [LedgerCount(name: "a.b", value: 258)]
                )
            ),
            hex: "44000000 84000000 \(none) \(none) 0807060504030201 00 04 5000 00000000"
                + "0a000002 000000000000000000000000 01000000 03 612e62 0201000000000000"
        ),
        Row(
            testDescription: "anonymized",
            record: .anonymized(
                LedgerRecord(time: time, counts: [LedgerCount(name: "a/b as ip", value: 258)])
            ),
            hex: "32000000 85000000 \(none) \(none) 0807060504030201"
                + "01000000 09 612f62206173206970 0201000000000000"
        ),
    ]

    @Test(arguments: rows) func bytesAreAsDrawn(row: Row) throws {
        var block = BlockEncoder()
        try block.append(row.record)
        let hex = block.bytes.map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined()
        #expect(hex == row.hex.filter { $0 != " " })
        #expect(try TraceRecordTests.decode(block.bytes) == [row.record])
    }

    @Test func headerOfAMemberIsAsDrawn() throws {
        var bytes: [UInt8] = []
        MemberHeader(
            kind: .data,
            sequence: 1,
            tag: 0x0123_4567_89AB_CDEF,
            compressedSize: 2,
            compressedCRC: 0x0A0B_0C0D,
            rawSize: 3,
            recordCount: 4,
            earliestStart: PacketTime(nanoseconds: 5),
            lastTime: PacketTime(nanoseconds: 6),
            indexOffset: 7
        ).append(to: &bytes)
        let drawn =
            "1f8b080600000000 00ff 3c00 5444 3800 02000000 02000000 0d0c0b0a 03000000 04000000 01000000"
            + "0500000000000000 0600000000000000 0700000000000000 efcdab8967452301"
        let hex = bytes.map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined()
        #expect(hex.dropLast(4) == drawn.filter { $0 != " " })
        #expect(bytes.count == MemberHeader.usualSize)
    }
}
