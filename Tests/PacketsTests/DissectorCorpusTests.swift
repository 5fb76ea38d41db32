import Bytes
import Foundation
import Packets
import Testing

@Suite("Packets of the corpus", .enabled(if: corpus != nil, "TAPEDECK_CORPUS names no corpus"))
struct DissectorCorpusTests {
    /// A line of an oracle.
    private struct Line: Decodable {
        let kind: String
        let packets: Int?
    }

    /// How many segments are found where the oracle's reader goes further.
    private static let fewer: [String: Int] = [
        // Tunnels.
        "arkime-gre-erspan-vxlan.pcap": 0,
        "arkime-gre-sample.pcap": 0,
        "mut-gre-webhooks-http1.pcap": 0,
        "mut-in-ipv6-webhooks-http1.pcap": 0,
        "mut-ipip-webhooks-http1.pcap": 0,
        "mut-vxlan-webhooks-http1.pcap": 0,
        "own-vxlan.pcap": 2,
        "suricata-bug-2576-02.pcap": 0,
        "suricata-bug-5437-02.pcap": 0,
        "tcpdump-gso-ipv6-geneve-ipv4.pcap": 0,
        "zeek-tunnels-geneve-many-options.pcap": 0,
        "zeek-tunnels-gtp-gtp1_gn_normal_incl_fragmentation.pcap": 0,
        "zeek-tunnels-vxlan-encapsulated-http.pcap": 0,
        // MPLS and PPPoE.
        "mut-mpls-webhooks-http1.pcap": 0,
        "suricata-bug-4810.pcap": 0,
        "zeek-mixed-vlan-mpls.pcap": 36,
        // Link types that are not dissected: NFLOG, Cisco HDLC.
        "arkime-nflog.pcap": 0,
        "suricata-decode-chdlc-01.pcap": 0,
        // Fragments of IP packets.
        "arkime-socks5-http-302-frag.pcap": 10,
        "mut-ip-fragments-bulk.pcap": 98,
        // A packet captured up to the middle of its TCP header.
        "zeek-tcp-truncated-header.pcap": 23,
    ]

    @Test("Each capture gives as many segments as the oracle's streams have packets")
    func segments() throws {
        let folder = URL(filePath: try #require(corpus)).appending(path: "pcap")
        let suffix = ".oracle.jsonl"
        let oracles = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(suffix) }
        for oracle in oracles.sorted() {
            let name = String(oracle.dropLast(suffix.count))
            let lines = try Data(contentsOf: folder.appending(path: oracle))
                .split(separator: UInt8(ascii: "\n"))
                .map { try JSONDecoder().decode(Line.self, from: $0) }
            let streams = lines.filter { $0.kind == "stream" }.compactMap(\.packets).reduce(0, +)
            let found = countSegments([UInt8](try Data(contentsOf: folder.appending(path: name))))
            #expect(found == Self.fewer[name] ?? streams, "\(name)")
        }
    }

    private func countSegments(_ file: [UInt8]) -> Int {
        let dissector = PacketDissector()
        var reader = SavefileReader()
        var cursor = 0
        var count = 0
        while case .packet(let packet) = reader.next(in: file.span, from: &cursor, isLast: true) {
            let dissection = dissector.dissect(
                file.span.extracting(packet.bytes.bounds),
                originalLength: packet.originalLength,
                link: packet.link
            )
            if case .segment = dissection { count += 1 }
        }
        return count
    }
}
