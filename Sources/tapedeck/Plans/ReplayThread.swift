import Glibc

/// A thread for work that blocks for as long as a stage lasts.
final class ReplayThread: Sendable {
    private let work: @Sendable () -> Void

    private init(_ work: @escaping @Sendable () -> Void) {
        self.work = work
    }

    /// Runs `work` on a thread of its own, or here where the system has no more of them.
    static func start(_ work: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(ReplayThread(work))
        guard pthread_create(&thread, nil, runReplayThread, context.toOpaque()) == 0 else {
            context.release()
            return work()
        }
        pthread_detach(thread)
    }

    fileprivate func run() { work() }
}

private func runReplayThread(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    Unmanaged<ReplayThread>.fromOpaque(context).takeRetainedValue().run()
    return nil
}
