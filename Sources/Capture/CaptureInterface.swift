import CPcap

/// A network interface that libpcap can open.
package struct CaptureInterface: Hashable, Sendable {
    package let name: String
    /// What libpcap says about it, or an empty string.
    package let summary: String
    package let isLoopback: Bool
    package let isUp: Bool

    /// The interfaces that exist, in libpcap's order; pseudo-devices such as `any` among them.
    package static func list() throws(CaptureError) -> [CaptureInterface] {
        var first: UnsafeMutablePointer<pcap_if_t>?
        var message = ErrorMessage()
        guard message.fill({ pcap_findalldevs(&first, $0) }) == 0 else {
            throw CaptureError(.failed, "the interfaces cannot be listed: \(message.text)")
        }
        defer { pcap_freealldevs(first) }
        var interfaces: [CaptureInterface] = []
        var next = first
        while let device = next?.pointee {
            let flags = Int32(truncatingIfNeeded: device.flags)
            interfaces.append(
                CaptureInterface(
                    name: device.name.map { String(cString: $0) } ?? "",
                    summary: device.description.map { String(cString: $0) } ?? "",
                    isLoopback: flags & PCAP_IF_LOOPBACK != 0,
                    isUp: flags & PCAP_IF_UP != 0
                )
            )
            next = device.next
        }
        return interfaces
    }
}

/// The buffer into which libpcap writes what went wrong.
struct ErrorMessage {
    private var bytes = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))

    mutating func fill<Result>(_ body: (UnsafeMutablePointer<CChar>?) -> Result) -> Result {
        bytes.withUnsafeMutableBufferPointer { body($0.baseAddress) }
    }

    var text: String {
        String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
