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
        // Fragments of IP packets.
        "arkime-socks5-http-302-frag.pcap": 10,
        "mut-ip-fragments-bulk.pcap": 98,
        "zeek-tunnels-gtp-gtp1_gn_normal_incl_fragmentation.pcap": 32,
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
