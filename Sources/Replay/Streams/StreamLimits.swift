/// How long a replayed stream waits for what; nanoseconds.
package enum StreamLimits {
    /// How much longer than recorded the replay stays where the recorded client left and events have not come yet.
    static let lateness: UInt64 = 1_000_000_000
    /// How long a client's message waits for the answer to the one before.
    static let replyPatience: UInt64 = 5_000_000_000
    /// How long the other side's close frame is awaited.
    static let closePatience: UInt64 = 2_000_000_000
    /// Bytes of frames that wait for the kernel; a session that holds more sends nothing new for the time.
    static let outgoingBytes = 1 << 20
    /// Parts of one stream that are kept for a trace of what was observed.
    static let keptParts = 100_000
    /// Bytes of WebSocket messages of one session that are kept for it.
    static let keptBytes = 16 << 20
}
