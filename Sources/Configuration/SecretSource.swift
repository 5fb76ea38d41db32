import Glibc
package import Signatures

/// Where a signing secret comes from: `SCHEME=env:VARIABLE` or `SCHEME=file:PATH`.
package struct SecretSource: Sendable {
    package enum Origin: Hashable, Sendable {
        case environment(String)
        case file(String)

        /// Reads `env:VARIABLE` or `file:PATH`.
        init?(_ text: some StringProtocol) {
            if text.hasPrefix("env:"), text.count > 4 {
                self = .environment(String(text.dropFirst(4)))
            } else if text.hasPrefix("file:"), text.count > 5 {
                self = .file(String(text.dropFirst(5)))
            } else {
                return nil
            }
        }
    }

    /// Why an argument or a source cannot be used; neither shows what could be a secret.
    package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// The longest secret that is read from a file, in bytes.
    package static let maximumBytes = 64 << 10

    package let scheme: WebhookScheme
    package let origin: Origin

    /// Reads the argument. A secret itself is refused without being repeated, since arguments are in sight of others.
    package init(_ argument: String, in directory: SchemeDirectory = .builtIn) throws(Failure) {
        let known = directory.schemes.map(\.name).joined(separator: ", ")
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            throw Failure(
                description: "expected SCHEME=env:VARIABLE or SCHEME=file:PATH; schemes are \(known)"
            )
        }
        guard let scheme = directory[name: String(parts[0])] else {
            throw Failure(description: "unknown signature scheme before '='; there are \(known)")
        }
        guard let origin = Origin(parts[1]) else {
            throw Failure(
                description: "a secret is not taken from an argument: \(scheme.name)=env:VARIABLE or "
                    + "\(scheme.name)=file:PATH names where it is"
            )
        }
        self.init(scheme: scheme, origin: origin)
    }

    package init(scheme: WebhookScheme, origin: Origin) {
        self.scheme = scheme
        self.origin = origin
    }

    /// The secret as the scheme uses it.
    package func credential() throws(Failure) -> SignatureCredential {
        let secret = try secret()
        do {
            return try SignatureCredential(scheme, [secret])
        } catch {
            throw Failure(description: "the secret of '\(scheme.name)' cannot be used: \(error)")
        }
    }

    /// The secret. Line ends behind it in a file do not count.
    package func secret() throws(Failure) -> SigningSecret {
        switch origin {
        case .environment(let name):
            guard let value = getenv(name) else {
                throw Failure(
                    description: "the environment variable for the secret of '\(scheme.name)'"
                        + "\(Self.shown(name)) is not set"
                )
            }
            return try secret(Array(String(cString: value).utf8))
        case .file(let path):
            return try secret(contents(of: path))
        }
    }

    /// The name of a variable, unless it could be a secret that was put in its place by mistake.
    private static func shown(_ name: String) -> String {
        let isName = name.utf8.allSatisfy { (0x41...0x5A).contains($0) || $0 == 0x5F }
        return isName ? ", \(name)," : ""
    }

    private func secret(_ bytes: [UInt8]) throws(Failure) -> SigningSecret {
        guard !bytes.isEmpty else {
            throw Failure(description: "the secret of '\(scheme.name)' is empty")
        }
        return SigningSecret(bytes)
    }

    private func contents(of path: String) throws(Failure) -> [UInt8] {
        let what = "the file with the secret of '\(scheme.name)', \(path)"
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Failure(description: "\(what): \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while bytes.count <= Self.maximumBytes {
            let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 else {
                throw Failure(description: "\(what): \(String(cString: strerror(errno)))")
            }
            if count == 0 { break }
            bytes.append(contentsOf: chunk.prefix(count))
        }
        guard bytes.count <= Self.maximumBytes else {
            throw Failure(description: "\(what): longer than \(Self.maximumBytes) bytes")
        }
        while bytes.last == 0x0A || bytes.last == 0x0D { bytes.removeLast() }
        return bytes
    }
}
