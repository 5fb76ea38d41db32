import Bytes
import Packets
import Streams
import Testing

// What senders do besides sending in order, and captures that hold one of them only.
extension ReassemblerTests {
    private static let urgent = TCPFlags(rawValue: 0x20)

    static let senders: [Row] = [
        Row(
            "urgent data stand in the stream like others (RFC 6093, section 2)",
            ["0 open 40000>80", "0 C ab", "0 C !", "0 C cd", "0 endOfCapture"]
        ) {
            $0.handshake()
            $0.send(.client, "ab", ack: 0)
            $0.send(.client, "!", at: 2, ack: 0, flags: urgent)
            $0.send(.client, "cd", at: 3, ack: 0)
        },
        Row(
            "urgent data and their copy, late",
            ["0 open 40000>80", "0 C ab", "0 C !", "0 C cd", "0 endOfCapture"]
        ) {
            $0.handshake()
            $0.send(.client, "cd", at: 3, ack: 0)
            $0.send(.client, "!", at: 2, ack: 0, flags: urgent)
            $0.send(.client, "!", at: 2, ack: 0, flags: urgent)
            $0.send(.client, "ab", ack: 0)
        },
        Row(
            "probes of a zero window: the byte is refused, and comes again with what follows",
            ["0 open 40000>80", "0 C ab", "0 C c", "0 C d", "0 S x", "0 endOfCapture"]
        ) {
            $0.handshake()
            $0.send(.client, "ab", ack: 0)
            $0.send(.server, "", ack: 2)
            for _ in 0..<3 {
                $0.now += 500
                $0.send(.client, "c", at: 2, ack: 0)
                $0.send(.server, "", ack: 2)
            }
            $0.send(.client, "cd", at: 2, ack: 0)
            $0.send(.server, "x", ack: 4)
        },
        Row(
            "probes without a byte, for longer than a hole would be waited for",
            ["0 open 40000>80", "0 C ab", "0 C cd", "0 endOfCapture"]
        ) {
            $0.handshake()
            $0.send(.client, "ab", ack: 0)
            for _ in 0..<40 {
                $0.now += 1_000
                $0.send(.client, "", at: 1, ack: 0)
                $0.send(.server, "", ack: 2)
            }
            $0.send(.client, "cd", at: 2, ack: 0)
        },
        Row(
            "a sender that jumps ahead is followed from its third segment on",
            ["0 open 40000>80", "0 C a", "0 C gap 67108874", "0 C z", "0 C !", "0 endOfCapture"]
        ) {
            $0.handshake()
            $0.send(.client, "a", ack: 0)
            let far = 64 << 20 + 9
            for (index, text) in ["x", "y", "z", "!"].enumerated() {
                $0.send(.client, text, at: far + index, ack: 0)
            }
        },
        Row(
            "one that goes back: how much is missing is not known, and counts as one byte",
            ["0 open 40000>80", "0 C a", "0 C gap 1", "0 C z", "0 C !", "0 C b", "0 S c", "0 endOfCapture"]
        ) {
            $0.handshake()
            $0.send(.client, "a", ack: 0)
            let back = -(200 << 20)
            for (index, text) in ["x", "y", "z", "!"].enumerated() {
                $0.send(.client, text, at: back + index, ack: 0)
            }
            $0.send(.client, "!b", at: back + 3, ack: 0)
            $0.send(.server, "c", ack: back + 5)
        },
        Row(
            "two strays in a row are no jump",
            ["0 open 40000>80", "0 C a", "0 C b", "0 C c", "0 endOfCapture"]
        ) {
            $0.handshake()
            $0.send(.client, "a", ack: 0)
            $0.send(.client, "x", at: 100 << 20, ack: 0)
            $0.send(.client, "y", at: 100 << 20 + 1, ack: 0)
            $0.send(.client, "b", at: 1, ack: 0)
            $0.send(.client, "z", at: 100 << 20 + 2, ack: 0)
            $0.send(.client, "c", at: 2, ack: 0)
        },
        // Time stamps of TCP (RFC 7323, section 5) are not looked at: a copy from before a wrap that falls into the window
        // is the first one of its place, as it would be for a receiver without them.
        Row(
            "a ghost from before a wrap, in the window",
            ["0 open 40000>80", "0 C ab", "0 C XX", "0 C ef", "0 endOfCapture"]
        ) {
            $0.handshake()
            $0.send(.client, "ab", ack: 0)
            $0.send(.client, "XX", at: 2, ack: 0)
            $0.send(.client, "cdef", at: 2, ack: 0)
        },
        Row(
            "a ghost behind what was handed on is a copy",
            ["0 open 40000>80", "0 C abcd", "0 C ef", "0 endOfCapture"]
        ) {
            $0.handshake()
            $0.send(.client, "abcd", ack: 0)
            $0.send(.client, "XX", at: 1, ack: 0)
            $0.send(.client, "ef", at: 4, ack: 0)
        },
    ]

    static let alone: [Row] = [
        Row(
            "one side only, with a hole: given up when it would have been repeated",
            ["0 open 40000>80", "0 C a", "0 C gap 1", "0 C c", "0 C d", "0 endOfCapture"]
        ) {
            $0.send(.client, "", flags: .syn)
            $0.send(.client, "a", ack: 0)
            $0.send(.client, "c", at: 2, ack: 0)
            $0.now += 2_001
            $0.send(.client, "d", at: 3, ack: 0)
        },
        Row(
            "one side only, and the repetition comes in time",
            ["0 open 40000>80", "0 C a", "0 C b", "0 C c", "0 C d", "0 endOfCapture"]
        ) {
            $0.send(.client, "", flags: .syn)
            $0.send(.client, "a", ack: 0)
            $0.send(.client, "c", at: 2, ack: 0)
            $0.now += 1_900
            $0.send(.client, "b", at: 1, ack: 0)
            $0.send(.client, "d", at: 3, ack: 0)
        },
        Row(
            "the server alone, joined, with a hole and its end; what it confirms of the client is missing too",
            ["0 join 40000>80", "0 S ab", "0 C gap 10", "0 S gap 2", "0 S ef", "0 S fin", "0 endOfCapture"]
        ) {
            $0.send(.server, "ab", at: 700, ack: 10)
            $0.send(.server, "ef", at: 704, ack: 20, flags: .fin)
            $0.now += 3_000
            $0.send(.server, "", at: 707, ack: 21)
        },
    ]

    @Test(arguments: senders + alone) func readsWhatSendersDo(_ row: Row) { reads(row) }

    /// Offsets do not wrap where sequence numbers do: 9 GiB, with copies, and late ones, about every wrap and elsewhere.
    @Test(arguments: [0, 0x7FFF_FFF0, 0xFFFF_FFFA] as [UInt32]) func goesOnThroughWraps(_ start: UInt32) {
        var script = SegmentScript()
        script.clientStart = start
        script.send(.client, "", flags: .syn)
        script.send(.server, "", ack: 0, flags: .syn)
        var sink = ByteTotal()
        let piece = [UInt8](repeating: 0x61, count: 1 << 20)
        let count = 9 << 10
        var copies = 0
        func send(_ number: Int) {
            let segment = TCPSegment(
                source: SegmentScript.client,
                destination: SegmentScript.server,
                sequence: start &+ 1 &+ UInt32(truncatingIfNeeded: number << 20),
                acknowledgement: script.serverStart &+ 1,
                flags: .acknowledgement,
                window: 65_535,
                payload: ByteRange(offset: 0, count: piece.count),
                uncaptured: 0
            )
            script.reassembler.receive(segment, payload: piece.span, at: script.time, into: &sink)
        }
        for number in stride(from: 0, to: count, by: 2) {
            // Every pair the wrong way round, and now and then one of before.
            send(number + 1)
            send(number)
            if number % 64 == 0, number >= 8 {
                send(number - 7)
                copies += 1
            }
        }
        script.reassembler.finish(at: script.time, into: &sink)
        #expect(sink.delivered == UInt64(count) << 20)
        #expect(sink.missing == 0)
        #expect(script.reassembler.counts.duplicate == UInt64(copies) << 20)
        #expect(script.reassembler.counts.isBalanced)
        #expect(script.reassembler.counts.resynchronised == 0)
    }
}

/// Adds up what comes out.
private struct ByteTotal: StreamSink {
    var delivered: UInt64 = 0
    var missing: Int64 = 0

    mutating func opened(_ opening: ConnectionOpening, at time: PacketTime) {}

    mutating func receive(_ event: StreamEvent, bytes: Span<UInt8>, at time: PacketTime) {
        delivered += UInt64(bytes.count)
        if case .gap(_, _, let count) = event { missing += count }
    }
}
