/// A way in which webhook senders sign their requests, by the name used on the command line.
package enum WebhookScheme: String, Sendable, CaseIterable {
    /// `X-Hub-Signature-256: sha256=HEX`, HMAC-SHA256 over the body
    /// (GitHub documentation, "Validating webhook deliveries").
    case github
    /// `X-Signature: sha256=HEX`, HMAC-SHA256 over the body: what MeshHook takes.
    case mesh
}
