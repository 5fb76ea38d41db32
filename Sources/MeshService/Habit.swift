/// Something that MeshHook does and the stand-in, on its own, does not; each is a bottleneck or a hole, and leaving it off
/// is its remedy.
package enum Habit: String, Sendable, CaseIterable {
    /// A delivery without a signature is taken.
    case unsigned
    /// A 202 has no body and names no run.
    case emptyAnswer = "empty-answer"
    /// Every delivery makes a run, repeated or not.
    case noIdempotency = "no-idempotency"
    /// Headers are stored as sent, with what lets somebody in.
    case rawHeaders = "raw-headers"
    /// Ten connections to the database.
    case smallPool = "small-pool"
    /// A worker carries out one job a second.
    case slowQueue = "slow-queue"
    /// Jobs are carried out in the process of the service, by one worker, and are lost with it.
    case processQueue = "process-queue"
}
