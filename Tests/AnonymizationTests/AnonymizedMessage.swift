import Anonymization
import Bytes
import Configuration
import Messages

/// A message of a test after it was anonymized.
struct AnonymizedMessage {
    let head: Head
    let body: [UInt8]
    let trailers: [UInt8]
    let audit: Audit

    var headText: String { String(decoding: head.bytes, as: UTF8.self) }
    var bodyText: String { String(decoding: body, as: UTF8.self) }

    /// Anonymizes a request under the usual rule sets.
    init(
        _ target: String = "/",
        fields: [String] = [],
        body: [UInt8] = [],
        trailers: String = "",
        isBodyComplete: Bool = true,
        method: String = "POST"
    ) throws {
        let lines = fields.map { $0 + "\r\n" }.joined()
        let bytes = Array("\(method) \(target) HTTP/1.1\r\nHost: a\r\n\(lines)\r\n".utf8)
        var message = RawMessage(
            head: try Head(parsing: bytes, kind: .request),
            body: body,
            trailers: Array(trailers.utf8),
            isBodyComplete: isBodyComplete
        )
        var anonymizer = Anonymizer(ruleSets: try AnonymizerChoice.usual(), key: .fixed)
        anonymizer.anonymize(&message)
        head = message.head
        self.body = message.body
        self.trailers = message.trailers
        audit = anonymizer.audit
    }
}
