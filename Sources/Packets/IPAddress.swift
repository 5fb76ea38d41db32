/// An IPv4 or IPv6 address, held as two words so that hashing and comparing need no loop.
package struct IPAddress: Hashable, Sendable {
    /// The first eight bytes of an IPv6 address in network order; 0 for IPv4.
    package let high: UInt64
    /// The last eight bytes of an IPv6 address, or the IPv4 address in the low 32 bits.
    package let low: UInt64
    package let isIPv4: Bool

    package init(ipv4: UInt32) {
        high = 0
        low = UInt64(ipv4)
        isIPv4 = true
    }

    package init(ipv6High: UInt64, low: UInt64) {
        high = ipv6High
        self.low = low
        isIPv4 = false
    }
}
