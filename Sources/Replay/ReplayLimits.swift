/// The bounds of what a replay holds at once.
package struct ReplayLimits: Hashable, Sendable {
    /// Requests loaded ahead of their time, those waiting for their lane included.
    package var window = 16_384
    /// Bytes of the same; one request may exceed it alone.
    package var windowBytes = 16 << 20
    /// Requests sent and not yet answered. What is due beyond that waits, and the report counts how many did.
    package var outstanding = 19_000
    /// The same for a replay as fast as possible, where the schedule does not limit it.
    package var outstandingAtMaximum = 64
    /// Recorded connections whose lane is remembered; beyond that the longest idle ones are forgotten, counted.
    package var lanes = 65_536
    /// Messages read ahead to learn whether a request of unknown signature was turned away.
    package var lookahead = 4_096
    /// Bytes of the same.
    package var lookaheadBytes = 8 << 20
    /// Bytes of a response body that are kept for the observer; the rest is counted.
    package var responseBody = 16 << 20
    /// Bytes of a response head, interim ones and trailers included; beyond that the request fails as `protocol`.
    package var responseHead = 256 << 10

    /// Requests that wait since they were moved to a later time, as those of copies are; more keep their old time.
    package var held = 262_144
    /// Bytes of the same; a request and its copies count each.
    package var heldBytes = 256 << 20
    /// Failed requests that wait to be tried again; more are not tried again, counted.
    package var retries = 65_536
    /// Bytes of the same.
    package var retryBytes = 64 << 20

    /// Bytes of requests that are drawn before a run as fast as possible begins, where that is all there is.
    package var preparedBytes = 256 << 20
    /// What a request takes besides its bytes, at most, and is marked with.
    static let preparedCost: UInt64 = 256

    package init() {}
}
