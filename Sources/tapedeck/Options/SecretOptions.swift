import Configuration
import Signatures

/// Signing secrets named on the command line as `SCHEME=env:VAR`, `SCHEME=file:PATH`, or a YAML file of them.
enum SecretOptions {
    /// Reads the secrets; an error names the option and never repeats a secret.
    ///
    /// Those of a file come first, since they are for a part of the requests. `signs` asks for keys that sign.
    static func read(_ texts: [String], option: String, signs: Bool = false) throws -> SignatureSettings {
        var described: [WebhookScheme] = []
        var credentials: [SignatureCredential] = []
        do {
            for path in texts where SignatureFile.isPath(path) {
                let file = try SignatureFile.load(path: path)
                described += file.schemes
                credentials += file.credentials
            }
            let directory = SchemeDirectory(described: described)
            var named: Set<String> = []
            for text in texts where !SignatureFile.isPath(text) {
                let source = try SecretSource(text, in: directory)
                guard named.insert(source.scheme.name).inserted else {
                    throw CommandFailure(
                        "\(option) names \(source.scheme.name) twice; a YAML file takes several secrets"
                    )
                }
                credentials.append(try source.credential())
            }
            if signs, let credential = credentials.first(where: { !$0.canSign }) {
                throw CommandFailure(
                    "\(option): the key of '\(credential.scheme.name)' is a public one; signing takes the private key"
                )
            }
            return SignatureSettings(credentials: credentials, directory: directory)
        } catch let error as SecretSource.Failure {
            throw CommandFailure("\(option): \(error)")
        } catch let error as RulesFileError {
            throw CommandFailure("\(option): \(error)")
        }
    }
}
