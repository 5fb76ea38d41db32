import Foundation

/// A signature that a public project or document prints, as the corpus keeps it.
struct SignatureVector: Decodable, Sendable {
    struct Header: Decodable, Sendable {
        let name: String
        let value: String
    }

    let id: String
    let scheme: String
    let secret: String
    let method: String
    let url: String?
    let headers: [String: String]
    let timestamp: String?
    private let text: String?
    private let base64: Data?
    let signature: Header
    let expected: String
    let publicKey: String?

    private enum CodingKeys: String, CodingKey {
        case id, scheme, secret, method, url, headers, timestamp, expected
        case text = "body"
        case base64 = "body_base64"
        case signature = "signature_header"
        case publicKey = "public_key"
    }

    var body: [UInt8] { base64.map { Array($0) } ?? Array((text ?? "").utf8) }

    static func load(_ corpus: String) throws -> [SignatureVector] {
        let file = URL(fileURLWithPath: corpus).appending(path: "signatures/vectors.json")
        return try JSONDecoder().decode([SignatureVector].self, from: Data(contentsOf: file))
    }
}
