import CPcap
import Glibc
import Packets

/// The steps by which an interface becomes a capturing handle.
enum CaptureOpening {
    /// A capturing handle that never blocks by itself, sees each loopback packet once and lets nothing in
    /// before it gets a filter.
    ///
    /// - Returns: Besides the handle, the counters from which its statistics start.
    static func open(
        _ interface: String,
        _ options: CaptureOptions,
        _ existing: [CaptureInterface]
    ) throws(CaptureError) -> (handle: OpaquePointer, counters: CaptureCounters) {
        let handle = try activate(interface, options, existing)
        if interface == "any" {
            // Version 2 of the cooked header tells the interfaces apart.
            pcap_set_datalink(handle, DLT_LINUX_SLL2)
        }
        if existing.contains(where: { $0.name == interface && $0.isLoopback }) {
            ignoreOutgoing(handle)
        }
        do {
            return (handle, try discardEarlyPackets(handle, interface, options))
        } catch {
            pcap_close(handle)
            throw error
        }
    }

    /// Takes out what was captured since activation without a filter, and sets the counters to zero.
    private static func discardEarlyPackets(
        _ handle: OpaquePointer,
        _ interface: String,
        _ options: CaptureOptions
    ) throws(CaptureError) -> CaptureCounters {
        rejectAll(handle)
        var message = ErrorMessage()
        guard message.fill({ pcap_setnonblock(handle, 1, $0) }) == 0 else {
            throw CaptureError(.failed, "capturing on \(interface) failed: \(message.text)")
        }
        var raw = pcap_stat()
        guard pcap_stats(handle, &raw) == 0 else { throw failure(handle, interface) }
        if raw.ps_recv > 0 {
            try emptyRing(handle, options) { () throws(CaptureError) in
                let count = pcap_dispatch(handle, -1, { _, _, _ in }, nil)
                guard count >= 0 else { throw failure(handle, interface) }
                return Int(count)
            }
        }
        var counters = CaptureCounters()
        _ = counters.widen(raw, delivered: 0)
        counters.reset()
        return counters
    }

    /// Takes packets until the ring is empty and the kernel has handed over the block it was filling.
    static func emptyRing(
        _ handle: OpaquePointer,
        _ options: CaptureOptions,
        take: () throws(CaptureError) -> Int
    ) throws(CaptureError) {
        var waits = 0
        while waits < 2 {
            if try take() > 0 { continue }
            waits += 1
            var descriptor = pollfd(fd: pcap_get_selectable_fd(handle), events: Int16(POLLIN), revents: 0)
            poll(&descriptor, 1, options.gatheringMilliseconds)
        }
    }

    private static func activate(
        _ interface: String,
        _ options: CaptureOptions,
        _ existing: [CaptureInterface]
    ) throws(CaptureError) -> OpaquePointer {
        var message = ErrorMessage()
        guard let handle = message.fill({ pcap_create(interface, $0) }) else {
            throw CaptureError(.failed, "capturing on \(interface) failed: \(message.text)")
        }
        pcap_set_snaplen(handle, options.snapshotLength)
        pcap_set_promisc(handle, options.isPromiscuous ? 1 : 0)
        pcap_set_timeout(handle, options.gatheringMilliseconds)
        pcap_set_buffer_size(handle, options.ringBytes)
        pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO)
        let result = pcap_activate(handle)
        if result >= 0, pcap_get_tstamp_precision(handle) == PCAP_TSTAMP_PRECISION_NANO { return handle }
        let reason = String(cString: pcap_geterr(handle))
        pcap_close(handle)
        switch result {
        case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED:
            throw .permissionDenied(interface: interface, executable: executablePath())
        case PCAP_ERROR_NO_SUCH_DEVICE:
            throw .unknownInterface(interface, existing: existing)
        case PCAP_ERROR_IFACE_NOT_UP:
            throw CaptureError(
                .interfaceDown,
                "the interface \(interface) is down",
                remedy: "Run `sudo ip link set \(interface) up`"
            )
        case 0...:
            throw CaptureError(.failed, "\(interface) gives no time stamps in nanoseconds")
        default:
            throw CaptureError(.failed, "capturing on \(interface) failed: \(reason)")
        }
    }

    /// Installs the conjunction of the terms that are there.
    static func setFilter(
        _ handle: OpaquePointer,
        _ terms: [String?],
        link: LinkType,
        interface: String
    ) throws(CaptureError) {
        let present = terms.compactMap { $0 }.filter { !$0.isEmpty }
        let expression = present.map { "(\($0))" }.joined(separator: " and ")
        var program = bpf_program()
        guard pcap_compile(handle, &program, expression, 1, UInt32(PCAP_NETMASK_UNKNOWN)) == 0 else {
            let reason = String(cString: pcap_geterr(handle))
            throw CaptureError.badFilter(present.first ?? "", reason: reason, link: LinkName(link))
        }
        defer { pcap_freecode(&program) }
        guard pcap_setfilter(handle, &program) == 0 else { throw failure(handle, interface) }
    }

    static func failure(_ handle: OpaquePointer, _ interface: String) -> CaptureError {
        CaptureError(.failed, "capturing on \(interface) failed: \(String(cString: pcap_geterr(handle)))")
    }

    /// Keeps the outgoing copy of each loopback packet out of the ring.
    ///
    /// libpcap drops it only after the ring, which then lasts half as long, and counts it as received. A
    /// kernel before 4.20 does not know the option; then the copies count as discarded.
    static func ignoreOutgoing(_ handle: OpaquePointer) {
        var on: Int32 = 1
        setsockopt(
            pcap_fileno(handle),
            SocketOption.packetLevel,
            SocketOption.ignoreOutgoing,
            &on,
            socklen_t(MemoryLayout<Int32>.size)
        )
    }

    /// The same for the pseudo-device `any`, where only loopback interfaces show packets twice.
    static func copyTerm(_ existing: [CaptureInterface]) -> String? {
        let indices = existing.filter(\.isLoopback).map { if_nametoindex($0.name) }.filter { $0 != 0 }
        guard !indices.isEmpty else { return nil }
        return "not (outbound and (\(indices.map { "ifindex \($0)" }.joined(separator: " or "))))"
    }

    /// Attaches a kernel filter that rejects every packet, behind libpcap's back: through libpcap the new
    /// filter would hit the packets in the ring as well.
    static func rejectAll(_ handle: OpaquePointer) {
        // One instruction: return 0.
        var reject = sock_filter(code: 0x06, jt: 0, jf: 0, k: 0)
        withUnsafeMutablePointer(to: &reject) { instruction in
            var program = sock_fprog(len: 1, filter: instruction)
            setsockopt(
                pcap_fileno(handle),
                SOL_SOCKET,
                SO_ATTACH_FILTER,
                &program,
                socklen_t(MemoryLayout<sock_fprog>.size)
            )
        }
    }

    /// Where the running program's file stands, for messages.
    static func executablePath() -> String {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count: Int = bytes.withUnsafeMutableBytes {
            guard let start = $0.baseAddress else { return 0 }
            return readlink("/proc/self/exe", start.assumingMemoryBound(to: CChar.self), $0.count)
        }
        return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : "PATH-OF-TAPEDECK"
    }
}

/// Numbers of packet(7) that the C library's module leaves out.
private enum SocketOption {
    static let packetLevel: Int32 = 263
    static let ignoreOutgoing: Int32 = 23
}
