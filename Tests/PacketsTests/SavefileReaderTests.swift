import Bytes
import Packets
import Testing

@Suite("Reading capture files")
struct SavefileReaderTests {
    private static let moment: Int64 = 1_000_002_000

    /// Three packets in each supported form of file.
    static func files(_ order: Savefile.Order) -> [(bytes: [UInt8], expected: [ReadPacket])] {
        var micro = Savefile.Classic(order)
        var nano = Savefile.Classic(order, magic: 0xA1B2_3C4D, link: 101)
        var modified = Savefile.Classic(order, magic: 0xA1B2_CD34, extra: 8)
        var next = Savefile.Next(order)
        next.interface()
        for text in ["", "one", "three"] {
            micro.packet(text)
            nano.packet(text)
            modified.packet(text)
        }
        next.packet("")
        next.block(4, [1, 2, 3, 4])
        next.obsoletePacket("one")
        next.packet("three", options: [1, 0, 0, 0, 0, 0, 0, 0])
        let expected = ["", "one", "three"].map { ReadPacket($0, nanoseconds: moment) }
        return [
            (micro.bytes, expected),
            (
                nano.bytes,
                ["", "one", "three"].map { ReadPacket($0, nanoseconds: 1_000_000_002, link: 101) }
            ),
            (modified.bytes, expected),
            (next.bytes, expected),
        ]
    }

    @Test("Whole, byte by byte or in two pieces, a file reads the same", arguments: Savefile.Order.allCases)
    func anyCut(order: Savefile.Order) {
        for (bytes, expected) in Self.files(order) {
            let whole = ReadFile(bytes)
            #expect(whole.packets == expected)
            #expect(whole.verdict == .complete)
            #expect(ReadFile(bytes, piece: 1) == whole)
            for cut in 1..<bytes.count { #expect(ReadFile(bytes, pieces: [cut]) == whole) }
        }
    }

    @Test("A file that ends anywhere gives its whole packets, then says where it was cut")
    func anyEnd() {
        for (bytes, expected) in Savefile.Order.allCases.flatMap(Self.files) {
            for count in 0..<bytes.count {
                let read = ReadFile(Array(bytes[..<count]))
                #expect(read.packets == Array(expected.prefix(read.packets.count)))
                switch (count, read.verdict) {
                case (0, .empty), (1..<4, .foreign): break
                case (4..., .cut(let offset)): #expect(offset < count)
                // A file may end after a whole record, and nothing tells.
                case (24..., .complete): #expect(ReadFile(Array(bytes[..<(count - 1)])).verdict != .complete)
                default: Issue.record("\(read.verdict) after \(count) bytes")
                }
                #expect(ReadFile(Array(bytes[..<count]), piece: 1) == read)
            }
        }
    }

    @Test("After its end a reader repeats it")
    func endIsFinal() {
        var reader = SavefileReader()
        var cursor = 0
        let bytes: [UInt8] = Array("GIF89a..".utf8)
        for _ in 0..<3 {
            #expect(reader.next(in: bytes.span, from: &cursor, isLast: false) == .end(.foreign))
        }
    }

    @Test("Sections may differ in byte order, and interfaces are numbered through all of them")
    func sections() {
        var file = Savefile.Next(.little)
        file.interface(link: 1)
        file.interface(link: 113)
        file.packet("a", interface: 1)
        file.section(.big)
        file.interface(link: 101, options: [(9, [9])])
        file.packet("b", stamp: 7)
        let read = ReadFile(file.bytes)
        #expect(
            read.packets == [
                ReadPacket("a", nanoseconds: Self.moment, link: 113, interface: 1),
                ReadPacket("b", nanoseconds: 7, link: 101, interface: 2),
            ]
        )
        #expect(read.verdict == .complete)
        #expect(read.counts.sections == 2 && read.counts.interfaces == 3)
    }

    @Test("Blocks without packets are passed over and counted by kind")
    func otherBlocks() {
        var file = Savefile.Next(.big)
        file.interface()
        file.block(4, [])
        file.block(5, [UInt8](repeating: 1, count: 16))
        file.block(10, [UInt8](repeating: 1, count: 4000))
        file.block(0x0BAD, [0, 0, 0, 1])
        file.block(0x4000_0BAD, [0, 0, 0, 1])
        file.block(0x8000_0001, [UInt8](repeating: 1, count: 100))
        file.packet("end")
        var limits = SavefileLimits()
        // What is passed over need not fit.
        limits.blockLength = 64
        let read = ReadFile(file.bytes, piece: 7, limits: limits)
        #expect(read.packets.map(\.text) == ["end"])
        var counts = SavefileCounts()
        counts.packets = 1
        counts.sections = 1
        counts.interfaces = 1
        counts.nameBlocks = 1
        counts.statisticsBlocks = 1
        counts.secretsBlocks = 1
        counts.customBlocks = 2
        counts.unknownBlocks = 1
        #expect(read.counts == counts)
    }

    @Test("A simple packet is cut by the snapshot length and takes the time of the packet before it")
    func simplePackets() {
        var file = Savefile.Next(.little)
        file.interface(snapshot: 4)
        file.simplePacket("abcd", original: 90)
        file.packet("timed")
        file.simplePacket("ab")
        let read = ReadFile(file.bytes)
        #expect(
            read.packets == [
                ReadPacket("abcd", nanoseconds: 0, original: 90),
                ReadPacket("timed", nanoseconds: Self.moment),
                ReadPacket("ab", nanoseconds: Self.moment),
            ]
        )
        #expect(read.counts.timelessPackets == 2)
    }

    @Test("Files of versions before 2.4 store the original length first, or either way")
    func oldLengthOrder() {
        for (minor, captured, original) in [
            (UInt16(2), UInt32(9), UInt32(2)), (3, 9, 2), (3, 2, 9), (4, 2, 9),
        ] {
            var file = Savefile.Classic(.little, version: (2, minor))
            file.packet("ab", captured: captured, original: original)
            let read = ReadFile(file.bytes)
            #expect(read.packets == [ReadPacket("ab", nanoseconds: Self.moment, original: 9)])
        }
    }

    @Test("The bits above the link type say something else")
    func linkTypeBits() {
        // Four bytes of frame check sequence behind each packet.
        var file = Savefile.Classic(.big, link: 0x4400_0001)
        file.packet("x")
        #expect(ReadFile(file.bytes).packets.map(\.link) == [1])
    }
}
