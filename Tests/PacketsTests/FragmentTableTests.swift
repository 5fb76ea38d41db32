import Bytes
import Packets
import SeededRandom
import Testing

@Suite("Fragments of IP packets")
struct FragmentTableTests {
    /// A part of a payload: where it stands, what it holds, whether it is the last.
    struct Part: Sendable {
        var offset: Int
        var text: String
        var isLast = false

        init(_ offset: Int, _ text: String, isLast: Bool = false) {
            self.offset = offset
            self.text = text
            self.isLast = isLast
        }
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let parts: [Part]
        /// The payload that the last part completes.
        let whole: String?

        init(_ reason: String, _ parts: [Part], _ whole: String?) {
            testDescription = reason
            self.parts = parts
            self.whole = whole
        }
    }

    @Test(arguments: [
        Row("in order", [Part(0, "abcdefgh"), Part(8, "ij", isLast: true)], "abcdefghij"),
        Row("the last first", [Part(8, "ij", isLast: true), Part(0, "abcdefgh")], "abcdefghij"),
        Row(
            "the middle last",
            [Part(0, "abcdefgh"), Part(16, "q", isLast: true), Part(8, "ijklmnop")],
            "abcdefghijklmnopq"
        ),
        Row("a copy", [Part(0, "abcdefgh"), Part(0, "abcdefgh"), Part(8, "i", isLast: true)], "abcdefghi"),
        Row(
            "an overlap: the first copy of a byte counts",
            [Part(8, "ijklmnop"), Part(0, "abcdefghIJKLMNOP"), Part(16, "q", isLast: true)],
            "abcdefghijklmnopq"
        ),
        Row(
            "an overlap over a hole between two parts",
            [Part(0, "abcdefgh"), Part(16, "qr", isLast: true), Part(0, "ABCDEFGHijklmnopQRSTUVWX")],
            "abcdefghijklmnopqr"
        ),
        Row(
            "two ends: the first counts",
            [Part(8, "ij", isLast: true), Part(16, "q", isLast: true), Part(0, "abcdefgh")],
            "abcdefghij"
        ),
        Row(
            "more than the end that comes later allows",
            [Part(8, "ijklmnop"), Part(8, "IJ", isLast: true), Part(0, "abcdefgh")],
            "abcdefghij"
        ),
        Row("the rest never comes", [Part(0, "abcdefgh"), Part(16, "q", isLast: true)], nil),
        Row("no end", [Part(0, "abcdefgh"), Part(8, "ijklmnop")], nil),
        Row(
            "a length that only a last part can have",
            [Part(0, "abcdefghi"), Part(8, "ij", isLast: true)],
            nil
        ),
        Row("an empty part", [Part(0, ""), Part(0, "", isLast: true)], nil),
        Row("beyond the largest packet", [Part(65_528, "abcdefghi", isLast: true)], nil),
    ])
    func puts(_ row: Row) {
        for isIPv6 in [false, true] {
            var table = FragmentTable()
            var whole: ReassembledPayload?
            for part in row.parts {
                #expect(whole == nil, "nothing is whole before its last part")
                whole = table.take(part, isIPv6: isIPv6)
            }
            #expect(whole.map { String(decoding: $0.bytes, as: UTF8.self) } == row.whole)
            if let whole {
                #expect(whole.packets == UInt64(row.parts.count))
                #expect(whole.number == 6)
                #expect(table.count == 0)
            }
        }
    }

    @Test("Any cut, any order, any copies: the same payload", arguments: UInt64(0)..<200)
    func anyOrder(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let payload = (0..<Int.random(in: 1...4_000, using: &generator)).map { _ in
            UInt8.random(in: 97...122, using: &generator)
        }
        var parts: [Part] = []
        var start = 0
        while start < payload.count {
            let end = min(payload.count, start + 8 * Int.random(in: 1...40, using: &generator))
            let text = String(decoding: payload[start..<end], as: UTF8.self)
            parts.append(Part(start, text, isLast: end == payload.count))
            start = end
        }
        parts.shuffle(using: &generator)
        for part in parts where Bool.random(using: &generator) {
            parts.insert(part, at: Int.random(in: 0...parts.count, using: &generator))
        }
        var limits = FragmentLimits()
        limits.parts = parts.count
        var table = FragmentTable(limits: limits)
        var found: [[UInt8]] = []
        for part in parts {
            if let whole = table.take(part) { found.append(whole.bytes) }
        }
        #expect(found.first == payload)
        #expect(found.allSatisfy { $0 == payload })
    }

    @Test("Packets are told apart by what their fragments have in common")
    func keys() {
        var table = FragmentTable()
        #expect(table.take(Part(0, "abcdefgh"), id: 1) == nil)
        #expect(table.take(Part(8, "x", isLast: true), id: 2) == nil)
        #expect(table.take(Part(8, "y", isLast: true), id: 1, isIPv6: true) == nil)
        #expect(table.count == 3)
        #expect(table.take(Part(8, "i", isLast: true), id: 1)?.bytes == Array("abcdefghi".utf8))
        #expect(table.count == 2)
    }

    @Test("A part that the capture cut is of no use")
    func cutParts() {
        var table = FragmentTable()
        #expect(table.take(Part(0, "abcdefgh"), uncaptured: 8) == nil)
        #expect(table.count == 0)
    }

    @Test("Past its patience or a limit, the oldest packet is given up")
    func limits() {
        var limits = FragmentLimits()
        limits.packets = 2
        var table = FragmentTable(limits: limits)
        for id in UInt32(1)...3 { #expect(table.take(Part(0, "abcdefgh"), id: id) == nil) }
        #expect(table.count == 2)
        #expect(table.take(Part(8, "i", isLast: true), id: 1) == nil, "given up")
        #expect(table.take(Part(8, "i", isLast: true), id: 3) != nil, "still there")

        limits = FragmentLimits()
        limits.bytes = 15
        table = FragmentTable(limits: limits)
        for id in UInt32(1)...2 { #expect(table.take(Part(0, "abcdefgh"), id: id) == nil) }
        #expect(table.count == 1)

        limits = FragmentLimits()
        limits.parts = 2
        table = FragmentTable(limits: limits)
        for offset in [0, 16, 32] { #expect(table.take(Part(offset, "abcdefgh")) == nil) }
        #expect(table.count == 0)

        table = FragmentTable()
        let patience = FragmentLimits().patience
        #expect(table.take(Part(0, "abcdefgh"), at: 0) == nil)
        #expect(table.take(Part(0, "abcdefgh"), id: 2, at: patience) == nil)
        #expect(table.count == 2)
        #expect(table.take(Part(8, "i", isLast: true), at: patience + 1) == nil)
        #expect(table.count == 2, "the first was given up, and another begun")
    }

    @Test("What was whole leaves nothing behind")
    func manyPackets() {
        var limits = FragmentLimits()
        limits.packets = 2
        var table = FragmentTable(limits: limits)
        #expect(table.take(Part(0, "abcdefgh"), id: 0) == nil)
        for id in UInt32(1)...1_000 {
            #expect(table.take(Part(0, "abcdefgh"), id: id) == nil)
            #expect(table.take(Part(8, "i", isLast: true), id: id) != nil)
        }
        #expect(table.count == 1)
        #expect(table.take(Part(8, "i", isLast: true), id: 0) != nil)
    }

    @Test("The segment of a fragmented packet is that of the whole one")
    func dissects() {
        let segment = Wire.tcp("GET / HTTP/1.1")
        let packets = [
            Wire.ipv4(Array(segment[..<24]), fragment: 0x2000),
            Wire.ipv4(Array(segment[24...]), fragment: 0x0003),
        ]
        var table = FragmentTable()
        var texts: [String] = []
        for packet in packets {
            let dissection = PacketDissector().dissect(
                packet.span,
                originalLength: packet.count,
                link: .ipv4
            )
            guard case .fragment(let fragment) = dissection else { continue }
            let part = packet.span.extracting(fragment.payload.bounds)
            guard let whole = table.receive(fragment, part, at: PacketTime(nanoseconds: 0)),
                case .segment(let found) = PacketDissector().dissect(whole)
            else { continue }
            #expect(found.source.description == "10.0.0.1:4711")
            texts.append(String(decoding: whole.bytes[found.payload.bounds], as: UTF8.self))
        }
        #expect(texts == ["GET / HTTP/1.1"])
    }

    @Test("Headers say which part a fragment is")
    func readsHeaders() {
        #expect(
            Reading(Wire.ipv4(Array("abcdefgh".utf8), fragment: 0x2002), link: .ipv4)
                == .fragment("abcdefgh", at: 16, isLast: false)
        )
        #expect(
            Reading(Wire.ethernet(Wire.ipv4([97], fragment: 0x0001)) + [0, 0, 0])
                == .fragment("a", at: 8, isLast: true)
        )
        for (field, isLast) in [(UInt16(25), false), (24, true)] {
            let packet = Wire.ipv6(Wire.fragmentHeader([97], field: field), next: 44)
            #expect(Reading(packet, link: .ipv6) == .fragment("a", at: 24, isLast: isLast))
        }
    }
}

extension FragmentTable {
    fileprivate mutating func take(
        _ part: FragmentTableTests.Part,
        id: UInt32 = 9,
        isIPv6: Bool = false,
        uncaptured: Int = 0,
        at nanoseconds: Int64 = 0
    ) -> ReassembledPayload? {
        let bytes = Array(part.text.utf8)
        let key = IPFragment.Key(
            source: IPAddress(ipv4: 1),
            destination: IPAddress(ipv4: 2),
            identification: id,
            number: isIPv6 ? 0 : 6,
            isIPv6: isIPv6
        )
        let fragment = IPFragment(
            key: key,
            number: part.offset == 0 || !isIPv6 ? 6 : 0,
            offset: part.offset,
            isLast: part.isLast,
            payload: ByteRange(offset: 0, count: bytes.count),
            uncaptured: uncaptured
        )
        return receive(fragment, bytes.span, at: PacketTime(nanoseconds: nanoseconds))
    }
}
