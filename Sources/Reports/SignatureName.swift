import Signatures
import Traces

/// What is known of a recorded signature, in words.
enum SignatureName {
    /// A state that is not known here comes from a newer recorder, and is shown as its number.
    static func of(_ signature: RecordedSignature) -> String {
        SignatureState(rawValue: signature.state)?.name ?? "state \(signature.state)"
    }
}
