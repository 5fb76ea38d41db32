import Bytes
import Compression
package import Messages

/// What can be said of a body before it is over.
package enum OpenBody: Sendable {
    /// Each line of it is a JSON text of its own.
    case jsonLines
    /// Running text, of which each line can be judged alone until a private key begins.
    case lines
    /// Messages of gRPC, each behind its length.
    case grpc
    /// It is replaced whole, whatever comes.
    case opaque
    /// Nothing: what stands in one part depends on others.
    case whole
}

extension Anonymizer {
    /// How far the body of a message can be treated as it comes.
    ///
    /// A part of a body with a content coding says nothing, and neither does one of a body without Content-Type.
    package mutating func openBody(of head: borrowing Head) -> OpenBody {
        var type: Int?
        var codings = ContentCodings()
        for index in head.fields.indices {
            let name = head.name(of: head.fields[index])
            if name.equalsIgnoringCase("content-type") {
                type = type ?? index
            } else if name.equalsIgnoringCase("content-encoding") {
                codings.append(head.value(of: head.fields[index]))
            }
        }
        guard codings.isIdentity else { return codings.isKnown ? .whole : .opaque }
        guard let type, !head.fields[type].value.isEmpty else { return .whole }
        let form = form(ofType: head.value(of: head.fields[type]))
        return switch form.content {
        case .jsonLines: .jsonLines
        case .text where form.encoding == .utf8: .lines
        case .framed(let framed): framed.kind == .grpc ? .grpc : .whole
        case .opaque: .opaque
        case .json, .form, .multipart, .events, .csv, .xml, .html, .graphQL, .protobuf, .http, .text: .whole
        }
    }

    /// Replaces values in whole lines or messages of a body that is not over, of which `head` says what it is; false
    /// where they are none, and were replaced whole.
    package mutating func anonymizePart(
        _ bytes: inout [UInt8],
        of body: OpenBody,
        head: Head?,
        in scope: RuleScope = .unknown,
        of kind: MessageKind = .response
    ) -> Bool {
        enter(scope, kind)
        place.enter(.body)
        let malformed = audit[.malformed]
        switch body {
        case .jsonLines: _ = anonymizeContent(.jsonLines, &bytes)
        case .lines:
            if bytes.span.hasOpenPrivateKey {
                replaceWhole(&bytes, .malformed)
            } else {
                _ = anonymizeContent(.text, &bytes)
            }
        case .grpc:
            var content = FramedContent(Array("application/grpc".utf8).span)
            if let head, let type = head.value(of: "content-type"),
                case .framed(let framed) = framed(form(ofType: type).content, of: head)
            {
                content = framed
            }
            if let content { _ = anonymizeFrames(&bytes, content) }
        case .opaque, .whole: replaceWhole(&bytes, .unknownType)
        }
        return audit[.malformed] == malformed
    }

    /// Puts filler in the place of a piece of a body, but for line feeds where they are kept.
    package static func mask(_ bytes: inout [UInt8], keepsLines: Bool) {
        for index in bytes.indices where !keepsLines || bytes[index] != 0x0A { bytes[index] = filler }
    }

    /// Counts a body, or a run of its pieces, that is masked.
    package mutating func noteMasked(_ reason: WholeReplacement) {
        audit.count(reason)
    }
}

extension Span where Element == UInt8 {
    /// Whether a private key (RFC 7468) begins in a text and does not end in it.
    fileprivate var hasOpenPrivateKey: Bool {
        var index = 0
        var isOpen = false
        while let dash = firstIndex(of: 0x2D, from: index) {
            index = dash &+ 1
            if starts(with: "-----BEGIN ", at: dash) { isOpen = true }
            if starts(with: "-----END ", at: dash) { isOpen = false }
        }
        return isOpen
    }

    /// Where the last whole line or message of gRPC ends, of a body that begins with one.
    ///
    /// Before `searched` there is no line feed. What is no message of gRPC counts as whole, so that it is found out.
    package func endOfWholeParts(of body: OpenBody, searched: Int) -> Int {
        switch body {
        case .jsonLines, .lines:
            var index = count
            while index > searched {
                if self[index &- 1] == 0x0A { return index }
                index &-= 1
            }
            return 0
        case .grpc:
            var end = 0
            while end &+ 5 <= count {
                guard self[end] <= 1 else { return count }
                let length = Int(bigEndian(UInt32.self, at: end &+ 1))
                guard length <= count &- end &- 5 else { return end }
                end &+= 5 &+ length
            }
            return end
        case .opaque, .whole: return 0
        }
    }
}
