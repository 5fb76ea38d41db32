import Packets
import Streams
import Testing

@Suite struct ReassemblerTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let reason: String
        let limits: ReassemblyLimits
        let script: @Sendable (inout SegmentScript) -> Void
        let expected: [String]

        init(
            _ reason: String,
            limits: ReassemblyLimits = .standard,
            _ expected: [String],
            _ script: @escaping @Sendable (inout SegmentScript) -> Void
        ) {
            self.reason = reason
            self.limits = limits
            self.script = script
            self.expected = expected
        }

        var testDescription: String { reason }
    }

    static let order: [Row] = [
        Row("in order", ["0 open 40000>80", "0 C ab", "0 C cd", "0 endOfCapture"]) {
            $0.handshake()
            $0.send(.client, "ab")
            $0.send(.client, "cd", at: 2)
        },
        Row("the later segment first", ["0 open 40000>80", "0 C ab", "0 C cd", "0 endOfCapture"]) {
            $0.handshake()
            $0.send(.client, "cd", at: 2)
            $0.send(.client, "ab")
        },
        Row("a retransmission", ["0 open 40000>80", "0 C ab", "0 endOfCapture"]) {
            $0.handshake()
            $0.send(.client, "ab")
            $0.send(.client, "ab")
        },
        Row("a segment that repeats and goes on", ["0 open 40000>80", "0 C ab", "0 C c", "0 endOfCapture"]) {
            $0.handshake()
            $0.send(.client, "ab")
            $0.send(.client, "Xbc")
        },
        Row(
            "the first copy counts, though it came out of order",
            ["0 open 40000>80", "0 C ab", "0 C CD", "0 C e", "0 endOfCapture"]
        ) {
            $0.handshake()
            $0.send(.client, "CD", at: 2)
            $0.send(.client, "abxye")
        },
        Row("a keep-alive probe of one byte", ["0 open 40000>80", "0 C ab", "0 C c", "0 endOfCapture"]) {
            $0.handshake()
            $0.send(.client, "ab")
            $0.send(.client, "\0", at: 1)
            $0.send(.client, "c", at: 2)
        },
    ]

    static let beginnings: [Row] = [
        Row("data on the SYN", ["0 open 40000>80", "0 C ab", "0 C c", "0 endOfCapture"]) {
            $0.send(.client, "ab", flags: .syn)
            $0.send(.server, "", ack: 2, flags: .syn)
            $0.send(.client, "c", at: 2, ack: 0)
        },
        Row("fast open refused: the data comes again", ["0 open 40000>80", "0 C ab", "0 endOfCapture"]) {
            $0.send(.client, "ab", flags: .syn)
            $0.send(.server, "", ack: 0, flags: .syn)
            $0.send(.client, "ab", ack: 0)
        },
        Row("the SYN-ACK first", ["0 open 40000>80", "0 C a", "0 S b", "0 endOfCapture"]) {
            $0.send(.server, "", ack: 0, flags: .syn)
            $0.send(.client, "", flags: .syn)
            $0.send(.client, "a", ack: 0)
            $0.send(.server, "b", ack: 1)
        },
        Row("a split handshake", ["0 open 40000>80", "0 C a", "0 endOfCapture"]) {
            $0.send(.client, "", flags: .syn)
            $0.send(.server, "", flags: .syn)
            $0.send(.client, "", ack: 0, flags: .syn)
            $0.send(.server, "", ack: 0)
            $0.send(.client, "a", ack: 0)
        },
        Row(
            "no SYN: the port known as a server's is the server",
            ["0 join 40000>80", "0 S b", "0 endOfCapture"]
        ) {
            $0.send(.server, "b", at: 500, ack: 900)
        },
        Row("joined a segment late", ["0 join 40000>80", "0 S ab", "0 S cd", "0 endOfCapture"]) {
            $0.send(.client, "", at: 10, ack: 504)
            $0.send(.server, "ab", at: 500, ack: 10)
            $0.send(.server, "cd", at: 502, ack: 10)
        },
        Row("segments without payload open nothing", []) {
            $0.send(.client, "", at: 7, ack: 9)
            $0.send(.server, "", at: 9, ack: 7, flags: .fin)
        },
    ]

    static let ends: [Row] = [
        Row("both FINs", ["0 open 40000>80", "0 C a", "0 C fin", "0 S b", "0 S fin", "0 fin"]) {
            $0.handshake()
            $0.send(.client, "a", ack: 0, flags: .fin)
            $0.send(.server, "b", ack: 2, flags: .fin)
        },
        Row(
            "a FIN waits for what is before it",
            ["0 open 40000>80", "0 C a", "0 C b", "0 C fin", "0 endOfCapture"]
        ) {
            $0.handshake()
            $0.send(.client, "b", at: 1, flags: .fin)
            $0.send(.client, "a")
        },
        Row("data after the FIN is none", ["0 open 40000>80", "0 C a", "0 C fin", "0 endOfCapture"]) {
            $0.handshake()
            $0.send(.client, "a", flags: .fin)
            $0.send(.client, "b", at: 1)
        },
        Row("a reset, whose payload is no data", ["0 open 40000>80", "0 S a", "0 reset"]) {
            $0.handshake()
            $0.send(.server, "a", ack: 0)
            $0.send(.client, "go away", ack: 1, flags: .reset)
            $0.send(.server, "b", at: 1, ack: 0)
        },
        Row("a reset with a guessed number", ["0 open 40000>80", "0 C a", "0 C b", "0 endOfCapture"]) {
            $0.handshake()
            $0.send(.client, "a")
            $0.send(.client, "", at: 500, flags: .reset)
            $0.send(.client, "b", at: 1)
        },
        Row("a refusal", ["0 open 40000>80", "0 reset"]) {
            $0.send(.client, "", flags: .syn)
            $0.send(.server, "", at: -1, ack: 0, flags: .reset)
        },
        Row(
            "the port pair again after the end",
            [
                "0 open 40000>80", "0 C a", "0 C fin", "0 S fin", "0 fin", "1 open 40000>80", "1 C b",
                "1 endOfCapture",
            ]
        ) {
            $0.handshake()
            $0.send(.client, "a", ack: 0, flags: .fin)
            $0.send(.server, "", ack: 2, flags: .fin)
            $0.clientStart = 700_000
            $0.handshake()
            $0.send(.client, "b", ack: 0)
        },
        Row(
            "the port pair again though the first is open",
            ["0 open 40000>80", "0 C a", "0 reused", "1 open 40000>80", "1 C b", "1 endOfCapture"]
        ) {
            $0.handshake()
            $0.send(.client, "a", ack: 0)
            $0.clientStart = 700_000
            $0.send(.client, "b", flags: .syn)
        },
        Row(
            "the port pair again, its handshake missed",
            ["0 open 40000>80", "0 C fin", "0 S fin", "0 fin", "1 join 40000>80", "1 C b", "1 endOfCapture"]
        ) {
            $0.handshake()
            $0.send(.client, "", ack: 0, flags: .fin)
            $0.send(.server, "", ack: 1, flags: .fin)
            $0.clientStart = 2_000_000_000
            $0.send(.client, "b", ack: 0)
        },
        Row(
            "late copies after the end open nothing",
            ["0 open 40000>80", "0 C a", "0 C fin", "0 S fin", "0 fin"]
        ) {
            $0.handshake()
            $0.send(.client, "a", ack: 0, flags: .fin)
            $0.send(.server, "", ack: 2, flags: .fin)
            $0.send(.client, "a", ack: 0, flags: .fin)
            $0.send(.client, "", flags: .syn)
        },
        Row(
            "a late copy when the end is forgotten",
            ["0 open 40000>80", "0 C a", "0 reset", "1 join 40000>80", "1 C b", "1 endOfCapture"]
        ) {
            $0.handshake()
            $0.send(.client, "a", ack: 0)
            $0.send(.client, "", at: 1, flags: .reset)
            $0.send(.client, "b", at: 1, ack: 0)
            $0.now += 60_001
            $0.send(.client, "b", at: 1, ack: 0)
        },
        Row(
            "idle for too long, by packet time",
            ["0 open 40000>80", "0 C a", "0 expired", "1 join 40000>80", "1 C b", "1 endOfCapture"]
        ) {
            $0.handshake()
            $0.send(.client, "a")
            $0.now += 600_001
            $0.send(.client, "b", at: 1)
        },
    ]

    static let gaps: [Row] = [
        Row(
            "what comes too early is kept to the end",
            ["0 open 40000>80", "0 C gap 2", "0 C cd", "0 endOfCapture"]
        ) {
            $0.handshake()
            $0.send(.client, "cd", at: 2)
        },
        Row(
            "acknowledged and never seen, after the tolerance in time",
            ["0 open 40000>80", "0 C gap 2", "0 C cd", "0 C ef", "0 endOfCapture"]
        ) {
            $0.handshake()
            $0.send(.client, "cd", at: 2)
            $0.send(.server, "", ack: 4)
            $0.now += 101
            $0.send(.client, "ef", at: 4)
        },
        Row(
            "acknowledged just before it is seen",
            ["0 open 40000>80", "0 C ab", "0 C cd", "0 endOfCapture"]
        ) {
            $0.handshake()
            $0.send(.client, "cd", at: 2)
            $0.send(.server, "", ack: 4)
            $0.now += 99
            $0.send(.client, "ab")
        },
        Row(
            "acknowledged and never seen, after the tolerance in packets",
            ["0 open 40000>80", "0 C gap 4", "0 C e", "0 endOfCapture"]
        ) {
            $0.handshake()
            $0.send(.server, "", ack: 4)
            for _ in 0...32 { $0.send(.server, "", ack: 4) }
            $0.send(.client, "e", at: 4)
        },
        Row("a FIN that was not seen is no gap", ["0 open 40000>80", "0 C a", "0 endOfCapture"]) {
            $0.handshake()
            $0.send(.client, "a")
            $0.send(.server, "", ack: 2)
            $0.now += 5_000
            $0.send(.server, "", ack: 2)
        },
        Row(
            "cut by the snapshot length",
            ["0 open 40000>80", "0 C ab", "0 C gap 3", "0 C f", "0 endOfCapture"]
        ) {
            $0.handshake()
            $0.send(.client, "ab", uncaptured: 3)
            $0.send(.client, "f", at: 5)
        },
        Row(
            "more out of order than may be held",
            limits: .holding(bytes: 3),
            ["0 open 40000>80", "0 C gap 1", "0 C bc", "0 C de", "0 C f", "0 endOfCapture"]
        ) {
            $0.handshake()
            $0.send(.client, "bc", at: 1)
            $0.send(.client, "de", at: 3)
            $0.send(.client, "f", at: 5)
        },
        Row(
            "more pieces than may be held",
            limits: .holding(pieces: 1),
            ["0 open 40000>80", "0 C gap 1", "0 C b", "0 C gap 1", "0 C d", "0 endOfCapture"]
        ) {
            $0.handshake()
            $0.send(.client, "b", at: 1)
            $0.send(.client, "d", at: 3)
        },
        Row("far from the stream", ["0 open 40000>80", "0 C a", "0 endOfCapture"]) {
            $0.handshake()
            $0.send(.client, "x", at: 65 << 20)
            $0.send(.client, "a")
        },
        Row(
            "the end with a hole before it",
            ["0 open 40000>80", "0 C gap 3", "0 C fin", "0 S fin", "0 fin"]
        ) {
            $0.handshake()
            $0.send(.client, "", at: 3, ack: 0, flags: .fin)
            $0.send(.server, "", ack: 4, flags: .fin)
            $0.send(.client, "", at: 4, ack: 1)
        },
    ]

    @Test(arguments: order + beginnings + ends + gaps + directions)
    func reads(_ row: Row) {
        var script = SegmentScript(limits: row.limits)
        row.script(&script)
        script.finish()
        #expect(script.log.lines == row.expected)
        #expect(script.reassembler.counts.isBalanced)
        #expect(script.reassembler.counts.held == 0)
    }

    @Test func countsWhereBytesWent() {
        var script = SegmentScript()
        script.handshake()
        script.send(.client, "abcd")
        script.send(.client, "cdef", at: 2)
        script.send(.client, "IJ", at: 8)
        script.send(.client, "iJ", at: 8)
        script.send(.client, "gh", at: 6)
        script.send(.client, "far", at: 70 << 20)
        script.send(.client, "", at: 500, flags: .reset)
        script.send(.client, "xyz", at: 10, flags: .reset)
        script.send(.client, "late", at: 10)
        let counts = script.reassembler.counts
        #expect(counts.received == 24)
        #expect(counts.delivered == 10)
        #expect(counts.duplicate == 3)
        #expect(counts.conflicting == 1)
        #expect(counts.outsideWindow == 3)
        #expect(counts.resetPayload == 3)
        #expect(counts.afterClose == 4)
        #expect(counts.implausibleResets == 1)
        #expect(script.log.text(.client) == "abcdefghIJ")
        #expect(counts.isBalanced)
    }

    @Test func evictsTheConnectionIdleLongest() {
        var limits = ReassemblyLimits()
        limits.connections = 2
        var script = SegmentScript(limits: limits)
        for port in [UInt16(1), 2, 1, 3] {
            let source = Endpoint(address: SegmentScript.client.address, port: 50_000 + port)
            script.send(.client, Array("a".utf8), flags: .syn, from: source)
        }
        #expect(script.log.lines.filter { $0.contains("expired") } == ["1 expired"])
        #expect(script.reassembler.counts.evicted == 1)
        #expect(script.reassembler.connectionCount == 2)
    }

    @Test func forgetsWhatIsOverBeforeItEvictsWhatIsOpen() {
        var limits = ReassemblyLimits()
        limits.connections = 2
        var script = SegmentScript(limits: limits)
        for port in [UInt16(1), 2, 3, 4] {
            let source = Endpoint(address: SegmentScript.client.address, port: 50_000 + port)
            script.send(.client, Array("a".utf8), flags: .syn, from: source)
            if port > 1 { script.send(.client, [], at: 1, flags: .reset, from: source) }
        }
        #expect(script.log.lines.filter { $0.contains("expired") } == [])
        #expect(script.reassembler.counts.evicted == 0)
        #expect(script.reassembler.connectionCount == 2)
    }

    @Test func boundsWhatIsHeldInAll() {
        var limits = ReassemblyLimits()
        limits.outOfOrderBytesInAll = 3
        var script = SegmentScript(limits: limits)
        for port in [UInt16(1), 2] {
            let source = Endpoint(address: SegmentScript.client.address, port: 50_000 + port)
            script.send(.client, [], flags: .syn, from: source)
            script.send(.client, Array("bc".utf8), at: 1, from: source)
        }
        #expect(script.log.lines.suffix(2) == ["1 C gap 1", "1 C bc"])
        #expect(script.reassembler.counts.gapsByLimit == 1)
        #expect(script.reassembler.counts.held == 2)
    }
}

extension ReassemblyLimits {
    static func holding(bytes: Int = 1_000, pieces: Int = 1_000) -> ReassemblyLimits {
        var limits = ReassemblyLimits()
        limits.outOfOrderBytes = bytes
        limits.outOfOrderPieces = pieces
        return limits
    }
}
