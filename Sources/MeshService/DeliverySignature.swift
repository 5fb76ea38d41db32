import Crypto
import Foundation
import MeshTarget

/// Whether a delivery was signed with one of a tenant's keys, and lately.
enum DeliverySignature {
    enum Verdict: Equatable {
        case valid
        case missing
        case wrong
        /// Signed, but at another time.
        case stale
    }

    /// Standard Webhooks where its signature is there, else the digest of the body alone.
    ///
    /// - Parameter now: seconds since 1970.
    static func check(_ request: ServiceRequest, keys: [[UInt8]], tolerance: Int64, now: Int64) -> Verdict {
        if let signature = request.field("Webhook-Signature") {
            return checkStandard(request, signature, keys: keys, tolerance: tolerance, now: now)
        }
        guard let signature = request.field("X-Signature") ?? request.field("X-Hub-Signature-256") else {
            return .missing
        }
        let isValid = keys.contains { SignatureCheck.isValid(signature, body: request.body, secret: $0) }
        return isValid ? .valid : .wrong
    }

    /// `v1,BASE64` of `id.timestamp.body`, several separated by blanks (standardwebhooks.com, specification).
    private static func checkStandard(
        _ request: ServiceRequest,
        _ signature: String,
        keys: [[UInt8]],
        tolerance: Int64,
        now: Int64
    ) -> Verdict {
        guard let id = request.field("Webhook-Id"), let text = request.field("Webhook-Timestamp"),
            let time = Int64(text)
        else { return .missing }
        let signed = Array("\(id).\(text).".utf8) + request.body
        let codes = signature.split(separator: " ").filter { $0.hasPrefix("v1,") }
            .compactMap { Data(base64Encoded: String($0.dropFirst(3))) }
        let isValid = keys.contains { key in
            codes.contains {
                HMAC<SHA256>.isValidAuthenticationCode(
                    $0,
                    authenticating: signed,
                    using: SymmetricKey(data: key)
                )
            }
        }
        guard isValid else { return .wrong }
        let (age, overflow) = now.subtractingReportingOverflow(time)
        return !overflow && age.magnitude <= UInt64(tolerance) ? .valid : .stale
    }
}
