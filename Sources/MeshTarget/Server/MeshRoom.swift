import Glibc
import NIOCore
import NIOHTTP1

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
    private var writers: [MeshStreamID: StreamWriter] = [:]
    private var connections = 0
    private(set) var isLeaving = false

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
        for stream in state.takeReadyStreams() { writers[stream]?.resume() }
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

extension MeshRoom: ExchangeService {
    var date: MeshTime { now }
    var writeStall: TimeAmount { .nanoseconds(state.limits.writeStall) }

    func openConnection() -> Bool {
        state.counts.connections &+= 1
        guard connections < state.limits.connections else {
            state.counts.refusedConnections &+= 1
            return false
        }
        connections += 1
        return true
    }

    func closeConnection() {
        connections -= 1
    }

    func answer(_ head: HTTPRequestHead, body: [UInt8], _ exchange: HTTPExchange<MeshRoom>) {
        let request = MeshRequest(method: head.method.rawValue, target: head.uri, body: body) {
            head.headers.first(name: $0)
        }
        switch state.answer(request, at: now) {
        case .reply(let reply):
            settle()
            exchange.reply(reply)
        case .stream(let id):
            writers[id] = exchange.openStream { StreamWriter(id, room: self, handler: $0) }
            settle()
            writers[id]?.resume()
        }
    }

    func refuse(_ head: HTTPRequestHead, _ exchange: HTTPExchange<MeshRoom>) {
        state.count(status: MeshState.tooLong.status)
        exchange.reply(MeshState.tooLong)
    }

    func countBrokenConnection() {
        state.counts.brokenConnections &+= 1
    }

    func countSlowReader() {
        state.counts.slowReaders &+= 1
    }
}
