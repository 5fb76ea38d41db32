/// A request as the core sees it: what was asked, and the few fields that decide the answer.
package struct MeshRequest: Sendable {
    package var method: String
    /// The request target as sent: a path, perhaps with a query.
    package var target: String
    package var body: [UInt8] = []
    package var contentType: String?
    /// The value of `X-Signature`, else of `X-Hub-Signature-256`.
    package var signature: String?
    package var authorization: String?
    /// The value of `X-Project-Id`.
    package var project: String?
    package var idempotencyKey: String?
    /// The sender's id of the delivery; see `deliveryFields`.
    package var delivery: String?
    package var correlation: String?
    package var lastEventID: String?

    package init(method: String, target: String) {
        self.method = method
        self.target = target
    }

    /// Takes from a whole request what counts; `field` gives the first value of a field, whatever its case.
    package init(method: String, target: String, body: [UInt8], field: (_ name: String) -> String?) {
        self.method = method
        self.target = target
        self.body = body
        contentType = field("Content-Type")
        signature = field("X-Signature") ?? field("X-Hub-Signature-256")
        authorization = field("Authorization")
        project = field("X-Project-Id")
        idempotencyKey = field("Idempotency-Key")
        delivery = Self.deliveryFields.lazy.compactMap(field).first
        correlation = field("X-Correlation-Id")
        lastEventID = field("Last-Event-ID")
    }

    /// The fields that may hold the sender's id of the delivery, the first present one counts.
    package static let deliveryFields = [
        "X-Delivery-Id", "X-GitHub-Delivery", "Webhook-Id", "Idempotency-Key", "X-Request-Id",
    ]

    /// The path, without the query.
    var path: Substring {
        target.utf8.firstIndex(of: 0x3F).map { target[..<$0] } ?? target[...]
    }

    /// The value of the query parameter `name`, as sent.
    func parameter(_ name: String) -> String? {
        guard let mark = target.utf8.firstIndex(of: 0x3F) else { return nil }
        for pair in target[target.utf8.index(after: mark)...].split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2, parts[0] == name { return String(parts[1]) }
        }
        return nil
    }
}
