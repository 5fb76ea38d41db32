import Bytes
import Messages
import Signatures

// The macros of the tests take no spans.

extension SchemeDirectory {
    func find(_ head: Head, _ body: [UInt8]) -> WebhookScheme? { recognise(head, body: body.span) }
}

extension WebhookScheme {
    func isMalformed(_ head: Head, _ body: [UInt8]) -> Bool { isMalformed(head, body: body.span) }
}

extension SignatureCredential {
    func state(_ head: Head, _ body: [UInt8], as scheme: WebhookScheme, at moment: Int64?) -> SignatureState {
        verify(head, body: body.span, as: scheme, at: moment)
    }
}
