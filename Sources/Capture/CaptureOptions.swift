/// How an interface is opened.
package struct CaptureOptions: Hashable, Sendable {
    /// Most bytes kept of a packet; what lies beyond is counted as uncaptured.
    package var snapshotLength: Int32 = 262_144
    /// Size of the ring that holds bursts between the kernel and the reader, in bytes.
    package var ringBytes: Int32 = 64 << 20
    /// How long the kernel gathers packets before it hands them over, in milliseconds.
    ///
    /// Handing over each packet at once would turn the ring of variable slots off: 64 MiB then hold a few
    /// hundred packets.
    package var gatheringMilliseconds: Int32 = 100
    /// Whether packets for other hosts are wanted too.
    package var isPromiscuous = false

    package init() {}
}

/// What the kernel and libpcap did with the packets of a live capture.
///
/// The sum is `received = delivered + droppedByKernel + discarded` once the capture was drained.
package struct CaptureStatistics: Hashable, Sendable {
    /// Packets that passed the filter, those that found no room included.
    package var received: UInt64 = 0
    /// Packets handed to the reader.
    package var delivered: UInt64 = 0
    /// Packets that found no room in the ring.
    package var droppedByKernel: UInt64 = 0
    /// Packets that the interface or its driver dropped, as far as they tell; not part of `received`.
    package var droppedByInterface: UInt64 = 0

    package init() {}

    /// Packets that libpcap took out after the ring: second copies of loopback packets, where the kernel
    /// could not be told to leave them out.
    package var discarded: UInt64 {
        let (rest, overflow) = received.subtractingReportingOverflow(delivered &+ droppedByKernel)
        return overflow ? 0 : rest
    }
}
