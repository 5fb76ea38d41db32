import Bytes
import Packets
import SeededRandom
import Testing

@Suite("Notes in capture files")
struct SavefileNotesTests {
    private static func options(_ order: Savefile.Order, _ options: [(UInt16, [UInt8])]) -> [UInt8] {
        let file = Savefile.Next(order)
        var bytes: [UInt8] = []
        for (code, value) in options {
            file.put(code, to: &bytes)
            file.put(UInt16(value.count), to: &bytes)
            bytes += value + [UInt8](repeating: 0, count: -value.count & 3)
        }
        return bytes + [0, 0, 0, 0]
    }

    private static func count(_ value: UInt64, _ order: Savefile.Order) -> [UInt8] {
        var bytes: [UInt8] = []
        Savefile.Next(order).put(value, to: &bytes)
        return bytes
    }

    private static func statistics(_ order: Savefile.Order, _ options: [(UInt16, [UInt8])]) -> [UInt8] {
        [UInt8](repeating: 0, count: 12) + Self.options(order, options)
    }

    /// All notes of a file that is read in one window.
    private static func notes(of bytes: [UInt8], limits: SavefileLimits = .standard) -> SavefileNotes {
        var reader = SavefileReader(limits: limits)
        var cursor = 0
        while case .packet = reader.next(in: bytes.span, from: &cursor, isLast: true) {}
        return reader.notes
    }

    private static func file(_ order: Savefile.Order) -> [UInt8] {
        var file = Savefile.Next(order)
        file.interface(options: [(1, Array("uplink".utf8))])
        file.packet("a")
        file.packet("b", options: options(order, [(1, Array("odd".utf8)), (4, count(3, order))]))
        var names: [UInt8] = []
        file.put(UInt16(1), to: &names)
        file.put(UInt16(9), to: &names)
        names += [10, 0, 0, 1] + Array("web".utf8) + [0, 0] + [0, 0, 0]
        file.put(UInt16(2), to: &names)
        file.put(UInt16(20), to: &names)
        names += [UInt8](repeating: 0, count: 15) + [1, 0x61, 0, 0x62, 0]
        file.block(4, names + [0, 0, 0, 0] + options(order, [(1, Array("named".utf8))]))
        var secrets: [UInt8] = []
        file.put(UInt32(0x544C_534B), to: &secrets)
        file.put(UInt32(5), to: &secrets)
        file.block(10, secrets + Array("KEYS\n".utf8))
        file.block(5, statistics(order, [(5, count(2, order)), (7, count(40, order))]))
        file.block(5, statistics(order, [(5, count(4, order)), (7, count(50, order))]))
        return file.bytes
    }

    @Test("Comments, names, secrets and losses are kept", arguments: Savefile.Order.allCases)
    func everything(order: Savefile.Order) {
        let notes = Self.notes(of: Self.file(order))
        #expect(
            notes.comments.map { String(decoding: $0.text, as: UTF8.self) } == ["uplink", "odd", "named"]
        )
        #expect(notes.comments.map(\.subject) == [.interface(0), .packet(2), .other])
        #expect(
            notes.names.map { "\($0.address) \(String(decoding: $0.name, as: UTF8.self))" }
                == ["10.0.0.1 web", "::1 a", "::1 b"]
        )
        #expect(notes.secrets.map(\.bytes) == [Array("KEYS\n".utf8)])
        // Statistics count from the start, so the last ones hold; the three before a packet are among them.
        #expect(notes.dropped == (kernel: 50, interface: 4))
        #expect(notes.leftOut == 0)
    }

    @Test("Without statistics the losses told with packets count")
    func packetsAlone() {
        var file = Savefile.Next(.little)
        file.interface()
        for _ in 0..<2 { file.packet("b", options: Self.options(.little, [(4, Self.count(3, .little))])) }
        #expect(Self.notes(of: file.bytes).dropped == (kernel: 6, interface: 0))
    }

    @Test("The comment on a section is kept, and a section begins as before")
    func section() {
        var body: [UInt8] = []
        let file = Savefile.Next(.big)
        file.put(UInt32(0x1A2B_3C4D), to: &body)
        file.put(UInt16(1), to: &body)
        file.put(UInt16(0), to: &body)
        file.put(UInt64.max, to: &body)
        var next = Savefile.Next(.big)
        next.block(0x0A0D_0D0A, body + Self.options(.big, [(1, Array("night".utf8))]))
        next.interface()
        next.packet("x")
        #expect(Self.notes(of: next.bytes).comments == [.init(subject: .section, text: Array("night".utf8))])
        #expect(ReadFile(next.bytes).packets.count == 1)
        #expect(ReadFile(next.bytes, piece: 1) == ReadFile(next.bytes))
    }

    @Test("What there is no room for is counted")
    func bounded() {
        var limits = SavefileLimits()
        limits.noteBytes = 100
        let notes = Self.notes(of: Self.file(.little), limits: limits)
        #expect(notes.heldBytes <= 100)
        #expect(notes.comments.count + notes.names.count + notes.secrets.count == 1)
        #expect(notes.leftOut == 6)
        // A block longer than may be held is passed over, as every unknown one is.
        limits.noteBlockLength = 16
        let passed = Self.notes(of: Self.file(.little), limits: limits)
        #expect(passed.dropped == (kernel: 3, interface: 0))
    }

    @Test("No cut and no changed byte of such a file traps")
    func hostile() {
        var generator = SeededGenerator(seed: 4)
        let whole = Self.file(.big)
        for count in 0..<whole.count { _ = Self.notes(of: Array(whole[..<count])) }
        for _ in 0..<2000 {
            var bytes = whole
            bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
                in: 0...255,
                using: &generator
            )
            let notes = Self.notes(of: bytes)
            #expect(notes.heldBytes < 4096)
        }
    }

    @Test("Secrets show in no description")
    func secretsStayIn() {
        let notes = Self.notes(of: Self.file(.little))
        #expect(!"\(notes.secrets)".contains("75"))
        #expect(!String(reflecting: notes.secrets).contains("75"))
    }
}
