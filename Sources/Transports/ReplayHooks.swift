package import Replay

/// Who is told of a run while it is under way, on its own thread.
package struct ReplayHooks {
    /// About five times a second.
    package var progress: ((ReplayProgress) -> Void)?
    /// Every second and at the end, where the plan keeps intervals; throwing ends the replay.
    package var interval: ((ReplayInterval, ReplayProgress) throws -> Void)?

    package init() {}
}
