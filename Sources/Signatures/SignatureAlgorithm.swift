import Bytes
import Crypto

/// What makes a signature out of what is signed and a secret.
package enum SignatureAlgorithm: String, Sendable, CaseIterable {
    case hmacSHA1 = "hmac-sha1"
    case hmacSHA256 = "hmac-sha256"
    case hmacSHA384 = "hmac-sha384"
    case hmacSHA512 = "hmac-sha512"
    /// RFC 8032; the sender has a private key, the receiver the public one.
    case ed25519
    /// ECDSA over P-256 with SHA-256, the signature in DER.
    case ecdsaP256 = "ecdsa-p256"
    /// No signature at all: the secret itself is sent.
    case token

    /// How many bytes a signature has; `nil` where that differs from one to the next.
    var byteCount: Int? {
        switch self {
        case .hmacSHA1: 20
        case .hmacSHA256: 32
        case .hmacSHA384: 48
        case .hmacSHA512, .ed25519: 64
        case .ecdsaP256, .token: nil
        }
    }

    /// Whether receivers have another key than senders.
    var isAsymmetric: Bool { self == .ed25519 || self == .ecdsaP256 }
}

/// What a signature is made over: at most one run of it is the body, which is not copied.
struct SignedContent {
    var before: [UInt8] = []
    var includesBody = false
    var after: [UInt8] = []

    mutating func append(_ bytes: some Sequence<UInt8>) {
        if includesBody { after.append(contentsOf: bytes) } else { before.append(contentsOf: bytes) }
    }

    /// All of it in one piece.
    func bytes(body: Span<UInt8>) -> [UInt8] {
        guard includesBody else { return before }
        var bytes = before
        bytes.append(contentsOf: body)
        bytes.append(contentsOf: after)
        return bytes
    }

    /// The HMAC of it (RFC 2104).
    func authenticationCode<H: HashFunction>(
        _: H.Type,
        _ key: some Sequence<UInt8>,
        body: Span<UInt8>
    ) -> [UInt8] {
        var mac = HMAC<H>(key: SymmetricKey(data: Array(key)))
        mac.update(data: before)
        if includesBody {
            body.withUnsafeBytes { mac.update(data: $0) }
            mac.update(data: after)
        }
        return Array(mac.finalize())
    }
}

extension SignatureAlgorithm {
    /// The HMAC of a content; for the algorithms that are one.
    func authenticationCode(_ content: SignedContent, key: [UInt8], body: Span<UInt8>) -> [UInt8]? {
        switch self {
        case .hmacSHA1: content.authenticationCode(Insecure.SHA1.self, key, body: body)
        case .hmacSHA256: content.authenticationCode(SHA256.self, key, body: body)
        case .hmacSHA384: content.authenticationCode(SHA384.self, key, body: body)
        case .hmacSHA512: content.authenticationCode(SHA512.self, key, body: body)
        case .ed25519, .ecdsaP256, .token: nil
        }
    }
}

extension Array where Element == UInt8 {
    /// Whether the bytes equal `other`, in a time that depends on the lengths alone.
    func isEqualInConstantTime(to other: some Collection<UInt8>) -> Bool {
        guard count == other.count else { return false }
        var difference: UInt8 = 0
        for (mine, theirs) in zip(self, other) { difference |= mine ^ theirs }
        return difference == 0
    }

    /// SHA-256 of the bytes.
    static func sha256(_ bytes: Span<UInt8>) -> [UInt8] {
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return Array(hash.finalize())
    }
}
