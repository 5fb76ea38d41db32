import Glibc
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
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw RulesFileError.system(path) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: maximumBytes + 1)
        var count = 0
        while count < bytes.count {
            let step = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
            }
            if step == 0 { break }
            guard step > 0 else { throw RulesFileError.system(path) }
            count += step
        }
        bytes.removeSubrange(count...)
        return try SignatureFile(yaml: bytes, file: path)
    }

    /// The schemes and secrets in a file of UTF-8; `file` is the name that errors show.
    package init(yaml: [UInt8], file: String) throws(RulesFileError) {
        guard yaml.count <= Self.maximumBytes else {
            throw RulesFileError(file: file, at: nil, "longer than \(Self.maximumBytes) bytes")
        }
        guard let text = String(validating: yaml, as: UTF8.self) else {
            throw RulesFileError(file: file, at: nil, "no UTF-8 text")
        }
        let root: Node?
        do {
            // Scalars are read as they are written, so that nothing has to guess what they are.
            root = try Yams.compose(yaml: text, .basic)
        } catch let error as YamlError {
            throw RulesFileError(file: file, error)
        } catch {
            throw RulesFileError(file: file, at: nil, "no YAML: \(error)")
        }
        guard let root else { throw RulesFileError(file: file, at: nil, "an empty file; it has 'secrets'") }
        let reader = SignatureFileReader(file: file)
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

extension RulesFileError {
    fileprivate static func system(_ path: String) -> RulesFileError {
        RulesFileError(file: path, at: nil, "cannot be read: \(String(cString: strerror(errno)))")
    }
}
