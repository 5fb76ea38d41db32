import Bytes
import Messages
import Signatures
import Testing

/// A signed request as a document prints it.
struct SignedRequestRow: Sendable, CustomTestStringConvertible {
    let scheme: String
    /// Where it is printed.
    let source: String
    let secret: String
    var line = "POST /hook HTTP/1.1"
    /// Without the line ends; `Host` is added.
    let fields: [String]
    var body = ""
    /// Scheme and authority, where they are signed.
    var url: String?
    /// Seconds since 1970, where a time is signed.
    var time: Int64 = 0

    var testDescription: String { "\(scheme): \(source)" }

    func head(_ change: ([String]) -> [String] = { $0 }) throws -> Head {
        let host = fields.contains { $0.lowercased().hasPrefix("host:") } ? [] : ["Host: a.example"]
        let lines = ([line] + host + change(fields)).map { $0 + "\r\n" }.joined()
        return try Head(parsing: Array("\(lines)\r\n".utf8), kind: .request)
    }

    func credential(secret other: String? = nil) throws -> SignatureCredential {
        guard let scheme = SchemeDirectory.builtIn[name: scheme] else { throw Unknown(name: scheme) }
        return try SignatureCredential(scheme, [SigningSecret(Array((other ?? secret).utf8))], url: url)
    }

    struct Unknown: Error {
        var name: String
    }
}
