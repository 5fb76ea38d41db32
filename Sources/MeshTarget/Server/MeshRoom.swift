import Glibc
import NIOCore

/// The state of a server on its event loop: asks the clock, and wakes up when the state has something to do.
///
/// Confined to the loop; handlers of connections on the same loop call it directly.
final class MeshRoom {
    private var state: MeshState
    private let loop: any EventLoop
    private let epoch: MeshTime
    private let start: NIODeadline
    private var wakeUp: (deadline: MeshTime, task: Scheduled<Void>)?
    /// Who writes each open event stream.
    private var writers: [MeshStreamID: ExchangeHandler] = [:]
    private var connections = 0
    private var isLeaving = false

    init(state: MeshState, loop: any EventLoop) {
        self.state = state
        self.loop = loop
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        epoch = MeshTime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
        start = .now()
    }

    /// The wall clock as of the start, moved on by the monotonic one: it never jumps.
    var now: MeshTime {
        epoch.advanced(by: (NIODeadline.now() - start).nanoseconds)
    }

    var counts: MeshCounts { state.counts }
    var limits: MeshLimits { state.limits }

    /// Takes no more wake-ups; returns the counts so far.
    func leave() -> MeshCounts {
        isLeaving = true
        wakeUp?.task.cancel()
        wakeUp = nil
        return counts
    }

    func answer(_ request: MeshRequest, for writer: ExchangeHandler) -> MeshAnswer {
        let answer = state.answer(request, at: now)
        if case .stream(let id) = answer { writers[id] = writer }
        settle()
        return answer
    }

    func pull(_ stream: MeshStreamID, into bytes: inout [UInt8]) -> StreamProgress {
        let progress = state.pull(stream, into: &bytes, at: now)
        if progress == .ended { writers[stream] = nil }
        return progress
    }

    func closeStream(_ stream: MeshStreamID) {
        state.closeStream(stream)
        writers[stream] = nil
    }

    /// Lets the state do what is due, serves the streams that have news, and sets the next wake-up.
    private func settle() {
        guard !isLeaving else { return }
        state.advance(to: now)
        for stream in state.takeReadyStreams() { writers[stream]?.pump() }
        guard let deadline = state.deadline else { return }
        if let wakeUp {
            guard deadline < wakeUp.deadline else { return }
            wakeUp.task.cancel()
        }
        let wait = deadline.nanoseconds - now.nanoseconds
        let task = loop.assumeIsolated().scheduleTask(in: .nanoseconds(max(0, wait))) { [weak self] in
            self?.wakeUp = nil
            self?.settle()
        }
        wakeUp = (deadline, task)
    }
}

extension MeshRoom {
    /// Whether there is room for one more connection.
    func open() -> Bool {
        state.counts.connections &+= 1
        guard connections < state.limits.connections else {
            state.counts.refusedConnections &+= 1
            return false
        }
        connections += 1
        return true
    }

    func close() {
        connections -= 1
    }

    func count(status: Int) {
        state.count(status: status)
    }

    func countSlowReader() {
        state.counts.slowReaders &+= 1
    }

    func countBrokenConnection() {
        state.counts.brokenConnections &+= 1
    }
}
