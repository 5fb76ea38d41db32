import Capture
import Packets
import Testing

@Suite("Filters on packets in memory")
struct CaptureFilterTests {
    struct Row: CustomTestStringConvertible {
        let testDescription: String
        let packet: SamplePacket
        let matches: Bool

        init(_ why: String, _ packet: SamplePacket, _ matches: Bool) {
            (testDescription, self.packet, self.matches) = (why, packet, matches)
        }
    }

    /// What the expression for the ports 80 and 8080 lets through on Ethernet.
    static let rows = [
        Row("to a port", SamplePacket(), true),
        Row("from a port", SamplePacket(source: 8080, destination: 50_000), true),
        Row("neither port", SamplePacket(destination: 81), false),
        Row("UDP to the port", SamplePacket(transport: 17), false),
        Row("a first fragment, which has the ports", SamplePacket(network: .ipv4(fragment: 0x2000)), true),
        Row(
            "a later fragment, which may belong to one",
            SamplePacket(network: .ipv4(fragment: 0x2001)),
            true
        ),
        Row("IPv6", SamplePacket(network: .ipv6), true),
        Row("IPv6, other port", SamplePacket(network: .ipv6, destination: 81), false),
        Row("IPv6 with options", SamplePacket(network: .ipv6WithOptions), true),
        Row("behind a tag", SamplePacket(tags: [0x8100]), true),
        Row("behind a tag, other port", SamplePacket(destination: 81, tags: [0x8100]), false),
        Row("IPv6 with options behind a tag", SamplePacket(network: .ipv6WithOptions, tags: [0x8100]), true),
        Row("behind two tags", SamplePacket(tags: [0x88A8, 0x8100]), true),
        Row("behind two tags, other port", SamplePacket(destination: 81, tags: [0x88A8, 0x8100]), false),
        Row("IPv6 behind two tags", SamplePacket(network: .ipv6, tags: [0x8100, 0x8100]), true),
    ]

    @Test("The expression made of ports finds them behind tags, and more rather than less", arguments: rows)
    func ports(row: Row) throws {
        let expression = FilterExpression.text(ports: [80, 8080], link: .ethernet)
        #expect(try passes(expression, row.packet.ethernet) == row.matches)
    }

    @Test("Without ports all TCP passes, and nothing else")
    func allPorts() throws {
        let expression = FilterExpression.text(ports: [], link: .rawIP)
        #expect(try passes(expression, SamplePacket(destination: 9).ip, .rawIP))
        #expect(try passes(expression, SamplePacket(transport: 17).ip, .rawIP) == false)
    }

    @Test(
        "The expression made of ports compiles for every link layer that is dissected",
        arguments: LinkType.known
    )
    func everyLink(link: LinkType) throws {
        // More ports than anybody names.
        let ports = (1...200).map { UInt16($0) }
        let tunnels = Tunnel.Kind.allCases.compactMap { Tunnel($0) }
        _ = try CaptureFilter(FilterExpression.text(ports: ports, link: link), link: link)
        _ = try CaptureFilter(FilterExpression.text(ports: ports, tunnels: tunnels, link: link), link: link)
        guard [.ethernet, .linuxCooked2, .rawIP].contains(link) else { return }
        _ = try CaptureFilter(
            FilterExpression.text("tcp or ip", tunnels: tunnels).text(for: link),
            link: link
        )
    }

    @Test("A tunnel that is asked for passes whatever the ports, and so do its later fragments")
    func tunnels() throws {
        let port80 = FilterExpression.ports([80], tunnels: [try Tunnel(parsing: "vxlan:9999")]).text(
            for: .ethernet
        )
        let text = FilterExpression.text("tcp port 80", tunnels: [try Tunnel(parsing: "vxlan:9999")])
        for expression in [port80, text.text(for: .ethernet)] {
            #expect(try passes(expression, SamplePacket(transport: 17, destination: 9999).ethernet))
            #expect(try passes(expression, SamplePacket(transport: 17, destination: 9998).ethernet) == false)
            let later = SamplePacket(network: .ipv4(fragment: 0x0001), transport: 17, destination: 1)
            #expect(try passes(expression, later.ethernet))
            #expect(try passes(expression, SamplePacket().ethernet))
        }
        let tagged = SamplePacket(transport: 17, destination: 9999, tags: [0x8100])
        #expect(try passes(port80, tagged.ethernet))
        let gre = FilterExpression.ports([80], tunnels: [try Tunnel(parsing: "gre")]).text(for: .rawIP)
        #expect(try passes(gre, SamplePacket(transport: 47).ip, .rawIP))
        #expect(try passes(gre, SamplePacket(transport: 4).ip, .rawIP) == false)
    }

    @Test("A filter for files follows the link layer of each packet")
    func mixedLinks() throws {
        var filter = OfflineFilter(.ports([80]))
        let packet = SamplePacket()
        for _ in 0..<2 {
            let matched = [
                try matches(&filter, packet.ethernet, .ethernet),
                try matches(&filter, packet.cooked, .linuxCooked),
                try matches(&filter, packet.ip, .rawIP),
                try matches(&filter, SamplePacket(destination: 81).ip, .rawIP),
            ]
            #expect(matched == [true, true, true, false])
        }
    }

    @Test("An expression that does not fit a link layer names both")
    func doesNotFit() throws {
        var filter = OfflineFilter(.text("vlan 7"))
        let packet = SamplePacket(tags: [0x8100])
        let fits = try matches(&filter, packet.ethernet, .ethernet)
        #expect(fits)
        do throws(CaptureError) {
            _ = try matches(&filter, packet.ip, .rawIP)
            Issue.record("compiled")
        } catch {
            #expect(error.code == .badFilter)
            #expect(error.description.hasPrefix("the filter \"vlan 7\" does not compile for RAW: "))
        }
    }

    @Test("The original length is what a filter on lengths sees")
    func originalLength() throws {
        let bytes = SamplePacket().ethernet
        #expect(try passes("greater 1000", bytes, originalLength: 1500))
        #expect(try passes("greater 1000", bytes, originalLength: bytes.count) == false)
        // A file may claim less than it holds.
        #expect(try passes("greater 54", bytes, originalLength: 0))
    }

    @Test("An empty packet matches nothing that looks into it")
    func emptyPacket() throws {
        #expect(try passes("tcp", [], originalLength: 60) == false)
    }

    private func passes(
        _ expression: String,
        _ bytes: [UInt8],
        _ link: LinkType = .ethernet,
        originalLength: Int? = nil
    ) throws -> Bool {
        let filter = try CaptureFilter(expression, link: link)
        return filter.matches(bytes.span, originalLength: originalLength ?? bytes.count)
    }

    private func matches(
        _ filter: inout OfflineFilter,
        _ bytes: [UInt8],
        _ link: LinkType
    ) throws(CaptureError) -> Bool {
        try filter.matches(bytes.span, originalLength: bytes.count, link: link)
    }
}
