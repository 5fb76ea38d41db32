import CurlTransport
import Foundation
import Messages
import Replay
import Testing
import Traces
import Transports

/// How connections are made: to which addresses, over what, from where and with which certificates.
@Suite struct TargetConnectionTests {
    private static let get = "GET / HTTP/1.1|Host: a"

    @Test(arguments: transports) func aNameStandsForWhatIsSaid(_ transport: TransportChoice) throws {
        let server = try ScriptedServer()
        defer { server.stop() }
        let target = try ReplayTarget("http://api.invalid:\(server.port)")
        let (summary, _) = try replay([.request(1, Self.get)], over: transport, to: server.port) {
            $0.target = target
            $0.connection.settings.resolved = [try? ResolvedName("api.invalid:\(server.port):127.0.0.1")]
                .compactMap(\.self)
        }
        #expect(summary.statuses == [200: 1])
        #expect(server.seen.first?.bytes.contains("Host: api.invalid:\(server.port)\r\n") == true)
    }

    /// What is said of a name is judged like what a resolver says.
    @Test(arguments: transports) func addressesThatAreSaidAreGuarded(_ transport: TransportChoice) throws {
        let name = try ResolvedName("localhost:9:8.8.8.8")
        #expect(throws: TargetRefusal(host: "localhost", reason: .publicAddress("8.8.8.8"))) {
            try replay([.request(1, Self.get)], over: transport, to: 9) {
                if let target = try? ReplayTarget("http://localhost:9") { $0.target = target }
                $0.connection.settings.resolved = [name]
            }
        }
    }

    private static func socketPath() -> String {
        FileManager.default.temporaryDirectory.appending(path: "t-\(UUID().uuidString.prefix(8)).sock").path
    }

    /// Lanes keep their connections, and nothing but the socket is asked, whatever the target's name is.
    @Test(arguments: transports) func aSocketInTheFileSystemIsSpokenTo(_ transport: TransportChoice) throws {
        let path = Self.socketPath()
        let server = try ScriptedServer(at: path)
        defer {
            server.stop()
            unlink(path)
        }
        let target = try ReplayTarget("http://api.invalid")
        let messages: [RecordedMessage] = [
            .request(1, on: 1, at: 0, "GET /a1 HTTP/1.1|Host: a"),
            .request(2, on: 2, at: 1, "GET /b1 HTTP/1.1|Host: a"),
            .request(3, on: 1, at: 30, "GET /a2 HTTP/1.1|Host: a"),
            .request(4, on: 2, at: 31, "GET /b2 HTTP/1.1|Host: a"),
        ]
        let (summary, _) = try replay(messages, over: transport, to: 1) {
            $0.target = target
            $0.connection.settings.unixSocket = path
        }
        #expect(summary.statuses == [200: 4])
        #expect(server.connections == 2)
        let first = server.seen.filter { $0.bytes.hasPrefix("GET /a") }
        #expect(Set(first.map(\.connection)).count == 1 && first.count == 2)
        #expect(server.seen.allSatisfy { $0.bytes.contains("Host: api.invalid\r\n") })
    }

    @Test func whatIsAskedBesideTheLoadGoesOverTheSocket() throws {
        let path = Self.socketPath()
        let server = try ScriptedServer(at: path)
        defer {
            server.stop()
            unlink(path)
        }
        var connection = TargetConnection()
        connection.settings.unixSocket = path
        let fetch = try CurlFetch(headers: [], timeoutSeconds: 10, connection: connection)
        #expect(try fetch.get("http://api.invalid/runs").body == Array("ok".utf8))
        #expect(try Self.end(of: "http://api.invalid/logs", connection) == .some(nil))
        #expect(server.seen.map { String($0.bytes.prefix(9)) } == ["GET /runs", "GET /logs"])
    }

    /// Why a stream ended: `nil` where it is whole.
    private static func end(of url: String, _ connection: TargetConnection) throws -> String?? {
        let streams = try CurlStreams(connection, connections: 2)
        try streams.open(0, url: url, headers: [], bytesPerSecond: nil)
        var end: String??
        let deadline = MonotonicClock.now + 20_000_000_000
        while end == nil, MonotonicClock.now < deadline {
            try streams.turn(until: deadline) { _, event in
                if case .end(let failure) = event { end = .some(failure) }
            }
        }
        return end
    }

    private static let sources = ["127.0.0.2", "127.0.0.3"]

    @Test(arguments: transports) func connectionsComeFromEachAddressInTurn(_ transport: TransportChoice)
        throws
    {
        let server = try ScriptedServer()
        defer { server.stop() }
        let sources = try ConnectionSettings.sources(Self.sources.joined(separator: ","))
        let messages = (1...4).map { RecordedMessage.request(UInt64($0), on: UInt64($0), Self.get) }
        let (summary, _) = try replay(messages, over: transport, to: server.port) {
            $0.connection.settings.sourceAddresses = sources
        }
        #expect(summary.statuses == [200: 4])
        #expect(server.peers.sorted() == ["127.0.0.2", "127.0.0.2", "127.0.0.3", "127.0.0.3"])
    }

    @Test(arguments: transports) func sessionsComeFromThemToo(_ transport: TransportChoice) throws {
        let server = try ScriptedServer { _, _ in .last("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        }
        defer { server.stop() }
        let sources = try ConnectionSettings.sources("127.0.0.2")
        let upgrade =
            "GET / HTTP/1.1|Host: a|Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Version: 13|Sec-WebSocket-Key: x"
        let (summary, _) = try replay([.request(1, upgrade)], over: transport, to: server.port) {
            $0.connection.settings.sourceAddresses = sources
        }
        #expect(summary.statuses == [403: 1] && server.peers == ["127.0.0.2"])
    }

    @Test func whatIsAskedBesideTheLoadComesFromThem() throws {
        let server = try ScriptedServer()
        defer { server.stop() }
        var connection = TargetConnection()
        connection.settings.sourceAddresses = try ConnectionSettings.sources("127.0.0.3")
        // Without a name of its own, IPv6 has no part in it.
        connection.settings.resolved = [try ResolvedName("api.invalid:\(server.port):127.0.0.1")]
        let url = "http://api.invalid:\(server.port)/"
        #expect(try CurlFetch(headers: [], timeoutSeconds: 10, connection: connection).get(url).status == 200)
        #expect(try Self.end(of: url, connection) == .some(nil))
        #expect(server.peers == ["127.0.0.3", "127.0.0.3"])
    }

    /// An address of a network that is for documents alone (RFC 5737) is no machine's.
    @Test(arguments: transports) func anAddressOfSomebodyElseIsRefusedBeforehand(_ transport: TransportChoice)
        throws
    {
        let server = try ScriptedServer()
        defer { server.stop() }
        let sources = try ConnectionSettings.sources("127.0.0.1,192.0.2.1")
        #expect {
            try replay([.request(1, Self.get)], over: transport, to: server.port) {
                $0.connection.settings.sourceAddresses = sources
            }
        } throws: { error in
            "\(error)".hasPrefix("--source-address 192.0.2.1 cannot be used: ")
        }
        #expect(server.connections == 0)
    }

    /// Where no source is of the target's family no connection can be made.
    @Test(arguments: transports) func anAddressOfAnotherFamilyIsNotLeftOut(_ transport: TransportChoice)
        throws
    {
        let server = try ScriptedServer()
        defer { server.stop() }
        guard let sources = try? ConnectionSettings.sources("::1"),
            (try? SourceAddresses(TargetConnection(settings: Self.settings { $0.sourceAddresses = sources })))
                != nil
        else { return }
        let (summary, _) = try replay([.request(1, Self.get)], over: transport, to: server.port) {
            $0.connection.settings.sourceAddresses = sources
        }
        #expect(summary.failures[.connect] == 1 && server.connections == 0)
    }

    private static func settings(_ change: (inout ConnectionSettings) -> Void) -> ConnectionSettings {
        var settings = ConnectionSettings()
        change(&settings)
        return settings
    }

    // MARK: Certificates

    enum Shown: Sendable, CaseIterable {
        case all, noCertificate, wrongPassword, noAuthority
    }

    private static func connection(_ shown: Shown, _ relay: TLSRelay) -> TargetConnection {
        var connection = TargetConnection()
        if shown != .noAuthority { connection.settings.authorities = relay.certificate }
        if shown != .noCertificate {
            connection.settings.certificate = relay.clientCertificate
            connection.settings.key = relay.clientKey
            connection.keyPassword = shown == .wrongPassword ? "opens nothing" : TLSRelay.password
        }
        return connection
    }

    @Test(arguments: [TLSRelay.Version.v1_2, .v1_3], Shown.allCases)
    func certificatesAreShownAndLookedAt(_ version: TLSRelay.Version, _ shown: Shown) throws {
        let server = try ScriptedServer { request, _ in
            request.bytes.contains("websocket")
                ? .last("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n") : ScriptedServer.ok
        }
        defer { server.stop() }
        let relay = try TLSRelay(to: server.port, version, asksForCertificate: true)
        defer { relay.stop() }
        let connection = Self.connection(shown, relay)
        let upgrade =
            "GET / HTTP/1.1|Host: a|Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Version: 13|Sec-WebSocket-Key: x"
        let (summary, _) = try replay(
            [.request(1, on: 1, Self.get), .request(2, on: 2, upgrade)],
            over: .curl,
            to: relay.port,
            scheme: "https"
        ) { $0.connection = connection }
        let fetch = try CurlFetch(headers: [], timeoutSeconds: 10, connection: connection)
        let url = "https://127.0.0.1:\(relay.port)/"
        let end = try Self.end(of: url, connection)
        if shown == .all {
            #expect(summary.statuses == [200: 1, 403: 1])
            #expect(try fetch.get(url).status == 200)
            #expect(end == .some(nil))
            #expect(server.connections == 4)
        } else {
            #expect(summary.statuses.isEmpty && summary.requests.scheduled == 2)
            #expect(throws: TransportError.self) { try fetch.get(url) }
            #expect(end??.isEmpty == false)
            #expect(server.seen.isEmpty)
        }
    }
}
