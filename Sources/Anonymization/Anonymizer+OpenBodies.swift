import Bytes
import Compression
package import Messages

/// What can be said of a body before it is over.
package enum OpenBody: Sendable {
    /// Each line of it is a JSON text of its own.
    case jsonLines
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
        for index in head.fields.indices {
            let name = head.name(of: head.fields[index])
            if name.equalsIgnoringCase("content-type") {
                type = type ?? index
            } else if name.equalsIgnoringCase("content-encoding") {
                let coding = ContentCoding(head.value(of: head.fields[index]))
                guard coding == .identity else { return coding == .unknown ? .opaque : .whole }
            }
        }
        guard let type, !head.fields[type].value.isEmpty else { return .whole }
        return switch content(ofType: head.value(of: head.fields[type])) {
        case .jsonLines: .jsonLines
        case .grpc: .grpc
        case .opaque: .opaque
        // Prose too: a private key goes on over lines.
        case .json, .form, .multipart, .events, .csv, .text: .whole
        }
    }

    /// Replaces values in whole lines or messages of a body that is not over; false where they are none, and were
    /// replaced whole.
    package mutating func anonymizePart(
        _ bytes: inout [UInt8],
        of body: OpenBody,
        in scope: RuleScope = .unknown,
        of kind: MessageKind = .response
    ) -> Bool {
        enter(scope, kind)
        place.enter(.body)
        let malformed = audit[.malformed]
        switch body {
        case .jsonLines: _ = anonymizeContent(.jsonLines, &bytes)
        case .grpc: _ = anonymizeContent(.grpc, &bytes)
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
    /// Where the last whole line or message of gRPC ends, of a body that begins with one.
    ///
    /// Before `searched` there is no line feed. What is no message of gRPC counts as whole, so that it is found out.
    package func endOfWholeParts(of body: OpenBody, searched: Int) -> Int {
        switch body {
        case .jsonLines:
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
