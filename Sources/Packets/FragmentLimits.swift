/// How much of packets that are not whole yet is held, and for how long; past a limit the oldest are given up.
package struct FragmentLimits: Hashable, Sendable {
    /// Packets of which fragments are held.
    package var packets = 1_024
    /// Bytes held in all, holes before the last byte seen included.
    package var bytes = 16 << 20
    /// Parts with a hole between them, of one packet; past it the packet is given up.
    package var parts = 64
    /// Nanoseconds of packet time to wait for the rest of a packet: as long as Linux does.
    package var patience: Int64 = 30_000_000_000

    package init() {}
}
