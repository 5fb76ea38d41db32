import Packets
import Replay
import Testing

@Suite struct ValueParsingTests {
    @Test(
        arguments: [
            ("2x", 2), ("0.5", 0.5), ("150%", 1.5), ("10x", 10), (".25", 0.25), ("0.1x", 0.1), ("100x", 100),
        ]
    )
    func readsSpeeds(_ text: String, _ factor: Double) throws {
        #expect(try Speed(text).factor == factor)
    }

    @Test(
        arguments: [
            "", "x", "2 x", "fast", "-1x", "0", "0.09x", "100.1x", "nan", "inf", "1e1", "0x2", "1,5", "2xx",
            "%",
        ]
    )
    func refusesSpeeds(_ text: String) {
        let error = #expect(throws: UnreadableValue.self) { try Speed(text) }
        #expect(error?.description.hasPrefix("'\(text)' is not a speed: ") == true)
    }

    @Test(arguments: [("500/s", 500), ("3000/m", 50), ("0.5/s", 0.5), ("7200/h", 2)])
    func readsRates(_ text: String, _ perSecond: Double) throws {
        #expect(try Rate(text).perSecond == perSecond)
    }

    @Test(arguments: ["500", "/s", "500/d", "0/s", "-3/s", "1e9/s", "2000000/s", "500/s/s"])
    func refusesRates(_ text: String) {
        let error = #expect(throws: UnreadableValue.self) { try Rate(text) }
        #expect(error?.text == text)
    }

    @Test(
        arguments: [
            ("10s", TraceMoment.offset(10_000_000_000)), ("250ms", .offset(250_000_000)),
            ("1h30m", .offset(5_400_000_000_000)), ("1.5s", .offset(1_500_000_000)), ("0s", .offset(0)),
            ("1700000000000000000", .absolute(PacketTime(nanoseconds: 1_700_000_000_000_000_000))),
        ]
    )
    func readsMoments(_ text: String, _ moment: TraceMoment) throws {
        #expect(try TraceMoment(text) == moment)
    }

    @Test(arguments: ["", "s", "10 s", "-5s", "-5", "ten", "5s3", "99999999999999999999d"])
    func refusesMoments(_ text: String) {
        let error = #expect(throws: UnreadableValue.self) { try TraceMoment(text) }
        #expect(error?.text == text)
    }

    struct Target: Sendable {
        var text: String
        var scheme: ReplayTarget.Scheme
        var host: String
        var port: UInt16
        var prefix: String
        var authority: String
    }

    @Test(
        arguments: [
            Target(
                text: "http://127.0.0.1:8080",
                scheme: .http,
                host: "127.0.0.1",
                port: 8080,
                prefix: "",
                authority: "127.0.0.1:8080"
            ),
            // The scheme's own port does not stand in Host.
            Target(
                text: "https://Staging.Example/",
                scheme: .https,
                host: "staging.example",
                port: 443,
                prefix: "",
                authority: "staging.example"
            ),
            Target(
                text: "HTTP://[::1]:81/a/b//",
                scheme: .http,
                host: "::1",
                port: 81,
                prefix: "/a/b",
                authority: "[::1]:81"
            ),
            Target(
                text: "http://[fe80::2]",
                scheme: .http,
                host: "fe80::2",
                port: 80,
                prefix: "",
                authority: "[fe80::2]"
            ),
        ]
    )
    func readsTargets(_ row: Target) throws {
        let target = try ReplayTarget(row.text)
        #expect(target.scheme == row.scheme && target.host == row.host && target.port == row.port)
        #expect(target.pathPrefix == row.prefix)
        #expect(target.authority == row.authority)
    }

    @Test(
        arguments: [
            "", "localhost:8080", "ftp://a", "http://", "http://:80", "http://a:0", "http://a:65536",
            "http://a:x",
            "http://user@a", "http://a?b", "http://a/#c", "http://a b", "http://[::1", "http://[::1]x",
            "http://ä",
            "http://a/\r\nX: y",
        ]
    )
    func refusesTargets(_ text: String) {
        let error = #expect(throws: UnreadableValue.self) { try ReplayTarget(text) }
        #expect(error?.kind == "target")
    }
}
