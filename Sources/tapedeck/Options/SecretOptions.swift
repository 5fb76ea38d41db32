import Configuration
import Signatures

/// Signing secrets named on the command line as `SCHEME=env:VAR` or `SCHEME=file:PATH`.
enum SecretOptions {
    /// Reads the secrets; an error names the option and never repeats a secret.
    static func read(_ texts: [String], option: String) throws -> [WebhookScheme: SigningSecret] {
        var secrets: [WebhookScheme: SigningSecret] = [:]
        for text in texts {
            do {
                let source = try SecretSource(text)
                guard secrets[source.scheme] == nil else {
                    throw CommandFailure("\(option) names \(source.scheme.rawValue) twice")
                }
                secrets[source.scheme] = try source.secret()
            } catch let error as SecretSource.Failure {
                throw CommandFailure("\(option): \(error)")
            }
        }
        return secrets
    }
}
