import Bytes
import Crypto

/// A secret in the form in which a scheme uses it.
///
/// Like ``SigningSecret``, it is never shown.
struct SignatureKey: Sendable {
    enum Material: Sendable {
        /// The key of an HMAC, or a token.
        case shared([UInt8])
        /// `publicKeys` are those that the spelling may stand for: 32 bytes alone may be either half of a pair.
        case ed25519(signer: Curve25519.Signing.PrivateKey?, verifiers: [Curve25519.Signing.PublicKey])
        case p256(signer: P256.Signing.PrivateKey?, verifier: P256.Signing.PublicKey)
        /// `id` is `nil` where the one in the request is to stay.
        case aws(id: [UInt8]?, secret: [UInt8])
    }

    /// What kind of key a scheme takes.
    enum Kind: Hashable, Sendable {
        /// The bytes as they are.
        case text
        /// Base64, `whsec_` before it or not (Standard Webhooks, "Signature scheme").
        case base64
        case hex
        /// What is sent as it is, and so must be able to stand in a header.
        case token
        case ed25519
        case p256
        /// `ACCESS_KEY_ID:SECRET_ACCESS_KEY`, or the latter alone.
        case aws
    }

    let kind: Kind
    let material: Material

    init(_ secret: SigningSecret, kind: Kind) throws(SecretError) {
        self.kind = kind
        switch kind {
        case .text: material = .shared(secret.bytes)
        case .token:
            guard secret.bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                throw SecretError(description: "a token is visible ASCII without blanks")
            }
            material = .shared(secret.bytes)
        case .base64:
            let text = secret.hasPrefix("whsec_") ? Array(secret.bytes.dropFirst(6)) : secret.bytes
            guard let key = TextCoding.base64.decode(text.span), !key.isEmpty else {
                throw SecretError(description: "it is not base64, with or without whsec_ before it")
            }
            material = .shared(key)
        case .hex:
            guard let key = TextCoding.hex.decode(secret.bytes.span), !key.isEmpty else {
                throw SecretError(description: "it is not hexadecimal")
            }
            material = .shared(key)
        case .ed25519: material = try Self.ed25519(secret)
        case .p256: material = try Self.p256(secret)
        case .aws:
            let parts = secret.bytes.split(separator: 0x3A, maxSplits: 1, omittingEmptySubsequences: false)
            let isPair = parts.count == 2 && !parts[0].isEmpty && !parts[1].isEmpty
            guard isPair || parts.count == 1 else {
                throw SecretError(description: "expected ACCESS_KEY_ID:SECRET_ACCESS_KEY")
            }
            material = .aws(id: isPair ? Array(parts[0]) : nil, secret: Array(parts[isPair ? 1 : 0]))
        }
    }

    /// Whether signatures can be made with it, and not only checked.
    var canSign: Bool {
        switch material {
        case .shared, .aws: true
        case .ed25519(let signer, _): signer != nil
        case .p256(let signer, _): signer != nil
        }
    }
}

extension SignatureKey: CustomStringConvertible, CustomReflectable {
    var description: String { "(key)" }
    var customMirror: Mirror { Mirror(self, children: []) }
}

// MARK: Keys of pairs

extension SignatureKey {
    /// The object identifier of Ed25519 in DER (RFC 8410, section 3).
    private static let ed25519Identifier: [UInt8] = [0x06, 0x03, 0x2B, 0x65, 0x70]

    /// Reads PEM, DER in base64, or the raw 32 or 64 bytes as hexadecimal or base64; `whsk_` and `whpk_` say
    /// which half of the pair it is.
    private static func ed25519(_ secret: SigningSecret) throws(SecretError) -> Material {
        let failure = SecretError(
            description: "it is no Ed25519 key: expected PEM, or 32 bytes in hexadecimal or base64"
        )
        let isPublic = secret.hasPrefix("whpk_")
        let isPrivate = secret.hasPrefix("whsk_")
        let text = isPublic || isPrivate ? Array(secret.bytes.dropFirst(5)) : secret.bytes
        guard
            let bytes = pemContent(text) ?? TextCoding.hex.decode(text.span)
                ?? TextCoding.base64.decode(text.span)
        else { throw failure }
        if let inside = fromDER(bytes) {
            guard let material = ed25519(inside.key, isPublic: inside.isPublic, isPrivate: !inside.isPublic)
            else {
                throw failure
            }
            return material
        }
        guard let material = ed25519(bytes, isPublic: isPublic, isPrivate: isPrivate) else { throw failure }
        return material
    }

    private static func ed25519(_ bytes: [UInt8], isPublic: Bool, isPrivate: Bool) -> Material? {
        // Some keep the public half behind the private one.
        guard bytes.count == 32 || bytes.count == 64 && !isPublic else { return nil }
        let half = Array(bytes.prefix(32))
        let signer = isPublic ? nil : try? Curve25519.Signing.PrivateKey(rawRepresentation: half)
        var verifiers: [Curve25519.Signing.PublicKey] = []
        if let signer { verifiers.append(signer.publicKey) }
        if !isPrivate, bytes.count == 32, let key = try? Curve25519.Signing.PublicKey(rawRepresentation: half)
        {
            verifiers.append(key)
        }
        guard !verifiers.isEmpty else { return nil }
        return .ed25519(signer: signer, verifiers: verifiers)
    }

    /// The key in a PKCS #8 or SubjectPublicKeyInfo structure (RFC 8410, sections 4 and 7).
    private static func fromDER(_ bytes: [UInt8]) -> (key: [UInt8], isPublic: Bool)? {
        guard bytes.count > 40, bytes[0] == 0x30 else { return nil }
        guard let start = bytes.indices.first(where: { bytes[$0...].starts(with: ed25519Identifier) }) else {
            return nil
        }
        let rest = bytes[(start + ed25519Identifier.count)...]
        if rest.starts(with: [0x04, 0x22, 0x04, 0x20]), rest.count >= 36 {
            return (Array(rest.dropFirst(4).prefix(32)), false)
        }
        if rest.starts(with: [0x03, 0x21, 0x00]), rest.count >= 35 {
            return (Array(rest.dropFirst(3).prefix(32)), true)
        }
        return nil
    }

    /// What stands between the lines of a PEM text (RFC 7468).
    private static func pemContent(_ text: [UInt8]) -> [UInt8]? {
        guard text.starts(with: "-----BEGIN ".utf8) else { return nil }
        var base64: [UInt8] = []
        for line in text.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) where line.first != 0x2D {
            base64.append(contentsOf: line)
        }
        return TextCoding.base64.decode(base64.span)
    }

    private static func p256(_ secret: SigningSecret) throws(SecretError) -> Material {
        if secret.hasPrefix("-----BEGIN ") {
            let text = String(decoding: secret.bytes, as: UTF8.self)
            if let signer = try? P256.Signing.PrivateKey(pemRepresentation: text) {
                return .p256(signer: signer, verifier: signer.publicKey)
            }
            if let verifier = try? P256.Signing.PublicKey(pemRepresentation: text) {
                return .p256(signer: nil, verifier: verifier)
            }
        } else if let bytes = TextCoding.hex.decode(secret.bytes.span)
            ?? TextCoding.base64.decode(secret.bytes.span)
        {
            if let signer = try? P256.Signing.PrivateKey(derRepresentation: bytes) {
                return .p256(signer: signer, verifier: signer.publicKey)
            }
            if bytes.count == 32, let signer = try? P256.Signing.PrivateKey(rawRepresentation: bytes) {
                return .p256(signer: signer, verifier: signer.publicKey)
            }
            if let verifier = try? P256.Signing.PublicKey(derRepresentation: bytes) {
                return .p256(signer: nil, verifier: verifier)
            }
            if let verifier = try? P256.Signing.PublicKey(x963Representation: bytes) {
                return .p256(signer: nil, verifier: verifier)
            }
        }
        throw SecretError(description: "it is no P-256 key: expected PEM, or DER in base64")
    }
}
