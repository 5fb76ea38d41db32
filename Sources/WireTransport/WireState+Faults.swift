import CEvents
import Glibc
import Replay
import Transports

/// What the connections of a replay keep of faults in common.
struct WireFaults {
    /// How often a slow reader reads, in nanoseconds.
    static let readingInterval: UInt64 = 100_000_000

    let faults: ClientFaults
    /// What the client of the request that is started next does.
    var next: ClientFault?
    var timers = DeadlineHeap()

    init(_ faults: ClientFaults) {
        self.faults = faults
    }

    /// Bytes that a slow reader takes at once.
    var slowCount: Int { max(1, faults.slowBytesPerSecond / 10) }
}

/// Clients that behave badly on purpose.
extension WireState {
    /// Makes ready for a request with a fault; its connection serves no other afterwards.
    mutating func begin(_ fault: ClientFault?, on slot: Int) {
        connections[slot].fault = fault
        connections[slot].mayBeReused = false
        // The number tells its timers from those of later requests.
        if connections[slot].serial == 0 { connections[slot].serial = 1 }
    }

    /// Acts when everything that a faulty client sends has been sent; answers whether the request goes on.
    mutating func actOnFaultySending(on slot: Int) -> Bool {
        let now = MonotonicClock.now
        switch connections[slot].fault {
        case .abortedBody:
            complete(slot, .aborted, reusable: false)
            return false
        case .halfOpen:
            // The silence is the client's, so the timeout is not for it.
            if let id = connections[slot].transfer { inFlight.remove(id) }
            wake(slot, at: now.addingReportingOverflow(faults.faults.halfOpenTime))
        case .slowReader:
            connections[slot].slowUntil = now &+ min(faults.faults.slowTime, UInt64.max / 4)
            // The target is to notice: the kernel reads little ahead.
            var size: Int32 = 4_096
            setsockopt(
                connections[slot].descriptor,
                SOL_SOCKET,
                SO_RCVBUF,
                &size,
                socklen_t(MemoryLayout<Int32>.size)
            )
        case nil: break
        }
        return true
    }

    private mutating func wake(_ slot: Int, at time: (partialValue: UInt64, overflow: Bool)) {
        faults.timers.insert(
            DeadlineHeap.Entry(
                time: time.overflow ? .max : time.partialValue,
                slot: slot,
                serial: connections[slot].serial
            )
        )
    }

    /// How many bytes of an answer are read now.
    func slowRoom(on slot: Int) -> Int {
        MonotonicClock.now < connections[slot].slowUntil ? faults.slowCount : Self.receiveCapacity
    }

    /// Reads nothing more of an answer for a while.
    mutating func pause(_ slot: Int) {
        guard poller.watch(connections[slot].descriptor, 0) else { return }
        wake(slot, at: MonotonicClock.now.addingReportingOverflow(WireFaults.readingInterval))
    }

    mutating func actOnFaults(_ now: MonotonicTime) {
        while let due = faults.timers.popDue(now) {
            let slot = due.slot
            guard connections[slot].serial == due.serial, connections[slot].isBusy else { continue }
            switch connections[slot].fault {
            case .halfOpen:
                // It vanishes: the target hears of it by a reset, if at all.
                var linger = linger(l_onoff: 1, l_linger: 0)
                let size = socklen_t(MemoryLayout<linger>.size)
                setsockopt(connections[slot].descriptor, SOL_SOCKET, SO_LINGER, &linger, size)
                complete(slot, .aborted, reusable: false)
            case .slowReader:
                guard poller.watch(connections[slot].descriptor, EPOLLIN.rawValue) else {
                    fail(slot, .other)
                    continue
                }
                receive(slot)
            case .abortedBody, nil: break
            }
        }
    }
}
