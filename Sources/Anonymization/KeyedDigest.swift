import Bytes
import Crypto

/// The 32 bytes of a digest, as four numbers in little-endian order.
struct Digest: BitwiseCopyable, Sendable {
    let words: (UInt64, UInt64, UInt64, UInt64)

    init(_ bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count == 32, "a digest has 32 bytes")
        words = (
            UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self)),
            UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
            UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)),
            UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
        )
    }

    /// Bit `index`, 0 to 255, counted from the lowest of the first byte.
    func bit(_ index: Int) -> UInt8 {
        let word =
            switch index >> 6 {
            case 0: words.0
            case 1: words.1
            case 2: words.2
            default: words.3
            }
        return UInt8(truncatingIfNeeded: word >> UInt64(index & 63) & 1)
    }
}

/// HMAC-SHA256 (RFC 2104) under one key, for many short texts.
///
/// What the key itself costs is worked out once: the states of the inner and the outer hash behind the padded key. The
/// generic `HMAC` of the library would do the same and spend more on its own generality than on the hash.
struct KeyedDigest {
    private static let blockLength = 64

    private let inner: SHA256
    private let outer: SHA256

    init(key: PseudonymKey) {
        inner = Self.state(behind: key, padding: 0x36)
        outer = Self.state(behind: key, padding: 0x5C)
    }

    private static func state(behind key: PseudonymKey, padding: UInt8) -> SHA256 {
        precondition(key.bytes.count <= blockLength, "a longer key would have to be hashed first")
        var block = [UInt8](repeating: padding, count: blockLength)
        for index in key.bytes.indices { block[index] ^= key.bytes[index] }
        var state = SHA256()
        block.withUnsafeBytes { state.update(bufferPointer: $0) }
        return state
    }

    func digest(of text: Span<UInt8>) -> Digest {
        var hash = inner
        text.withUnsafeBytes { hash.update(bufferPointer: $0) }
        let first = hash.finalize()
        hash = outer
        first.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return hash.finalize().withUnsafeBytes { Digest($0) }
    }
}
