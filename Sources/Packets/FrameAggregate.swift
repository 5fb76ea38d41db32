package import Bytes

/// Several frames in one of IEEE 802.11 (an A-MSDU, IEEE 802.11-2020, section 9.3.2.2).
///
/// Each has the form of an 802.3 frame: two addresses, a length, a logical link header; but for the last they are
/// filled up to a multiple of four bytes.
package struct FrameAggregate: Hashable, Sendable {
    private var place: Int
    private let end: Int

    init(next: Int, end: Int) {
        place = next
        self.end = end
    }

    /// Where the next frame stands in the packet, to be dissected as Ethernet; `nil` behind the last whole one.
    package mutating func next(of packet: Span<UInt8>) -> ByteRange? {
        guard end <= packet.count, end - place >= 14 else { return nil }
        let length = 14 + Int(packet.bigEndian(UInt16.self, at: place + 12))
        guard length <= end - place else { return nil }
        let frame = ByteRange(offset: place, count: length)
        place += min((length + 3) & ~3, end - place)
        return frame
    }
}
