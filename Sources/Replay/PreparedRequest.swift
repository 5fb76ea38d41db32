package import Bytes
package import Messages

/// A recorded request in the form in which it is sent.
///
/// The lines are kept as runs of one buffer, so that a transport can copy them without looking at them.
package struct PreparedRequest: Equatable, Sendable {
    /// How the body goes out.
    package enum BodyMode: Hashable, Sendable {
        case none
        /// Content-Length stands among the fields.
        case counted
        /// Transfer-Encoding stands among the fields.
        case chunked
    }

    /// Method, target, and the field lines without their line ends.
    package var bytes: [UInt8]
    package var method: ByteRange
    /// With the target's path prefix before it.
    package var target: ByteRange
    /// In the order of the recording, `Host` left out; what the replay adds comes last.
    package var lines: [FieldLine]
    /// The recorded Host where it is to be kept; `nil` sends the target's.
    package var host: ByteRange?
    /// Neither a recorded Host nor the target's is sent.
    package var omitsHost: Bool
    package var version: HTTPVersion
    package var body: [UInt8]
    package var bodyMode: BodyMode
    /// Trailer lines without their line ends; only with a chunked body.
    package var trailers: [FieldLine]
    package var isHead: Bool
    /// The connection is not used again after this request.
    package var closesConnection: Bool
    package var exchange: UInt64
    /// The recorded connection.
    package var connection: UInt64
    /// How it is signed when it is sent; `nil` leaves it as it is.
    package var signing: PendingSignature?

    /// How much memory the request takes, roughly, in bytes.
    package var cost: Int { bytes.count + body.count + lines.count * MemoryLayout<FieldLine>.stride + 160 }

    package func has(_ name: FieldName) -> Bool { lines.contains { $0.known == name } }
}

/// A field as one line, `Name: value`, spelled as recorded.
package struct FieldLine: Hashable, Sendable {
    /// Where the line stands, line end excluded.
    package var line: ByteRange
    /// The bytes up to the colon.
    package var nameCount: Int
    package var hasValue: Bool
    package var known: FieldName?
}

/// The fields that a transport might add on its own, or that the replay rewrites.
package enum FieldName: Hashable, Sendable {
    case host, contentLength, contentType, connection, accept, expect, userAgent, replayMark

    package init?(_ name: Span<UInt8>) {
        // The length tells most names apart before any byte is compared.
        switch name.count {
        case 4 where name.equalsIgnoringCase("host"): self = .host
        case 14 where name.equalsIgnoringCase("content-length"): self = .contentLength
        case 12 where name.equalsIgnoringCase("content-type"): self = .contentType
        case 10 where name.equalsIgnoringCase("connection"): self = .connection
        case 6 where name.equalsIgnoringCase("accept"): self = .accept
        case 6 where name.equalsIgnoringCase("expect"): self = .expect
        case 10 where name.equalsIgnoringCase("user-agent"): self = .userAgent
        case 17 where name.equalsIgnoringCase("x-tapedeck-replay"): self = .replayMark
        default: return nil
        }
    }
}
