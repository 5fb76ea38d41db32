import Replay
import Testing

@Suite struct ConnectionSettingsTests {
    @Test(arguments: [
        ("api.example:443:10.0.0.7", "api.example:443:10.0.0.7"),
        ("API.example:443:10.0.0.7,10.0.0.8,10.0.0.7", "api.example:443:10.0.0.7,10.0.0.8"),
        // curl takes the addresses of IPv6 with brackets and without.
        ("api.example:80:fd00::7", "api.example:80:[fd00::7]"),
        ("[::1]:80:[fd00::7],10.0.0.7", "[::1]:80:[fd00::7],10.0.0.7"),
    ])
    func namesAreReadAsCurlReadsThem(_ text: String, _ expected: String) throws {
        #expect(try ResolvedName(text).description == expected)
    }

    @Test(arguments: [
        "", ":", "a", "a:1", "a:1:", ":1:10.0.0.7", "a:0:10.0.0.7", "a:65536:10.0.0.7", "a:x:10.0.0.7",
        "a:+1:10.0.0.7", "a:1:10.0.0.7,", "a:1:b.example", "[::1:80:10.0.0.7", "[::1]80:10.0.0.7",
        "[]:80:10.0.0.7", "a:1:[10.0.0.7",
    ])
    func whatIsNoNameIsRefused(_ text: String) {
        #expect(throws: UnreadableValue.self) { try ResolvedName(text) }
    }

    @Test(arguments: ["", ",", "127.0.0.2,", "eth0", "127.0.0.2;127.0.0.3", "127.0.0.256"])
    func whatIsNoListOfSourcesIsRefused(_ text: String) {
        #expect(throws: UnreadableValue.self) { try ConnectionSettings.sources(text) }
    }

    private static func settings(_ change: (inout ConnectionSettings) throws -> Void) rethrows
        -> ConnectionSettings
    {
        var settings = ConnectionSettings()
        try change(&settings)
        return settings
    }

    /// What is asked for, over which transport, and how the reason begins; empty where it can be.
    static let checked: [(settings: ConnectionSettings, transport: TransportChoice, reason: String)] = {
        let name = try? ResolvedName("staging.example:443:10.0.0.7")
        let other = try? ResolvedName("staging.example:80:10.0.0.7")
        let sources = (try? ConnectionSettings.sources("127.0.0.2")) ?? []
        return [
            (settings { $0.resolved = [name].compactMap(\.self) }, .wire, ""),
            // The target's name at another port is not the target.
            (
                settings { $0.resolved = [other].compactMap(\.self) }, .auto,
                "--resolve staging.example:80:10.0.0.7 is not of the target, which is staging.example:443"
            ),
            (settings { $0.unixSocket = "/run/a.sock" }, .wire, ""),
            (
                settings { ($0.unixSocket, $0.sourceAddresses) = ("/run/a.sock", sources) }, .auto,
                "--unix-socket and --source-address exclude each other"
            ),
            (
                settings { ($0.unixSocket, $0.resolved) = ("/run/a.sock", [name].compactMap(\.self)) }, .auto,
                "--unix-socket and --resolve exclude each other"
            ),
            (
                settings { $0.unixSocket = "/" + String(repeating: "a", count: 107) }, .auto,
                "--unix-socket: the path of a socket has 1 to 107 bytes"
            ),
            (settings { $0.sourceAddresses = sources }, .wire, ""),
            (settings { ($0.certificate, $0.key) = ("a.pem", "a.key") }, .auto, ""),
            (settings { $0.key = "a.key" }, .auto, "--key is the key of a certificate; add --cert"),
            (
                settings { $0.keyPassword = "env:A" }, .auto,
                "--key-password is of a certificate's key; add --cert"
            ),
            (
                settings { $0.certificate = "a.pem" }, .wire,
                "--cert takes libcurl; leave --transport wire out"
            ),
            (settings { $0.authorities = "a.pem" }, .wire, "--cacert takes libcurl"),
        ]
    }()

    @Test(arguments: checked)
    func whatCannotBeIsRefused(
        _ row: (settings: ConnectionSettings, transport: TransportChoice, reason: String)
    ) throws {
        let target = try ReplayTarget("https://staging.example")
        do {
            try row.settings.check(for: target, over: row.transport)
            #expect(row.reason.isEmpty)
        } catch {
            #expect(!row.reason.isEmpty && error.description.hasPrefix(row.reason), "\(error)")
        }
    }

    @Test(arguments: [
        ("http://proxy.example:3128", "http://proxy.example:3128"),
        ("HTTP://Proxy.example/", "http://proxy.example:1080"),
        ("socks5://[::1]:9", "socks5://[::1]:9"), ("socks5h://[::1]", "socks5h://[::1]:1080"),
        ("http://a:80", "http://a:80"),
    ])
    func proxiesAreRead(_ text: String, _ expected: String) throws {
        #expect(try ProxyAddress(text).url == expected)
    }

    @Test(arguments: [
        "", "a", "a:1", "http:a", "http://", "http://hunter2@a", "http://me:hunter2@a:1", "https://hunter2",
        "ftp://hunter2", "http://a:hunter2", "http://a/hunter2", "http://a?hunter2", "http://a:0",
    ])
    func whatIsNoProxyIsRefusedAndNotRepeated(_ text: String) {
        let error = #expect(throws: UnusableConnection.self) { try ProxyAddress(text) }
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test func aProxyGoesWithWhatItLeavesToUs() throws {
        let target = try ReplayTarget("http://a.example")
        var settings = Self.settings { $0.proxyCredentials = "env:A" }
        #expect(throws: UnusableConnection.self) { try settings.check(for: target, over: .auto) }
        settings.proxy = try ProxyAddress("socks5://127.0.0.1")
        settings.resolved = [try ResolvedName("a.example:80:10.0.0.7")]
        try settings.check(for: target, over: .auto)
        #expect(throws: UnusableConnection.self) { try settings.check(for: target, over: .wire) }
        settings.proxy = try ProxyAddress("socks5h://127.0.0.1")
        #expect(throws: UnusableConnection.self) { try settings.check(for: target, over: .auto) }
        // Another proxy does not get the credentials of the first.
        settings.override(with: Self.settings { $0.proxy = try? ProxyAddress("http://b") })
        #expect(settings.proxyCredentials == nil)
    }

    @Test func aCertificateComesWithItsKey() {
        var planned = Self.settings {
            ($0.certificate, $0.key, $0.keyPassword, $0.unixSocket) = (
                "a.pem", "a.key", "env:A", "/run/a.sock"
            )
        }
        planned.override(with: Self.settings { $0.certificate = "b.pem" })
        #expect(planned.certificate == "b.pem" && planned.key == nil && planned.keyPassword == nil)
        #expect(planned.unixSocket == "/run/a.sock")
        planned.override(with: Self.settings { $0.key = "b.key" })
        #expect(planned.certificate == "b.pem" && planned.key == "b.key")
    }

    @Test func libcurlIsTakenWhereAnOptionNeedsIt() throws {
        var plan = ReplayPlan(target: try ReplayTarget("http://127.0.0.1:1"), run: "r")
        #expect(plan.carrier == .wire)
        plan.connection.settings.unixSocket = "/run/a.sock"
        #expect(plan.carrier == .wire)
        plan.connection.settings.certificate = "a.pem"
        #expect(plan.carrier == .curl)
    }

    /// What is said of the target's place is not said of another server.
    @Test func anotherServerIsReachedByItsOwnName() throws {
        var settings = Self.settings { ($0.unixSocket, $0.certificate) = ("/run/a.sock", "a.pem") }
        settings.resolved = [try ResolvedName("a:1:10.0.0.7")]
        let elsewhere = TargetConnection(isInsecure: true, settings: settings).elsewhere
        #expect(elsewhere.isInsecure && elsewhere.settings == Self.settings { $0.certificate = "a.pem" })
    }
}
