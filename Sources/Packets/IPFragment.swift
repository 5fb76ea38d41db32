package import Bytes

/// A fragment of an IP packet: which packet it belongs to, and which part of its payload it carries.
package struct IPFragment: Sendable {
    /// What the fragments of one packet have in common (RFC 791, section 3.2; RFC 8200, section 4.5).
    package struct Key: Hashable, Sendable {
        package var source: IPAddress
        package var destination: IPAddress
        package var identification: UInt32
        /// The protocol of IPv4; 0 for IPv6, whose fragments are told apart without it.
        package var number: UInt8
        package var isIPv6: Bool
        /// The virtual network in which the addresses are meant; 0 outside of all.
        package var network: UInt32

        package init(
            source: IPAddress,
            destination: IPAddress,
            identification: UInt32,
            number: UInt8,
            isIPv6: Bool,
            network: UInt32 = 0
        ) {
            self.source = source
            self.destination = destination
            self.identification = identification
            self.number = number
            self.isIPv6 = isIPv6
            self.network = network
        }
    }

    package var key: Key
    /// What the payload starts with, by protocol number; of IPv6 only the first fragment tells it.
    package var number: UInt8
    /// Where the part stands in the payload of the packet, in bytes; a multiple of 8.
    package var offset: Int
    package var isLast: Bool
    /// The part, as a range of the packet it came in.
    package var payload: ByteRange
    /// Bytes of the part that the capture left out.
    package var uncaptured: Int

    package init(
        key: Key,
        number: UInt8,
        offset: Int,
        isLast: Bool,
        payload: ByteRange,
        uncaptured: Int
    ) {
        self.key = key
        self.number = number
        self.offset = offset
        self.isLast = isLast
        self.payload = payload
        self.uncaptured = uncaptured
    }
}

/// The payload of an IP packet put together from its fragments.
package struct ReassembledPayload: Equatable, Sendable {
    package var key: IPFragment.Key
    /// What it starts with, by protocol number.
    package var number: UInt8
    package var bytes: [UInt8]
    /// How many packets were taken for it, copies included.
    package var packets: UInt64
}
