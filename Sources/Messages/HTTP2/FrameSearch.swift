import Bytes

/// Tells where frames begin in bytes of which the start is not one: after joining, and behind a gap.
///
/// A frame header is recognised by being one that senders write, and by what stands at its end being one again.
enum FrameSearch {
    enum Verdict: Hashable {
        /// No chain of frames begins here.
        case none
        /// One may begin here; more bytes tell.
        case needsMore
        case frames
    }

    /// How many headers in a row are believed, wherever they stand.
    static let convincingHeaders = 3
    /// How many bytes are looked into for the first frame: two of the usual length, and a header.
    static let windowBytes = 2 * (FrameHeader.usualLength + FrameHeader.count) + FrameHeader.count

    /// Follows the chain of frames that begins at `offset`.
    ///
    /// `isBoundary`: bytes that were sent together begin and end with the run, so that a single frame that fills it is
    /// believed.
    static func verdict(_ bytes: Span<UInt8>, at offset: Int, isBoundary: Bool) -> Verdict {
        var cursor = offset
        var headers = 0
        while headers < convincingHeaders {
            if cursor &+ FrameHeader.count > bytes.count {
                if cursor == bytes.count, headers > 0, isBoundary { return .frames }
                return canBegin(bytes, at: cursor) ? .needsMore : .none
            }
            let header = FrameHeader(bytes, at: cursor)
            guard isLikely(header, reservedBit: bytes[cursor &+ 5] & 0x80 != 0) else { return .none }
            headers &+= 1
            cursor &+= FrameHeader.count &+ header.length
            if cursor > bytes.count, headers < convincingHeaders { return .needsMore }
        }
        return .frames
    }

    /// Whether what is there of a header can be one.
    private static func canBegin(_ bytes: Span<UInt8>, at offset: Int) -> Bool {
        let count = bytes.count &- offset
        if count >= 1, bytes[offset] != 0 { return false }
        if count >= 2, bytes[offset &+ 1] > 0x40 { return false }
        if count >= 4, bytes[offset &+ 3] > FrameType.continuation.rawValue { return false }
        if count >= 6, bytes[offset &+ 5] & 0x80 != 0 { return false }
        return true
    }

    /// Whether senders write such a header: a known type, only flags that it has, a usual length.
    static func isLikely(_ header: FrameHeader, reservedBit: Bool) -> Bool {
        guard !reservedBit, header.length <= FrameHeader.usualLength, header.isPossible else { return false }
        let flags: UInt8
        switch header.type {
        case .data:
            flags = 0x09
            // Nobody sends data of no bytes but to end a stream.
            if header.length == 0, !header.flags.contains(.endStream) { return false }
        case .headers:
            flags = 0x2D
            if header.length == header.preludeCount { return false }
        case .settings, .ping: flags = 0x01
        case .pushPromise: flags = 0x0C
        case .continuation: flags = 0x04
        case .priority, .resetStream, .goAway, .windowUpdate: flags = 0
        default: return false
        }
        return header.flags.rawValue & ~flags == 0
    }
}
