package import Replay

/// Who is told of a run while it is under way, on its own thread.
package struct ReplayHooks {
    /// About five times a second, and at the end.
    package var progress: ((ReplayProgress) -> Void)?
    /// Every second and at the end, where the plan keeps intervals; throwing ends the replay.
    package var interval: ((ReplayInterval) throws -> Void)?

    package init() {}
}
