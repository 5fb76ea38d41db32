import Bytes
import Messages
import Packets
import Recording
import Streams
import Testing

/// Packets that come more than once, damaged, in tunnels or in pieces: each in its bucket, the messages as if they
/// had not.
@Suite struct PacketBucketTests {
    /// IPv4 around a packet, such as that of a tunnel.
    private static func ipv4(_ payload: [UInt8], number: UInt8) -> [UInt8] {
        var bytes: [UInt8] = [0x45, 0]
        bytes.appendBigEndian(UInt16(20 + payload.count))
        return bytes + [0, 7, 0x40, 0, 64, number, 0, 0, 172, 16, 0, 1, 172, 16, 0, 2] + payload
    }

    private static func vxlan(_ packet: [UInt8], network: UInt8) -> [UInt8] {
        var datagram: [UInt8] = [0xC0, 0, 0x12, 0xB5]
        datagram.appendBigEndian(UInt16(8 + 8 + 14 + packet.count))
        datagram += [0, 0, 8, 0, 0, 0, 0, 0, network, 0] + [UInt8](repeating: 2, count: 12) + [8, 0]
        return ipv4(datagram + packet, number: 17)
    }

    /// An exchange in six packets.
    private static func converse(_ script: inout PacketScript) {
        script.open(40_000)
        script.client("POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc")
        script.server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        script.close()
        script.finish()
    }

    @Test func aPacketSeenOnSeveralInterfacesIsFollowedOnce() {
        var script = PacketScript()
        script.interfaces = [3, 4, 9]
        Self.converse(&script)
        let ledger = script.ledger
        #expect(script.trace.messages(.request).count == 1)
        #expect(ledger.packets.delivered == 18)
        #expect(ledger.packets.followed == 6)
        #expect(ledger.packets.duplicate == 12)
        #expect(script.pipeline.endpointLedgers.check(against: ledger) == [])
        #expect(ledger.check() == [])
    }

    @Test func fragmentsSeenOnSeveralInterfacesLeaveNothingBehind() {
        var script = PacketScript()
        script.interfaces = [3, 4]
        script.fragmentBytes = 24
        Self.converse(&script)
        let packets = script.ledger.packets
        #expect(script.trace.messages(.request).count == 1)
        #expect(packets.fragment == 0)
        #expect(packets.duplicate == packets.followed)
        #expect(script.ledger.check() == [])
    }

    /// Sent again on one interface, a segment is a retransmission.
    @Test func withOneInterfaceNothingIsACopy() {
        var script = PacketScript()
        script.interfaces = [3, 3]
        Self.converse(&script)
        #expect(script.trace.messages(.request).count == 1)
        #expect(script.ledger.packets.duplicate == 0)
        #expect(script.ledger.packets.followed == 12)
        #expect(script.ledger.check() == [])
    }

    @Test func damagedPacketsHaveABucketWhereTheyAreLookedFor() {
        var options = RecordingOptions()
        options.checksChecksums = true
        var script = PacketScript(options: options)
        Self.converse(&script)
        #expect(script.ledger.packets.badChecksum == 6)
        #expect(script.trace.messages(.request).isEmpty)
        #expect(script.ledger.check() == [])
    }

    @Test func aTunnelWhosePacketsComeInFragments() {
        var script = PacketScript()
        script.wrap = { Self.ipv4(Self.ipv4($0, number: 4), number: 4) }
        script.fragmentBytes = 16
        Self.converse(&script)
        #expect(script.trace.messages(.request).count == 1)
        #expect(script.ledger.packets.fragment == 0)
        #expect(script.ledger.check() == [])
    }

    /// Two tenants may use the same addresses at the same time.
    @Test func virtualNetworksAreKeptApart() {
        var script = PacketScript()
        for network: UInt8 in [1, 2] {
            script.wrap = { Self.vxlan($0, network: network) }
            script.open(40_000)
            script.client("GET /\(network) HTTP/1.1\r\n\r\n")
            script.server("HTTP/1.1 204 No Content\r\n\r\n")
        }
        script.finish()
        #expect(script.trace.messages(.request).count == 2)
        #expect(script.ledger.connections.opened == 2)
        #expect(script.ledger.check() == [])
    }

    /// On the way into its tunnel a packet is seen bare, behind it wrapped: once each way, one connection.
    @Test func aPacketInsideAndOutsideOfItsTunnelIsOne() {
        var script = PacketScript()
        script.interfaces = [5]
        script.open(40_000)
        script.client("GET / HTTP/1.1\r\n\r\n")
        script.wrap = { Self.vxlan($0, network: 7) }
        script.interfaces = [2]
        script.lose(.client, UInt32(bitPattern: -18))
        script.client("GET / HTTP/1.1\r\n\r\n")
        script.server("HTTP/1.1 204 No Content\r\n\r\n")
        script.finish()
        #expect(script.ledger.connections.opened == 1)
        #expect(script.trace.messages(.request).count == 1)
        #expect(script.trace.messages(.response).count == 1)
        #expect(script.ledger.packets.duplicate == 1)
        #expect(script.ledger.check() == [])
    }
}
