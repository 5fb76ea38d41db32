/// What one captured packet turned out to be.
package enum Dissection: Sendable {
    case segment(TCPSegment)
    /// Part of an IP packet; ``FragmentTable`` puts such packets together.
    case fragment(IPFragment)
    /// Several frames in one, each to be dissected by itself.
    case aggregate(FrameAggregate)
    case ignored(IgnoredPacket)
}

/// Why a packet gave no TCP segment; each case is a bucket of the ledger.
package enum IgnoredPacket: UInt8, CaseIterable, Sendable {
    /// Well-formed, but not TCP over IP.
    case notTCP
    /// A fragment of an IP packet of which the rest has not come.
    case fragment
    /// Lengths in the headers contradict each other or the packet.
    case badLength
    /// The checksum of IPv4 or TCP is wrong, where checksums are looked at.
    case badChecksum
    /// The capture ends before the end of the TCP header.
    case cutHeader
    /// A link layer that is not known here.
    case unknownLink
    /// More headers stand before the payload than ``PacketDissector/maximumLayers``.
    case tooManyLayers
}
