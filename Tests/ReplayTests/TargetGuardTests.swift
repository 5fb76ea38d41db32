import Messages
import Packets
import Replay
import Testing
import Traces

@Suite struct TargetGuardTests {
    private func verdict(
        _ target: String,
        _ addresses: [String],
        servers: [String] = [],
        hosts: Set<String> = [],
        allowed: [String] = []
    ) throws -> TargetRefusal.Reason? {
        TargetGuard(
            allowed: allowed,
            recordedServers: Set(servers.compactMap { IPAddress($0) }),
            recordedHosts: hosts
        ).verdict(target: try ReplayTarget(target), addresses: addresses)?.reason
    }

    @Test(arguments: ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
    func loopbackAlwaysMayBeSentTo(_ address: String) throws {
        // Even where the recording was made there.
        #expect(try verdict("http://localhost", [address], servers: [address], hosts: ["localhost"]) == nil)
    }

    @Test(arguments: [
        "10.1.2.3", "172.16.0.1", "172.31.255.1", "192.168.1.1", "169.254.0.1", "100.64.0.1", "fd00::1",
        "fe80::1",
    ])
    func privateAddressesMayUnlessRecorded(_ address: String) throws {
        #expect(try verdict("http://staging", [address]) == nil)
        #expect(try verdict("http://staging", [address], servers: [address]) == .recordedServer(address))
        #expect(try verdict("http://staging", [address], servers: [address], allowed: ["STAGING"]) == nil)
    }

    @Test(arguments: [
        "8.8.8.8", "172.32.0.1", "172.15.0.1", "100.128.0.1", "11.0.0.1", "2606:4700::1", "::ffff:8.8.8.8",
        "garbage",
    ])
    func publicAddressesNeedToBeAllowed(_ address: String) throws {
        #expect(try verdict("http://prod", [address]) == .publicAddress(address))
        #expect(try verdict("http://prod", [address], allowed: ["prod"]) == nil)
        #expect(try verdict("http://prod", [address], allowed: ["other"]) == .publicAddress(address))
    }

    @Test func oneBadAddressIsEnough() throws {
        #expect(try verdict("http://a", ["127.0.0.1", "8.8.8.8"]) == .publicAddress("8.8.8.8"))
    }

    @Test func aRecordedHostNeedsToBeAllowed() throws {
        #expect(try verdict("http://API.example:8080", ["10.0.0.1"], hosts: ["api.example"]) == .recordedHost)
        #expect(
            try verdict("http://api.example:8080", ["10.0.0.1"], hosts: ["api.example:8080"]) == .recordedHost
        )
        #expect(try verdict("http://api.example:8080", ["10.0.0.1"], hosts: ["www.api.example"]) == nil)
    }

    @Test func theRefusalSaysWhatToDo() throws {
        let refusal = TargetRefusal(host: "prod.example", reason: .recordedHost)
        #expect(
            refusal.description
                == "the target prod.example is refused because the trace was recorded from it; if it is meant,"
                + " add --allow-target prod.example"
        )
    }

    @Test func theSurveyFindsEveryHost() throws {
        var source = MemorySource([
            .recorded(.request, 1, "GET / HTTP/1.1|Host: A.example:8443"),
            .recorded(.response, 1, at: 1, "HTTP/1.1 200 OK"),
            .recorded(.request, 2, at: 10, "GET /x HTTP/1.1|host: b.example"),
            .recorded(.request, 3, at: 30, "POST /x HTTP/1.1|Host: [::1]:80"),
        ])
        let plan = try ReplayPlan.test { $0.filter = try RequestFilter("method=GET") }
        let survey = try TraceSurvey(of: &source, plan: plan)
        #expect(survey.hosts == ["a.example:8443", "a.example", "b.example", "[::1]:80", "[::1]"])
        #expect(survey.totals?.requests == 2)
        #expect(survey.totals?.span == 10_000_000)
        // The source stands at its beginning again.
        #expect(source.next()?.exchange == 1)
    }
}
