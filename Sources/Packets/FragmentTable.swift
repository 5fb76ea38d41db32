import Bytes

/// Puts the payloads of fragmented IP packets together, in bounded memory.
///
/// The first copy of a byte counts, and so does the first fragment that says where the payload ends. A fragment that
/// is cut, empty, of a length that cannot be or beyond that end is of no use and belongs to no packet. Time is that of
/// the packets.
package struct FragmentTable: Sendable {
    package let limits: FragmentLimits
    private var waiting: [IPFragment.Key: FragmentedPayload] = [:]
    /// Every packet ever begun and not forgotten, oldest first; those that are whole meanwhile are passed over.
    private var order: [(key: IPFragment.Key, serial: UInt64)] = []
    private var first = 0
    private var serial: UInt64 = 0
    private var heldBytes = 0

    package init(limits: FragmentLimits = FragmentLimits()) {
        self.limits = limits
    }

    /// Packets that are not whole.
    package var count: Int { waiting.count }

    /// Takes a fragment, `part` being its bytes, and answers the payload that it completes.
    ///
    /// `packets` is how many packets brought it: more than one where it came in fragments itself, inside a tunnel.
    /// Amortized O(part), and O(parts) where fragments come out of order.
    package mutating func receive(
        _ fragment: IPFragment,
        _ part: Span<UInt8>,
        packets: UInt64 = 1,
        at time: PacketTime
    ) -> ReassembledPayload? {
        expire(before: time.advanced(by: -limits.patience))
        guard fragment.isUsable, fragment.uncaptured == 0 else { return nil }
        var payload = waiting.removeValue(forKey: fragment.key) ?? begin(fragment.key, at: time)
        heldBytes -= payload.bytes.count
        payload.add(fragment, part, packets: packets)
        if payload.isWhole { return payload.reassembled(as: fragment.key) }
        guard payload.parts.count <= limits.parts else { return nil }
        heldBytes += payload.bytes.count
        waiting[fragment.key] = payload
        while waiting.count > limits.packets || heldBytes > limits.bytes { giveUpOldest() }
        return nil
    }

    private mutating func begin(_ key: IPFragment.Key, at time: PacketTime) -> FragmentedPayload {
        serial &+= 1
        if order.count - first > 2 * limits.packets { forgetWhole() }
        order.append((key, serial))
        return FragmentedPayload(serial: serial, since: time)
    }

    private mutating func expire(before time: PacketTime) {
        while first < order.count {
            if let oldest = waiting[order[first].key], oldest.serial == order[first].serial,
                oldest.since >= time
            {
                return
            }
            giveUpOldest()
        }
    }

    private mutating func forgetWhole() {
        order = order[first...].filter { waiting[$0.key]?.serial == $0.serial }
        first = 0
    }

    private mutating func giveUpOldest() {
        guard first < order.count else { return }
        let (key, serial) = order[first]
        if let payload = waiting[key], payload.serial == serial {
            heldBytes -= payload.bytes.count
            waiting[key] = nil
        }
        first += 1
        if first >= 64, first * 2 > order.count {
            order.removeFirst(first)
            first = 0
        }
    }
}

extension IPFragment {
    /// The largest payload that offsets and lengths can tell.
    static let maximumEnd = 65_535

    /// Whether a packet can have such a part: all but the last one end at a multiple of 8.
    fileprivate var isUsable: Bool {
        payload.count > 0 && offset + payload.count <= Self.maximumEnd
            && (isLast || payload.count % 8 == 0)
    }
}
