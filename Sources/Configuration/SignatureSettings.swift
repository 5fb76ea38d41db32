package import Signatures

/// The secrets of a run and the schemes that it knows.
package struct SignatureSettings: Sendable {
    /// The first that is for a request counts.
    package var credentials: [SignatureCredential]
    /// The built-in schemes, and those that were described.
    package var directory: SchemeDirectory

    package init(credentials: [SignatureCredential] = [], directory: SchemeDirectory = .builtIn) {
        self.credentials = credentials
        self.directory = directory
    }

    /// One secret under several schemes.
    package init(sharing secret: SigningSecret, _ schemes: [WebhookScheme]) throws(SecretError) {
        var credentials: [SignatureCredential] = []
        for scheme in schemes { credentials.append(try SignatureCredential(scheme, [secret])) }
        self.init(credentials: credentials)
    }
}
