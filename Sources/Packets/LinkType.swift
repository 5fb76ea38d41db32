/// A link-layer header type, numbered as in capture files (the LINKTYPE_ registry of tcpdump.org).
///
/// A live handle reports DLT_ values instead; the capture shell maps the few that differ.
package struct LinkType: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    package static let null = LinkType(rawValue: 0)
    package static let ethernet = LinkType(rawValue: 1)
    /// DLT_RAW of most systems, which some writers put into files instead of 101.
    package static let rawIPOfBSD = LinkType(rawValue: 12)
    /// DLT_RAW of OpenBSD, likewise.
    package static let rawIPOfOpenBSD = LinkType(rawValue: 14)
    package static let rawIP = LinkType(rawValue: 101)
    package static let loop = LinkType(rawValue: 108)
    package static let linuxCooked = LinkType(rawValue: 113)
    package static let ipv4 = LinkType(rawValue: 228)
    package static let ipv6 = LinkType(rawValue: 229)
    package static let linuxCooked2 = LinkType(rawValue: 276)
}
