package import Packets

/// What is known of a packet besides its bytes, live or from a file.
package struct CapturedPacket: Hashable, Sendable {
    package var time: PacketTime
    package var link: LinkType
    /// The length on the wire in bytes.
    package var originalLength: Int
    /// The interface: of a capture file, numbered from 0; of the live pseudo-device `any`, by the system's
    /// index; 0 for other live captures.
    ///
    /// On hosts with containers `any` shows one packet on several interfaces, with different numbers.
    package var interface: Int
    /// Whether the capture is of several interfaces, which may show the same packet.
    package var isOneOfSeveral: Bool

    package init(
        time: PacketTime,
        link: LinkType,
        originalLength: Int,
        interface: Int,
        isOneOfSeveral: Bool = false
    ) {
        self.time = time
        self.link = link
        self.originalLength = originalLength
        self.interface = interface
        self.isOneOfSeveral = isOneOfSeveral
    }
}
