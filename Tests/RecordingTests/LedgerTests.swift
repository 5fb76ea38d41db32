import Messages
import Packets
import Recording
import SeededRandom
import Streams
import Testing
import Traces

@Suite struct LedgerTests {
    /// The one thing a ledger is for: what is in no bucket, or in two, shows.
    @Test(arguments: LedgerEntry.all.filter { $0.role != .note })
    func aCountTooManyShows(_ entry: LedgerEntry) {
        var script = PacketScript()
        script.open(40_000)
        script.client("GET / HTTP/1.1\r\n\r\n")
        script.raw([0x45, 0])
        var ledger = script.ledger
        #expect(ledger.check() == [])
        ledger[keyPath: entry.value] += 1
        #expect(ledger.check().map(\.section) == [entry.section])
    }

    @Test func notesArePartOfNoSum() {
        var ledger = Ledger()
        for entry in LedgerEntry.all where entry.role == .note { ledger[keyPath: entry.value] = 7 }
        #expect(ledger.check() == [])
    }

    @Test func countsGoThroughATrace() {
        var ledger = Ledger()
        for (index, entry) in LedgerEntry.all.enumerated() {
            #expect(ledger[keyPath: entry.value] == 0, "two entries stand for one count")
            ledger[keyPath: entry.value] = UInt64(index) + 1
        }
        #expect(ledger.counts.map(\.value) == (1...UInt64(ledger.counts.count)).map { $0 })
        #expect(Set(ledger.counts.map(\.name)).count == ledger.counts.count)
        #expect(ledger.counts.first?.name == "packets.delivered")
        #expect(Ledger(ledger.counts) == ledger)
        #expect(Ledger(ledger.counts + [LedgerCount(name: "later.count", value: 1)]) == ledger)
    }

    @Test func everyKindOfPacketHasABucket() {
        var script = PacketScript()
        script.raw(
            [0x45, 0, 0, 20] + [UInt8](repeating: 0, count: 5) + [17] + [UInt8](repeating: 0, count: 10)
        )
        script.raw([0x45])
        script.raw([1, 2, 3], link: LinkType(rawValue: 9_999))
        script.pipeline.countFiltered()
        script.pipeline.noteDrops(kernel: 5, interface: 6)
        let packets = script.ledger.packets
        #expect(packets.delivered == 4)
        #expect(packets.notTCP == 1)
        #expect(packets.badLength + packets.cutHeader == 1)
        #expect(packets.unknownLink == 1)
        #expect(packets.filtered == 1)
        #expect(packets.kernelDropped == 5)
        #expect(script.ledger.check() == [])
    }

    @Test func fragmentsOfAWholePacketAreWhereItsSegmentIs() {
        var script = PacketScript()
        script.open(40_000)
        script.fragmentBytes = 24
        // The first half of the second packet, which comes after its second half.
        script.lostFragments = [3]
        script.client("GET /fragments HTTP/1.1\r\n\r\n")
        script.client("GET /lost HTTP/1.1\r\n\r\n")
        script.finish()
        #expect(script.trace.messages(.request).count == 1)
        #expect(script.ledger.packets.delivered == 5)
        #expect(script.ledger.packets.followed == 4)
        #expect(script.ledger.packets.fragment == 1)
        #expect(script.ledger.check() == [])
    }

    /// Sums hold at every moment of whatever traffic, not only at its end, and whatever is selected of it.
    @Test(arguments: 0..<60 as Range<UInt64>, ["", "method=GET", "status=200", "path=/a status=*"])
    func sumsHoldForAnyTraffic(_ seed: UInt64, _ filter: String) throws {
        var generator = SeededGenerator(seed: seed)
        var options = RecordingOptions()
        options.limits.openBytes = 400
        options.http.bodyBytes = 64
        options.http.headBytes = 256
        options.reassembly.outOfOrderBytes = 100
        options.reassembly.connections = 3
        options.limits.endpoints = 2
        options.limits.undecidedBytes = 200
        if !filter.isEmpty { options.filter = try RequestFilter(filter) }
        var script = PacketScript(options: options)
        let texts = [
            "GET /a HTTP/1.1\r\nHost: a\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: 90\r\n\r\n",
            String(repeating: "z", count: 45), "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            "5\r\nhello\r\n", "0\r\n\r\n", "HTTP/1.1 101 Switching Protocols\r\n\r\n", "\u{1}\u{2}",
            "X-Long: " + String(repeating: "y", count: 300),
            "GET /r HTTP/1.1\r\nX-Tapedeck-Replay: 1/1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n", "\r\n",
        ]
        for _ in 0..<80 {
            let port = UInt16.random(in: 1...5, using: &generator)
            let side: Side = Bool.random(using: &generator) ? .client : .server
            script.fragmentBytes = Int.random(in: 0..<4, using: &generator) == 0 ? 16 : nil
            script.lostFragments = [Int.random(in: 0..<200, using: &generator)]
            switch Int.random(in: 0..<12, using: &generator) {
            case 0: script.open(port)
            case 1: script.close(port)
            case 2: script.lose(side, UInt32.random(in: 1...50, using: &generator), port)
            case 3: script.packet(side, port, [], flags: .reset)
            default:
                let text = texts[Int.random(in: 0..<texts.count, using: &generator)]
                script.packet(side, port, Array(text.utf8))
            }
            script.serverPort = UInt16.random(in: 80...82, using: &generator)
            #expect(script.ledger.check() == [])
            #expect(script.pipeline.endpointLedgers.check(against: script.ledger) == [])
        }
        script.finish()
        #expect(script.ledger.check() == [])
        #expect(script.pipeline.endpointLedgers.check(against: script.ledger) == [])
        #expect(script.ledger.bytes.pending == 0)
        #expect(script.ledger.requests.open == 0 && script.ledger.responses.open == 0)
        let stored = script.ledger.requests.stored + script.ledger.responses.stored
        #expect(UInt64(script.trace.messages.count) == stored)
    }
}
