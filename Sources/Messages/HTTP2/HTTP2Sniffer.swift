import Bytes

/// Tells from the first bytes of a connection, or of a segment, whether HTTP/2 in clear text begins there.
package enum HTTP2Sniffer {
    package enum Classification: Sendable {
        /// What only a client sends.
        case client
        /// What only a server sends.
        case server
        /// Frames; who sends them is not to be seen.
        case either
        case neither
        /// More bytes can make it any of them.
        case needsMore
    }

    /// Classifies what a direction starts with; `isJoined`: it may start with any frame, so that frames are believed
    /// which begin and end with the bytes. O(prefix).
    package static func classify(_ prefix: Span<UInt8>, isJoined: Bool) -> Classification {
        guard !prefix.isEmpty else { return .needsMore }
        let preface = FrameReader.preface
        if prefix.starts(with: preface) { return .client }
        if prefix.count < preface.utf8CodeUnitCount, prefix.isStart(of: preface) { return .needsMore }
        if let isSettings = beginsWithSettings(prefix) {
            if isSettings { return .server }
        } else if prefix.count < FrameHeader.count {
            return .needsMore
        }
        guard isJoined else { return .neither }
        switch FrameSearch.verdict(prefix, at: 0, isBoundary: true) {
        case .none: return .neither
        case .needsMore: return .needsMore
        case .frames: return sender(of: prefix)
        }
    }

    /// Whether the first frame is one of SETTINGS that acknowledges nothing; `nil` while that is not clear.
    private static func beginsWithSettings(_ prefix: Span<UInt8>) -> Bool? {
        guard prefix.count >= FrameHeader.count else {
            let type: UInt8? = prefix.count > 3 ? prefix[3] : nil
            let canBe = prefix[0] == 0 && (type ?? FrameType.settings.rawValue) == FrameType.settings.rawValue
            return canBe ? nil : false
        }
        let header = FrameHeader(prefix)
        return header.type == .settings && header.flags.rawValue == 0 && prefix[5] & 0x80 == 0
            && FrameSearch.isLikely(header, reservedBit: false)
    }

    /// Who sends a chain of frames: clients begin heads with a method or path, servers with a status.
    private static func sender(of frames: Span<UInt8>) -> Classification {
        var offset = 0
        while offset &+ FrameHeader.count <= frames.count {
            let header = FrameHeader(frames, at: offset)
            let payload = offset &+ FrameHeader.count
            let first = payload &+ header.preludeCount
            offset = payload &+ header.length
            switch header.type {
            case .pushPromise: return .server
            case .headers where first < min(offset, frames.count):
                switch staticIndex(frames[first]) {
                case 1...7: return .client
                case 8...14: return .server
                default: break
                }
            default: break
            }
        }
        return .either
    }

    /// The entry of the static table that a field is or has its name from (RFC 7541, section 6), or 0.
    private static func staticIndex(_ byte: UInt8) -> UInt8 {
        if byte & 0x80 != 0 { return byte & 0x7F }
        if byte & 0x40 != 0 { return byte & 0x3F }
        return byte & 0x20 != 0 ? 0 : byte & 0x0F
    }
}

extension Span where Element == UInt8 {
    /// Whether `whole` begins with these bytes.
    fileprivate func isStart(of whole: StaticString) -> Bool {
        let expected = UnsafeBufferPointer(start: whole.utf8Start, count: whole.utf8CodeUnitCount)
        for index in indices where self[index] != expected[index] { return false }
        return true
    }
}
