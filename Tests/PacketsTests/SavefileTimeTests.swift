import Packets
import Testing

@Suite("Times of capture files")
struct SavefileTimeTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let resolution: UInt8?
        var offset: Int64?
        let stamp: UInt64
        let nanoseconds: Int64

        init(_ why: String, _ resolution: UInt8?, offset: Int64? = nil, _ stamp: UInt64, _ nanoseconds: Int64)
        {
            (testDescription, self.resolution, self.offset) = (why, resolution, offset)
            (self.stamp, self.nanoseconds) = (stamp, nanoseconds)
        }
    }

    static let rows = [
        Row("microseconds when nothing is said", nil, 1_000_002, 1_000_002_000),
        Row("seconds", 0, 3, 3_000_000_000),
        Row("milliseconds", 3, 5, 5_000_000),
        Row("nanoseconds", 9, 5, 5),
        Row("picoseconds are rounded down", 12, 5_999, 5),
        Row("the shortest unit of which 64 bits hold a nanosecond", 28, .max, 1),
        Row("a unit of which they do not", 29, .max, 0),
        Row("the shortest decimal unit that can be written", 127, .max, 0),
        Row("binary seconds", 0x80, 3, 3_000_000_000),
        Row("1/1024 s", 0x8A, 512, 500_000_000),
        Row("2^-32 s, as in NTP", 0xA0, 1 << 31, 500_000_000),
        Row("2^-64 s", 0xC0, 1 << 63, 500_000_000),
        Row("the shortest binary unit that can be written", 0xFF, .max, 0),
        Row("an offset in seconds is added", 6, offset: 100, 1, 100_000_001_000),
        Row("a negative offset", 6, offset: -1, 1, -999_999_000),
        Row("seconds beyond 2262 stay at the end of the range", 0, .max, .max),
        Row("binary seconds beyond it too", 0x80, .max, .max),
        Row("nanoseconds beyond it too", 9, .max, .max),
        Row("an offset before 1677 stays at its beginning", 6, offset: .min, 0, .min),
        Row("offset and stamp together beyond it", 9, offset: 9_000_000_000, 1 << 62, .max),
    ]

    @Test("A time stamp is widened to nanoseconds", arguments: Savefile.Order.allCases, rows)
    func widens(order: Savefile.Order, row: Row) {
        var file = Savefile.Next(order)
        var options: [(UInt16, [UInt8])] = [(2, Array("eth0".utf8) + [0])]
        if let resolution = row.resolution { options.append((9, [resolution])) }
        if let offset = row.offset {
            var value: [UInt8] = []
            file.put(offset, to: &value)
            options.append((14, value))
        }
        options.append((0, []))
        file.interface(options: options)
        file.packet("x", stamp: row.stamp)
        #expect(ReadFile(file.bytes).packets == [ReadPacket("x", nanoseconds: row.nanoseconds)])
    }

    @Test("pcap seconds are unsigned: they last until 2106", arguments: [UInt32(0xA1B2_C3D4), 0xA1B2_3C4D])
    func unsignedSeconds(magic: UInt32) {
        var file = Savefile.Classic(.little, magic: magic)
        file.packet("x", seconds: .max, fraction: 999)
        let unit: Int64 = magic == 0xA1B2_3C4D ? 1 : 1000
        let expected = 4_294_967_295_000_000_000 + 999 * unit
        #expect(ReadFile(file.bytes).packets == [ReadPacket("x", nanoseconds: expected)])
    }

    @Test("A fraction of more than a second carries over")
    func largeFraction() {
        var file = Savefile.Classic(.little)
        file.packet("x", seconds: .max, fraction: .max)
        let expected: Int64 = 4_294_967_295_000_000_000 + 4_294_967_295_000
        #expect(ReadFile(file.bytes).packets == [ReadPacket("x", nanoseconds: expected)])
    }
}
