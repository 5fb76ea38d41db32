package import Replay

/// What a transport has sent and not told yet, in order; memory is kept from one use to the next.
package struct SendingQueue {
    private var sendings: [(id: TransferID, time: MonotonicTime)] = []
    private var next = 0

    package init() {}

    package mutating func append(_ id: TransferID, _ time: MonotonicTime) {
        sendings.append((id, time))
    }

    package mutating func popFirst() -> (id: TransferID, time: MonotonicTime)? {
        guard next < sendings.count else {
            guard next > 0 else { return nil }
            sendings.removeAll(keepingCapacity: true)
            next = 0
            return nil
        }
        defer { next += 1 }
        return sendings[next]
    }
}
