/// Bounds on what a capture file may ask its reader to hold.
package struct SavefileLimits: Sendable {
    /// Longest packet in bytes; a longer one is damage, since it is how damage to a length shows itself.
    ///
    /// libpcap refuses packets above 262,144 bytes; Linux hands out larger ones when it merges segments.
    package var packetLength = 1 << 20
    /// Longest pcapng block in bytes that must be held whole: an interface or a packet with its options.
    ///
    /// Blocks that are passed over may have any length.
    package var blockLength = 1 << 24
    /// Longest block of names, statistics, secrets or section options that is looked into, in bytes; longer ones are
    /// passed over.
    package var noteBlockLength = 1 << 20
    /// Bytes of comments, names and secrets that are kept of one file.
    package var noteBytes = 4 << 20
    /// Most interfaces in one section of a pcapng file.
    package var interfaces = 1 << 16

    package init() {}

    package static let standard = SavefileLimits()
}
