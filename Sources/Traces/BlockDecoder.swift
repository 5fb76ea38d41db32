import Bytes
import Compression
import Packets

/// Inflates members and holds them against every checksum, count and time their headers state.
package struct BlockDecoder: ~Copyable, Sendable {
    private var inflater = BlockInflater()
    /// What the last member held; kept until the next.
    package private(set) var bytes: [UInt8] = []

    package init() {}

    /// Inflates `member`, which must start with the header and may go on behind its end.
    ///
    /// On a fault ``bytes`` is empty: nothing of a damaged block is ever given out.
    package mutating func decode(_ member: Span<UInt8>, _ header: MemberHeader) throws(MemberFault) {
        bytes.removeAll(keepingCapacity: true)
        do {
            try inflate(member, header)
            if header.kind == .data { try checkRecords(against: header) }
        } catch {
            bytes.removeAll(keepingCapacity: true)
            throw error
        }
    }

    private mutating func inflate(_ member: Span<UInt8>, _ header: MemberHeader) throws(MemberFault) {
        guard member.count >= header.memberSize else { throw .cut }
        let end = header.headerSize + Int(header.compressedSize)
        let compressed = member.extracting(header.headerSize..<end)
        guard CRC32(of: compressed).value == header.compressedCRC else { throw .dataChecksum }
        let rawSize = Int(header.rawSize)
        do throws(InflateError) {
            try inflater.append(compressed, count: rawSize, to: &bytes)
        } catch {
            throw .deflate
        }
        guard
            member.littleEndian(UInt32.self, at: end + 4) == header.rawSize,
            member.littleEndian(UInt32.self, at: end) == CRC32(of: bytes.span).value
        else { throw .trailer }
    }

    /// Walks over the prefixes only: lengths, count and times, without decoding a record.
    private func checkRecords(against header: MemberHeader) throws(MemberFault) {
        var cursor = RecordCursor(bytes.span)
        var count: UInt32 = 0
        var times = BlockTimes()
        do throws(RecordFault) {
            while let prefix = try cursor.nextPrefix() {
                count += 1
                switch RecordType(rawValue: prefix.type) {
                case .ledgerSnapshot, .note, .connectionSummary, .endpointLedger, .anonymized: break
                case .whole:
                    guard prefix.fields.count >= 8 else { throw RecordFault(.cut, at: prefix.offset) }
                    let end = bytes.span.littleEndian(Int64.self, at: prefix.fields.offset)
                    times.include(prefix.time)
                    times.include(PacketTime(nanoseconds: end))
                case nil:
                    guard prefix.type & RecordType.mayIgnore != 0 else {
                        throw RecordFault(.unknownType(prefix.type), at: prefix.offset)
                    }
                default: times.include(prefix.time)
                }
            }
        } catch {
            throw .record(error)
        }
        guard count == header.recordCount, times.earliestStart == header.earliestStart,
            times.lastTime == header.lastTime
        else { throw .contents }
    }
}
