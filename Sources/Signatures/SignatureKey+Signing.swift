import Crypto

extension SignatureKey {
    /// The signature of a key pair; `nil` without the private half.
    func signature(for bytes: [UInt8]) -> [UInt8]? {
        switch material {
        case .ed25519(let signer, _):
            return signer.flatMap { try? $0.signature(for: bytes) }.map { Array($0) }
        case .p256(let signer, _):
            return signer.flatMap { try? $0.signature(for: bytes) }.map { Array($0.derRepresentation) }
        case .shared, .aws:
            return nil
        }
    }

    /// Whether a key pair made the signature.
    func verifies(_ signature: [UInt8], for bytes: [UInt8]) -> Bool {
        switch material {
        case .ed25519(_, let verifiers):
            return verifiers.contains { $0.isValidSignature(signature, for: bytes) }
        case .p256(_, let verifier):
            guard let parsed = try? P256.Signing.ECDSASignature(derRepresentation: signature) else {
                return false
            }
            return verifier.isValidSignature(parsed, for: bytes)
        case .shared, .aws:
            return false
        }
    }
}
