import Foundation
import Packets
import Testing

/// The folder of captures with known contents, when the suite is asked for.
let corpus = ProcessInfo.processInfo.environment["TAPEDECK_CORPUS"]

@Suite("Captures of the corpus", .enabled(if: corpus != nil, "TAPEDECK_CORPUS names no corpus"))
struct SavefileCorpusTests {
    /// The first line of an oracle.
    private struct Capture: Decodable {
        let file: String
        let packets: Int
    }

    /// How the files end that are meant to be cut or of a version nobody reads; all others are complete.
    private static let unusual: [String: SavefileVerdict] = [
        "libpcap-pcap-invalid-version-1.pcap": .unsupported(major: 1, minor: 4),
        "libpcap-pcapng-invalid-vers-1.pcapng": .unsupported(major: 0, minor: 1),
        "mut-file-cut-bulk.pcap": .cut(offset: 76_561),
    ]

    /// Records that the oracle's reader counts as packets and that hold none: its custom blocks.
    private static let customBlocks = ["mut-mixed-interfaces-bulk.pcapng": 11]

    @Test("Each capture has as many packets as its oracle says")
    func captures() throws {
        let folder = try folder("pcap")
        let oracles = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".oracle.jsonl") }
        #expect(oracles.count > 200)
        for oracle in oracles.sorted() {
            let text = try Data(contentsOf: folder.appending(path: oracle))
            let line = try #require(text.split(separator: UInt8(ascii: "\n")).first)
            let capture = try JSONDecoder().decode(Capture.self, from: line)
            try expect(capture.packets, in: folder.appending(path: capture.file))
        }
    }

    @Test("Each file of the pcapng suite has as many packets as its index says")
    func suite() throws {
        let folder = try folder("pcap/pcapng-suite")
        let index = try Data(contentsOf: folder.appending(path: "index.json"))
        let captures = try JSONDecoder().decode([Capture].self, from: index)
        #expect(captures.count > 20)
        for capture in captures {
            try expect(capture.packets, in: folder.appending(path: capture.file))
        }
    }

    private func folder(_ path: String) throws -> URL {
        URL(filePath: try #require(corpus)).appending(path: path)
    }

    private func expect(_ packets: Int, in file: URL) throws {
        let bytes = [UInt8](try Data(contentsOf: file))
        let read = ReadFile(bytes)
        let name = file.lastPathComponent
        let expected = packets - (Self.customBlocks[name] ?? 0)
        #expect(read.packets.count == expected, "\(name)")
        #expect(read.verdict == Self.unusual[name] ?? .complete, "\(name)")
        #expect(ReadFile(bytes, piece: 65_521) == read, "\(name)")
    }
}
