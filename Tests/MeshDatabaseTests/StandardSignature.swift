import Foundation
import MeshTarget

/// Deliveries signed as Standard Webhooks has it, by a tenant of seed 1.
enum StandardSignature {
    static var now: Int64 { Int64(Date().timeIntervalSince1970) }

    static func fields(id: String, body: String, at time: Int64, project: String = "harbor") -> [String:
        String?]
    {
        // The same code as the other scheme has, over other bytes and in other letters.
        let signed = Array("\(id).\(time).\(body)".utf8)
        let hex = SignatureCheck.signature(of: signed, secret: Ask.tenant(project).signingSecret)
            .dropFirst(SignatureCheck.prefix.count)
        let code = Data(
            stride(from: 0, to: 64, by: 2).compactMap { UInt8(hex.dropFirst($0).prefix(2), radix: 16) }
        )
        return [
            "X-Hub-Signature-256": nil, "Webhook-Id": id, "Webhook-Timestamp": "\(time)",
            "Webhook-Signature": "v1,\(code.base64EncodedString())",
        ]
    }
}
