import Messages
import Packets
import Testing
import Traces

/// Memory of records that are done with serves for those that are decoded next.
@Suite struct SpareBytesTests {
    private func block(_ bodies: [String]) throws -> [UInt8] {
        var block = BlockEncoder()
        for (number, body) in bodies.enumerated() {
            let head = HeadRecord(
                kind: .request,
                exchange: UInt64(number),
                connection: 1,
                start: PacketTime(nanoseconds: 1),
                encoding: .http1,
                bytes: Array("POST /\(number) HTTP/1.1\r\n\r\n".utf8),
                framing: .length(UInt64(body.utf8.count))
            )
            let end = EndRecord(
                kind: .request,
                exchange: UInt64(number),
                connection: 1,
                time: PacketTime(nanoseconds: 2),
                wireLength: UInt64(body.utf8.count),
                flags: []
            )
            try block.append(.whole(head, body: Array(body.utf8), end))
        }
        return block.bytes
    }

    /// Longer and shorter ones in turn, in arrays that held other bytes.
    @Test func recordsAreTheSameWhateverTheirMemoryHeld() throws {
        let bodies = (0..<50).map { String(repeating: "b", count: $0 * 37 % 400) }
        let block = try block(bodies)
        var spares = SpareBytes()
        for length in [0, 1, 10, 1_000] { spares.give([UInt8](repeating: 0xFF, count: length)) }
        var cursor = RecordCursor(block.span)
        var fresh = RecordCursor(block.span)
        while let record = try cursor.next(.everything, &spares) {
            #expect(record == (try fresh.next()))
            guard case .whole(let head, let body, _) = consume record else { continue }
            spares.give(head.bytes)
            spares.give(body)
        }
        #expect(try fresh.next() == nil)
    }

    /// Somebody still has what was given: it stays as it is.
    @Test func anArrayThatIsStillHeldStays() throws {
        let block = try block(["first body", "other body"])
        var spares = SpareBytes()
        let held: [UInt8] = Array("what stays as it is".utf8)
        spares.give(held)
        var cursor = RecordCursor(block.span)
        while try cursor.next(.everything, &spares) != nil {}
        #expect(held == Array("what stays as it is".utf8))
    }
}
