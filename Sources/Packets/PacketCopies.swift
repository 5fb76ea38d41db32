import Bytes

/// Recognises the copies of one packet on several interfaces, in bounded memory.
///
/// A packet on its way through a host passes a container's interface, a bridge and a network card, and a capture of all
/// shows it on each. The first interface on which it is seen is its own: it may come there again, since a
/// retransmission is TCP's business; on any other it is a copy. What makes a packet the same is all that is the same
/// wherever it passes: addresses, ports, numbers, flags and payload, but not what stands around them, so a packet and
/// its tunnelled form are copies too. Packets are remembered until others take their place.
package struct PacketCopies: Sendable {
    /// How many packets are remembered; a copy follows within microseconds.
    package static let capacity = 16_384

    private struct Entry {
        var fingerprint: UInt64
        var interface: Int
    }

    /// Pairs of entries, the newer first; empty until there is a packet to remember.
    private var entries: [Entry] = []

    package init() {}

    /// Whether the segment, of which `payload` is the captured payload, was seen on another interface.
    ///
    /// O(payload).
    package mutating func isCopy(_ segment: TCPSegment, _ payload: Span<UInt8>, on interface: Int) -> Bool {
        var hasher = Hasher()
        hasher.combine(segment.source)
        hasher.combine(segment.destination)
        hasher.combine(UInt64(segment.sequence) << 32 | UInt64(segment.acknowledgement))
        hasher.combine(UInt32(segment.window) << 8 | UInt32(segment.flags.rawValue))
        return isCopy(&hasher, payload, segment.uncaptured, on: interface)
    }

    /// The same for a fragment of an IP packet.
    package mutating func isCopy(_ fragment: IPFragment, _ payload: Span<UInt8>, on interface: Int) -> Bool {
        var hasher = Hasher()
        hasher.combine(fragment.key)
        hasher.combine(fragment.offset)
        hasher.combine(fragment.isLast)
        return isCopy(&hasher, payload, fragment.uncaptured, on: interface)
    }

    private mutating func isCopy(
        _ hasher: inout Hasher,
        _ payload: Span<UInt8>,
        _ uncaptured: Int,
        on interface: Int
    ) -> Bool {
        hasher.combine(payload.count + uncaptured)
        payload.withUnsafeBytes { hasher.combine(bytes: $0) }
        return isCopy(UInt64(bitPattern: Int64(hasher.finalize())), on: interface)
    }

    private mutating func isCopy(_ fingerprint: UInt64, on interface: Int) -> Bool {
        if entries.isEmpty {
            entries = Array(repeating: Entry(fingerprint: 0, interface: 0), count: Self.capacity)
        }
        let place = Int(fingerprint % UInt64(Self.capacity / 2)) * 2
        for slot in place...place + 1 where entries[slot].fingerprint == fingerprint {
            return entries[slot].interface != interface
        }
        entries[place + 1] = entries[place]
        entries[place] = Entry(fingerprint: fingerprint, interface: interface)
        return false
    }
}
