/// The two ends of a TCP connection without regard to who sends, as a key for tables.
///
/// Segments of both directions give the same key. Hashing takes two words for IPv4 and five for IPv6; it goes
/// through the standard library's seeded hash, since strangers choose the addresses.
package struct FlowKey: Hashable, Sendable {
    /// The end with the smaller address, or the smaller port where the addresses are equal.
    package let lower: Endpoint
    package let upper: Endpoint
    /// The virtual network in which the addresses are meant; 0 outside of all.
    package let network: UInt32

    /// The key of what `source` sends to `destination`.
    ///
    /// - Returns: Besides the key, whether the source is its lower end. When both ends are the same, it is.
    package static func of(
        source: Endpoint,
        destination: Endpoint,
        network: UInt32 = 0
    ) -> (key: FlowKey, isFromLower: Bool) {
        destination < source
            ? (FlowKey(lower: destination, upper: source, network: network), false)
            : (FlowKey(lower: source, upper: destination, network: network), true)
    }

    private init(lower: Endpoint, upper: Endpoint, network: UInt32) {
        self.lower = lower
        self.upper = upper
        self.network = network
    }

    // What the compiler derives is out of reach of other rooms but through a table.
    package static func == (left: FlowKey, right: FlowKey) -> Bool {
        left.lower == right.lower && left.upper == right.upper && left.network == right.network
    }

    package func hash(into hasher: inout Hasher) {
        let ports = UInt64(network) << 32 | UInt64(lower.port) << 16 | UInt64(upper.port)
        if lower.address.isIPv4 && upper.address.isIPv4 {
            hasher.combine(lower.address.low << 32 | upper.address.low)
        } else {
            hasher.combine(lower.address.high)
            hasher.combine(lower.address.low)
            hasher.combine(upper.address.high)
            hasher.combine(upper.address.low)
        }
        hasher.combine(ports)
    }
}

extension TCPSegment {
    /// The connection's key, and whether the segment comes from its lower end.
    package var flow: (key: FlowKey, isFromLower: Bool) {
        FlowKey.of(source: source, destination: destination, network: network)
    }
}
