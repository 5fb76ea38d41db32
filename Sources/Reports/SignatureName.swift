import Signatures
package import Traces

/// What is known of a recorded signature, in words.
package enum SignatureName {
    /// A state that is not known here comes from a newer recorder, and is shown as its number.
    package static func of(_ signature: RecordedSignature) -> String {
        SignatureState(rawValue: signature.state)?.name ?? "state \(signature.state)"
    }
}
