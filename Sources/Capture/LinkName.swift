import CPcap
package import Packets

/// What people call a link-layer type.
package struct LinkName: Hashable, Sendable {
    package let text: String

    package init(_ link: LinkType) {
        if let name = pcap_datalink_val_to_name(link.dataLink) {
            text = String(cString: name)
        } else {
            text = "link type \(link.rawValue)"
        }
    }
}

extension LinkType {
    /// libpcap's DLT_ number, which differs from the number in files for raw IP alone, among those dissected; the one
    /// that OpenBSD gives to raw IP means nothing elsewhere.
    var dataLink: Int32 {
        self == .rawIP || self == .rawIPOfOpenBSD ? DLT_RAW : Int32(clamping: rawValue)
    }

    /// The number that files use for what a live handle reports.
    init(dataLink: Int32) {
        self = dataLink == DLT_RAW ? .rawIP : LinkType(rawValue: UInt32(clamping: dataLink))
    }
}
