import Packets
import Recording
import Streams
import Testing

@Suite struct EndpointLedgerTests {
    private static func endpoint(_ port: UInt16) -> Endpoint {
        Endpoint(address: IPAddress(ipv4: PacketScript.serverAddress), port: port)
    }

    /// Each server has what was sent to it and what it sent, and nothing of the others.
    @Test func everyServerHasALedgerOfItsOwn() throws {
        var script = PacketScript()
        for (port, requests) in [(80, 1), (8080, 3)] as [(UInt16, Int)] {
            script.serverPort = port
            script.open(40_000 + port)
            for _ in 0..<requests {
                script.client("GET / HTTP/1.1\r\n\r\n", 40_000 + port)
                script.server("HTTP/1.1 204 No Content\r\n\r\n", 40_000 + port)
            }
            script.close(40_000 + port)
        }
        script.raw([0x45])
        script.finish()
        let endpoints = script.pipeline.endpointLedgers
        #expect(endpoints.servers.map(\.server) == [Self.endpoint(80), Self.endpoint(8080)])
        #expect(endpoints.servers.map(\.ledger.requests.stored) == [1, 3])
        #expect(endpoints.servers.map(\.ledger.responses.stored) == [1, 3])
        #expect(endpoints.servers.map(\.ledger.packets.followed) == [6, 10])
        #expect(endpoints.servers.map(\.ledger.connections.recorded) == [1, 1])
        #expect(endpoints.none.packets.delivered == 1, "what is not TCP belongs to no server")
        #expect(endpoints.check(against: script.ledger) == [])
    }

    /// A count of one server that is not in the whole shows, whichever it is.
    @Test(arguments: LedgerEntry.all)
    func aCountTooManyShows(_ entry: LedgerEntry) {
        var script = PacketScript()
        script.open(40_000)
        script.client("GET / HTTP/1.1\r\n\r\n")
        var endpoints = script.pipeline.endpointLedgers
        let ledger = script.ledger
        #expect(endpoints.check(against: ledger) == [])
        endpoints.servers[0].ledger[keyPath: entry.value] += 1
        #expect(endpoints.check(against: ledger).contains { $0.section == entry.section })
    }

    @Test func serversPastTheLimitShareALedger() {
        var options = RecordingOptions()
        options.limits.endpoints = 2
        var script = PacketScript(options: options)
        for port in 80..<85 as Range<UInt16> {
            script.serverPort = port
            script.open(port)
            script.client("GET / HTTP/1.1\r\n\r\n", port)
        }
        script.finish()
        let endpoints = script.pipeline.endpointLedgers
        #expect(endpoints.servers.map(\.server) == [Self.endpoint(80), Self.endpoint(81)])
        #expect(endpoints.other.requests.stored == 3)
        #expect(endpoints.check(against: script.ledger) == [])
    }

    /// Scans and other protocols cannot take the places of the servers that matter.
    @Test func whatIsNoHTTPTakesHalfOfThePlaces() {
        var options = RecordingOptions()
        options.limits.endpoints = 4
        var script = PacketScript(options: options)
        for port in 5_000..<5_010 as Range<UInt16> {
            script.serverPort = port
            script.open(port)
            script.client("\u{16}\u{3}\u{1}", port)
            script.server("\u{16}\u{3}\u{1}", port)
            script.close(port)
        }
        script.serverPort = 80
        script.open(40_000)
        script.client("GET / HTTP/1.1\r\n\r\n")
        script.finish()
        let endpoints = script.pipeline.endpointLedgers
        #expect(endpoints.servers.map(\.server.port) == [80, 5_000, 5_001])
        #expect(endpoints.other.connections.notHTTP == 8)
        #expect(endpoints.check(against: script.ledger) == [])
    }

    /// Where the capture joined, content decides who the server is, for what came before and after too.
    @Test func aServerKnownByItsContentKeepsWhatCameEarlierAndLate() {
        var script = PacketScript()
        // The lower port would be taken for the server's.
        script.serverPort = 50_000
        script.server("tail of a body", 4_000)
        script.client("GET / HTTP/1.1\r\n\r\n", 4_000)
        script.server("HTTP/1.1 204 No Content\r\n\r\n", 4_000)
        script.close(4_000)
        script.client("late", 4_000)
        script.finish()
        let endpoints = script.pipeline.endpointLedgers
        #expect(endpoints.servers.map(\.server) == [Self.endpoint(50_000)])
        #expect(endpoints.servers.first?.ledger.bytes.beforeJoin == 14)
        #expect(endpoints.servers.first?.ledger.bytes.afterClose == 4)
        #expect(endpoints.check(against: script.ledger) == [])
    }

    /// Sums of packets that were lost before anybody saw them are in the whole only.
    @Test func dropsBelongToNoServer() {
        var script = PacketScript()
        script.open(40_000)
        script.pipeline.noteDrops(kernel: 5, interface: 2)
        #expect(script.ledger.packets.seen == 9)
        let endpoints = script.pipeline.endpointLedgers
        #expect(endpoints.none.packets.kernelDropped == 5)
        #expect(endpoints.check(against: script.ledger) == [])
    }
}
