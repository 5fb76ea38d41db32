import CNettle

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
/// What the key itself costs is worked out once, and the state behind it is a value that is copied for each text:
/// nothing is allocated, and a short text takes two runs of the hash.
struct KeyedDigest: Sendable {
    private let state: hmac_sha256_ctx

    init(key: PseudonymKey) {
        var state = hmac_sha256_ctx()
        nettle_hmac_sha256_set_key(&state, key.bytes.count, key.bytes)
        self.state = state
    }

    func digest(of text: Span<UInt8>) -> Digest {
        var state = state
        var bytes: [32 of UInt8] = .init(repeating: 0)
        text.withUnsafeBufferPointer { text in
            // A text of no bytes has no address either.
            if let base = text.baseAddress { nettle_hmac_sha256_update(&state, text.count, base) }
        }
        var output = bytes.mutableSpan
        output.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            nettle_hmac_sha256_digest(&state, buffer.count, base)
        }
        return bytes.span.withUnsafeBytes { Digest($0) }
    }
}
