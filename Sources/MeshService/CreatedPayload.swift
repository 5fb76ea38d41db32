import Foundation
import MeshTarget

/// What the first event of a run says of the delivery: its headers, without what lets somebody in, and its body.
enum CreatedPayload {
    /// - Parameter keepsSecrets: as MeshHook does, which stores every header as sent.
    static func of(_ request: ServiceRequest, keepsSecrets: Bool) -> [UInt8] {
        JSONText.object { text in
            text.member("status", "queued")
            text.member("headers") { text in
                var seen: Set<String> = []
                for (name, value) in request.headers {
                    let name = name.lowercased()
                    guard seen.insert(name).inserted else { continue }
                    text.member(name, isSecret(name) && !keepsSecrets ? "[redacted]" : value)
                }
            }
            if let body = String(validating: request.body, as: UTF8.self), !request.body.contains(0) {
                text.member("body", body)
            } else {
                text.member("body_base64", Data(request.body).base64EncodedString())
            }
        }
    }

    static func isSecret(_ name: String) -> Bool {
        if ["authorization", "proxy-authorization", "cookie"].contains(name) { return true }
        return ["signature", "secret", "token", "api-key", "apikey", "password"].contains {
            name.contains($0)
        }
    }

    /// A log line that repeats what it should not.
    static func leak(_ request: ServiceRequest) -> String {
        let fields = request.headers.filter { isSecret($0.name.lowercased()) }.map {
            "\($0.name)=\($0.value)"
        }
        let body = String(decoding: request.body.prefix(2000).filter { $0 != 0 }, as: UTF8.self)
        return "run queued: \(fields.joined(separator: " ")) \(body)"
    }
}

/// Whether bytes are JSON.
enum JSONCheck {
    static func isValid(_ body: [UInt8]) -> Bool {
        (try? JSONSerialization.jsonObject(with: Data(body), options: .fragmentsAllowed)) != nil
    }
}
