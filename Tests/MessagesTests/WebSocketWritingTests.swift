import Bytes
import Messages
import Testing

@Suite struct WebSocketWritingTests {
    private struct Sink: WebSocketSink {
        var messages: [(message: WebSocketMessage, bytes: [UInt8])] = []
        var frames: [WebSocketFrame] = []
        var skipped: UInt64 = 0

        mutating func receive(_ event: WebSocketEvent, bytes: Span<UInt8>) {
            switch event {
            case .message(_, let message): messages.append((message, Array(bytes)))
            case .frame(_, let frame): frames.append(frame)
            case .skipped(_, let count, _): skipped += count
            case .began, .abandoned: break
            }
        }
    }

    struct Case: CustomTestStringConvertible, Sendable {
        var reason: String
        var opcode: WebSocketOpcode
        var count: Int
        var frames: UInt32
        var lengths: [UInt64]
        var testDescription: String { reason }
    }

    static let cases = [
        Case(reason: "nothing", opcode: .text, count: 0, frames: 1, lengths: [0]),
        Case(
            reason: "the longest length in seven bits",
            opcode: .binary,
            count: 125,
            frames: 1,
            lengths: [125]
        ),
        Case(reason: "the shortest in sixteen", opcode: .binary, count: 126, frames: 1, lengths: [126]),
        Case(reason: "the longest in sixteen", opcode: .text, count: 65_535, frames: 1, lengths: [65_535]),
        Case(
            reason: "the shortest in sixty-four",
            opcode: .text,
            count: 65_536,
            frames: 1,
            lengths: [65_536]
        ),
        Case(reason: "fragments of about one size", opcode: .text, count: 10, frames: 3, lengths: [4, 4, 2]),
        Case(reason: "no more fragments than bytes", opcode: .text, count: 2, frames: 9, lengths: [1, 1]),
        Case(reason: "no empty fragment at the end", opcode: .text, count: 9, frames: 4, lengths: [3, 3, 3]),
        Case(reason: "no frames at all are one", opcode: .text, count: 3, frames: 0, lengths: [3]),
        Case(reason: "a control frame is whole", opcode: .ping, count: 100, frames: 3, lengths: [100]),
        Case(reason: "and not too long", opcode: .close, count: 200, frames: 1, lengths: [125]),
    ]

    @Test(arguments: cases) func isReadAsItWasWritten(_ row: Case) {
        let payload = (0..<row.count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        var bytes: [UInt8] = [0x5A]
        var next: UInt32 = 0xDEAD_BEEF
        bytes.appendWebSocketMessage(row.opcode, payload.span, frames: row.frames) {
            next = next &* 1_664_525 &+ 1_013_904_223
            return next
        }
        #expect(bytes.removeFirst() == 0x5A, "what was there stays")
        let conversation = WebSocketConversation(WebSocketExtensions())
        var sink = Sink()
        conversation.receive(bytes.span, from: .request, room: .max, into: &sink)
        #expect(sink.skipped == 0)
        #expect(sink.messages.count == 1)
        #expect(sink.messages.first?.message.opcode == row.opcode)
        #expect(sink.messages.first?.bytes == Array(payload.prefix(row.opcode.isControl ? 125 : .max)))
        #expect(sink.frames.map(\.length) == row.lengths)
        #expect(sink.frames.allSatisfy { $0.mask != nil })
        #expect(Set(sink.frames.map(\.mask)).count == sink.frames.count, "each frame has a key of its own")
    }

    /// RFC 6455, section 5.7.
    @Test func theExampleOfTheStandard() {
        var bytes: [UInt8] = []
        bytes.appendWebSocketMessage(.text, Array("Hello".utf8).span) { 0x3D21_FA37 }
        #expect(bytes == [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58])
    }
}
