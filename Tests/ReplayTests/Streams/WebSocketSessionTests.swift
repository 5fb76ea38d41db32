import Bytes
import Messages
import Replay
import Testing

@Suite struct WebSocketSessionTests {
    private static let millisecond: UInt64 = 1_000_000
    private static let start: MonotonicTime = 7_000_000_000
    private static let timeout: UInt64 = 30_000 * millisecond

    private static func at(_ milliseconds: UInt64) -> MonotonicTime { start + milliseconds * millisecond }

    private static func message(
        _ text: String,
        at milliseconds: Int64,
        opcode: UInt8 = 1,
        frames: UInt32 = 1,
        after events: Int = 0
    ) -> RecordedStream.ClientMessage {
        RecordedStream.ClientMessage(
            opcode: opcode,
            bytes: Array(text.utf8),
            frames: frames,
            offset: milliseconds * Int64(millisecond),
            eventsBefore: events
        )
    }

    private static func event(_ text: String, at milliseconds: Int64) -> RecordedStream.Event {
        RecordedStream.Event(
            key: .message(opcode: 1, Array(text.utf8).span),
            offset: milliseconds * Int64(millisecond)
        )
    }

    private static func recorded(
        _ messages: [RecordedStream.ClientMessage] = [],
        events: [RecordedStream.Event] = [],
        end: Int64 = 1_000,
        atServer: Bool = false
    ) -> RecordedStream {
        RecordedStream(
            kind: .webSocket,
            events: events,
            messages: messages,
            end: end * Int64(millisecond),
            endsAtServer: atServer
        )
    }

    /// Reads what a session sends, as a server would.
    private struct Server: WebSocketSink {
        var messages: [(opcode: WebSocketOpcode, text: String, frames: UInt32)] = []
        var masks: [UInt32?] = []
        var skipped: UInt64 = 0
        private let conversation = WebSocketConversation(WebSocketExtensions())

        mutating func read(_ session: WebSocketSession) {
            let bytes = session.outgoing
            session.removeOutgoing(bytes.count)
            conversation.receive(bytes.span, from: .request, room: .max, into: &self)
        }

        mutating func receive(_ event: WebSocketEvent, bytes: Span<UInt8>) {
            switch event {
            case .message(_, let message):
                messages.append(
                    (message.opcode, String(decoding: Array(bytes), as: UTF8.self), message.frames)
                )
            case .frame(_, let frame): masks.append(frame.mask)
            case .skipped(_, let count, _): skipped += count
            case .began, .abandoned: break
            }
        }
    }

    private static func frame(_ opcode: UInt8, _ text: String) -> [UInt8] {
        [0x80 | opcode, UInt8(text.utf8.count)] + Array(text.utf8)
    }

    private func session(
        _ recorded: RecordedStream?,
        factor: Double = 1
    ) -> (session: WebSocketSession, ledger: StreamLedger) {
        let ledger = StreamLedger(factor: factor)
        let session = WebSocketSession(
            recorded,
            extensions: WebSocketExtensions(),
            seed: 42,
            start: Self.start,
            opened: Self.at(5),
            timeout: Self.timeout,
            ledger: ledger
        )
        return (session, ledger)
    }

    @Test func messagesGoOutAtTheirTimesMaskedAnew() {
        let (session, ledger) = session(
            Self.recorded([Self.message("one", at: 100), Self.message("two", at: 200)])
        )
        var server = Server()
        session.act(at: Self.at(99))
        server.read(session)
        #expect(server.messages.isEmpty)
        #expect(session.wakeTime == Self.at(100))
        session.act(at: Self.at(101))
        server.read(session)
        #expect(server.messages.map(\.text) == ["one"])
        #expect(session.wakeTime == Self.at(200))
        session.act(at: Self.at(200))
        server.read(session)
        #expect(server.messages.map(\.text) == ["one", "two"])
        #expect(server.masks.count == 2)
        #expect(server.masks[0] != nil && server.masks[1] != nil && server.masks[0] != server.masks[1])
        #expect(server.skipped == 0)
        let summary = ledger.finish()
        #expect(summary.sentMessages == 2)
        #expect(summary.recordedMessages == 2)
        #expect(summary.messageError.max >= 990 && summary.messageError.max <= 1_010)
    }

    @Test func speedScalesTheirTimes() {
        let (session, _) = session(Self.recorded([Self.message("one", at: 1_000)]), factor: 10)
        #expect(session.wakeTime == Self.at(100))
    }

    @Test func aMessageComesInAsManyFrames() {
        let (session, _) = session(Self.recorded([Self.message("0123456789", at: 0, frames: 3)]))
        var server = Server()
        session.act(at: Self.at(5))
        server.read(session)
        #expect(server.messages.first?.frames == 3)
        #expect(server.messages.first?.text == "0123456789")
    }

    /// The recorded client left after three answers, and so does this one, whichever messages they come behind.
    @Test(arguments: [(1, [false, false, true]), (0, [false, false, false])])
    func theCloseFrameWaitsForWhatCameBeforeIt(lastAnswers: Int, isClosed: [Bool]) {
        let recorded = Self.recorded(
            [
                Self.message("ask", at: 10), Self.message("ask again", at: 20, after: 1),
                Self.message("\u{3}\u{1F}", at: 30, opcode: 8, after: 3),
            ],
            events: [Self.event("one", at: 15), Self.event("two", at: 25), Self.event("three", at: 26)]
        )
        let (session, _) = session(recorded)
        var server = Server()
        func isOver() -> Bool {
            server.read(session)
            return server.messages.last?.opcode == .close
        }
        session.act(at: Self.at(10))
        session.receive(Self.frame(1, "one").span, at: Self.at(15))
        session.act(at: Self.at(31))
        #expect(isOver() == isClosed[0])
        // Late, and behind the second message: an answer, and not the last.
        session.receive(Self.frame(1, "two").span, at: Self.at(40))
        session.act(at: Self.at(40))
        #expect(isOver() == isClosed[1])
        for _ in 0..<lastAnswers { session.receive(Self.frame(1, "three").span, at: Self.at(50)) }
        session.act(at: Self.at(50))
        #expect(isOver() == isClosed[2])
        session.act(at: Self.at(1_029))
        #expect(isOver() == isClosed[2])
        // A second later at the latest.
        session.act(at: Self.at(1_030))
        #expect(isOver())
    }

    @Test func aMessageWaitsForTheAnswerToTheOneBefore() {
        let recorded = Self.recorded(
            [Self.message("ask", at: 10), Self.message("go on", at: 30, after: 1)],
            events: [Self.event("answer", at: 20)]
        )
        let (session, ledger) = session(recorded)
        var server = Server()
        session.act(at: Self.at(40))
        server.read(session)
        #expect(server.messages.map(\.text) == ["ask"])
        session.receive(Self.frame(1, "answer").span, at: Self.at(90))
        session.act(at: Self.at(90))
        server.read(session)
        #expect(server.messages.map(\.text) == ["ask", "go on"])
        #expect(ledger.finish().messagesHeldBack == 1)
        #expect(ledger.finish().events.received == 0, "counted when the session has ended")
    }

    @Test func butNotForEver() {
        let recorded = Self.recorded(
            [Self.message("ask", at: 10), Self.message("go on", at: 30, after: 1)],
            events: [Self.event("answer", at: 20)],
            end: 9_000
        )
        let (session, _) = session(recorded)
        var server = Server()
        session.act(at: Self.at(40))
        #expect(session.wakeTime == Self.at(5_030))
        session.act(at: Self.at(5_030))
        server.read(session)
        #expect(server.messages.map(\.text) == ["ask", "go on"])
    }

    @Test func aPingIsAnsweredWithWhatItHolds() {
        let (session, ledger) = session(Self.recorded([Self.message("late", at: 900)]))
        var server = Server()
        session.receive(Self.frame(9, "are you there").span, at: Self.at(10))
        server.read(session)
        #expect(server.messages.first?.opcode == .pong)
        #expect(server.messages.first?.text == "are you there")
        #expect(ledger.finish().signsOfLife == 1)
    }

    @Test func itEndsWithTheCloseHandshakeOfTheRecordedClient() {
        let (session, ledger) = session(
            Self.recorded([Self.message("\u{3}\u{E8}bye", at: 100, opcode: 8)], end: 110)
        )
        var server = Server()
        session.act(at: Self.at(100))
        server.read(session)
        #expect(server.messages.first?.opcode == .close)
        #expect(session.end == nil)
        session.receive(Self.frame(8, "\u{3}\u{E8}").span, at: Self.at(104))
        #expect(session.end == .client)
        #expect(ledger.finish().ends == [.client: 1])
    }

    @Test func aClientThatJustLeftClosesAllTheSame() {
        let (session, _) = session(Self.recorded(end: 300))
        var server = Server()
        #expect(session.wakeTime == Self.at(300))
        session.act(at: Self.at(300))
        server.read(session)
        #expect(server.messages.first?.opcode == .close)
        // No answer comes.
        #expect(session.wakeTime == Self.at(2_300))
        session.act(at: Self.at(2_300))
        #expect(session.end == .client)
    }

    @Test func theTargetsCloseIsAnswered() {
        let (session, ledger) = session(
            Self.recorded(events: [Self.event("a", at: 10)], end: 100, atServer: true)
        )
        var server = Server()
        session.receive(Self.frame(1, "a").span, at: Self.at(11))
        session.receive(Self.frame(8, "\u{3}\u{E8}because").span, at: Self.at(90))
        #expect(session.end == nil, "the answer has not gone out")
        server.read(session)
        #expect(server.messages.first?.opcode == .close)
        #expect(session.end == .target)
        #expect(ledger.finish().events.matched == 1)
    }

    @Test func aTargetThatDoesNotCloseIsOverdue() {
        let (session, ledger) = session(Self.recorded(end: 100, atServer: true))
        session.receive(Self.frame(1, "more").span, at: Self.at(20_000))
        #expect(session.wakeTime == Self.at(30_100))
        session.act(at: Self.at(30_100))
        session.finish(at: Self.at(30_200))
        #expect(ledger.finish().ends == [.overdue: 1])
    }

    @Test func aConnectionThatBreaksIsBroken() {
        let (session, ledger) = session(Self.recorded([Self.message("late", at: 900)]))
        session.finish(at: Self.at(50))
        #expect(session.end == .broken)
        #expect(ledger.finish().messagesNotSent == 1)
    }

    @Test func anEndWithoutAWordIsAnEndWhereAllIsSaid() {
        let (session, _) = session(
            Self.recorded([Self.message("hi", at: 5)], events: [Self.event("a", at: 10)], end: 900)
        )
        session.act(at: Self.at(5))
        session.receive(Self.frame(1, "a").span, at: Self.at(11))
        session.finish(at: Self.at(50))
        #expect(session.end == .target)
    }

    @Test func whatIsNoFrameBreaksIt() {
        let (session, _) = session(Self.recorded(end: 900))
        session.receive([0x83, 0x01, 0x00].span, at: Self.at(20))
        #expect(session.end == .broken)
    }

    @Test func bytesMayComeInAnyCut() {
        let bytes =
            Self.frame(1, "a") + Self.frame(9, "p") + Self.frame(2, "b") + Self.frame(8, "\u{3}\u{E8}")
        let recorded = Self.recorded(events: [Self.event("a", at: 10)], end: 900, atServer: true)
        for cut in 0...bytes.count {
            let (session, ledger) = session(recorded)
            session.receive(Array(bytes[..<cut]).span, at: Self.at(20))
            session.receive(Array(bytes[cut...]).span, at: Self.at(30))
            session.removeOutgoing(session.outgoing.count)
            #expect(session.end == .target)
            #expect(ledger.finish().events.received == 2)
            #expect(ledger.finish().events.unexpected == 1)
        }
    }

    @Test func theRunCutsItShort() {
        let (session, ledger) = session(Self.recorded([Self.message("late", at: 9_000)], end: 10_000))
        var server = Server()
        session.cutShort(at: Self.at(100))
        server.read(session)
        #expect(server.messages.first?.text == "\u{3}\u{E9}" || server.messages.first?.opcode == .close)
        session.receive(Self.frame(8, "").span, at: Self.at(110))
        #expect(session.end == .cutShort)
        #expect(ledger.finish().messagesNotSent == 1)
    }

    @Test func withoutARecordingItSaysGoodbye() {
        let (session, _) = session(nil)
        var server = Server()
        session.act(at: Self.at(6))
        server.read(session)
        #expect(server.messages.map(\.opcode) == [.close])
    }

    @Test func asFastAsPossibleOnlyAnswersAreWaitedFor() {
        let recorded = Self.recorded(
            [
                Self.message("one", at: 1_000), Self.message("two", at: 2_000),
                Self.message("three", at: 60_000, after: 1),
            ],
            events: [Self.event("a", at: 50_000)],
            end: 90_000
        )
        let (session, _) = session(recorded, factor: 0)
        var server = Server()
        session.act(at: Self.at(6))
        server.read(session)
        #expect(server.messages.map(\.text) == ["one", "two"])
        session.receive(Self.frame(1, "a").span, at: Self.at(8))
        session.act(at: Self.at(8))
        server.read(session)
        #expect(server.messages.map(\.text).prefix(3) == ["one", "two", "three"])
        #expect(server.messages.last?.opcode == .close)
    }
}
