import Packets
import Testing

@Suite("Damaged and foreign capture files")
struct SavefileDamageTests {
    struct Row: CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let verdict: SavefileVerdict

        /// A pcapng file with one good packet, then whatever `damage` appends; the good part is 92 bytes.
        init(_ why: String, _ reason: SavefileDamage, after damage: (inout Savefile.Next) -> Void) {
            var file = Savefile.Next(.little)
            file.interface()
            file.packet("good")
            verdict = .damaged(offset: UInt64(file.bytes.count), reason)
            damage(&file)
            (testDescription, bytes) = (why, file.bytes)
        }
    }

    static let rows = [
        Row("block length below its frame", .blockLength(8)) { $0.block(99, [], length: 8) },
        Row("block length that is no multiple of four", .blockLength(13)) { $0.block(99, [1], length: 13) },
        Row("packet block too short for its fields", .blockLength(28)) {
            $0.block(6, [UInt8](repeating: 0, count: 16))
        },
        Row("interface block too short for its fields", .blockLength(16)) { $0.block(1, [0, 0, 0, 0]) },
        Row("section block too short for its fields", .blockLength(24)) {
            $0.block(0x0A0D_0D0A, [0x4D, 0x3C, 0x2B, 0x1A, 1, 0, 0, 0, 0, 0, 0, 0], length: 24)
        },
        Row("block longer than may be held", .blockTooLong(1 << 25)) { $0.block(6, [], length: 1 << 25) },
        Row("lengths that differ, in a block that is held", .trailingLength) {
            $0.block(1, [UInt8](repeating: 0, count: 8), trailing: 24)
        },
        Row("lengths that differ, in a block that is passed over", .trailingLength) {
            $0.block(99, [], trailing: 16)
        },
        Row("packet of an interface that is not described", .unknownInterface(1)) {
            $0.packet("bad", interface: 1)
        },
        Row("obsolete packet of such an interface", .unknownInterface(9)) {
            $0.obsoletePacket("bad", interface: 9)
        },
        Row("packet longer than its block", .packetBeyondBlock) { $0.packet("bad", captured: 9) },
        Row("simple packet longer than its block", .packetBeyondBlock) {
            $0.simplePacket("bad", original: 9)
        },
        Row("packet longer than may be held", .packetTooLong(1 << 21)) {
            $0.packet("bad", captured: 1 << 21)
        },
        Row("simple packet longer than may be held", .packetTooLong(1 << 21)) {
            $0.simplePacket("bad", original: 1 << 21)
        },
        Row("option longer than its block", .optionsBeyondBlock) {
            $0.block(1, [1, 0, 0, 0, 0, 0, 0, 0, 9, 0, 9, 0])
        },
        Row("section without a byte order", .byteOrder) {
            $0.block(0x0A0D_0D0A, [UInt8](repeating: 1, count: 16))
        },
        Row("section of another version", .sectionVersion(major: 2, minor: 0)) {
            $0.section(.big, version: (2, 0))
        },
    ]

    @Test("What stands before the damage is read, and the damage has a place and a reason", arguments: rows)
    func damage(row: Row) {
        let whole = ReadFile(row.bytes)
        #expect(whole.packets.map(\.text) == ["good"])
        #expect(whole.verdict == row.verdict)
        #expect(ReadFile(row.bytes, piece: 1) == whole)
    }

    @Test("A pcap packet longer than may be held is damage")
    func longClassicPacket() {
        var file = Savefile.Classic(.big)
        file.packet("good")
        file.packet("bad", captured: .max)
        let read = ReadFile(file.bytes)
        #expect(read.packets.map(\.text) == ["good"])
        #expect(read.verdict == .damaged(offset: 44, .packetTooLong(4_294_967_295)))
    }

    @Test("More interfaces than the limit are damage")
    func tooManyInterfaces() {
        var file = Savefile.Next(.little)
        for _ in 0..<3 { file.interface() }
        var limits = SavefileLimits()
        limits.interfaces = 2
        #expect(ReadFile(file.bytes, limits: limits).verdict == .damaged(offset: 68, .tooManyInterfaces))
        limits.interfaces = 3
        #expect(ReadFile(file.bytes, limits: limits).verdict == .complete)
    }

    @Test("A file of an unknown version is no damage but unusable")
    func versions() {
        let classic = ReadFile(Savefile.Classic(.little, version: (1, 4)).bytes)
        #expect(classic.verdict == .unsupported(major: 1, minor: 4))
        #expect(!classic.verdict.isUsable)
        #expect(
            ReadFile(Savefile.Next(.big, version: (0, 256)).bytes).verdict
                == .unsupported(major: 0, minor: 256)
        )
        // Written by mistake for 1.0 and read everywhere.
        #expect(ReadFile(Savefile.Next(.big, version: (1, 2)).bytes).verdict == .complete)
    }

    @Test(
        "A foreign file is told from an empty one",
        arguments: [
            ("", SavefileVerdict.empty),
            ("\u{1F}", .foreign),
            ("HTTP/1.1 200 OK\r\n\r\n", .foreign),
            ("\n\r\r\nbut then a text", .foreign),
        ]
    )
    func foreign(text: String, verdict: SavefileVerdict) {
        let read = ReadFile(Array(text.utf8))
        #expect(read.packets.isEmpty)
        #expect(read.verdict == verdict)
        #expect(!read.verdict.isUsable)
    }

    @Test("The verdicts are sentences for people")
    func sentences() {
        #expect("\(SavefileVerdict.cut(offset: 77))" == "cut off inside the record at byte 77")
        let damage = SavefileVerdict.damaged(offset: 5, .unknownInterface(3))
        #expect("\(damage)" == "damaged at byte 5: a packet names interface 3, which is not described")
        #expect("\(SavefileVerdict.foreign)" == "neither a pcap nor a pcapng file")
    }
}
