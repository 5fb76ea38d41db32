import Bytes
import Packets
import SeededRandom
import Testing

@Suite("Mutated packets and files")
struct HostileBytesTests {
    @Test("No mutation of a packet traps, and a payload always lies in the packet")
    func mutatedPackets() {
        var generator = SeededGenerator(seed: 791)
        let dissectors = [PacketDissector(), PacketDissector(checksChecksums: true)]
        var segments = 0
        for _ in 0..<100 {
            for row in PacketDissectorTests.layers + TunnelTests.layers {
                var packet = row.packet
                mutate(&packet, &generator)
                let original = Int.random(in: 0...200, using: &generator)
                let dissector = dissectors[Int.random(in: 0...1, using: &generator)]
                let dissection = dissector.dissect(packet.span, originalLength: original, link: row.link)
                if case .aggregate(var frames) = dissection {
                    while let frame = frames.next(of: packet.span) { #expect(frame.end <= packet.count) }
                }
                guard case .segment(let segment) = dissection else { continue }
                segments += 1
                #expect(segment.payload.end <= packet.count)
                #expect(segment.payload.end + segment.uncaptured <= max(packet.count, original))
                #expect(segment.uncaptured >= 0)
            }
        }
        // Most mutations hit bytes that the walk does not depend on.
        #expect(segments > 1000)
    }

    /// Raw IP is always read header by header; Ethernet and cooked captures of the usual form are read in one go.
    @Test("A packet gives the same segment in one go and header by header")
    func shortcut() {
        var generator = SeededGenerator(seed: 894)
        let dissector = PacketDissector()
        var segments = 0
        for count in 0..<20_000 {
            var ip = Wire.ipv4(Wire.tcp("GET /", options: count % 3 == 0 ? [1, 1, 1, 0] : []))
            if count > 0 { mutate(&ip, &generator) }
            let bare = dissector.dissect(ip.span, originalLength: ip.count, link: .ipv4)
            for (frame, link) in [(Wire.ethernet(ip), LinkType.ethernet), (Wire.cooked2(ip), .linuxCooked2)] {
                let found = dissector.dissect(frame.span, originalLength: frame.count, link: link)
                switch (bare, found) {
                case (.segment(var one), .segment(let other)):
                    let shift = frame.count - ip.count
                    one.payload = ByteRange(offset: one.payload.offset + shift, count: one.payload.count)
                    #expect("\(one)" == "\(other)")
                    segments += 1
                case (.ignored(let one), .ignored(let other)): #expect(one == other)
                case (.fragment(let one), .fragment(let other)): #expect(one.key == other.key)
                default: Issue.record("\(bare) and \(found)")
                }
            }
        }
        #expect(segments > 10_000)
    }

    @Test("No mutation of a file traps, and the cut into windows never changes what is read")
    func mutatedFiles() {
        var generator = SeededGenerator(seed: 1900)
        var limits = SavefileLimits()
        limits.packetLength = 200
        limits.blockLength = 300
        let files = Savefile.Order.allCases.flatMap(SavefileReaderTests.files).map(\.bytes)
        for _ in 0..<400 {
            for file in files {
                var bytes = file
                mutate(&bytes, &generator)
                let whole = ReadFile(bytes, limits: limits)
                let piece = Int.random(in: 1...40, using: &generator)
                #expect(ReadFile(bytes, piece: piece, limits: limits) == whole)
            }
        }
    }

    /// Changes, removes or inserts a few bytes, with a liking for extreme values.
    private func mutate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
            let index = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes[index] = 0
            case 1: bytes[index] = 0xFF
            case 2: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 3: bytes.remove(at: index)
            case 4: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: index)
            default: bytes[index] = UInt8.random(in: 0...255, using: &generator)
            }
        }
    }
}
