/// A link-layer header type, numbered as in capture files (the LINKTYPE_ registry of tcpdump.org).
///
/// A live handle reports DLT_ values instead; the capture shell maps the few that differ.
@usableFromInline
package struct LinkType: RawRepresentable, Hashable, Sendable {
    @usableFromInline package let rawValue: UInt32

    @inlinable
    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    // Other modules would call what the standard library derives from the raw value through a table.
    @inlinable
    package static func == (left: LinkType, right: LinkType) -> Bool { left.rawValue == right.rawValue }

    package static let null = LinkType(rawValue: 0)
    package static let ethernet = LinkType(rawValue: 1)
    package static let ppp = LinkType(rawValue: 9)
    /// DLT_RAW of most systems, which some writers put into files instead of 101.
    package static let rawIPOfBSD = LinkType(rawValue: 12)
    /// DLT_RAW of OpenBSD, likewise.
    package static let rawIPOfOpenBSD = LinkType(rawValue: 14)
    /// PPP in HDLC-like framing, or Cisco HDLC: the first byte tells.
    package static let pppInHDLC = LinkType(rawValue: 50)
    /// A PPPoE session header, without the Ethernet header before it.
    package static let pppOverEthernet = LinkType(rawValue: 51)
    package static let rawIP = LinkType(rawValue: 101)
    package static let ciscoHDLC = LinkType(rawValue: 104)
    package static let wireless = LinkType(rawValue: 105)
    package static let frameRelay = LinkType(rawValue: 107)
    package static let loop = LinkType(rawValue: 108)
    /// What OpenBSD and FreeBSD show of IPsec traffic after decryption.
    package static let encapsulating = LinkType(rawValue: 109)
    package static let linuxCooked = LinkType(rawValue: 113)
    package static let prism = LinkType(rawValue: 119)
    package static let radiotap = LinkType(rawValue: 127)
    package static let avs = LinkType(rawValue: 163)
    package static let ppi = LinkType(rawValue: 192)
    package static let pppWithDirection = LinkType(rawValue: 204)
    package static let mpls = LinkType(rawValue: 219)
    package static let ipv4 = LinkType(rawValue: 228)
    package static let ipv6 = LinkType(rawValue: 229)
    package static let netfilterLog = LinkType(rawValue: 239)
    /// What macOS puts before packets of several interfaces.
    package static let packetTap = LinkType(rawValue: 258)
    @inlinable package static var linuxCooked2: LinkType { LinkType(rawValue: 276) }

    /// Every link layer that ``PacketDissector`` reads.
    package static let known: [LinkType] = [
        .null, .ethernet, .ppp, .rawIPOfBSD, .rawIPOfOpenBSD, .pppInHDLC, .pppOverEthernet, .rawIP,
        .ciscoHDLC,
        .wireless, .frameRelay, .loop, .encapsulating, .linuxCooked, .prism, .radiotap, .avs, .ppi,
        .pppWithDirection, .mpls, .ipv4, .ipv6, .netfilterLog, .packetTap, .linuxCooked2,
    ]
}
