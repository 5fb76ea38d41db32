import Anonymization
import Bytes
import Configuration
import Messages

/// One anonymizer under the usual rule sets for many texts.
struct TextAnonymizer: ~Copyable {
    private var anonymizer: Anonymizer
    private let head: Head

    init(type: String = "text/plain", key: PseudonymKey = .fixed) throws {
        let ruleSets = try AnonymizerChoice.usual()
        head = try Head(
            parsing: Array("POST / HTTP/1.1\r\nHost: a\r\nContent-Type: \(type)\r\n\r\n".utf8),
            kind: .request
        )
        anonymizer = Anonymizer(ruleSets: ruleSets, key: key)
    }

    mutating func output(_ text: String) -> String {
        var message = RawMessage(head: head, body: Array(text.utf8))
        anonymizer.anonymize(&message)
        return String(decoding: message.body, as: UTF8.self)
    }

    var audit: Audit { anonymizer.audit }
}
