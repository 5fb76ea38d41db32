package import Messages

extension WebhookScheme {
    /// How the signature is made; each scheme is a value of one of a few forms.
    private var form: BodyDigest {
        switch self {
        case .github: BodyDigest(fieldName: "X-Hub-Signature-256")
        case .mesh: BodyDigest(fieldName: "X-Signature")
        }
    }

    /// The scheme whose signature a request carries, right or wrong.
    ///
    /// With signatures of several schemes the first in the order in which MeshHook reads them counts:
    /// `mesh`, then `github`. O(fields).
    package static func recognise(in head: borrowing Head) -> WebhookScheme? {
        if WebhookScheme.mesh.form.isPresent(in: head) { return .mesh }
        if WebhookScheme.github.form.isPresent(in: head) { return .github }
        return nil
    }

    /// What `secret` says about the signature of a request; never `unverified`.
    ///
    /// `body` is the body as it was sent, without transfer coding, with its content coding. A signature that
    /// does not have the form of the scheme is `invalid`, none at all is `missing`. The comparison takes
    /// the same time wherever the signatures differ.
    package func verify(
        _ head: borrowing Head,
        body: Span<UInt8>,
        secret: SigningSecret
    ) -> SignatureState {
        form.verify(head, body: body, secret: secret)
    }

    /// The same for a receiver that takes several secrets, such as the old and the new one during a change.
    ///
    /// `valid` if any of them made the signature; without a secret it is `unverified` or `missing`.
    package func verify(
        _ head: borrowing Head,
        body: Span<UInt8>,
        secrets: [SigningSecret]
    ) -> SignatureState {
        var state = head.value(of: form.fieldName) == nil ? SignatureState.missing : .unverified
        for secret in secrets {
            state = verify(head, body: body, secret: secret)
            if state == .valid { break }
        }
        return state
    }

    /// The header field with the right signature over `body`.
    package func signatureField(
        body: Span<UInt8>,
        secret: SigningSecret
    ) -> (name: String, value: [UInt8]) {
        ("\(form.fieldName)", form.signature(of: body, secret: secret))
    }

    /// The header field with a signature of the right form that is wrong for `body` under `secret`.
    package func invalidField(
        body: Span<UInt8>,
        secret: SigningSecret
    ) -> (name: String, value: [UInt8]) {
        ("\(form.fieldName)", form.spoiledSignature(of: body, secret: secret))
    }

    /// The names of all header fields that hold a part of the signature.
    package var fieldNames: [String] { ["\(form.fieldName)"] }
}
