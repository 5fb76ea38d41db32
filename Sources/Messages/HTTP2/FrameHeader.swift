import Bytes

/// What a frame is (RFC 9113, section 6); numbers that are not named here are passed over.
struct FrameType: RawRepresentable, Hashable, Sendable {
    var rawValue: UInt8

    static let data = FrameType(rawValue: 0)
    static let headers = FrameType(rawValue: 1)
    static let priority = FrameType(rawValue: 2)
    static let resetStream = FrameType(rawValue: 3)
    static let settings = FrameType(rawValue: 4)
    static let pushPromise = FrameType(rawValue: 5)
    static let ping = FrameType(rawValue: 6)
    static let goAway = FrameType(rawValue: 7)
    static let windowUpdate = FrameType(rawValue: 8)
    static let continuation = FrameType(rawValue: 9)
}

/// The flags of a frame; what a bit means depends on the type.
struct FrameFlags: OptionSet, Hashable, Sendable {
    var rawValue: UInt8

    /// DATA, HEADERS.
    static let endStream = FrameFlags(rawValue: 0x01)
    /// SETTINGS, PING.
    static let acknowledgement = FrameFlags(rawValue: 0x01)
    /// HEADERS, PUSH_PROMISE, CONTINUATION.
    static let endHeaders = FrameFlags(rawValue: 0x04)
    /// DATA, HEADERS, PUSH_PROMISE.
    static let padded = FrameFlags(rawValue: 0x08)
    /// HEADERS.
    static let priority = FrameFlags(rawValue: 0x20)
}

/// The first 9 bytes of a frame (RFC 9113, section 4.1).
///
///      0 1 2     3      4       5 6 7 8
///     length   type   flags   R + stream
struct FrameHeader: Hashable, Sendable {
    static let count = 9

    /// Bytes of the payload that follows.
    var length: Int
    var type: FrameType
    var flags: FrameFlags
    /// 31 bits; 0 is the connection itself.
    var stream: UInt32

    /// Reads a header; `bytes` holds at least 9 from `offset` on.
    init(_ bytes: Span<UInt8>, at offset: Int = 0) {
        length = Int(bytes.bigEndian(UInt32.self, at: offset) >> 8)
        type = FrameType(rawValue: bytes[offset &+ 3])
        flags = FrameFlags(rawValue: bytes[offset &+ 4])
        stream = bytes.bigEndian(UInt32.self, at: offset &+ 5) & 0x7FFF_FFFF
    }

    /// The header as on the wire, without the reserved bit.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendBigEndian(UInt32(length) << 8 | UInt32(type.rawValue))
        bytes.append(flags.rawValue)
        bytes.appendBigEndian(stream)
        return bytes
    }

    /// Whether the frame may stand next in a header block that began with `first`, which nothing may interrupt.
    func continues(_ first: FrameHeader?) -> Bool {
        type == .continuation && stream == first?.stream
    }

    /// Bytes of the payload before data or fields begin: length of the padding, priority, promised stream.
    var preludeCount: Int {
        let padding = flags.contains(.padded) ? 1 : 0
        switch type {
        case .data: return padding
        case .headers: return padding &+ (flags.contains(.priority) ? 5 : 0)
        case .pushPromise: return padding &+ 4
        default: return 0
        }
    }

    /// The longest frame that is sent where no settings say otherwise (RFC 9113, section 6.5.2).
    static let usualLength = 16_384

    /// Whether an endpoint may go on behind such a header; RFC 9113 makes everything else an error of the connection.
    ///
    /// The length is not held against SETTINGS_MAX_FRAME_SIZE: what the other side allowed need not have been seen.
    /// Only a frame of unknown type is believed no more than the usual.
    var isPossible: Bool {
        switch type {
        case .data, .headers, .pushPromise: stream != 0 && length >= preludeCount
        case .continuation: stream != 0
        case .priority: stream != 0 && length == 5
        case .resetStream: stream != 0 && length == 4
        case .settings:
            stream == 0 && (flags.contains(.acknowledgement) ? length == 0 : length % 6 == 0)
        case .ping: stream == 0 && length == 8
        case .goAway: stream == 0 && length >= 8
        case .windowUpdate: length == 4
        default: length <= Self.usualLength
        }
    }
}
