import MeshTarget
import Testing

/// Planned traffic over real sockets against a real server.
@Suite struct TrafficRunTests {
    @Test(arguments: MeshAuthentication.allCases)
    func everyRequestGetsThePlannedAnswer(authentication: MeshAuthentication) throws {
        var options = MeshServer.Options()
        options.authentication = authentication
        options.signingSecret = Array("one for all".utf8)
        let server = try MeshServer.start(options)
        defer { server.stop() }
        let plan = MeshTraffic.plan(seed: 1, duration: 1_000_000_000, signingSecret: options.signingSecret)
        let result = try TrafficSender.run(plan, host: server.host, port: server.port)
        #expect(result.isAsPlanned)
        #expect(result.planned == plan.requestCount)
        #expect(result.sent == plan.requestCount)
        #expect(result.statuses.values.reduce(0, +) == result.answered)

        let counts = server.counts
        #expect(counts.answers == UInt64(result.answered))
        #expect(counts.statuses.mapValues { Int($0) } == result.statuses)
        #expect(counts.connections == UInt64(plan.connectionCount))
        #expect(counts.streams == 1)
        #expect(counts.brokenConnections == 0)
    }

    /// Nobody listens: nothing was sent, and all of it is accounted for.
    @Test func countsWhatCouldNotBeSent() throws {
        let server = try MeshServer.start()
        let port = server.port
        server.stop()
        let plan = MeshTraffic.plan(seed: 1, duration: 1_000_000_000)
        let result = try TrafficSender.run(plan, host: "127.0.0.1", port: port)
        #expect(result.notSent == result.planned)
        #expect(result.sent == 0)
        #expect(!result.isAsPlanned)
    }

    @Test func aWrongSecretIsNoticed() throws {
        let server = try MeshServer.start()
        defer { server.stop() }
        let plan = MeshTraffic.plan(seed: 1, duration: 1_000_000_000, signingSecret: Array("wrong".utf8))
        let result = try TrafficSender.run(plan, host: "127.0.0.1", port: server.port)
        #expect(result.unexpected > 100)
        #expect(result.planned == result.sent + result.notSent)
        #expect(result.sent == result.answered + result.failed)
        // Whoever wanted the run of a refused delivery had nothing to ask for.
        #expect(result.notSent > 0)
    }
}
