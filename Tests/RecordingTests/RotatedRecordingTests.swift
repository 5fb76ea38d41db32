import Anonymization
import Messages
import Packets
import Recording
import Testing
import Traces

/// What goes on while a part of the recording ends, or while nothing can be written, is told and counted.
@Suite struct RotatedRecordingTests {
    private static let events = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"

    @Test func whatGoesOnInTheNextPartIsIntroducedAgain() {
        var script = PacketScript(rules: EventStreamTests.rules)
        script.open(40_000)
        script.client("GET /logs HTTP/1.1\r\n\r\n")
        script.server(Self.events)
        script.server("data: 1\n\n")
        script.pipeline.beginPart()
        let before = script.trace.records.count
        script.server("data: 2\n\n")
        script.server("data: 3\n\n")
        #expect(
            script.trace.records.dropFirst(before).map(\.brief) == [
                "open 0 40000>80 syn", "head response 0", "event 0 data: 2\n\n", "event 0 data: 3\n\n",
            ]
        )
        let (opening, head) = (script.trace.records[before], script.trace.records[before + 1])
        guard case .connectionOpen(let open) = opening, case .head(let again) = head else {
            Issue.record("the part does not begin with connection and head")
            return
        }
        #expect(open.isRepeated && again.isRepeated)
        #expect(open.time > again.start, "told again when something follows, not when it began")
        #expect(open.client == script.trace.connections[0]?.client, "the pseudonym is the same")
        // A part in which nothing happens of it does not mention it.
        script.pipeline.beginPart()
        script.pipeline.beginPart()
        script.close()
        #expect(
            script.trace.records.suffix(4).map(\.brief) == [
                "open 0 40000>80 syn", "head response 0", "end response 0 27", "close 0 fin",
            ]
        )
        #expect(
            script.trace.messages(.response).map(\.body) == [Array("data: 1\n\ndata: 2\n\ndata: 3\n\n".utf8)]
        )
        #expect(script.ledger.responses.stored == 1)
        #expect(script.ledger.connections.recorded == 1)
        #expect(script.ledger.check() == [])
    }

    /// A message that is written in one go stands whole in the part in which it ends.
    @Test func aMessageUnderWayGoesIntoTheNextPartWhole() {
        var script = PacketScript()
        script.open(40_000)
        script.client("POST /a HTTP/1.1\r\nContent-Length: 4\r\n\r\nab")
        script.pipeline.beginPart()
        script.client("cd")
        script.server("HTTP/1.1 204 No Content\r\n\r\n")
        script.finish()
        #expect(script.trace.messages.map(\.body) == [Array("abcd".utf8), []])
        #expect(script.trace.records.first?.brief == "open 0 40000>80 syn")
        guard case .connectionOpen(let open)? = script.trace.records.first else { return }
        #expect(!open.isRepeated, "the first part says nothing of it")
    }

    @Test func aFullDiskTakesWholeMessagesAndIsCounted() {
        var script = PacketScript()
        let exchange = ("POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\nab", "HTTP/1.1 204 No Content\r\n\r\n")
        script.open(40_000)
        script.client(exchange.0)
        script.server(exchange.1)
        script.pipeline.output.isAccepting = false
        let before = script.trace.records.count
        for _ in 0..<3 {
            script.client(exchange.0)
            script.server(exchange.1)
        }
        // A connection of which nothing could be written is opened when something can.
        script.open(40_001)
        script.client(exchange.0, 40_001)
        #expect(script.trace.records.count == before)
        script.pipeline.output.isAccepting = true
        script.server(exchange.1, 40_001)
        script.client(exchange.0)
        script.server(exchange.1)
        script.finish()
        let ledger = script.ledger
        #expect(ledger.requests.diskFull == 4)
        #expect(ledger.responses.diskFull == 3)
        #expect(ledger.requests.stored == 2)
        #expect(ledger.responses.stored == 3)
        #expect(
            ledger.bytes.diskFull == 4 * UInt64(exchange.0.utf8.count) + 3 * UInt64(exchange.1.utf8.count)
        )
        #expect(script.trace.messages.count == 5)
        #expect(ledger.connections.recorded == 2)
        #expect(ledger.check() == [])
    }

    /// Events that could not be written leave a hole, which the message tells.
    @Test func aFullDiskLeavesAHoleInAStream() {
        var script = PacketScript(rules: EventStreamTests.rules)
        script.open(40_000)
        script.client("GET /logs HTTP/1.1\r\n\r\n")
        script.server(Self.events)
        script.server("data: 1\n\n")
        script.pipeline.output.isAccepting = false
        script.server("data: 2\n\n")
        script.pipeline.output.isAccepting = true
        script.server("data: 3\n\n")
        script.pipeline.output.isAccepting = false
        script.server("data: 4\n\n")
        script.close()
        let message = script.trace.messages(.response).first
        #expect(message.map { String(decoding: $0.body, as: UTF8.self) } == "data: 1\n\ndata: 3\n\n")
        #expect(message?.end.flags.contains(.gap) == true)
        #expect(message?.end.wireLength == 36)
        #expect(script.ledger.bytes.diskFull == 18)
        #expect(script.ledger.responses.stored == 1)
        #expect(script.ledger.check() == [])
    }
}
