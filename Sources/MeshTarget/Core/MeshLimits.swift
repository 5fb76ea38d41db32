/// The bounds of everything the stand-in keeps; hitting one has a counted outcome in `MeshCounts`.
package struct MeshLimits: Sendable {
    /// Longest body a hook takes, in bytes; longer ones get 413.
    package static let body = 512 * 1024
    /// How much of a body that is too long is read and thrown away before the connection is closed instead.
    package static let discardedBody = 8 * 1024 * 1024
    /// Longest part of an event stream written at a time, in bytes.
    package static let streamChunk = 16 * 1024
    /// How long an event stream stays silent before a heartbeat comment, in nanoseconds.
    package static let heartbeat: Int64 = 15_000_000_000
    /// Most runs or log lines in one page of a list.
    package static let page = 1000
    /// Most runs or log lines in a page whose length was not asked for.
    package static let defaultPage = 100
    /// Longest correlation id that is kept, in bytes.
    package static let correlation = 128

    /// Most runs that are queued or running at once; a delivery beyond gets 503.
    package var unfinishedRuns = 100_000
    /// Most finished runs that are remembered; the one that finished first is forgotten first.
    package var finishedRuns = 100_000
    /// Most event streams open at once; one more gets 503.
    package var streams = 16_384
    /// Most connections open at once; one more is closed at once.
    package var connections = 18_000
    /// How long a connection may stay unable to take more bytes before it is closed, in nanoseconds.
    package var writeStall: Int64 = 30_000_000_000

    package init() {}
}
