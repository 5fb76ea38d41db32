import Bytes
import Compression
import Packets

extension MemberHeader {
    /// Magic, deflate, FHCRC and FEXTRA, no time, no compression hint, unknown system (RFC 1952, section 2.3.1).
    package static let fixedBytes: [UInt8] = [0x1F, 0x8B, 8, 6, 0, 0, 0, 0, 0, 0xFF]

    /// Bytes of the subfield `TD` as this version writes it; a later one may write more.
    private static let fieldSize = 56
    private static let fieldID: [UInt8] = [UInt8(ascii: "T"), UInt8(ascii: "D")]

    /// Appends the header with its checksum.
    package func append(to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.append(contentsOf: Self.fixedBytes)
        bytes.appendLittleEndian(UInt16(Self.fieldSize + 4))
        bytes.append(contentsOf: Self.fieldID)
        bytes.appendLittleEndian(UInt16(Self.fieldSize))
        bytes.appendLittleEndian(UInt32(kind.rawValue))
        bytes.appendLittleEndian(compressedSize)
        bytes.appendLittleEndian(compressedCRC)
        bytes.appendLittleEndian(rawSize)
        bytes.appendLittleEndian(recordCount)
        bytes.appendLittleEndian(sequence)
        bytes.appendLittleEndian(earliestStart.nanoseconds)
        bytes.appendLittleEndian(lastTime.nanoseconds)
        bytes.appendLittleEndian(indexOffset)
        bytes.appendLittleEndian(tag)
        let crc = CRC32(of: bytes.span.extracting(start..<bytes.count))
        bytes.appendLittleEndian(UInt16(truncatingIfNeeded: crc.value))
    }

    /// Reads the header at the start of `bytes`; `nil` when more bytes are needed to tell.
    ///
    /// The checksum is verified before any field is believed. At most 65,549 bytes are needed.
    package static func parse(_ bytes: Span<UInt8>) throws(MemberFault) -> MemberHeader? {
        for index in 0..<min(bytes.count, fixedBytes.count) where bytes[index] != fixedBytes[index] {
            throw .notAMember
        }
        guard bytes.count >= 12 else { return nil }
        let extraSize = Int(bytes.littleEndian(UInt16.self, at: 10))
        guard extraSize >= fieldSize + 4 else { throw .extraField }
        let headerSize = 12 + extraSize + 2
        guard bytes.count >= headerSize else { return nil }
        let crc = CRC32(of: bytes.extracting(0..<headerSize - 2))
        guard bytes.littleEndian(UInt16.self, at: headerSize - 2) == UInt16(truncatingIfNeeded: crc.value)
        else { throw .headerChecksum }

        var cursor = ByteCursor(bytes.extracting(12..<headerSize - 2))
        guard
            cursor.array(2) == fieldID, let size = cursor.littleEndian(UInt16.self),
            size >= fieldSize, Int(size) <= cursor.remaining,
            let kind = cursor.littleEndian(UInt8.self), cursor.range(3) != nil,
            let compressedSize = cursor.littleEndian(UInt32.self),
            let compressedCRC = cursor.littleEndian(UInt32.self),
            let rawSize = cursor.littleEndian(UInt32.self),
            let recordCount = cursor.littleEndian(UInt32.self),
            let sequence = cursor.littleEndian(UInt32.self),
            let earliestStart = cursor.littleEndian(Int64.self),
            let lastTime = cursor.littleEndian(Int64.self),
            let indexOffset = cursor.littleEndian(UInt64.self),
            let tag = cursor.littleEndian(UInt64.self)
        else { throw .extraField }
        var header = MemberHeader(
            kind: MemberKind(rawValue: kind),
            sequence: sequence,
            tag: tag,
            compressedSize: compressedSize,
            compressedCRC: compressedCRC,
            rawSize: rawSize,
            recordCount: recordCount,
            earliestStart: PacketTime(nanoseconds: earliestStart),
            lastTime: PacketTime(nanoseconds: lastTime),
            indexOffset: indexOffset
        )
        header.headerSize = headerSize
        try header.checkSizes()
        return header
    }

    /// Refuses sizes beyond the limits, so that a crafted header makes nobody allocate.
    private func checkSizes() throws(MemberFault) {
        let limit = kind.maximumRawSize
        // Deflate never makes bytes longer by more than five for every 16 KiB, plus the end of an empty stream.
        guard Int(rawSize) <= limit, Int(compressedSize) <= limit + limit >> 10 + 64 else { throw .tooLarge }
    }
}
