import Bytes
import CPcap
import Glibc
package import Packets

/// A live capture on one interface, with time stamps in nanoseconds.
///
/// The packets are handed over where they stand in the kernel's ring. The handle belongs to one thread;
/// ``CaptureStop`` is for the others.
package struct CaptureHandle: ~Copyable {
    private let handle: OpaquePointer
    package let interface: String
    /// What the packets start with.
    package let link: LinkType
    private let stop: CaptureStop
    private let options: CaptureOptions
    private var delivered: UInt64 = 0
    private var counters: CaptureCounters
    /// On the pseudo-device `any`: a term that keeps out the first of the two copies of loopback packets.
    private let copyTerm: String?

    /// Opens an interface and starts to capture.
    ///
    /// - Parameters:
    ///   - interface: A name from ``CaptureInterface/list()``, `any` for all.
    ///   - filter: Which packets the kernel lets through; `nil` for all.
    ///   - stop: The token that interrupts ``dispatch(maximum:milliseconds:_:)``.
    package init(
        interface: String,
        filter: FilterExpression? = nil,
        options: CaptureOptions = CaptureOptions(),
        stop: CaptureStop
    ) throws(CaptureError) {
        let existing = try CaptureInterface.list()
        let (handle, counters) = try CaptureOpening.open(interface, options, existing)
        let link = LinkType(dataLink: pcap_datalink(handle))
        let copyTerm = link == .linuxCooked2 ? CaptureOpening.copyTerm(existing) : nil
        do {
            let terms = [filter?.text(for: link), copyTerm]
            try CaptureOpening.setFilter(handle, terms, link: link, interface: interface)
        } catch {
            pcap_close(handle)
            throw error
        }
        self.handle = handle
        self.counters = counters
        self.interface = interface
        self.link = link
        self.stop = stop
        self.options = options
        self.copyTerm = copyTerm
    }

    deinit {
        pcap_close(handle)
    }

    /// Replaces the filter; packets that are in the ring already are held against the new one too.
    package mutating func setFilter(_ filter: FilterExpression?) throws(CaptureError) {
        let terms = [filter?.text(for: link), copyTerm]
        try CaptureOpening.setFilter(handle, terms, link: link, interface: interface)
    }

    /// Hands over packets that have come, or waits for some.
    ///
    /// - Parameters:
    ///   - maximum: Most packets in one call.
    ///   - milliseconds: How long to wait when there are none; negative waits without end.
    ///   - body: Takes a packet's bytes, which are valid during the call only.
    /// - Returns: How many packets there were; 0 when the wait is over or the stop was requested.
    /// - Throws: ``CaptureError`` when the interface went away.
    package mutating func dispatch(
        maximum: Int32 = 4096,
        milliseconds: Int32,
        _ body: (Span<UInt8>, CapturedPacket) -> Void
    ) throws(CaptureError) -> Int {
        let count = try takeReady(maximum, body)
        if count > 0 || stop.isRequested { return count }
        _ = stop.wait(for: pcap_get_selectable_fd(handle), milliseconds: milliseconds)
        return try takeReady(maximum, body)
    }

    /// Lets no more packets in and hands over those that are in the ring.
    ///
    /// Afterwards the sum of ``statistics()`` holds. Takes up to twice the gathering time.
    package mutating func drain(_ body: (Span<UInt8>, CapturedPacket) -> Void) throws(CaptureError) {
        CaptureOpening.rejectAll(handle)
        try CaptureOpening.emptyRing(handle, options) { () throws(CaptureError) in try takeReady(-1, body) }
    }

    /// What was received, delivered and dropped since the capture was opened.
    package mutating func statistics() throws(CaptureError) -> CaptureStatistics {
        var raw = pcap_stat()
        guard pcap_stats(handle, &raw) == 0 else { throw CaptureOpening.failure(handle, interface) }
        return counters.widen(raw, delivered: delivered)
    }

    private mutating func takeReady(
        _ maximum: Int32,
        _ body: (Span<UInt8>, CapturedPacket) -> Void
    ) throws(CaptureError) -> Int {
        let result = withoutActuallyEscaping(body) { body in
            var context = DispatchContext(link: link, body: body)
            return withUnsafeMutablePointer(to: &context) { pointer in
                let user = UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: UInt8.self)
                return pcap_dispatch(handle, maximum, deliverPacket, user)
            }
        }
        guard result >= 0 else { throw CaptureOpening.failure(handle, interface) }
        delivered &+= UInt64(result)
        return Int(result)
    }
}

/// The handle may move to the thread that captures: there is no second copy of it, and all that changes
/// it needs exclusive access.
extension CaptureHandle: @unchecked Sendable {}

/// What the callback needs, reached through libpcap's one pointer.
private struct DispatchContext {
    let link: LinkType
    let body: (Span<UInt8>, CapturedPacket) -> Void
}

/// A free function, so that no actor's isolation comes with it to the thread that captures.
private func deliverPacket(
    _ user: UnsafeMutablePointer<UInt8>?,
    _ header: UnsafePointer<pcap_pkthdr>?,
    _ bytes: UnsafePointer<UInt8>?
) {
    guard let user, let header = header?.pointee else { return }
    let context = UnsafeMutableRawPointer(user).assumingMemoryBound(to: DispatchContext.self)
    // The handle was opened for nanoseconds, which libpcap puts into the microseconds' place.
    let time = Int64(header.ts.tv_sec) &* 1_000_000_000 &+ Int64(header.ts.tv_usec)
    let captured = UnsafeBufferPointer(start: bytes, count: Int(header.caplen)).span
    let link = context.pointee.link
    // Version 2 of the cooked header tells the interface in its second word.
    let isTold = link == .linuxCooked2 && captured.count >= 8
    let packet = CapturedPacket(
        time: PacketTime(nanoseconds: time),
        link: link,
        originalLength: Int(header.len),
        interface: isTold ? Int(captured.bigEndian(UInt32.self, at: 4)) : 0,
        isOneOfSeveral: isTold
    )
    context.pointee.body(captured, packet)
}
