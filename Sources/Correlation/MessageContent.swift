import Bytes
package import Compression
package import Messages

/// A message with its body as it is without content codings.
package struct MessageContent: Sendable {
    /// What a body is read as.
    package enum Form: Sendable {
        case none, json, events, html, form, text
    }

    /// Longer bodies are not looked at.
    package static let maximumBody = 4 << 20

    package let head: Head
    package let form: Form
    /// Without content codings; empty where it cannot be read.
    package let body: [UInt8]
    package let codings: ContentCodings

    /// `body` is without transfer coding, and may be cut off at its end.
    package init(head: consuming Head, body: [UInt8]) {
        codings = head.contentCodings
        let plain = Self.decoded(body, codings)
        form = Self.form(of: head, plain)
        self.body = plain
        self.head = head
    }

    /// Texts in which nothing is about one session.
    private static let programs: [StaticString] = [
        "text/css", "text/javascript", "application/javascript", "application/x-javascript", "image/",
    ]

    private static func decoded(_ body: [UInt8], _ codings: ContentCodings) -> [UInt8] {
        guard body.count <= maximumBody else { return [] }
        if codings.isIdentity { return body }
        return (try? codings.decode(body.span, limit: maximumBody)) ?? []
    }

    private static func form(of head: borrowing Head, _ body: [UInt8]) -> Form {
        guard !body.isEmpty else { return .none }
        switch head.mediaType {
        case .json: return .json
        case .eventStream: return .events
        case .form: return .form
        case .xml: return .text
        case .absent, .text, .other, .multipart: break
        }
        if let type = head.value(of: "content-type") {
            if type.startsIgnoringCase(with: "text/html") { return .html }
            for program in programs where type.startsIgnoringCase(with: program) { return .none }
        }
        var index = 0
        while index < body.count, body[index] <= 0x20 { index += 1 }
        guard index < body.count else { return .none }
        if body[index] == 0x7B || body[index] == 0x5B { return .json }
        if body.count <= ValuePieces.maximumBytes, body.span.isPrintable { return .text }
        return .none
    }
}

extension Span where Element == UInt8 {
    func startsIgnoringCase(with prefix: StaticString) -> Bool {
        count >= prefix.utf8CodeUnitCount
            && extracting(first: prefix.utf8CodeUnitCount).equalsIgnoringCase(prefix)
    }

    fileprivate var isPrintable: Bool {
        for index in indices where self[index] < 0x20 {
            guard self[index] == 0x0A || self[index] == 0x0D || self[index] == 0x09 else { return false }
        }
        return true
    }
}
