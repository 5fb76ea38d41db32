package import Bytes

/// Whether a message asks or answers.
@usableFromInline
package enum MessageKind: UInt8, Sendable {
    case request = 0
    case response = 1

    // Other modules would call what the standard library derives from the raw value through tables.
    @inlinable
    package static func == (left: MessageKind, right: MessageKind) -> Bool {
        switch (left, right) {
        case (.request, .request), (.response, .response): true
        case (.request, .response), (.response, .request): false
        }
    }

    @inlinable
    package static func != (left: MessageKind, right: MessageKind) -> Bool { !(left == right) }
}

/// A header field as it stood on the wire: two runs of bytes in the head.
package struct HeaderField: Hashable, Sendable {
    /// The name without the blanks some senders put before the colon.
    package var name: ByteRange
    /// The value without outer white space; an obsolete line folding stays inside as it was.
    package var value: ByteRange

    package init(name: ByteRange, value: ByteRange) {
        self.name = name
        self.value = value
    }
}

/// The first line of a message, as runs of bytes in the head.
package enum StartLine: Hashable, Sendable {
    case request(method: ByteRange, target: ByteRange)
    /// `status` is 000 to 999.
    case response(status: UInt16, reason: ByteRange)
}

/// An HTTP version, as on the wire.
@usableFromInline
package struct HTTPVersion: Hashable, Sendable {
    @usableFromInline package var major: UInt8
    @usableFromInline package var minor: UInt8

    package init(major: UInt8, minor: UInt8) {
        self.major = major
        self.minor = minor
    }

    // Other modules would call what is derived through tables.
    @inlinable
    package static func == (left: HTTPVersion, right: HTTPVersion) -> Bool {
        left.major == right.major && left.minor == right.minor
    }

    package static let http10 = HTTPVersion(major: 1, minor: 0)
    package static let http11 = HTTPVersion(major: 1, minor: 1)
}

/// How the end of a body is found (RFC 9112, section 6.3).
package enum BodyFraming: Hashable, Sendable {
    /// No body can follow: HEAD, 1xx, 204, 304, a request with neither length nor coding, 2xx to CONNECT.
    case none
    case length(UInt64)
    case chunked
    /// The body lasts until the server closes; responses only.
    case untilClose
}

/// The start line and header fields of one message: the bytes as captured, and where everything stands in them.
package struct Head: Sendable {
    /// From the first byte of the start line up to and including the empty line.
    package var bytes: [UInt8]
    package var start: StartLine
    package var version: HTTPVersion
    package var fields: [HeaderField]
    package var framing: BodyFraming
    /// `smuggling`, `latin1` and `chunked` as far as the head tells; on a head that a conversation hands out, also
    /// what is known by then of its place in it (`interim`, `joined`, `pipelined`, `noRequest`, `upgraded`).
    package var flags: MessageFlags
    /// How many bytes the head took on the wire, where it came compressed.
    package var compressedCount: Int?

    /// How many bytes the head took on the wire.
    package var wireCount: Int { compressedCount ?? bytes.count }

    package init(
        bytes: [UInt8],
        start: StartLine,
        version: HTTPVersion,
        fields: [HeaderField],
        framing: BodyFraming,
        flags: MessageFlags
    ) {
        self.bytes = bytes
        self.start = start
        self.version = version
        self.fields = fields
        self.framing = framing
        self.flags = flags
    }

    package var kind: MessageKind {
        switch start {
        case .request: .request
        case .response: .response
        }
    }
}
