import Bytes
package import Messages
import Traces

/// The storage of messages that are over, for those to come: a recorder at work allocates nothing for a message.
///
/// It holds ``limit`` heads and bodies at most, about 8 MiB in the worst case.
package struct SpareStorage: Sendable {
    /// Heads, and bodies, that are kept; more messages than these are seldom under way at once without being long.
    package static let limit = 64
    /// Bytes of a body that is worth keeping.
    package static let bodyBytes = 65_536
    /// Bytes of a head that is worth keeping.
    package static let headBytes = 16_384

    /// What a head has storage in. The rest of it is not kept: moving that in and out costs more than what it is kept for.
    private struct HeadStorage {
        var bytes: [UInt8] = []
        var fields: [HeaderField] = []

        mutating func exchange(with head: inout Head) {
            swap(&bytes, &head.bytes)
            swap(&fields, &head.fields)
        }
    }

    private var heads: [HeadStorage] = []
    private var bodies: [[UInt8]] = []

    package init() {}

    /// A head that equals `head` and has its storage, in the place of which spare storage is left: the parser writes
    /// the next head there.
    package mutating func take(_ head: inout Head) -> Head {
        var taken = Head.withoutStorage
        taken.exchange(with: &head)
        if var storage = heads.popLast() { storage.exchange(with: &head) }
        return taken
    }

    /// An empty body.
    package mutating func body() -> [UInt8] {
        guard var body = bodies.popLast() else { return [] }
        // Not before: whoever wrote the last message may still have held it when it was kept.
        body.removeAll(keepingCapacity: true)
        return body
    }

    /// Takes the storage of a head; what is left there has none.
    package mutating func keep(_ head: inout Head) {
        guard heads.count < Self.limit, head.bytes.capacity <= Self.headBytes else { return }
        var storage = HeadStorage()
        storage.exchange(with: &head)
        heads.append(storage)
    }

    /// Takes the storage of a body; what is left there is empty.
    package mutating func keep(_ body: inout [UInt8]) {
        guard bodies.count < Self.limit, (1...Self.bodyBytes).contains(body.capacity) else { return }
        bodies.append([])
        swap(&bodies[bodies.count - 1], &body)
    }
}
