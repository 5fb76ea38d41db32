import Bytes

/// Small whole packets without payload, with the fields that filters look at.
struct SamplePacket {
    enum Network {
        case ipv4(fragment: UInt16 = 0)
        case ipv6
        /// With a destination options header between IPv6 and the transport.
        case ipv6WithOptions
    }

    var network = Network.ipv4()
    /// The protocol number of the transport.
    var transport: UInt8 = 6
    var source: UInt16 = 40_000
    var destination: UInt16 = 80
    /// The EtherTypes of the VLAN tags, outermost first.
    var tags: [UInt16] = []

    /// The packet from the IP header on.
    var ip: [UInt8] {
        var bytes: [UInt8] = []
        switch network {
        case .ipv4(let fragment):
            bytes = [0x45, 0, 0, 40, 0, 1]
            bytes.appendBigEndian(fragment)
            bytes += [64, transport, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]
        case .ipv6:
            bytes = [0x60, 0, 0, 0, 0, 20, transport, 64] + [UInt8](repeating: 1, count: 32)
        case .ipv6WithOptions:
            bytes = [0x60, 0, 0, 0, 0, 28, 60, 64] + [UInt8](repeating: 1, count: 32)
            bytes += [transport, 0, 1, 4, 0, 0, 0, 0]
        }
        bytes.appendBigEndian(source)
        bytes.appendBigEndian(destination)
        return bytes + [0, 0, 0, 1, 0, 0, 0, 0, 0x50, 0x10, 1, 0, 0, 0, 0, 0]
    }

    /// The packet in an Ethernet frame.
    var ethernet: [UInt8] {
        var bytes = [UInt8](repeating: 2, count: 12)
        for tag in tags {
            bytes.appendBigEndian(tag)
            bytes += [0, 7]
        }
        if case .ipv4 = network {
            bytes += [0x08, 0x00]
        } else {
            bytes += [0x86, 0xDD]
        }
        return bytes + ip
    }

    /// The packet behind a Linux cooked header.
    var cooked: [UInt8] {
        [0, 0, 0, 1, 0, 6, 2, 2, 2, 2, 2, 2, 0, 0] + ethernet[12...]
    }
}
