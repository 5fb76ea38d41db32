import CPcap

/// The statistics of libpcap, widened: it counts in 32 bits.
struct CaptureCounters {
    private var last: (received: UInt32, dropped: UInt32, droppedByInterface: UInt32) = (0, 0, 0)
    private var total = CaptureStatistics()

    /// Takes libpcap's counts since activation.
    ///
    /// - Returns: The counts since the last reset.
    mutating func widen(_ raw: pcap_stat, delivered: UInt64) -> CaptureStatistics {
        total.received &+= UInt64(raw.ps_recv &- last.received)
        total.droppedByKernel &+= UInt64(raw.ps_drop &- last.dropped)
        total.droppedByInterface &+= UInt64(raw.ps_ifdrop &- last.droppedByInterface)
        total.delivered = delivered
        last = (raw.ps_recv, raw.ps_drop, raw.ps_ifdrop)
        return total
    }

    /// Counts from here on.
    mutating func reset() {
        total = CaptureStatistics()
    }
}
