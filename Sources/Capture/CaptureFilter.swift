import CPcap
package import Packets

/// A filter expression compiled for one link layer, to be held against packets in memory.
package struct CaptureFilter: ~Copyable {
    /// What the program answers for a packet that matches; larger than any packet that is read.
    private static let snapshotLength: Int32 = 0x7FFF_FFFF

    private let program: UnsafeMutablePointer<bpf_program>
    package let link: LinkType

    /// Compiles an expression in the language of pcap-filter(7).
    package init(_ expression: String, link: LinkType) throws(CaptureError) {
        guard let handle = pcap_open_dead(link.dataLink, Self.snapshotLength) else {
            throw CaptureError(.failed, "libpcap has no memory left for a filter")
        }
        defer { pcap_close(handle) }
        var compiled = bpf_program()
        guard pcap_compile(handle, &compiled, expression, 1, UInt32(PCAP_NETMASK_UNKNOWN)) == 0 else {
            let reason = String(cString: pcap_geterr(handle))
            throw CaptureError.badFilter(expression, reason: reason, link: LinkName(link))
        }
        program = .allocate(capacity: 1)
        program.initialize(to: compiled)
        self.link = link
    }

    deinit {
        pcap_freecode(program)
        program.deallocate()
    }

    /// Whether the packet matches; VLAN tags are looked for in its bytes.
    package func matches(_ packet: Span<UInt8>, originalLength: Int) -> Bool {
        packet.withUnsafeBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return false }
            var header = pcap_pkthdr()
            header.caplen = UInt32(clamping: bytes.count)
            header.len = UInt32(clamping: max(originalLength, bytes.count))
            return pcap_offline_filter(program, &header, start) != 0
        }
    }
}

/// A filter expression for files, compiled for each link layer when its first packet comes.
///
/// pcapng files may mix link layers, and an expression may fit only some of them.
package struct OfflineFilter: ~Copyable {
    private final class Compiled {
        let filter: CaptureFilter

        init(_ filter: consuming CaptureFilter) {
            self.filter = filter
        }
    }

    private let expression: FilterExpression
    private var filters: [LinkType: Compiled] = [:]
    /// The filter of the last packet, since most files have one link layer.
    private var last: Compiled?

    package init(_ expression: FilterExpression) {
        self.expression = expression
    }

    /// Whether the packet matches.
    ///
    /// - Throws: ``CaptureError`` when the expression does not compile for this link layer.
    package mutating func matches(
        _ packet: Span<UInt8>,
        originalLength: Int,
        link: LinkType
    ) throws(CaptureError) -> Bool {
        if let last, last.filter.link == link {
            return last.filter.matches(packet, originalLength: originalLength)
        }
        let compiled: Compiled
        if let known = filters[link] {
            compiled = known
        } else {
            compiled = Compiled(try CaptureFilter(expression.text(for: link), link: link))
            filters[link] = compiled
        }
        last = compiled
        return compiled.filter.matches(packet, originalLength: originalLength)
    }
}
