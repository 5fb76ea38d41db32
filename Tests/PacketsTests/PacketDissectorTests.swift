import Bytes
import Packets
import Testing

@Suite("Packets to TCP segments")
struct PacketDissectorTests {
    struct LinkRow: CustomTestStringConvertible {
        let testDescription: String
        let link: LinkType
        let packet: [UInt8]

        init(_ name: String, _ link: LinkType, _ packet: [UInt8]) {
            (testDescription, self.link, self.packet) = (name, link, packet)
        }
    }

    private static let ip = Wire.ipv4(Wire.tcp("GET"))
    private static let ip6 = Wire.ipv6(Wire.tcp("GET"))

    /// Link layers and headers that lead to the same segment.
    static let layers = [
        LinkRow("Ethernet, IPv4", .ethernet, Wire.ethernet(ip)),
        LinkRow("Ethernet, IPv6", .ethernet, Wire.ethernet(ip6, type: 0x86DD)),
        LinkRow("802.1Q", .ethernet, Wire.ethernet(Wire.tag(ip), type: 0x8100)),
        LinkRow(
            "802.1ad around 802.1Q",
            .ethernet,
            Wire.ethernet(Wire.tag(Wire.tag(ip), type: 0x8100), type: 0x88A8)
        ),
        LinkRow("older QinQ", .ethernet, Wire.ethernet(Wire.tag(Wire.tag(ip), type: 0x8100), type: 0x9100)),
        LinkRow("three 802.1Q tags", .ethernet, Wire.ethernet(tags(3), type: 0x8100)),
        LinkRow("NULL, little-endian host", .null, Wire.family(2, ip)),
        LinkRow("NULL, big-endian host", .null, Wire.family(2, ip, isBigEndian: true)),
        LinkRow("NULL, IPv6 of Linux", .null, Wire.family(10, ip6)),
        LinkRow("NULL, IPv6 of NetBSD", .null, Wire.family(24, ip6)),
        LinkRow("NULL, IPv6 of FreeBSD", .null, Wire.family(28, ip6, isBigEndian: true)),
        LinkRow("NULL, IPv6 of Darwin", .null, Wire.family(30, ip6)),
        LinkRow("LOOP", .loop, Wire.family(2, ip, isBigEndian: true)),
        LinkRow("raw IP, version 4", .rawIP, ip),
        LinkRow("raw IP, version 6", .rawIP, ip6),
        LinkRow("raw IP as written by BSD", .rawIPOfBSD, ip),
        LinkRow("raw IP as written by OpenBSD", .rawIPOfOpenBSD, ip6),
        LinkRow("bare IPv4", .ipv4, ip),
        LinkRow("bare IPv6", .ipv6, ip6),
        LinkRow("cooked", .linuxCooked, Wire.cooked(ip)),
        LinkRow("cooked, with a VLAN tag", .linuxCooked, Wire.cooked(Wire.tag(ip), type: 0x8100)),
        LinkRow("cooked 2", .linuxCooked2, Wire.cooked2(ip6, type: 0x86DD)),
        LinkRow("cooked 2, with a VLAN tag", .linuxCooked2, Wire.cooked2(Wire.tag(ip), type: 0x8100)),
        LinkRow("IPv4 options", .ipv4, Wire.ipv4(Wire.tcp("GET"), options: [7, 7, 4, 0, 0, 0, 0, 0])),
        LinkRow(
            "IPv4 authentication header",
            .ipv4,
            Wire.ipv4(Wire.authentication(Wire.tcp("GET")), number: 51)
        ),
        LinkRow("TCP options", .ipv4, Wire.ipv4(Wire.tcp("GET", options: [1, 1, 1, 0]))),
        LinkRow("hop-by-hop options", .ipv6, Wire.ipv6(Wire.extensionHeader(Wire.tcp("GET")), next: 0)),
        LinkRow(
            "routing header",
            .ipv6,
            Wire.ipv6(Wire.extensionHeader(Wire.tcp("GET"), words: 2), next: 43)
        ),
        LinkRow("destination options", .ipv6, Wire.ipv6(Wire.extensionHeader(Wire.tcp("GET")), next: 60)),
        LinkRow(
            "IPv6 authentication header",
            .ipv6,
            Wire.ipv6(Wire.authentication(Wire.tcp("GET")), next: 51)
        ),
        LinkRow(
            "atomic fragment",
            .ipv6,
            Wire.ipv6(Wire.fragmentHeader(Wire.tcp("GET"), field: 0), next: 44)
        ),
        LinkRow(
            "a chain of extension headers",
            .ipv6,
            Wire.ipv6(
                Wire.extensionHeader(Wire.extensionHeader(Wire.tcp("GET"), next: 6), next: 60),
                next: 0
            )
        ),
        LinkRow(
            "jumbogram",
            .ipv6,
            Wire.ipv6(Wire.jumbo(Wire.tcp("GET"), length: 31), next: 0, payloadLength: 0) + [9, 9]
        ),
        LinkRow("IPv4 total length 0", .ipv4, Wire.ipv4(Wire.tcp("GET"), totalLength: 0)),
        LinkRow("IPv6 payload length 0", .ipv6, Wire.ipv6(Wire.tcp("GET"), payloadLength: 0)),
    ]

    @Test("Every supported chain of headers leads to the segment", arguments: layers)
    func findsTheSegment(row: LinkRow) {
        #expect(Reading(row.packet, link: row.link) == .payload("GET"))
    }

    @Test("Whatever the cut, a packet is either read as far as it goes or counted", arguments: layers)
    func prefixesNeverTrap(row: LinkRow) {
        for count in 0..<row.packet.count {
            let prefix = Array(row.packet[..<count])
            // Cut by the capture: the original length tells what is missing.
            switch Reading(prefix, original: row.packet.count, link: row.link) {
            case .payload(let text, let uncaptured):
                #expect("GET".hasPrefix(text) && text.utf8.count + uncaptured == 3)
            case .ignored(let reason):
                #expect(reason == .cutHeader)
            case .fragment, .frames:
                Issue.record("none of these is a fragment or an aggregate")
            }
            // Cut on the wire: nothing says that more was there, but lengths inside may.
            if case .payload(let text, let uncaptured) = Reading(prefix, link: row.link) {
                #expect("GET".hasPrefix(text) && uncaptured == 0)
            }
        }
    }

    @Test("Trailing bytes of the frame never reach the payload")
    func paddingStaysOut() {
        let padding = [UInt8](repeating: 0x58, count: 20)
        #expect(Reading(Wire.ethernet(Wire.ipv4(Wire.tcp("GET")) + padding)) == .payload("GET"))
        #expect(Reading(Wire.ethernet(Wire.ipv4(Wire.tcp("")) + padding)) == .payload(""))
        #expect(
            Reading(Wire.ethernet(Wire.ipv6(Wire.tcp("GET")) + padding, type: 0x86DD)) == .payload("GET")
        )
        // The capture ends within the padding, so nothing of the payload is missing.
        let packet = Wire.ethernet(Wire.ipv4(Wire.tcp("GET")) + padding)
        #expect(Reading(Array(packet.dropLast(5)), original: packet.count) == .payload("GET"))
    }

    @Test("The fields of the segment are those of the headers")
    func fields() throws {
        let packet = Wire.ethernet(Wire.ipv4(Wire.tcp("GET")))
        let dissection = PacketDissector().dissect(
            packet.span,
            originalLength: packet.count,
            link: .ethernet
        )
        guard case .segment(let segment) = dissection else {
            Issue.record("no segment")
            return
        }
        #expect(segment.source.description == "10.0.0.1:4711")
        #expect(segment.destination.description == "10.0.0.2:80")
        #expect(segment.sequence == 1000)
        #expect(segment.acknowledgement == 2000)
        #expect(segment.flags == [.acknowledgement, .push])
        #expect(segment.window == 512)
        #expect(segment.payload == ByteRange(offset: 54, count: 3))
    }

    @Test("An original length below the captured one counts as the captured one")
    func shortOriginalLength() {
        #expect(Reading(Wire.ethernet(Wire.ipv4(Wire.tcp("GET"))), original: 3) == .payload("GET"))
    }

    struct IgnoredRow: CustomTestStringConvertible {
        let testDescription: String
        let packet: [UInt8]
        let link: LinkType
        let reason: IgnoredPacket

        init(_ why: String, _ packet: [UInt8], _ reason: IgnoredPacket, on link: LinkType = .ipv4) {
            (testDescription, self.packet, self.link, self.reason) = (why, packet, link, reason)
        }
    }

    static let ignored = [
        IgnoredRow("a link type that is not dissected", ip, .unknownLink, on: LinkType(rawValue: 147)),
        IgnoredRow("ARP", Wire.ethernet([0, 1], type: 0x0806), .notTCP, on: .ethernet),
        IgnoredRow("UDP", Wire.ipv4([0, 53, 0, 53, 0, 8, 0, 0], number: 17), .notTCP),
        IgnoredRow("no next header", Wire.ipv6([], next: 59), .notTCP, on: .ipv6),
        IgnoredRow("encrypted payload", Wire.ipv6(Wire.tcp("GET"), next: 50), .notTCP, on: .ipv6),
        IgnoredRow("an address family of neither IP", Wire.family(7, ip), .notTCP, on: .null),
        IgnoredRow("raw IP of version 5", [0x50] + ip.dropFirst(), .notTCP, on: .rawIP),
        IgnoredRow("version 6 announced as IPv4", ip6, .notTCP, on: .ipv4),
        IgnoredRow(
            "cooked netlink, whose protocol is no EtherType",
            Wire.cooked(ip, hardware: 824),
            .notTCP,
            on: .linuxCooked
        ),
        IgnoredRow("cooked 2 netlink", Wire.cooked2(ip, hardware: 824), .notTCP, on: .linuxCooked2),
        IgnoredRow(
            "fragment of IPv4 without a length",
            Wire.ipv4(Wire.tcp("GET"), totalLength: 0, fragment: 0x2000),
            .badLength
        ),
        IgnoredRow("IPv4 header of 16 bytes", Wire.ipv4(Wire.tcp("GET"), headerWords: 4), .badLength),
        IgnoredRow("IPv4 options beyond the total length", Wire.ipv4([], headerWords: 6), .badLength),
        IgnoredRow(
            "IPv4 total length beyond the frame",
            Wire.ipv4(Wire.tcp("GET"), totalLength: 99),
            .badLength
        ),
        IgnoredRow(
            "IPv4 total length below its header",
            Wire.ipv4(Wire.tcp("GET"), totalLength: 19),
            .badLength
        ),
        IgnoredRow(
            "IPv4 total length that ends inside TCP",
            Wire.ipv4(Wire.tcp("GET"), totalLength: 39),
            .badLength
        ),
        IgnoredRow(
            "IPv6 payload length beyond the frame",
            Wire.ipv6(Wire.tcp("GET"), payloadLength: 99),
            .badLength,
            on: .ipv6
        ),
        IgnoredRow(
            "IPv6 extension header beyond the payload",
            Wire.ipv6([6, 200, 0, 0, 0, 0, 0, 0], next: 60),
            .badLength,
            on: .ipv6
        ),
        IgnoredRow(
            "authentication header shorter than its fixed part",
            Wire.ipv6([6, 0] + Wire.tcp("GET"), next: 51),
            .badLength,
            on: .ipv6
        ),
        IgnoredRow(
            "jumbo length beyond the frame",
            Wire.ipv6(Wire.jumbo(Wire.tcp("GET"), length: .max), next: 0, payloadLength: 0),
            .badLength,
            on: .ipv6
        ),
        IgnoredRow(
            "jumbo length that ends inside its own header",
            Wire.ipv6(Wire.jumbo(Wire.tcp("GET"), length: 7), next: 0, payloadLength: 0),
            .badLength,
            on: .ipv6
        ),
        IgnoredRow("TCP header of 16 bytes", Wire.ipv4(Wire.tcp("GET", offset: 4)), .badLength),
        IgnoredRow("TCP options beyond the packet", Wire.ipv4(Wire.tcp("GET", offset: 15)), .badLength),
        IgnoredRow(
            "VLAN tags without end",
            Wire.ethernet(tags(40), type: 0x8100),
            .tooManyLayers,
            on: .ethernet
        ),
        IgnoredRow(
            "extension headers without end",
            Wire.ipv6(extensions(40), next: 60),
            .tooManyLayers,
            on: .ipv6
        ),
    ]

    @Test("What is no TCP segment ends in its bucket", arguments: ignored)
    func ignores(row: IgnoredRow) {
        #expect(Reading(row.packet, link: row.link) == .ignored(row.reason))
    }

    private static func tags(_ count: Int) -> [UInt8] {
        (1..<count).reduce(Wire.tag(ip)) { packet, _ in Wire.tag(packet, type: 0x8100) }
    }

    private static func extensions(_ count: Int) -> [UInt8] {
        (1..<count).reduce(Wire.extensionHeader(Wire.tcp("GET"))) { packet, _ in
            Wire.extensionHeader(packet, next: 60)
        }
    }
}
