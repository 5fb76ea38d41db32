import Bytes
import Messages
import Signatures
import Traces

/// What became of the signatures of the requests that were prepared.
package struct SignatureCounts: Hashable, Sendable {
    /// Signed with the secret of the run.
    package var signed: UInt64 = 0
    /// Given a well-formed wrong signature, since the recorded one was wrong or was turned away.
    package var invalidated: UInt64 = 0
    /// Signed requests of a scheme for which the run has no secret; sent as recorded.
    package var kept: UInt64 = 0

    package init() {}
}

/// Decides which signature a request goes out with.
///
/// Valid ones are signed again; so are unverified ones, unless the recorded answer was 401 or 403. Invalid
/// ones stay invalid, missing ones missing.
struct RequestSigner: Sendable {
    enum Decision {
        /// The fields go out as recorded.
        case asRecorded
        case field(name: String, value: [UInt8])

        func isPlaced(in head: Head) -> Bool {
            guard case .field(let name, _) = self else { return true }
            return head.fields.contains {
                head.bytes.span.extracting($0.name.bounds).equalsIgnoringCase(name)
            }
        }
    }

    private let secrets: [WebhookScheme: SigningSecret]
    private(set) var counts = SignatureCounts()

    init(secrets: [WebhookScheme: SigningSecret]) {
        self.secrets = secrets
    }

    func needsAnswer(_ signature: RecordedSignature?) -> Bool {
        guard let signature, !secrets.isEmpty, let scheme = WebhookScheme(rawValue: signature.scheme) else {
            return false
        }
        return secrets[scheme] != nil && SignatureState(rawValue: signature.state) == .unverified
    }

    mutating func decision(for message: RecordedMessage, head: Head, answeredWith status: UInt16?) -> Decision
    {
        guard let signature = message.head.signature,
            let state = SignatureState(rawValue: signature.state), state != .missing
        else { return .asRecorded }
        guard let scheme = WebhookScheme(rawValue: signature.scheme), let secret = secrets[scheme] else {
            counts.kept += 1
            return .asRecorded
        }
        let isRight =
            switch state {
            case .valid, .stale: true
            case .unverified: status != 401 && status != 403
            case .invalid, .missing: false
            }
        if isRight {
            counts.signed += 1
            let field = scheme.signatureField(body: message.body.span, secret: secret)
            return .field(name: field.name, value: field.value)
        }
        counts.invalidated += 1
        let field = scheme.invalidField(body: message.body.span, secret: secret)
        return .field(name: field.name, value: field.value)
    }
}

extension Span where Element == UInt8 {
    /// Whether the bytes are `name`, letter case aside.
    func equalsIgnoringCase(_ name: String) -> Bool {
        var index = 0
        for byte in name.utf8 {
            guard index < count, self[index].asciiLowercased == byte.asciiLowercased else { return false }
            index += 1
        }
        return index == count
    }
}
