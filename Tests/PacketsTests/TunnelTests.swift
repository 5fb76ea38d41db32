import Bytes
import Packets
import Testing

@Suite("Links and tunnels")
struct TunnelTests {
    typealias Row = PacketDissectorTests.LinkRow
    typealias IgnoredRow = PacketDissectorTests.IgnoredRow

    private static let ip = Wire.ipv4(Wire.tcp("GET"))
    private static let ip6 = Wire.ipv6(Wire.tcp("GET"))
    private static let frame = Wire.ethernet(ip)
    private static let frame6 = Wire.ethernet(ip6, type: 0x86DD)

    private static func overUDP(_ payload: [UInt8], _ port: UInt16) -> [UInt8] {
        Wire.ipv4(Wire.udp(payload, to: port), number: 17)
    }

    private static func overGRE(_ payload: [UInt8]) -> [UInt8] { Wire.ipv4(payload, number: 47) }

    /// Links and tunnels that lead to the same segment.
    static let layers = links + tunnels + nested

    static let links = [
        Row("802.3 with SNAP", .ethernet, Wire.frame(Wire.snap(ip))),
        Row(
            "802.3 with the bridge tunnel's SNAP",
            .ethernet,
            Wire.frame([0xAA, 0xAA, 3, 0, 0, 0xF8, 8, 0] + ip)
        ),
        Row("802.3 with IP's own access point", .ethernet, Wire.frame([6, 6, 3] + ip)),
        Row("802.3 with an identifier", .ethernet, Wire.frame([0xFE, 0xFE, 3, 0xCC] + ip)),
        Row(
            "a length behind a VLAN tag",
            .ethernet,
            Wire.ethernet(Wire.tag(Wire.snap(ip), type: 51), type: 0x8100)
        ),
        Row("a jumbo frame with SNAP", .ethernet, Wire.ethernet(Wire.snap(ip6, type: 0x86DD), type: 0x8870)),
        Row("802.1ah", .ethernet, Wire.ethernet([0, 0, 0, 1] + frame, type: 0x88E7)),
        Row("802.1BR", .ethernet, Wire.ethernet([0, 0, 0, 0, 0, 0, 8, 0] + ip, type: 0x893F)),
        Row("VN-Tag", .ethernet, Wire.ethernet([0, 0, 0, 0, 8, 0] + ip, type: 0x8926)),
        Row("MACsec, protected only", .ethernet, Wire.ethernet([0, 0, 0, 0, 0, 1, 8, 0] + ip, type: 0x88E5)),
        Row(
            "MACsec with a channel",
            .ethernet,
            Wire.ethernet(
                [0x20, 0, 0, 0, 0, 1] + [UInt8](repeating: 3, count: 8) + [8, 0] + ip,
                type: 0x88E5
            )
        ),
        Row("one MPLS label", .ethernet, Wire.ethernet(Wire.mpls(ip), type: 0x8847)),
        Row("four MPLS labels, multicast", .ethernet, Wire.ethernet(Wire.mpls(ip6, labels: 4), type: 0x8848)),
        Row("Ethernet over MPLS", .ethernet, Wire.ethernet(Wire.mpls(frame), type: 0x8847)),
        Row(
            "the same with a control word",
            .ethernet,
            Wire.ethernet(Wire.mpls([0, 0, 0, 9] + frame), type: 0x8847)
        ),
        Row(
            "Ethernet over MPLS to an address that looks like IPv4",
            .mpls,
            Wire.mpls([0x45] + frame.dropFirst())
        ),
        Row("IPv4 over MPLS whose source looks like an EtherType", .mpls, Wire.mpls(Self.fromEight)),
        Row("PPPoE", .ethernet, Wire.ethernet(Wire.pppoe([0, 0x21] + ip), type: 0x8864)),
        Row(
            "PPPoE, padded",
            .ethernet,
            Wire.ethernet(Wire.pppoe([0, 0x57] + ip6) + [0, 0, 0], type: 0x8864)
        ),
        Row("PPPoE alone", .pppOverEthernet, Wire.pppoe([0, 0x21] + ip)),
        Row("PPP", .ppp, [0xFF, 3, 0, 0x21] + ip),
        Row("PPP without address and control", .ppp, [0, 0x57] + ip6),
        Row("PPP with a compressed number", .ppp, [0xFF, 3, 0x21] + ip),
        Row("PPP with MPLS", .ppp, [0xFF, 3, 2, 0x81] + Wire.mpls(ip)),
        Row("PPP with a direction", .pppWithDirection, [1, 0xFF, 3, 0, 0x21] + ip),
        Row("PPP in HDLC", .pppInHDLC, [0xFF, 3, 0, 0x21] + ip),
        Row("Cisco HDLC", .ciscoHDLC, [0x0F, 0, 8, 0] + ip),
        Row("Cisco HDLC where PPP may be", .pppInHDLC, [0x8F, 0, 0x86, 0xDD] + ip6),
        Row("frame relay", .frameRelay, [0x18, 0x41, 3, 0xCC] + ip),
        Row("frame relay with SNAP", .frameRelay, [0x18, 0x41, 3, 0, 0x80, 0, 0, 0, 0x86, 0xDD] + ip6),
        Row("IPsec after decryption", .encapsulating, [2, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0] + ip),
        Row("macOS packet tap", .packetTap, [16, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 9, 9, 9, 9] + frame),
        Row("NFLOG", .netfilterLog, Wire.netfilterLog(ip)),
        Row("NFLOG of a big-endian host", .netfilterLog, Wire.netfilterLog(ip6, isBigEndian: true)),
        Row("cooked 802.2", .linuxCooked, Wire.cooked(Wire.snap(ip), type: 4)),
        Row("cooked GRE", .linuxCooked2, Wire.cooked2(frame, type: 0x6558, hardware: 778)),
        Row(
            "cooked radiotap",
            .linuxCooked,
            Wire.cooked(Wire.radiotap(Wire.wireless(Wire.snap(ip))), hardware: 803)
        ),
        Row("802.11", .wireless, Wire.wireless(Wire.snap(ip))),
        Row(
            "802.11 with four addresses",
            .wireless,
            Wire.wireless(Wire.snap(ip), control: [8, 3], fields: [1, 1, 1, 1, 1, 1])
        ),
        Row(
            "802.11 with a class",
            .wireless,
            Wire.wireless(Wire.snap(ip), control: [0x88, 2], fields: [0, 0])
        ),
        Row(
            "802.11 with more control",
            .wireless,
            Wire.wireless(Wire.snap(ip), control: [0x88, 0x82], fields: [0, 0, 1, 2, 3, 4])
        ),
        Row("802.11, frame check sequence behind", .wireless, Wire.wireless(Wire.snap(ip)) + [1, 2, 3, 4]),
        Row("radiotap", .radiotap, Wire.radiotap(Wire.wireless(Wire.snap(ip)))),
        Row(
            "radiotap: a time, and flags that say padded",
            .radiotap,
            Wire.radiotap(
                Wire.wireless([0, 0] + Wire.snap(ip), control: [0x88, 1], fields: [0, 0]),
                present: [3, 0, 0, 0],
                fields: [1, 2, 3, 4, 5, 6, 7, 8, 0x20]
            )
        ),
        Row(
            "radiotap: a second word of bits, and the time aligned behind it",
            .radiotap,
            Wire.radiotap(
                Wire.wireless([0, 0] + Wire.snap(ip), control: [0x88, 1], fields: [0, 0]),
                present: [3, 0, 0, 0x80, 0, 0, 0, 0],
                fields: [0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0x20]
            )
        ),
        Row("PPI", .ppi, [0, 0, 8, 0, 105, 0, 0, 0] + Wire.wireless(Wire.snap(ip))),
        Row("Prism", .prism, [0, 0, 0, 0x44, 12, 0, 0, 0, 1, 1, 1, 1] + Wire.wireless(Wire.snap(ip))),
        Row(
            "AVS where Prism may be",
            .prism,
            [0x80, 0x21, 0x10, 1, 0, 0, 0, 8] + Wire.wireless(Wire.snap(ip))
        ),
        Row("AVS", .avs, [0x80, 0x21, 0x10, 2, 0, 0, 0, 10, 1, 1] + Wire.wireless(Wire.snap(ip))),
    ]

    static let tunnels = [
        Row("IPv4 in IPv4", .ipv4, Wire.ipv4(ip, number: 4)),
        Row("IPv6 in IPv4", .ipv4, Wire.ipv4(ip6, number: 41)),
        Row("IPv4 in IPv6", .ipv6, Wire.ipv6(ip, next: 4)),
        Row(
            "IPv6 in IPv6 behind a routing header",
            .ipv6,
            Wire.ipv6(Wire.extensionHeader(ip6, next: 41), next: 43)
        ),
        Row("Ethernet in IPv6", .ipv6, Wire.ipv6(frame, next: 143)),
        Row("EtherIP", .ipv4, Wire.ipv4([0x30, 0] + frame, number: 97)),
        Row("MPLS in IP", .ipv4, Wire.ipv4(Wire.mpls(ip), number: 137)),
        Row("GRE", .ipv4, overGRE(Wire.gre(ip))),
        Row("GRE over IPv6", .ipv6, Wire.ipv6(Wire.gre(ip6, type: 0x86DD), next: 47)),
        Row("GRE with a checksum", .ipv4, overGRE(Wire.gre(ip, flags: 0x8000, fields: [1, 2, 0, 0]))),
        Row("GRE with a key", .ipv4, overGRE(Wire.gre(ip, flags: 0x2000, fields: [0, 0, 0, 9]))),
        Row("GRE with a sequence number", .ipv4, overGRE(Wire.gre(ip, flags: 0x1000, fields: [0, 0, 0, 1]))),
        Row(
            "GRE with all three",
            .ipv4,
            overGRE(Wire.gre(ip, flags: 0xB000, fields: [UInt8](repeating: 1, count: 12)))
        ),
        Row(
            "GRE with two routes",
            .ipv4,
            overGRE(Wire.gre(ip, flags: 0x4000, fields: [0, 0, 0, 0, 8, 0, 0, 4, 1, 1, 1, 1, 0, 0, 0, 0]))
        ),
        Row("GRETAP", .ipv4, overGRE(Wire.gre(frame, type: 0x6558))),
        Row("MPLS in GRE", .ipv4, overGRE(Wire.gre(Wire.mpls(ip), type: 0x8847))),
        Row(
            "PPTP",
            .ipv4,
            overGRE(Wire.gre([0xFF, 3, 0, 0x21] + ip, type: 0x880B, flags: 0x2001, fields: [0, 47, 0, 1]))
        ),
        Row(
            "PPTP with both numbers",
            .ipv4,
            overGRE(
                Wire.gre(
                    [0x21] + ip,
                    type: 0x880B,
                    flags: 0x3081,
                    fields: [0, 44, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2]
                )
            )
        ),
        Row("WCCP", .ipv4, overGRE(Wire.gre(ip, type: 0x883E))),
        Row("WCCP version 2", .ipv4, overGRE(Wire.gre([0, 0, 0, 0] + ip, type: 0x883E))),
        Row("ERSPAN type I", .ipv4, overGRE(Wire.gre(frame, type: 0x88BE))),
        Row(
            "ERSPAN type II",
            .ipv4,
            overGRE(
                Wire.gre(
                    [0x10, 1, 0, 2, 0, 0, 0, 3] + frame,
                    type: 0x88BE,
                    flags: 0x1000,
                    fields: [0, 0, 0, 1]
                )
            )
        ),
        Row("ERSPAN type III", .ipv4, overGRE(Wire.gre(erspan3(0, 0) + frame6, type: 0x22EB))),
        Row("ERSPAN type III with IP", .ipv4, overGRE(Wire.gre(erspan3(2 << 2, 0) + ip, type: 0x22EB))),
        Row(
            "ERSPAN type III with a platform's header",
            .ipv4,
            overGRE(Wire.gre(erspan3(0, 1) + [UInt8](repeating: 1, count: 8) + frame, type: 0x22EB))
        ),
        Row("NSH in Ethernet", .ethernet, Wire.ethernet([0, 2, 1, 1, 0, 0, 0, 1] + ip, type: 0x894F)),
        Row(
            "NSH around Ethernet",
            .ethernet,
            Wire.ethernet([0, 3, 1, 3, 0, 0, 0, 1, 9, 9, 9, 9] + frame, type: 0x894F)
        ),
        Row("VXLAN", .ipv4, overUDP(Wire.vxlan(frame), 4789)),
        Row("VXLAN with a group policy", .ipv4, overUDP(Wire.vxlan(frame6, flags: 0x88), 4789)),
        Row("VXLAN on Linux' old port", .ipv6, Wire.ipv6(Wire.udp(Wire.vxlan(frame), to: 8472), next: 17)),
        Row(
            "VXLAN without a UDP length",
            .ipv4,
            Wire.ipv4(Wire.udp(Wire.vxlan(frame), to: 4789, length: 0), number: 17)
        ),
        Row("VXLAN-GPE with IPv4", .ipv4, overUDP(Wire.vxlanGPE(ip, next: 1), 4790)),
        Row("VXLAN-GPE with IPv6", .ipv4, overUDP(Wire.vxlanGPE(ip6, next: 2), 4790)),
        Row("VXLAN-GPE with Ethernet", .ipv4, overUDP(Wire.vxlanGPE(frame, next: 3), 4790)),
        Row(
            "VXLAN-GPE with NSH",
            .ipv4,
            overUDP(Wire.vxlanGPE([0, 2, 1, 1, 0, 0, 0, 1] + ip, next: 4), 4790)
        ),
        Row("VXLAN-GPE that tells nothing", .ipv4, overUDP(Wire.vxlan(frame), 4790)),
        Row("Geneve", .ipv4, overUDP(Wire.geneve(frame), 6081)),
        Row("Geneve with options", .ipv4, overUDP(Wire.geneve(frame, options: 63), 6081)),
        Row("Geneve with IP", .ipv4, overUDP(Wire.geneve(ip6, type: 0x86DD), 6081)),
        Row("GTP", .ipv4, overUDP(Wire.gtp(ip), 2152)),
        Row(
            "GTP with a sequence number",
            .ipv4,
            overUDP(Wire.gtp(ip6, flags: 0x32, fields: [0, 1, 0, 0]), 2152)
        ),
        Row(
            "GTP with two extension headers",
            .ipv4,
            overUDP(
                Wire.gtp(ip, flags: 0x34, fields: [0, 0, 0, 0x85, 1, 0, 9, 0xC0, 2, 0, 0, 0, 0, 0, 0, 0]),
                2152
            )
        ),
        Row("GTP with Ethernet", .ipv4, overUDP(Wire.gtp(frame), 2152)),
        Row(
            "GTP from the port",
            .ipv4,
            Wire.ipv4(Wire.udp(Wire.gtp(ip), to: 40_000, from: 2152), number: 17)
        ),
        Row("Teredo", .ipv4, overUDP(ip6, 3544)),
        Row(
            "Teredo with authentication and origin",
            .ipv4,
            overUDP([0, 1, 1, 2] + [UInt8](repeating: 7, count: 12) + [0, 0, 1, 1, 1, 1, 1, 1] + ip6, 3544)
        ),
        Row("L2TP", .ipv4, overUDP([0x00, 0x02, 0, 1, 0, 1, 0xFF, 3, 0, 0x21] + ip, 1701)),
        Row(
            "L2TP with length, numbers and offset",
            .ipv4,
            overUDP([0x4A, 0x02, 0, 63, 0, 1, 0, 1, 0, 0, 0, 0, 0, 2, 9, 9, 0xFF, 3, 0, 0x21] + ip, 1701)
        ),
        Row("MPLS in UDP", .ipv4, overUDP(Wire.mpls(ip), 6635)),
    ]

    static let nested = [
        Row(
            "VXLAN in ERSPAN, behind VLAN tags",
            .ethernet,
            Wire.ethernet(
                Wire.tag(
                    overGRE(
                        Wire.gre(
                            erspan3(0, 0) + Wire.ethernet(overUDP(Wire.vxlan(frame), 4789)),
                            type: 0x22EB
                        )
                    )
                ),
                type: 0x8100
            )
        ),
        Row(
            "IP in IP in IP in IP",
            .ipv4,
            Wire.ipv4(Wire.ipv6(Wire.ipv4(ip, number: 4), next: 4), number: 41)
        ),
        Row("PPPoE in MPLS", .mpls, Wire.mpls(Wire.ethernet(Wire.pppoe([0, 0x21] + ip), type: 0x8864))),
        Row(
            "Geneve in VXLAN in GRE",
            .ipv6,
            Wire.ipv6(
                Wire.gre(overUDP(Wire.vxlan(Wire.ethernet(overUDP(Wire.geneve(frame), 6081))), 4789)),
                next: 47
            )
        ),
    ]

    private static func erspan3(_ type: UInt8, _ options: UInt8) -> [UInt8] {
        [0x20, 1, 0, 2, 0, 0, 0, 3, 0, 0, type, options]
    }

    /// From 8.0.69.1: what stands where the type of a frame would be is that of IPv4, and behind it a version 4.
    private static let fromEight = Array(ip[..<12]) + [8, 0, 0x45, 1] + Array(ip[16...])

    @Test("Every link and tunnel leads to the segment", arguments: layers)
    func findsTheSegment(row: Row) {
        #expect(Reading(row.packet, link: row.link) == .payload("GET"))
    }

    @Test("Whatever the cut, a packet is either read as far as it goes or counted", arguments: layers)
    func prefixesNeverTrap(row: Row) {
        for count in 0..<row.packet.count {
            let prefix = Array(row.packet[..<count])
            switch Reading(prefix, original: row.packet.count, link: row.link) {
            case .payload(let text, let uncaptured): #expect("GET".hasPrefix(text) && uncaptured < 10)
            case .ignored: break
            case .fragment, .frames: Issue.record("none of these is a fragment or an aggregate")
            }
            if case .payload(let text, let uncaptured) = Reading(prefix, link: row.link) {
                #expect("GET".hasPrefix(text) && uncaptured == 0)
            }
        }
    }

    static let ignored = [
        IgnoredRow("a datagram to no tunnel's port", overUDP(Wire.vxlan(frame), 53), .notTCP),
        IgnoredRow(
            "UDP length beyond IP",
            Wire.ipv4(Wire.udp([], to: 4789, length: 99), number: 17),
            .badLength
        ),
        IgnoredRow(
            "UDP length below its header",
            Wire.ipv4(Wire.udp([], to: 4789, length: 7), number: 17),
            .badLength
        ),
        IgnoredRow("VXLAN without a network", overUDP(Wire.vxlan(frame, flags: 0), 4789), .notTCP),
        IgnoredRow("VXLAN-GPE of a later version", overUDP(Wire.vxlan(frame, flags: 0x18), 4790), .notTCP),
        IgnoredRow(
            "Geneve of a later version",
            overUDP([0x40] + Wire.geneve(frame).dropFirst(), 6081),
            .notTCP
        ),
        IgnoredRow(
            "Geneve options beyond the packet",
            overUDP([0x3F, 0, 0x65, 0x58, 0, 0, 0, 0], 6081),
            .badLength
        ),
        IgnoredRow("GTP signalling", overUDP(Wire.gtp(ip, message: 1), 2152), .notTCP),
        IgnoredRow(
            "a GTP extension header without a length",
            overUDP(Wire.gtp(ip, flags: 0x34, fields: [0, 0, 0, 0x85, 0, 0, 0, 0]), 2152),
            .badLength
        ),
        IgnoredRow("GTP length beyond UDP", overUDP([0x30, 0xFF, 0, 9, 0, 0, 0, 0], 2152), .badLength),
        IgnoredRow("L2TP control", overUDP([0xC8, 2, 0, 12, 0, 1, 0, 0, 0, 0, 0, 0], 1701), .notTCP),
        IgnoredRow("GRE keep-alive", overGRE(Wire.gre([], type: 0)), .notTCP),
        IgnoredRow("GRE of a later version", overGRE(Wire.gre(ip, flags: 2)), .notTCP),
        IgnoredRow(
            "GRE routes without end",
            overGRE(Wire.gre([], flags: 0x4000, fields: [0, 0, 0, 0, 8, 0, 0, 0])),
            .badLength
        ),
        IgnoredRow(
            "PPTP acknowledgement",
            overGRE(Wire.gre([], type: 0x880B, flags: 0x2081, fields: [0, 0, 0, 1, 0, 0, 0, 1])),
            .notTCP
        ),
        IgnoredRow(
            "ERSPAN of another frame type",
            overGRE(Wire.gre(erspan3(1 << 2, 0) + frame, type: 0x22EB)),
            .notTCP
        ),
        IgnoredRow(
            "the channel beside a pseudowire",
            Wire.mpls([0x10, 0, 0, 0x21] + [UInt8](repeating: 0, count: 20)),
            .notTCP,
            on: .mpls
        ),
        IgnoredRow("a label stack without end", [UInt8](repeating: 0, count: 160), .tooManyLayers, on: .mpls),
        IgnoredRow(
            "PPPoE discovery",
            Wire.ethernet([0x11, 9, 0, 0, 0, 0], type: 0x8863),
            .notTCP,
            on: .ethernet
        ),
        IgnoredRow(
            "PPPoE length beyond the frame",
            Wire.ethernet(Wire.pppoe([0, 0x21], length: 50), type: 0x8864),
            .badLength,
            on: .ethernet
        ),
        IgnoredRow("PPP control", [0xFF, 3, 0xC0, 0x21, 1, 1, 0, 4], .notTCP, on: .ppp),
        IgnoredRow(
            "802.3 length beyond the frame",
            Wire.ethernet(Wire.snap(ip), type: 300),
            .badLength,
            on: .ethernet
        ),
        IgnoredRow("spanning tree", Wire.frame([0x42, 0x42, 3, 0, 0, 0]), .notTCP, on: .ethernet),
        IgnoredRow(
            "SNAP of another organization",
            Wire.frame([0xAA, 0xAA, 3, 0, 0, 0x0C, 8, 0] + ip),
            .notTCP,
            on: .ethernet
        ),
        IgnoredRow(
            "MACsec, encrypted",
            Wire.ethernet([0x0C, 0, 0, 0, 0, 1, 8, 0] + ip, type: 0x88E5),
            .notTCP,
            on: .ethernet
        ),
        IgnoredRow("a beacon", Wire.wireless([], control: [0x80, 0]), .notTCP, on: .wireless),
        IgnoredRow(
            "802.11 data without data",
            Wire.wireless([], control: [0x48, 1]),
            .notTCP,
            on: .wireless
        ),
        IgnoredRow(
            "802.11, encrypted",
            Wire.wireless(Wire.snap(ip), control: [8, 0x41]),
            .notTCP,
            on: .wireless
        ),
        IgnoredRow(
            "a first piece of a frame of the air",
            Wire.wireless(Wire.snap(ip), control: [8, 5]),
            .fragment,
            on: .wireless
        ),
        IgnoredRow("a later piece", Wire.wireless(Wire.snap(ip), piece: 1), .fragment, on: .wireless),
        IgnoredRow(
            "PPI around a link that is not known",
            [0, 0, 8, 0, 147, 0, 0, 0] + frame,
            .unknownLink,
            on: .ppi
        ),
        IgnoredRow("PPI around PPI", [0, 0, 8, 0, 192, 0, 0, 0] + frame, .unknownLink, on: .ppi),
        IgnoredRow(
            "radiotap shorter than itself",
            [0, 0, 4, 0, 0, 0, 0, 0] + frame,
            .badLength,
            on: .radiotap
        ),
        IgnoredRow(
            "NFLOG without a packet",
            [2, 0, 0, 5, 8, 0, 1, 0, 8, 0, 3, 0],
            .badLength,
            on: .netfilterLog
        ),
        IgnoredRow(
            "tunnels without end",
            (1...20).reduce(ip) { packet, _ in Wire.ipv4(packet, number: 4) },
            .tooManyLayers
        ),
    ]

    @Test("What leads to no segment ends in its bucket", arguments: ignored)
    func ignores(row: IgnoredRow) {
        #expect(Reading(row.packet, link: row.link) == .ignored(row.reason))
    }

    @Test("Every link type that is said to be known is dissected", arguments: LinkType.known)
    func knownLinks(link: LinkType) {
        #expect(Reading([], link: link) != .ignored(.unknownLink))
    }

    @Test("Each frame of an aggregate is read by itself")
    func aggregates() {
        let first = Wire.frame(Wire.snap(Self.ip))
        let frames =
            first + [UInt8](repeating: 0, count: -first.count & 3)
            + Wire.frame(Wire.snap(Self.ip6, type: 0x86DD))
        let packet = Wire.wireless(frames, control: [0x88, 1], fields: [0x80, 0])
        #expect(Reading(packet, link: .wireless) == .frames(["GET", "GET"]))
        // Of a cut one, those that are whole.
        #expect(Reading(Array(packet.dropLast()), link: .wireless) == .frames(["GET"]))
    }

    @Test("A tunnel on another port is found where it is asked for, and may take a port from another kind")
    func askedFor() throws {
        let packet = Self.overUDP(Wire.vxlan(Self.frame), 9999)
        #expect(Reading(packet, link: .ipv4) == .ignored(.notTCP))
        let asked = PacketDissector(tunnels: [
            try Tunnel(parsing: "vxlan:9999"), try Tunnel(parsing: "geneve:4789"),
        ])
        #expect(Reading(packet, link: .ipv4, asked) == .payload("GET"))
        #expect(Reading(Self.overUDP(Wire.geneve(Self.frame), 4789), link: .ipv4, asked) == .payload("GET"))
        // Its own port stays.
        #expect(Reading(Self.overUDP(Wire.vxlan(Self.frame), 8472), link: .ipv4, asked) == .payload("GET"))
    }

    @Test("The same addresses in two virtual networks are two connections, in no network a third")
    func networks() throws {
        let flows = try [
            Self.overUDP(Wire.vxlan(Self.frame, network: 1), 4789),
            Self.overUDP(Wire.vxlan(Self.frame, network: 2), 4789),
            Self.overUDP(Wire.vxlan(Self.frame, network: 0), 4789),
            Self.ip,
        ].map { packet in
            let dissection = PacketDissector().dissect(packet.span, originalLength: packet.count, link: .ipv4)
            guard case .segment(let segment) = dissection else { throw TunnelError.badPort("no segment") }
            return segment.flow.key
        }
        #expect(Set(flows).count == 4)
    }

    @Test("A fragment inside a tunnel is that of its virtual network")
    func fragmentsInside() {
        let inner = Wire.ethernet(Wire.ipv4(Wire.tcp("GET"), fragment: 0x2000))
        let packet = Self.overUDP(Wire.vxlan(inner, network: 1), 4789)
        let dissection = PacketDissector().dissect(packet.span, originalLength: packet.count, link: .ipv4)
        guard case .fragment(let fragment) = dissection else {
            Issue.record("no fragment")
            return
        }
        #expect(fragment.key.network != 0)
        #expect(fragment.payload.count == 23)
    }

    @Test("Beyond what 16 bits can tell, the length around decides")
    func segmentationOffload() {
        let text = String(repeating: "x", count: 70_000)
        let inner = Wire.ethernet(Wire.ipv4(Wire.tcp(text), totalLength: 0))
        let datagram = Wire.udp(Wire.vxlan(inner), to: 4789, length: 1234)
        #expect(Reading(Wire.ipv4(datagram, number: 17, totalLength: 0), link: .ipv4) == .payload(text))
    }

    struct TextRow: Sendable {
        let text: String
        let ports: [UInt16]
    }

    @Test(
        "A tunnel is named by kind and perhaps port",
        arguments: [
            TextRow(text: "vxlan:4789", ports: [4789]), TextRow(text: "vxlan", ports: [4789, 8472]),
            TextRow(text: "geneve:1", ports: [1]), TextRow(text: "gre", ports: []),
            TextRow(text: "mpls", ports: []),
            TextRow(text: "mpls:6635", ports: [6635]), TextRow(text: "6in4", ports: []),
        ]
    )
    func parsing(row: TextRow) throws {
        #expect(try Tunnel(parsing: row.text).ports == row.ports)
    }

    @Test(
        "What names no tunnel is refused",
        arguments: [
            ("", TunnelError.unknownKind("")), ("vx", .unknownKind("vx")), ("vxlan:", .badPort("vxlan:")),
            ("vxlan:0", .badPort("vxlan:0")), ("vxlan:65536", .badPort("vxlan:65536")),
            ("gre:47", .hasNoPort(.gre)),
        ]
    )
    func refused(text: String, error: TunnelError) {
        #expect(throws: error) { try Tunnel(parsing: text) }
    }
}
