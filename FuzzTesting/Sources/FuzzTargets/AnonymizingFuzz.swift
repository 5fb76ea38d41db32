import Anonymization
import Bytes
import JSON
import Messages

/// Bodies of every kind, bent: what was JSON still is, and lengths of what is replaced whole stay.
///
/// The first byte chooses the content type; bit 7 a body that was cut.
enum AnonymizingFuzz {
    private static let types = [
        "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=B",
        "text/event-stream", "text/csv", "text/plain", "application/x-ndjson", "application/octet-stream",
        "text/xml",
    ]

    static func anonymizer() -> Anonymizer? {
        guard let key = PseudonymKey([UInt8](repeating: 7, count: 32)) else { return nil }
        let email = FieldRule(names: ["email"], treatment: Treatment(.pseudonymize, as: .email))
        let name = FieldRule(names: ["name"], treatment: Treatment(.pseudonymize, as: .name))
        let rules = RuleSet(name: "fuzz", detectors: .all, fields: [email, name])
        return Anonymizer(rules: rules, key: key)
    }

    static func run(_ input: Span<UInt8>) {
        guard input.count > 1, var anonymizer = anonymizer() else { return }
        let type = types[Int(input[0] & 0x7F) % types.count]
        let body = Array(input.extracting(1...))
        let head = Array(
            "POST /a?email=x HTTP/1.1\r\nContent-Type: \(type)\r\nContent-Length: \(body.count)\r\n\r\n".utf8
        )
        guard let parsed = try? Head(parsing: head, kind: .request) else { return }
        var message = RawMessage(head: parsed, body: body, isBodyComplete: input[0] < 0x80)
        anonymizer.anonymize(&message)
        guard type == "application/json", (try? JSONValue(parsing: body.span)) != nil else { return }
        guard message.isBodyComplete else {
            precondition(message.body.count == body.count, "a body that was cut has another length")
            return
        }
        precondition((try? JSONValue(parsing: message.body.span)) != nil, "what was JSON is none any more")
    }
}
