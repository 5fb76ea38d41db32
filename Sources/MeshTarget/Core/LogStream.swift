/// A reader of the log of one run: a cursor and nothing more, so a slow reader costs no memory.
struct LogStream: Sendable {
    var run: UInt64
    /// The first line not yet sent.
    var nextLine: Int
    /// When something was last sent, or the stream opened.
    var lastSent: MeshTime
    var owesHeartbeat = false
    /// Whether the run was forgotten under the reader.
    var isCut = false
}

/// How a stream stands after a pull.
package enum StreamProgress: Sendable, Equatable {
    /// There is more to pull at once.
    case more
    /// There will be more when `takeReadyStreams` names the stream.
    case waiting
    /// The last event was given, and the stream is closed.
    case ended
}
