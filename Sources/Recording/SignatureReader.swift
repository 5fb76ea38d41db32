import Messages
package import Signatures
import Traces

/// Says what is known of the signatures of requests, before anything of them is rewritten.
package struct SignatureReader: Sendable {
    private let secrets: [(scheme: WebhookScheme, secrets: [SigningSecret])]

    /// `secrets` are those of the senders; a scheme with several takes any of them.
    package init(_ secrets: [(scheme: WebhookScheme, secrets: [SigningSecret])] = []) {
        self.secrets = secrets
    }

    /// Whether it takes the whole body to say anything.
    var needsBody: Bool { !secrets.isEmpty }

    /// The scheme and state of a request's signature; `nil` where none is there and none is expected.
    ///
    /// A signature is expected on a POST with a body when there is a secret. One over a body that is not all there
    /// stays unverified.
    func read(_ head: borrowing Head, body: Span<UInt8>, isComplete: Bool) -> RecordedSignature? {
        guard let scheme = WebhookScheme.recognise(in: head) else {
            // The field of a scheme that is known here, with a value that no sender of it would make.
            let spoiled = secrets.first { known in
                known.scheme.fieldNames.contains { head.fieldIndex(of: $0.utf8.span) != nil }
            }
            if let spoiled {
                return RecordedSignature(
                    scheme: spoiled.scheme.rawValue,
                    state: SignatureState.invalid.rawValue
                )
            }
            guard let expected = secrets.first, body.count > 0, head.method.isPost else { return nil }
            return RecordedSignature(scheme: expected.scheme.rawValue, state: SignatureState.missing.rawValue)
        }
        var state = SignatureState.unverified
        if isComplete, let known = secrets.first(where: { $0.scheme == scheme }) {
            state = scheme.verify(head, body: body, secrets: known.secrets)
        }
        return RecordedSignature(scheme: scheme.rawValue, state: state.rawValue)
    }
}

extension Span where Element == UInt8 {
    fileprivate var isPost: Bool {
        count == 4 && self[0] == 0x50 && self[1] == 0x4F && self[2] == 0x53 && self[3] == 0x54
    }
}
