import Bytes
import Packets
import SeededRandom
import Testing

@Suite("Addresses and endpoints as text")
struct IPAddressTests {
    /// What is read, and how it is written again.
    static let addresses = [
        ("0.0.0.0", "0.0.0.0"),
        ("255.255.255.255", "255.255.255.255"),
        ("10.0.200.9", "10.0.200.9"),
        ("::", "::"),
        ("::1", "::1"),
        ("1::", "1::"),
        ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"),
        // RFC 5952, section 4.2.2: a single group of zeros is not shortened.
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        // Section 4.2.3: the longest run, and the first of two.
        ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
        ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        // Section 4.3: lower case; section 4.1: no leading zeros.
        ("2001:0DB8::00AF:ABCD", "2001:db8::af:abcd"),
        // Section 5: addresses that map IPv4.
        ("::ffff:c000:0201", "::ffff:192.0.2.1"),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.1"),
        ("::ffff:0.0.0.0", "::ffff:0.0.0.0"),
        ("64:ff9b::192.0.2.1", "64:ff9b::c000:201"),
        ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
        ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
        ("fe80::1:0:0", "fe80::1:0:0"),
    ]

    @Test("An address is read in every form and written in the canonical one", arguments: addresses)
    func canonicalText(text: String, canonical: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == canonical)
        #expect(IPAddress(canonical) == address)
    }

    @Test(
        "What is no address is refused",
        arguments: [
            "", ".", ":", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1.2.3.256", "01.2.3.4", "1.2.3.4 ",
            "1.2.3.0x4", "1..2.3", "1000.1.1.1", ":::", "1:::2", "1::2::3", ":1::2", "1:", "::1:",
            "1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "12345::", "g::", "fe80::1%eth0",
            "[::1]", "::1/64", "::1.2.3", "::1.2.3.4:5", "1:2:3:4:5:6:7:1.2.3.4", "::ffff:1.2.3.256",
            "::ffff:.2.3.4",
            "localhost", "0000:0000:0000:0000:0000:0000:255.255.255.2555",
        ]
    )
    func refuses(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test("Every address survives being written and read")
    func roundTrip() {
        var generator = SeededGenerator(seed: 5952)
        for _ in 0..<2000 {
            // Few distinct groups, so that runs of zeros of every length come up.
            var halves: [UInt64] = []
            for _ in 0..<2 {
                let groups = (0..<4).map { _ in
                    UInt64.random(in: 0...2, using: &generator) == 0
                        ? UInt64.random(in: 0...0xFFFF, using: &generator) : 0
                }
                halves.append(groups.reduce(0) { $0 << 16 | $1 })
            }
            let address = IPAddress(ipv6High: halves[0], low: halves[1])
            #expect(IPAddress(address.description) == address)
            let short = IPAddress(ipv4: UInt32.random(in: 0 ... .max, using: &generator))
            #expect(IPAddress(short.description) == short)
        }
    }

    @Test(
        "Endpoints of version 6 stand in brackets",
        arguments: ["10.0.0.1:80", "[::1]:65535", "[fd00::1]:0"]
    )
    func endpoints(text: String) throws {
        #expect(try #require(Endpoint(text)).description == text)
    }

    @Test(
        "What is no endpoint is refused",
        arguments: [
            "", ":", "10.0.0.1", "10.0.0.1:", "10.0.0.1:65536", "10.0.0.1:123456", "10.0.0.1:8a",
            "10.0.0.1:-1",
            "::1:80", "[10.0.0.1]:80", "[::1]", "[::1:80", "::1]:80", "[]:80", ":80",
        ]
    )
    func refusesEndpoint(text: String) {
        #expect(Endpoint(text) == nil)
    }
}
