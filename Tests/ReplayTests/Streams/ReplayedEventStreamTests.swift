import Bytes
import Replay
import Testing

@Suite struct ReplayedEventStreamTests {
    private static let millisecond: UInt64 = 1_000_000
    private static let start: MonotonicTime = 7_000_000_000
    private static let timeout: UInt64 = 30_000 * millisecond

    private static func at(_ milliseconds: UInt64) -> MonotonicTime { start + milliseconds * millisecond }

    /// Events with the ids 1, 2, … at times in milliseconds.
    private static func recorded(_ times: [Int64], end: Int64, atServer: Bool) -> RecordedStream {
        let events = times.enumerated().map { number, time in
            RecordedStream.Event(key: key(of: text(number + 1)), offset: time * Int64(millisecond))
        }
        return RecordedStream(
            kind: .serverSentEvents,
            events: events,
            end: end * Int64(millisecond),
            endsAtServer: atServer
        )
    }

    private static func text(_ id: Int) -> String { "id: \(id)\ndata: x\n\n" }

    private static func key(of text: String) -> EventKey {
        var reader = ServerEventReader()
        let bytes = Array(text.utf8)
        var offset = 0
        guard case .event(let key) = reader.next(bytes.span, at: &offset) else { return .unknown }
        return key
    }

    private struct Played {
        var ledger: StreamLedger
        var stream: ReplayedEventStream

        init(_ recorded: RecordedStream?, factor: Double = 1, keepsLog: Bool = false) {
            ledger = StreamLedger(factor: factor)
            stream = ReplayedEventStream(
                recorded,
                isReadable: true,
                start: ReplayedEventStreamTests.start,
                opened: ReplayedEventStreamTests.at(5),
                timeout: ReplayedEventStreamTests.timeout,
                ledger: ledger,
                keepsLog: keepsLog
            )
        }

        func receive(_ text: String, at milliseconds: UInt64) {
            stream.receive(Array(text.utf8).span, at: ReplayedEventStreamTests.at(milliseconds))
        }
    }

    /// Where the events end and when they came, in whatever pieces the body comes.
    @Test(arguments: [1, 2, 3, 7, 100]) func eventsAreKeptWithTheirTimes(size: Int) {
        let text = "data: a\n\n: note\n\r\ndata: b\r\n\r\nid: 3\rdata: c\r\rdata: ope"
        let played = Played(nil, keepsLog: true)
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            let piece = Array(bytes[start..<min(bytes.count, start + size)])
            played.stream.receive(piece.span, at: Self.at(UInt64(start)))
        }
        let parts = played.stream.log?.parts { Int64($0) } ?? []
        let pieces = parts.map { part in
            if case .event(let end) = part.content { end } else { -1 }
        }
        // A line feed that comes alone behind a carriage return belongs to the next event.
        let ends = [9, 18, 29, 44]
        for (found, expected) in zip(pieces, ends) {
            #expect(found == expected || bytes[found] == 0x0A && found + 1 == expected)
        }
        #expect(pieces.count == 4)
        for part in parts { #expect(part.start <= part.end) }
        #expect(parts.map(\.end) == parts.map(\.end).sorted())
        #expect(Played(nil).stream.log == nil)
    }

    @Test func theClientLeavesWhenTheRecordedOneDid() {
        let played = Played(Self.recorded([100, 200], end: 500, atServer: false))
        played.receive(Self.text(1), at: 101)
        played.receive(Self.text(2), at: 203)
        #expect(played.stream.wakeTime == Self.at(500))
        #expect(played.stream.verdict(at: Self.at(499)) == nil)
        #expect(played.stream.verdict(at: Self.at(500)) == .leave)
        let summary = played.ledger.finish()
        #expect(summary.ends == [.client: 1])
        #expect(summary.serverSent == 1)
        #expect(summary.events.matched == 2)
        #expect(summary.timeToFirst.max >= 100_900 && summary.timeToFirst.max <= 101_100)
        #expect(summary.recordedTimeToFirst.count == 1)
        #expect(summary.gap.count == 1)
        #expect(summary.recordedGap.count == 1)
    }

    @Test func itWaitsALittleForWhatHasNotCome() {
        let played = Played(Self.recorded([100, 490], end: 500, atServer: false))
        played.receive(Self.text(1), at: 101)
        #expect(played.stream.verdict(at: Self.at(500)) == nil)
        #expect(played.stream.wakeTime == Self.at(1_500))
        played.receive(Self.text(2), at: 700)
        #expect(played.stream.verdict(at: Self.at(700)) == .leave)
        #expect(played.ledger.finish().events.missing == 0)
    }

    @Test func andNoLonger() {
        let played = Played(Self.recorded([100, 490], end: 500, atServer: false))
        #expect(played.stream.verdict(at: Self.at(1_500)) == .leave)
        #expect(played.ledger.finish().events.missing == 2)
    }

    @Test func speedScalesHowLongItStays() {
        let played = Played(Self.recorded([100], end: 500, atServer: false), factor: 10)
        played.receive(Self.text(1), at: 12)
        #expect(played.stream.wakeTime == Self.at(50))
        #expect(played.ledger.finish().lag.max >= 1_900 && played.ledger.finish().lag.max <= 2_100)
    }

    @Test func asFastAsPossibleItStaysUntilEverythingHasCome() {
        let played = Played(Self.recorded([100, 60_000], end: 90_000, atServer: false), factor: 0)
        played.receive(Self.text(1), at: 10)
        #expect(played.stream.verdict(at: Self.at(10)) == nil)
        played.receive(Self.text(2), at: 11)
        #expect(played.stream.verdict(at: Self.at(11)) == .leave)
    }

    /// Ten minutes with an event every 20 s, and a timeout of 30 s.
    @Test func theTimeoutCountsSilenceAndNotLength() {
        let times = Array(stride(from: Int64(20_000), through: 600_000, by: 20_000))
        let played = Played(Self.recorded(times, end: 600_500, atServer: true))
        for (number, time) in times.enumerated() {
            #expect(played.stream.verdict(at: Self.at(UInt64(time))) == nil)
            played.receive(Self.text(number + 1), at: UInt64(time))
        }
        played.stream.end(.target, at: Self.at(600_500))
        #expect(played.ledger.finish().ends == [.target: 1])
        #expect(played.ledger.finish().events.matched == 30)
    }

    @Test func silenceEndsIt() {
        let played = Played(Self.recorded([100, 200], end: 100_000, atServer: true))
        played.receive(Self.text(1), at: 100)
        // The recorded stream was silent for 99.8 s.
        #expect(played.stream.wakeTime == Self.at(129_900))
        #expect(played.stream.verdict(at: Self.at(129_900)) == .giveUp)
        #expect(played.ledger.finish().ends == [.silent: 1])
    }

    @Test func signsOfLifeAreNoEventsAndNoSilence() {
        let played = Played(nil)
        for second in stride(from: UInt64(15_000), through: 300_000, by: 15_000) {
            played.receive(": heartbeat\n\n", at: second)
            #expect(played.stream.verdict(at: Self.at(second)) == nil)
        }
        let summary = played.ledger.finish()
        #expect(summary.signsOfLife == 20)
        #expect(summary.events.received == 0)
        #expect(summary.unrecorded == 1)
    }

    @Test func aTargetThatDoesNotEndIsOverdue() {
        let played = Played(Self.recorded([100], end: 1_000, atServer: true))
        for second in 1...31 { played.receive(": heartbeat\n\n", at: UInt64(second) * 1_000) }
        #expect(played.stream.verdict(at: Self.at(30_999)) == nil)
        #expect(played.stream.verdict(at: Self.at(31_000)) == .giveUp)
        #expect(played.ledger.finish().ends == [.overdue: 1])
    }

    @Test func aTargetTakesItsOwnTimeAtAnySpeed() {
        let played = Played(Self.recorded([100], end: 60_000, atServer: true), factor: 10)
        for second in 1...90 { played.receive(": heartbeat\n\n", at: UInt64(second) * 1_000) }
        #expect(played.stream.verdict(at: Self.at(89_999)) == nil)
    }

    @Test func oneOfUnknownLengthEndsWithTheRun() {
        let played = Played(nil)
        played.stream.noteEndOfSending(at: Self.at(1_000))
        for second in 1...31 { played.receive(": heartbeat\n\n", at: UInt64(second) * 1_000) }
        #expect(played.stream.verdict(at: Self.at(30_999)) == nil)
        #expect(played.stream.verdict(at: Self.at(31_000)) == .leave)
    }

    @Test func whatTheRunCutsShortIsNotMissed() {
        let played = Played(Self.recorded([100, 200, 5_000, 9_000], end: 10_000, atServer: true))
        played.receive(Self.text(1), at: 100)
        played.stream.end(.cutShort, at: Self.at(1_000))
        let summary = played.ledger.finish()
        #expect(summary.ends == [.cutShort: 1])
        #expect(summary.recordedEvents == 2)
        #expect(summary.events.matched == 1)
        #expect(summary.events.missing == 1)
    }

    @Test func aRecordedSessionOfAnotherKindIsNotCompared() {
        let other = RecordedStream(
            kind: .webSocket,
            events: [RecordedStream.Event(key: Self.key(of: Self.text(1)), offset: 0)],
            end: 10,
            endsAtServer: false
        )
        let played = Played(other)
        #expect(played.stream.verdict(at: Self.at(1_000)) == nil)
        #expect(played.ledger.finish().unrecorded == 1)
    }

    @Test func oneEndIsCounted() {
        let played = Played(Self.recorded([100], end: 500, atServer: false))
        #expect(played.stream.verdict(at: Self.at(5_000)) == .leave)
        played.stream.end(.target, at: Self.at(5_001))
        #expect(played.ledger.finish().ends == [.client: 1])
    }
}
