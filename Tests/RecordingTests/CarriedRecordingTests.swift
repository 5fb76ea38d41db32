import Anonymization
import Messages
import Packets
import Recording
import Testing
import Traces

/// A recording whose second half somebody else does, later, is the one that it would have been.
@Suite struct CarriedRecordingTests {
    /// Keeps batches back until a few wait or the recorder has to know, as a slow thread would.
    final class SlowCarrier: BatchCarrier {
        private let writer: any BatchWriter
        private let patience: Int
        private var waiting: [RecordBatch] = []
        private(set) var carried = 0
        private(set) var settled = 0
        var isHeldUp = false

        init(_ writer: any BatchWriter, patience: Int) {
            self.writer = writer
            self.patience = patience
        }

        func carry(_ batch: inout RecordBatch) {
            #expect(!batch.isEmpty)
            carried += 1
            waiting.append(batch)
            batch = RecordBatch()
            while waiting.count > patience { writeNext() }
        }

        func settle() {
            settled += 1
            while !waiting.isEmpty { writeNext() }
        }

        private func writeNext() {
            var batch = waiting.removeFirst()
            #expect(writer.write(&batch))
            #expect(batch.isEmpty && batch.bytes == 0)
        }
    }

    private static let events = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"

    /// Whole messages, streams, a body that goes out line by line, trailers and connections that come and go.
    private static func play(_ script: inout PacketScript) {
        for port in 40_000..<40_003 as Range<UInt16> { script.open(port) }
        script.client("GET /logs HTTP/1.1\r\nHost: a\r\n\r\n", 40_001)
        script.server(events, 40_001)
        script.client("GET /lines HTTP/1.1\r\nHost: a\r\n\r\n", 40_002)
        script.server("HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n\r\n{\"email\":\"", 40_002)
        for round in 0..<200 {
            let body = #"{"email":"ada\#(round % 7)@example.org","n":\#(round)}"#
            script.client(
                "POST /in?e=bob\(round)@example.org HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n" + body
            )
            script.server("HTTP/1.1 204 No Content\r\n\r\n")
            if round % 9 == 0 { script.server("data: mail eve\(round)@example.org\n\n", 40_001) }
            if round % 40 == 5 {
                script.now += 1_000
                script.server("ada@example.org\"}\n{\"email\":\"", 40_002)
            }
            if round == 120 { script.pipeline.beginPart() }
        }
        script.client(
            "POST /t HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-Mail\r\n\r\n"
                + "1\r\na\r\n0\r\nX-Mail: zoe@example.org\r\n\r\n"
        )
        script.server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        for port in 40_000..<40_003 as Range<UInt16> { script.close(port) }
        script.finish()
    }

    /// However far behind whoever writes is.
    @Test(arguments: [0, 1, 3, 1_000])
    func theRecordsAreTheSameInTheSameOrder(patience: Int) {
        var direct = PacketScript(rules: EventStreamTests.rules)
        Self.play(&direct)
        var carried = PacketScript(rules: EventStreamTests.rules)
        let carrier = SlowCarrier(carried.pipeline.batchWriter, patience: patience)
        carried.pipeline.hand(to: carrier)
        Self.play(&carried)
        let (expected, found) = (direct.trace.records, carried.trace.records)
        #expect(expected.count > 400)
        #expect(expected.count == found.count)
        let first = zip(expected, found).enumerated().first { $0.element.0 != $0.element.1 }
        #expect(first == nil, "the records differ from number \(first?.offset ?? 0) on")
        #expect(direct.ledger == carried.ledger)
        #expect(direct.pipeline.audit?.counts.map(\.count) == carried.pipeline.audit?.counts.map(\.count))
        #expect(carrier.carried > 3, "several batches were handed over")
    }

    /// What is written later is not written before it is rewritten, and nothing waits for ever.
    @Test func theEndOfABatchOfPacketsHandsOverWhatIsThere() {
        var script = PacketScript(rules: EventStreamTests.rules)
        let carrier = SlowCarrier(script.pipeline.batchWriter, patience: 1_000)
        script.pipeline.hand(to: carrier)
        script.open(40_000)
        script.client("GET /?e=ada@example.org HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(carrier.carried == 0)
        script.pipeline.mark(at: 1)
        #expect(carrier.carried == 1)
        let records = script.trace.records
        #expect(records.map(\.brief).contains { $0.hasPrefix("open 0") })
        #expect(
            script.trace.messages.first.map { String(decoding: $0.head.bytes, as: UTF8.self) }?
                .contains("ada@example.org") == false
        )
    }

    /// While nothing can be written the recorder waits for what is under way, and asks the output itself.
    @Test func aFullDiskIsSeenThroughTheCarrier() {
        var script = PacketScript()
        let carrier = SlowCarrier(script.pipeline.batchWriter, patience: 1_000)
        script.pipeline.hand(to: carrier)
        script.open(40_000)
        let exchange = ("GET /a HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 204 No Content\r\n\r\n")
        script.client(exchange.0)
        script.server(exchange.1)
        script.pipeline.output.isAccepting = false
        carrier.isHeldUp = true
        script.client(exchange.0)
        script.server(exchange.1)
        script.pipeline.output.isAccepting = true
        carrier.isHeldUp = false
        script.client(exchange.0)
        script.server(exchange.1)
        script.finish()
        #expect(script.trace.messages.count == 4)
        #expect(script.ledger.requests.diskFull == 1)
        #expect(script.ledger.responses.diskFull == 1)
        #expect(script.ledger.check() == [])
    }
}
