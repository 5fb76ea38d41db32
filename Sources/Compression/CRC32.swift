import Bytes
import CDeflate

/// The CRC-32 of gzip (RFC 1952, section 8), over bytes in any cut.
package struct CRC32: Hashable, Sendable {
    /// The checksum of what has been taken so far; 0 for nothing.
    package private(set) var value: UInt32 = 0

    package init() {}

    /// The checksum of `bytes` alone.
    package init(of bytes: Span<UInt8>) {
        update(bytes)
    }

    package mutating func update(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { buffer in
            // libdeflate takes a missing buffer as a question for the first value.
            guard let base = buffer.baseAddress else { return }
            value = libdeflate_crc32(value, base, buffer.count)
        }
    }
}
