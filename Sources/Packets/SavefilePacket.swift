package import Bytes

/// One packet of a capture file; its bytes stay in the window that was read.
package struct SavefilePacket: Hashable, Sendable {
    /// When the packet was captured. A pcapng "simple packet" has no time and gets that of the packet
    /// before it.
    package var time: PacketTime
    package var link: LinkType
    /// The interface, numbered from 0 through all sections of the file.
    package var interface: Int
    /// Whether the file describes other interfaces too, which may have captured the same packet.
    package var isOneOfSeveral: Bool
    /// Where the captured bytes stand in the window.
    package var bytes: ByteRange
    /// The length on the wire in bytes; hostile files may say less than was captured.
    package var originalLength: Int

    package init(
        time: PacketTime,
        link: LinkType,
        interface: Int,
        isOneOfSeveral: Bool = false,
        bytes: ByteRange,
        originalLength: Int
    ) {
        self.time = time
        self.link = link
        self.interface = interface
        self.isOneOfSeveral = isOneOfSeveral
        self.bytes = bytes
        self.originalLength = originalLength
    }
}

/// What the reader of a capture file answers.
package enum SavefileStep: Hashable, Sendable {
    case packet(SavefilePacket)
    /// At least this many bytes must follow the cursor before there is more to say.
    case needsBytes(Int)
    case end(SavefileVerdict)
}

/// What a capture file contained; the sum of blocks that gave no packet says what was passed over.
package struct SavefileCounts: Hashable, Sendable {
    package var packets: UInt64 = 0
    /// Sections of a pcapng file; 0 for pcap.
    package var sections: UInt64 = 0
    package var interfaces: UInt64 = 0
    package var nameBlocks: UInt64 = 0
    package var statisticsBlocks: UInt64 = 0
    package var secretsBlocks: UInt64 = 0
    package var customBlocks: UInt64 = 0
    package var unknownBlocks: UInt64 = 0
    /// Packets without a time of their own.
    package var timelessPackets: UInt64 = 0

    package init() {}
}
