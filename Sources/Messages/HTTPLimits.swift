/// How much of a connection the parser is ready to hold, per direction.
///
/// Whatever goes over a limit is counted and named: `skipped(.oversize)`, the flag `truncated`, or an end that is
/// `incomplete`.
package struct HTTPLimits: Hashable, Sendable {
    /// The longest head in bytes, start line and empty line included; a longer one is `skipped(.oversize)`.
    package var headBytes: Int
    /// The most fields in one head; a head with more is `skipped(.oversize)`.
    package var fieldCount: Int
    /// The longest chunk-size line in bytes, extensions included; a longer one ends the message as incomplete.
    package var chunkLineBytes: Int
    /// The longest trailer section in bytes; a longer one is read to its end, not delivered, and flagged `truncated`.
    package var trailerBytes: Int
    /// The most body bytes delivered of one message; the rest is counted and flagged `truncated`.
    package var bodyBytes: UInt64
    /// The most requests of a connection that wait for their response; past it the oldest is given up.
    package var outstandingRequests: Int

    package init(
        headBytes: Int = 262_144,
        fieldCount: Int = 4_096,
        chunkLineBytes: Int = 16_384,
        trailerBytes: Int = 65_536,
        bodyBytes: UInt64 = 16_777_216,
        outstandingRequests: Int = 1_024
    ) {
        precondition(headBytes > 0 && fieldCount >= 0 && chunkLineBytes > 0, "limits are positive")
        precondition(trailerBytes >= 0 && outstandingRequests > 0, "limits are positive")
        self.headBytes = headBytes
        self.fieldCount = fieldCount
        self.chunkLineBytes = chunkLineBytes
        self.trailerBytes = trailerBytes
        self.bodyBytes = bodyBytes
        self.outstandingRequests = outstandingRequests
    }

    package static let `default` = HTTPLimits()
}
