import Messages
package import Signatures
import Yams

/// Reads secrets by route or tenant, and schemes that are not built in, from YAML.
///
/// `Documentation/signatures.md` describes the format. The file names where each secret is and holds none itself.
package struct SignatureFile {
    /// Longer files are refused.
    package static let maximumBytes = 1 << 20

    package var schemes: [WebhookScheme]
    package var credentials: [SignatureCredential]

    /// Whether an argument is the path of such a file and no `SCHEME=…`.
    package static func isPath(_ argument: String) -> Bool {
        argument.hasSuffix(".yaml") || argument.hasSuffix(".yml")
    }

    /// Reads a file and the secrets that it names.
    package static func load(path: String) throws -> SignatureFile {
        let bytes = try RulesFileInput.bytes(path: path, maximumBytes: maximumBytes)
        return try SignatureFile(yaml: bytes, file: path)
    }

    /// The schemes and secrets in a file of UTF-8; `file` is the name that errors show.
    package init(yaml: [UInt8], file: String) throws(RulesFileError) {
        let reader = SignatureFileReader(file: file)
        // Scalars are read as they are written, so that nothing has to guess what they are.
        let root = try reader.root(of: yaml, maximumBytes: Self.maximumBytes, .basic)
        guard let root else { throw RulesFileError(file: file, at: nil, "an empty file; it has 'secrets'") }
        let entries = try reader.fields(root, of: "the file", known: ["schemes", "secrets"])
        schemes = []
        if let node = entries["schemes"] {
            for entry in try reader.list(node, "'schemes'") {
                let scheme = try reader.scheme(entry)
                guard !schemes.contains(where: { $0.name == scheme.name }) else {
                    throw reader.error(entry, "the scheme '\(scheme.name)' is described twice")
                }
                schemes.append(scheme)
            }
        }
        let directory = SchemeDirectory(described: schemes)
        credentials = []
        if let node = entries["secrets"] {
            for entry in try reader.list(node, "'secrets'") {
                credentials.append(try reader.credential(entry, directory))
            }
        }
    }
}
