import Compression

/// What is kept of a body that is too long to keep: enough to tell that another is the same.
///
/// Made against accidents, not against somebody who looks for another body of the same digest.
package struct BodyDigest: Hashable, Sendable {
    /// Bytes without the content coding.
    package var count: Int
    package var crc32: UInt32
    /// FNV-1a over 64 bits.
    package var fnv64: UInt64

    package init(count: Int, crc32: UInt32, fnv64: UInt64) {
        self.count = count
        self.crc32 = crc32
        self.fnv64 = fnv64
    }

    package init(_ bytes: [UInt8]) {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        self.init(count: bytes.count, crc32: CRC32(of: bytes.span).value, fnv64: hash)
    }
}
