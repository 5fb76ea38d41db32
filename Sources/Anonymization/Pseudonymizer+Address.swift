import Bytes
package import Packets

/// Which networks have been met, so that two that share a pseudonym are noticed.
struct AddressBook {
    private var met: Set<UInt16> = []
    private var owners: [UInt16?] = Array(repeating: nil, count: 256)
    private(set) var collisions: UInt64 = 0

    mutating func note(_ network: UInt16, as octet: UInt8) {
        guard met.insert(network).inserted else { return }
        if owners[Int(octet)] == nil {
            owners[Int(octet)] = network
        } else {
            collisions += 1
        }
    }
}

extension Pseudonymizer {
    /// The pseudonym of an address: IPv4 in 10/8, IPv6 in fd00::/8.
    ///
    /// Addresses that share their first n bits have pseudonyms that share as many but for the eight bits that the
    /// fixed prefix costs: for IPv4 the first 16 bits become 8, for IPv6 likewise; within those networks
    /// no two addresses collide. The bits of one octet are turned over each by a keyed bit of what stands before it
    /// (Xu, Fan, Ammar, Moon: "Prefix-preserving IP address anonymization", 2002).
    package mutating func pseudonym(of address: IPAddress) -> IPAddress {
        if address.isIPv4 { return IPAddress(ipv4: ipv4(UInt32(truncatingIfNeeded: address.low))) }
        if address.high == 0, address.low >> 32 == 0xFFFF {
            let inner = ipv4(UInt32(truncatingIfNeeded: address.low))
            return IPAddress(ipv6High: 0, low: 0xFFFF_0000_0000 | UInt64(inner))
        }
        return ipv6(UInt128(address.high) << 64 | UInt128(address.low))
    }

    private mutating func ipv4(_ address: UInt32) -> UInt32 {
        let wide = UInt128(address)
        let network = self.network(of: wide, width: 32)
        addresses.note(UInt16(truncatingIfNeeded: address >> 16), as: network)
        var bits = bits(ofPrefix: 2, of: wide, width: 32)
        let third = Self.turned(UInt8(truncatingIfNeeded: address >> 8), by: bits)
        bits = self.bits(ofPrefix: 3, of: wide, width: 32)
        let fourth = Self.turned(UInt8(truncatingIfNeeded: address), by: bits)
        return 10 << 24 | UInt32(network) << 16 | UInt32(third) << 8 | UInt32(fourth)
    }

    private mutating func ipv6(_ address: UInt128) -> IPAddress {
        var result: UInt128 = 0xFD << 8 | UInt128(network(of: address, width: 128))
        for index in 2..<16 {
            let bits = bits(ofPrefix: index, of: address, width: 128)
            let octet = UInt8(truncatingIfNeeded: address >> UInt128(120 &- 8 &* index))
            result = result << 8 | UInt128(Self.turned(octet, by: bits))
        }
        return IPAddress(
            ipv6High: UInt64(truncatingIfNeeded: result >> 64),
            low: UInt64(truncatingIfNeeded: result)
        )
    }

    /// The octet that stands for the first 16 bits. It comes from a digest of its own, since it is in plain sight
    /// and the bits that turn the next octet over are not.
    private mutating func network(of address: UInt128, width: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: bits(ofPrefix: 2, of: address, width: width | 1).words.0)
    }

    /// Turns each bit of an octet over or not, by the bit that belongs to the bits before it.
    private static func turned(_ octet: UInt8, by bits: Digest) -> UInt8 {
        var result: UInt8 = 0
        // A node of the tree of prefixes: 1 is the root, 2n and 2n + 1 are the children of n.
        var node = 1
        for shift in (0..<8).reversed() {
            let bit = octet >> UInt8(shift) & 1
            let flip = bits.bit(node)
            result = result << 1 | (bit ^ flip)
            node = node << 1 | Int(bit)
        }
        return result
    }

    /// Appends the pseudonym of an address in text; other text is treated as a name of a host.
    mutating func appendAddress(_ value: Span<UInt8>, to output: inout [UInt8]) {
        guard let address = IPAddress(parsing: value) else { return appendText(value, to: &output) }
        pseudonym(of: address).append(to: &output)
    }
}
