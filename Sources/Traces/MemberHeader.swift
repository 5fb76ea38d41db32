package import Packets

/// What a gzip member of a trace file is for; the numbers are those of the file.
package struct MemberKind: RawRepresentable, Hashable, Sendable {
    package var rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    package static let header = MemberKind(rawValue: 1)
    package static let data = MemberKind(rawValue: 2)
    package static let index = MemberKind(rawValue: 3)
    package static let end = MemberKind(rawValue: 4)

    /// Whether a reader that does not know the kind may pass over it.
    package var maySkip: Bool { rawValue & 0x80 != 0 }

    /// The most bytes that a member of this kind may hold before compression.
    var maximumRawSize: Int {
        switch self {
        case .header: TraceLimits.header
        case .index: TraceLimits.index
        case .end: 0
        default: TraceLimits.block
        }
    }
}

/// The header of one gzip member: what can be known of a block without inflating it.
package struct MemberHeader: Hashable, Sendable {
    package var kind: MemberKind
    /// 0 for the JSON header, then one more for each member that was written.
    package var sequence: UInt32
    /// Bytes of the deflate stream.
    package var compressedSize: UInt32
    /// CRC-32 of the deflate stream: gzip's own covers only what comes out of it, and bits that change nothing there
    /// (the padding of the last byte) would be free to flip.
    package var compressedCRC: UInt32
    /// Bytes before compression.
    package var rawSize: UInt32
    package var recordCount: UInt32
    /// The earliest time in the block, where a message counts by its start; ledger snapshots do not count.
    package var earliestStart: PacketTime
    /// The latest time in the block; ledger snapshots do not count.
    package var lastTime: PacketTime
    /// For the last member, where the index starts in the file; 0 for all others.
    package var indexOffset: UInt64
    /// The first eight bytes of the trace's id: a member of another file, inside a body or behind the end, is none
    /// of this one.
    package var tag: UInt64
    /// Bytes of the header as it stands in the file.
    package var headerSize = MemberHeader.usualSize

    package init(
        kind: MemberKind,
        sequence: UInt32,
        tag: UInt64,
        compressedSize: UInt32 = 0,
        compressedCRC: UInt32 = 0,
        rawSize: UInt32 = 0,
        recordCount: UInt32 = 0,
        earliestStart: PacketTime = .distantFuture,
        lastTime: PacketTime = .distantPast,
        indexOffset: UInt64 = 0
    ) {
        self.kind = kind
        self.sequence = sequence
        self.tag = tag
        self.compressedSize = compressedSize
        self.compressedCRC = compressedCRC
        self.rawSize = rawSize
        self.recordCount = recordCount
        self.earliestStart = earliestStart
        self.lastTime = lastTime
        self.indexOffset = indexOffset
    }

    /// Bytes of a header as this version writes it.
    package static let usualSize = 74
    /// Bytes of CRC-32 and length behind the deflate stream.
    package static let trailerSize = 8
    /// Bytes of the last member of a finished file.
    package static let endMemberSize = usualSize + 2 + trailerSize

    /// Bytes of the whole member.
    package var memberSize: Int { headerSize + Int(compressedSize) + Self.trailerSize }
}
