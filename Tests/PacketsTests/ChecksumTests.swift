import Bytes
import Packets
import Testing

@Suite("Checksums of packets")
struct ChecksumTests {
    /// Packets of other programs, whose sums are right: what the checks must agree with.
    private static let checking = PacketDissector(checksChecksums: true)

    /// 10.0.0.1:4711 to 10.0.0.2:80 with the payload "GET", sums filled in.
    private static func packet(_ change: (inout [UInt8]) -> Void = { _ in }) -> [UInt8] {
        var packet = Wire.ipv4(Wire.tcp("GET"))
        put(sum(packet[0..<20], initial: 0), at: 10, of: &packet)
        let pseudo = sum([10, 0, 0, 1, 10, 0, 0, 2, 0, 6, 0, 23][...], initial: 0)
        put(sum(packet[20...], initial: UInt32(~pseudo)), at: 36, of: &packet)
        change(&packet)
        return packet
    }

    private static func sum(_ bytes: ArraySlice<UInt8>, initial: UInt32) -> UInt16 {
        var sum = initial
        for (place, byte) in bytes.enumerated() { sum += UInt32(byte) << (place % 2 == 0 ? 8 : 0) }
        while sum > 0xFFFF { sum = sum >> 16 + sum & 0xFFFF }
        return ~UInt16(sum)
    }

    private static func put(_ sum: UInt16, at place: Int, of packet: inout [UInt8]) {
        packet[place] = UInt8(sum >> 8)
        packet[place + 1] = UInt8(sum & 0xFF)
    }

    @Test("Right sums pass, whatever link is around them")
    func right() {
        #expect(Reading(Self.packet(), link: .ipv4, Self.checking) == .payload("GET"))
        #expect(Reading(Wire.ethernet(Self.packet() + [0, 0, 0]), Self.checking) == .payload("GET"))
    }

    @Test("Every changed bit of a header or payload is found, but only where it is looked for")
    func wrong() {
        // Version, lengths, fragment field and protocol lead elsewhere before a sum is looked at.
        let elsewhere: Set = [0, 2, 3, 6, 7, 9, 32]
        let right = Self.packet()
        for place in right.indices where !elsewhere.contains(place) {
            for bit in 0..<8 {
                let packet = Self.packet { $0[place] ^= 1 << bit }
                #expect(
                    Reading(packet, link: .ipv4, Self.checking) == .ignored(.badChecksum),
                    "byte \(place)"
                )
                if case .ignored = Reading(packet, link: .ipv4) {
                    Issue.record("byte \(place) was looked at")
                }
            }
        }
    }

    @Test("A sum that the interface was to complete counts as right")
    func partial() {
        let packet = Self.packet {
            Self.put(~Self.sum([10, 0, 0, 1, 10, 0, 0, 2, 0, 6, 0, 23][...], initial: 0), at: 36, of: &$0)
        }
        #expect(Reading(packet, link: .ipv4, Self.checking) == .payload("GET"))
    }

    @Test("What the capture cut off cannot be checked")
    func cut() {
        let packet = Self.packet { $0[36] ^= 1 }
        #expect(
            Reading(Array(packet.dropLast()), original: 43, link: .ipv4, Self.checking)
                == .payload("GE", uncaptured: 1)
        )
    }

    @Test("The sum of TCP over IPv6 counts its addresses")
    func version6() {
        var packet = Wire.ipv6(Wire.tcp("GET"))
        #expect(Reading(packet, link: .ipv6, Self.checking) == .ignored(.badChecksum))
        let pseudo = Self.sum(packet[8..<40] + [0, 0, 0, 23, 0, 0, 0, 6], initial: 0)
        Self.put(Self.sum(packet[40...], initial: UInt32(~pseudo)), at: 56, of: &packet)
        #expect(Reading(packet, link: .ipv6, Self.checking) == .payload("GET"))
        // Behind a routing header the last destination is not known.
        let routed = Wire.ipv6(Wire.extensionHeader(Wire.tcp("GET")), next: 43)
        #expect(Reading(routed, link: .ipv6, Self.checking) == .payload("GET"))
    }
}
