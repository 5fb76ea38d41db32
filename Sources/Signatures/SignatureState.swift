/// What is known of the signature of a recorded request; kept in the trace as this number.
package enum SignatureState: UInt8, Sendable, CaseIterable {
    /// A signature is there, and nobody has checked it.
    case unverified = 0
    case valid = 1
    case invalid = 2
    /// The scheme is expected on this request (a secret was given), but no signature is there.
    case missing = 3
    /// The signature is right, but its time is too old.
    case stale = 4

    /// The name used in JSON.
    package var name: String {
        switch self {
        case .unverified: "unverified"
        case .valid: "valid"
        case .invalid: "invalid"
        case .missing: "missing"
        case .stale: "stale"
        }
    }
}
