import CurlTransport
import Messages
import Replay
import Testing
import Traces
import Transports

/// Connections through proxies: who is asked for what, what the target gets, and which lane has which connection.
@Suite struct ProxyTests {
    private static let upgrade =
        "GET /up HTTP/1.1|Host: a|Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Version: 13|Sec-WebSocket-Key: x"

    private static func server() throws -> ScriptedServer {
        try ScriptedServer { request, _ in
            request.bytes.contains("websocket")
                ? .last("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n") : ScriptedServer.ok
        }
    }

    /// The proxy's scheme, the target, and what a tunnel is asked for.
    static let ways: [(scheme: String, target: String, asked: String)] = [
        ("http", "http://api.invalid", "CONNECT api.invalid:80"),
        ("http", "http://api.invalid:8080", "CONNECT api.invalid:8080"),
        ("socks5h", "http://api.invalid", "SOCKS api.invalid:80"),
        // What is known here goes as an address.
        ("socks5", "http://api.invalid", "SOCKS 10.9.9.9:80"),
    ]

    @Test(arguments: ways, ["", "me:it is 100%25 a: secrét@#/"])
    func lanesGoThroughTunnels(
        _ way: (scheme: String, target: String, asked: String),
        _ credentials: String
    ) throws {
        let server = try Self.server()
        defer { server.stop() }
        let proxy = try TunnelProxy(to: server.port, credentials: credentials)
        defer { proxy.stop() }
        var connection = TargetConnection()
        connection.settings.proxy = try ProxyAddress("\(way.scheme)://127.0.0.1:\(proxy.port)")
        connection.proxyCredentials = credentials.isEmpty ? nil : credentials
        if way.scheme == "socks5" {
            connection.settings.resolved = [try ResolvedName("api.invalid:80:10.9.9.9")]
        }
        let target = try ReplayTarget(way.target)
        let messages: [RecordedMessage] = [
            .request(1, on: 1, at: 0, "GET /a1 HTTP/1.1|Host: a|Cookie: s=1"),
            .request(2, on: 2, at: 1, "POST /b1?q= HTTP/1.1|Host: a|Content-Length: 2", body: "hi"),
            .request(3, on: 1, at: 60, "GET /a2 HTTP/1.1|Host: a"),
            .request(4, on: 2, at: 61, "GET /b2 HTTP/1.1|Host: a"),
            .request(5, on: 3, at: 62, Self.upgrade),
        ]
        let (summary, observed) = try replay(messages, over: .curl, to: 1) {
            $0.target = target
            $0.connection = connection
        }
        #expect(summary.statuses == [200: 4, 403: 1])
        // One tunnel for each lane, asked for by the target's name, and nothing of the requests is told to the proxy.
        #expect(proxy.asked == Array(repeating: way.asked, count: 3))
        #expect(server.connections == 3)
        for lane in ["a", "b"] {
            let seen = server.seen.filter { $0.bytes.contains(" /\(lane)") }
            #expect(seen.count == 2 && Set(seen.map(\.connection)).count == 1, "lane \(lane)")
        }
        let post = try #require(server.seen.first { $0.bytes.hasPrefix("POST /b1?q= HTTP/1.1\r\n") }?.bytes)
        #expect(post.contains("Host: \(target.authority)\r\n") && post.hasSuffix("\r\n\r\nhi"))
        #expect(server.seen.allSatisfy { !$0.bytes.lowercased().contains("proxy-") })
        // What the proxy answers is nobody's answer.
        let heads = observed.compactMap(\.response?.head).map { String(decoding: $0, as: UTF8.self) }
        #expect(heads.count == 5 && heads.allSatisfy { !$0.contains("X-Of") })

        let fetch = try CurlFetch(
            headers: ["Authorization: Bearer x"],
            timeoutSeconds: 10,
            connection: connection
        )
        #expect(try fetch.get(target.url + "runs").body == Array("ok".utf8))
        #expect(proxy.asked.last == way.asked && proxy.asked.count == 4)
    }

    @Test(arguments: ["http", "socks5h"]) func tlsGoesThrough(_ scheme: String) throws {
        let server = try Self.server()
        defer { server.stop() }
        let relay = try TLSRelay(to: server.port, .v1_3, asksForCertificate: true)
        defer { relay.stop() }
        let proxy = try TunnelProxy(to: relay.port)
        defer { proxy.stop() }
        let address = try ProxyAddress("\(scheme)://127.0.0.1:\(proxy.port)")
        let (summary, _) = try replay(
            [.request(1, on: 1, "GET / HTTP/1.1|Host: a"), .request(2, on: 2, Self.upgrade)],
            over: .curl,
            to: relay.port,
            scheme: "https"
        ) {
            $0.connection.settings.proxy = address
            // The certificate is 127.0.0.1's, whatever the lanes are called.
            $0.connection.settings.authorities = relay.certificate
            $0.connection.settings.certificate = relay.clientCertificate
            $0.connection.settings.key = relay.clientKey
            $0.connection.keyPassword = TLSRelay.password
        }
        #expect(summary.statuses == [200: 1, 403: 1])
        #expect(proxy.asked.count == 2)
    }

    @Test(arguments: ["http", "socks5h"]) func aTunnelThatIsRefusedIsNoConnection(_ scheme: String) throws {
        let server = try Self.server()
        defer { server.stop() }
        let proxy = try TunnelProxy(to: server.port, credentials: "me:right")
        defer { proxy.stop() }
        let address = try ProxyAddress("\(scheme)://127.0.0.1:\(proxy.port)")
        let (summary, _) = try replay(
            [.request(1, on: 1, "GET / HTTP/1.1|Host: a"), .request(2, on: 2, Self.upgrade)],
            over: .curl,
            to: server.port
        ) {
            $0.connection.settings.proxy = address
            $0.connection.proxyCredentials = "me:wrong"
        }
        #expect(summary.failures == [.connect: 2] && summary.statuses.isEmpty && server.connections == 0)
    }

    @Test func aProxyThatIsNotFoundIsAnError() throws {
        let address = try ProxyAddress("http://proxy.invalid:3128")
        let error = #expect(throws: TransportError.self) {
            try replay([.request(1, "GET / HTTP/1.1|Host: a")], over: .curl, to: 1) {
                $0.connection.settings.proxy = address
            }
        }
        #expect(error?.description.contains("the proxy proxy.invalid") == true)
    }

    /// What a name stands for at the proxy is not known here, so that it is never this machine.
    @Test func aNameThatTheProxyLooksUpIsJudgedByName() throws {
        var plan = ReplayPlan(target: try ReplayTarget("http://api.invalid"), run: "r")
        plan.connection.settings.proxy = try ProxyAddress("http://127.0.0.1:1")
        #expect(try TargetResolver.addresses(of: plan).isEmpty)
        let recorded = TargetGuard(allowed: [], recordedServers: [], recordedHosts: ["api.invalid"])
        #expect(recorded.verdict(target: plan.target, addresses: [])?.reason == .recordedHost)
        #expect(!recorded.isExempt(target: plan.target, addresses: []))
        plan.target = try ReplayTarget("http://127.0.0.1")
        #expect(try TargetResolver.addresses(of: plan) == ["127.0.0.1"])
    }
}
