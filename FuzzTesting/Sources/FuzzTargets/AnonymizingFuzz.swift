import Anonymization
import Bytes
import JSON
import Messages

/// Bodies of every kind and coding, bent: what was JSON still is, what is replaced whole keeps its length, nothing grows
/// beyond measure, and what comes out is anonymous to those who look at it again.
///
/// The first byte chooses the content type, bit 7 of it a body that was cut; the second one the content coding.
enum AnonymizingFuzz {
    private static let types = [
        "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=B",
        "text/event-stream", "text/csv", "text/plain", "application/x-ndjson", "application/octet-stream",
        "text/xml", "text/html", "application/graphql", "application/x-protobuf", "application/grpc",
        "application/grpc-web-text", "application/http", "multipart/mixed; boundary=B",
        "text/plain; charset=utf-16", "text/xml; charset=iso-8859-1", "",
    ]
    private static let codings = ["", "", "", "", "gzip", "deflate", "br", "zstd", "gzip, br"]

    /// How many bytes come of one at most, but for codings: of `'` in XML six, and of six of those in a target three times
    /// as many.
    private static let largestGrowth = 24

    static func anonymizer() -> Anonymizer? {
        guard let key = PseudonymKey([UInt8](repeating: 7, count: 32)) else { return nil }
        let email = FieldRule(names: ["email"], treatment: Treatment(.pseudonymize, as: .email))
        let name = FieldRule(names: ["name"], treatment: Treatment(.pseudonymize, as: .name))
        let rules = RuleSet(name: "fuzz", detectors: .all, fields: [email, name])
        return Anonymizer(rules: rules, key: key)
    }

    static func run(_ input: Span<UInt8>) {
        guard input.count > 2, var anonymizer = anonymizer() else { return }
        let type = types[Int(input[0] & 0x7F) % types.count]
        let coding = codings[Int(input[1]) % codings.count]
        let body = Array(input.extracting(2...))
        let head = Array(
            ("POST /a?email=x HTTP/1.1\r\nContent-Type: \(type)\r\nContent-Encoding: \(coding)\r\ngrpc-encoding: gzip\r\n"
                + "Content-Length: \(body.count)\r\n\r\n").utf8
        )
        guard let parsed = try? Head(parsing: head, kind: .request) else { return }
        var message = RawMessage(head: parsed, body: body, isBodyComplete: input[0] < 0x80)
        anonymizer.anonymize(&message)
        if coding.isEmpty {
            precondition(
                message.body.count <= largestGrowth * body.count + 256,
                "a body has grown beyond measure"
            )
        }
        guard type == "application/json", coding.isEmpty, (try? JSONValue(parsing: body.span)) != nil else {
            return
        }
        guard message.isBodyComplete else {
            precondition(message.body.count == body.count, "a body that was cut has another length")
            return
        }
        precondition((try? JSONValue(parsing: message.body.span)) != nil, "what was JSON is none any more")
    }
}
