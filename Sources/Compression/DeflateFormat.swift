/// What stands around a deflate stream (RFC 1951).
package enum DeflateFormat: Sendable {
    /// Nothing: the end is found by the stream itself, damage mostly not at all.
    case raw
    /// Two bytes and an Adler-32 (RFC 1950).
    case zlib
    /// A header and CRC-32 with length (RFC 1952).
    case gzip

    /// The `windowBits` argument of zlib for the largest window, 32 KiB.
    var windowBits: Int32 {
        switch self {
        case .raw: -15
        case .zlib: 15
        case .gzip: 15 + 16
        }
    }
}
