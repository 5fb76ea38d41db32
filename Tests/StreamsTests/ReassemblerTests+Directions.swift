import Packets
import Streams
import Testing

// The two directions of a connection against each other, and against the clock.
extension ReassemblerTests {
    /// Captures can hold an answer before what it answers.
    static let directions: [Row] = [
        Row(
            "an answer before its question",
            ["0 open 40000>80", "0 C ab", "0 S x", "0 S y", "0 endOfCapture"]
        ) {
            $0.handshake()
            $0.send(.server, "x", ack: 2)
            $0.send(.server, "y", at: 1, ack: 2)
            $0.send(.client, "ab", ack: 0)
        },
        Row(
            "an answer and its copy before the second half of its question",
            ["0 open 40000>80", "0 C ab", "0 C cd", "0 S xy", "0 endOfCapture"]
        ) {
            $0.handshake()
            $0.send(.client, "ab", ack: 0)
            $0.send(.server, "xy", ack: 4)
            $0.send(.server, "xy", ack: 4)
            $0.send(.client, "cd", at: 2, ack: 0)
        },
        Row(
            "the answer's end waits with it",
            ["0 open 40000>80", "0 C ab", "0 S x", "0 S fin", "0 C fin", "0 fin"]
        ) {
            $0.handshake()
            $0.send(.server, "x", ack: 2, flags: .fin)
            $0.send(.client, "ab", ack: 2, flags: .fin)
        },
        Row(
            "a question that confirms the answer that waits for it",
            ["0 open 40000>80", "0 C ab", "0 S x", "0 C cd", "0 endOfCapture"]
        ) {
            $0.handshake()
            $0.send(.server, "x", ack: 2)
            $0.send(.client, "cd", at: 2, ack: 1)
            $0.send(.client, "ab", ack: 0)
        },
        Row(
            "questions and answers, with the end of the first answer last",
            ["0 open 40000>80", "0 C a", "0 S b", "0 S cc", "0 C d", "0 S e", "0 endOfCapture"]
        ) {
            $0.handshake()
            $0.send(.client, "a", ack: 0)
            $0.send(.server, "b", ack: 1)
            $0.send(.client, "d", at: 1, ack: 3)
            $0.send(.server, "e", at: 3, ack: 2)
            $0.send(.server, "cc", at: 1, ack: 1)
        },
        Row(
            "a question that was never captured",
            ["0 open 40000>80", "0 C gap 2", "0 S x", "0 endOfCapture"]
        ) {
            $0.handshake()
            $0.send(.server, "x", ack: 2)
            $0.now = 500
            $0.send(.client, "", at: 2, ack: 1)
        },
        Row(
            "more waiting than may be held",
            limits: .holding(bytes: 1),
            ["0 open 40000>80", "0 S xy", "0 C ab", "0 endOfCapture"]
        ) {
            $0.handshake()
            $0.send(.server, "xy", ack: 2)
            $0.send(.client, "ab", ack: 0)
        },
    ]

    @Test func heldBytesKeepTheTimeOfTheirPacketBehindAGap() {
        var script = SegmentScript()
        script.handshake()
        script.now = 5
        script.send(.client, "b", at: 1)
        script.now = 9
        script.finish()
        #expect(script.log.lines.dropFirst() == ["0 C gap 1", "0 C b", "0 endOfCapture"])
        #expect(script.log.times == [9, 5, 9])
    }

    @Test func timeDoesNotGoBackInAConnection() {
        var script = SegmentScript()
        script.handshake()
        script.now = 5
        script.send(.client, "b", at: 1)
        script.now = 9
        script.send(.client, "a")
        script.now = 8
        script.send(.server, "c", ack: 2)
        #expect(script.log.lines.dropFirst() == ["0 C a", "0 C b", "0 S c"])
        #expect(script.log.times == [9, 9, 9])
    }
}
