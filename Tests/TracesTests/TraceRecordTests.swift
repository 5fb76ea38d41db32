import Bytes
import Messages
import Packets
import Testing
import Traces

@Suite struct TraceRecordTests {
    static func encode(_ records: [TraceRecord]) throws -> [UInt8] {
        var block = BlockEncoder()
        for record in records { try block.append(record) }
        return block.bytes
    }

    static func decode(
        _ bytes: [UInt8],
        _ selection: RecordSelection = .everything
    ) throws(RecordFault) -> [TraceRecord] {
        var cursor = RecordCursor(bytes.span)
        var records: [TraceRecord] = []
        while let record = try cursor.next(selection) { records.append(record) }
        return records
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func whatWasWrittenIsRead(seed: UInt64) throws {
        var random = RandomRecords(seed: seed)
        let records = random.list(200)
        #expect(try Self.decode(Self.encode(records)) == records)
    }

    /// A message appended as a whole gives the bytes, the count and the times of its record.
    @Test(arguments: 0..<4 as Range<UInt64>) func aWholeMessageIsItsRecord(seed: UInt64) throws {
        var random = RandomRecords(seed: seed)
        var parts = BlockEncoder()
        var records = BlockEncoder()
        for record in random.list(200) {
            guard case .whole(let head, let body, let end) = record else { continue }
            try parts.append(whole: head, body: body, end)
            try records.append(record)
        }
        #expect(records.recordCount > 0)
        #expect(parts.bytes == records.bytes)
        #expect(parts.recordCount == records.recordCount)
        #expect(parts.times == records.times)
    }

    /// Every cut inside a record is a fault where the record starts, and what stands before it is still read.
    @Test(arguments: 0..<4 as Range<UInt64>) func everyCutIsAFault(seed: UInt64) throws {
        var random = RandomRecords(seed: seed)
        let records = random.list(6)
        let bytes = try Self.encode(records)
        let last = try Self.encode(Array(records.dropLast())).count
        for count in last + 1..<bytes.count {
            var cursor = RecordCursor(bytes.span.extracting(0..<count))
            for record in records.dropLast() { #expect(try cursor.next() == record) }
            #expect(throws: RecordFault(.cut, at: last)) { _ = try cursor.next() }
        }
    }

    /// A record whose fields end early is a fault even if its length says that it is whole.
    @Test(arguments: 0..<4 as Range<UInt64>) func everyShortRecordIsAFault(seed: UInt64) throws {
        var random = RandomRecords(seed: seed)
        for record in random.list(20) {
            let bytes = try Self.encode([record])
            // Events ended earlier once.
            let whole = if case .event = record { bytes.count - 24 } else { bytes.count }
            for count in 32..<bytes.count where count != whole {
                var short = Array(bytes[..<count])
                short.replaceSubrange(
                    0..<4,
                    with: [UInt8(truncatingIfNeeded: count - 4), UInt8((count - 4) >> 8), 0, 0]
                )
                #expect(throws: RecordFault(.cut, at: 0)) { _ = try Self.decode(short) }
            }
        }
    }

    /// Without checksums a changed byte may well go unseen here; what it must not do is trap or allocate without bound.
    @Test(arguments: 0..<4 as Range<UInt64>) func changedBytesNeverTrap(seed: UInt64) throws {
        var random = RandomRecords(seed: seed)
        let bytes = try Self.encode(random.list(8))
        var readable = 0
        for index in bytes.indices {
            for mask in [0x01, 0x80, 0xFF] as [UInt8] {
                var changed = bytes
                changed[index] ^= mask
                if (try? Self.decode(changed)) != nil { readable += 1 }
            }
        }
        #expect(readable < bytes.count * 3)
    }

    @Test func bytesOfALaterVersionAtTheEndAreIgnored() throws {
        var random = RandomRecords(seed: 1)
        let records = random.list(40)
        var bytes: [UInt8] = []
        for record in records {
            var longer = try Self.encode([record])
            longer.append(contentsOf: [1, 2, 3])
            let length = UInt32(longer.count - 4)
            longer.replaceSubrange(0..<4, with: (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) })
            bytes += longer
        }
        #expect(try Self.decode(bytes) == records)
    }

    @Test func eventsOfAnEarlierVersionHaveTheirTimeAsStart() throws {
        let event = EventRecord(
            kind: .response,
            exchange: 1,
            connection: 2,
            time: PacketTime(nanoseconds: 3),
            eventKind: .serverSentEvent,
            opcode: 0,
            bytes: [1, 2]
        )
        // The fields that came later.
        var bytes = Array(try Self.encode([.event(event)]).dropLast(24))
        bytes[0] -= 24
        #expect(try Self.decode(bytes) == [.event(event)])
    }

    @Test func unknownTypesStopOrArePassedOverAsBit7Says() throws {
        var random = RandomRecords(seed: 2)
        let records = random.list(2)
        var unknown = try Self.encode([records[0]])
        unknown[4] = 0x8A
        var cursor = RecordCursor((unknown + (try Self.encode([records[1]]))).span)
        #expect(try cursor.next() == records[1])
        #expect(cursor.ignored == 1)
        unknown[4] = 0x0A
        #expect(throws: RecordFault(.unknownType(0x0A), at: 0)) { _ = try Self.decode(unknown) }
    }

    static let head = HeadRecord(
        kind: .response,
        exchange: 1,
        connection: 2,
        start: PacketTime(nanoseconds: 3),
        encoding: .http1,
        bytes: Array("HTTP/1.1 200 OK\r\n\r\n".utf8),
        framing: .none
    )
    static let end = EndRecord(
        kind: .response,
        exchange: 1,
        connection: 2,
        time: PacketTime(nanoseconds: 4),
        wireLength: 5,
        flags: []
    )

    /// A number that a field does not have, by its place in the record.
    @Test(arguments: [
        (5, UInt8(2)),  // direction
        (5, 0),  // a response-head that says it is a request
        (32, 3),  // encoding
        (33, 4),  // framing
    ]) func valuesThatTheFormatDoesNotKnowAreFaults(offset: Int, value: UInt8) throws {
        var bytes = try Self.encode([.head(Self.head)])
        bytes[offset] = value
        #expect(throws: RecordFault(.badValue, at: 0)) { _ = try Self.decode(bytes) }
    }

    @Test(arguments: [TraceLimits.head + 1, Int(UInt32.max)])
    func lengthsBeyondTheLimitsAreRefusedBeforeAnythingIsCopied(count: Int) throws {
        var bytes = try Self.encode([.head(Self.head)])
        bytes.replaceSubrange(36..<40, with: (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) })
        #expect(throws: RecordFault(.tooLong, at: 0)) { _ = try Self.decode(bytes) }
        bytes.replaceSubrange(0..<4, with: [0xFF, 0xFF, 0xFF, 0x7F])
        #expect(throws: RecordFault(.tooLong, at: 0)) { _ = try Self.decode(bytes) }
    }

    @Test func whatIsTooLongIsRefusedAndLeavesNoTrace() throws {
        var block = BlockEncoder()
        try block.append(.head(Self.head))
        let before = block.bytes
        let body = [UInt8](repeating: 0, count: BodyRecord.maximumCount + 1)
        #expect(throws: RecordTooLong(count: body.count, limit: BodyRecord.maximumCount)) {
            try block.append(.whole(Self.head, body: body, Self.end))
        }
        var long = Self.head
        long.bytes = [UInt8](repeating: 0, count: TraceLimits.head + 1)
        #expect(throws: RecordTooLong(count: long.bytes.count, limit: TraceLimits.head)) {
            try block.append(.head(long))
        }
        #expect(block.bytes == before)
        #expect(block.recordCount == 1)
    }

    @Test func selectionsLeaveOutWhatIsNotWanted() throws {
        var request = Self.head
        request.kind = .request
        var requestEnd = Self.end
        requestEnd.kind = .request
        let body = BodyRecord(
            kind: .response,
            exchange: 1,
            connection: 2,
            time: PacketTime(nanoseconds: 3),
            bytes: [1]
        )
        let open = TraceRecord.connectionClose(
            ConnectionCloseRecord(connection: 2, time: PacketTime(nanoseconds: 0), reason: .fin)
        )
        let bytes = try Self.encode([
            open, .whole(request, body: [1], requestEnd), .head(Self.head), .body(body), .end(Self.end),
            .whole(Self.head, body: [1, 2], Self.end),
        ])
        #expect(try Self.decode(bytes, .requestsOnly) == [open, .whole(request, body: [1], requestEnd)])
        #expect(
            try Self.decode(bytes, .withoutResponseBodies) == [
                open, .whole(request, body: [1], requestEnd), .head(Self.head), .end(Self.end),
                .whole(Self.head, body: [], Self.end),
            ]
        )
    }
}
