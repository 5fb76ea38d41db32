import Bytes
package import Messages

/// What a message of a stream consists of, where nothing but the stream says so.
package enum StreamedContent: Sendable {
    /// Text: JSON where it begins like it, behind a short prefix or not, else prose.
    case text
    /// Bytes: JSON where they begin like it, else nothing that could be looked into.
    case binary
    /// Two bytes of a code, then text (RFC 6455, section 5.5.1).
    case close
    /// Never looked into.
    case opaque

    /// What a WebSocket message of an opcode holds, as far as the protocol says.
    package init(webSocketOpcode opcode: UInt8) {
        switch opcode {
        case 1: self = .text
        case 8: self = .close
        default: self = .binary
        }
    }
}

extension Anonymizer {
    /// The longest run of letters, digits and marks that protocols put in front of JSON, such as `42/chat,`.
    private static let longestPrefix = 128

    /// Replaces values in one message of a stream, such as a WebSocket message, in place.
    ///
    /// It is treated like a body without Content-Type: JSON by its names, text by what is found in it, everything else
    /// whole. A message that is cut is replaced whole, and so is what begins like JSON and is none.
    package mutating func anonymizeMessage(
        _ bytes: inout [UInt8],
        _ content: StreamedContent,
        isComplete: Bool = true,
        in scope: RuleScope = .unknown,
        of kind: MessageKind = .request
    ) {
        guard !bytes.isEmpty else { return }
        enter(scope, kind)
        if isInspecting, bytes.span.isFiller { return }
        place.enter(.body)
        guard isComplete else { return replaceWhole(&bytes, .incomplete) }
        switch content {
        case .opaque: replaceWhole(&bytes, .unknownType)
        case .binary:
            _ = anonymizeContent(bytes.span.startsLikeJSON ? .json : .opaque, &bytes)
        case .text:
            anonymizeText(&bytes)
        case .close:
            guard bytes.count > 2 else { return }
            var reason = Array(bytes[2...])
            anonymizeText(&reason)
            bytes.replaceSubrange(2..., with: reason)
        }
    }

    private mutating func anonymizeText(_ bytes: inout [UInt8]) {
        guard let start = bytes.span.startOfJSON(within: Self.longestPrefix) else {
            _ = anonymizeContent(.text, &bytes)
            return
        }
        guard start > 0 else {
            _ = anonymizeContent(.json, &bytes)
            return
        }
        var prefix = Array(bytes[..<start])
        var rest = Array(bytes[start...])
        _ = anonymizeContent(.text, &prefix)
        _ = anonymizeContent(.json, &rest)
        bytes = prefix + rest
    }
}

extension Span where Element == UInt8 {
    /// Where an object or array begins that reaches to the end, with at most `limit` bytes of a prefix before it.
    fileprivate func startOfJSON(within limit: Int) -> Int? {
        var index = 0
        while index < Swift.min(count, limit) {
            switch self[index] {
            case 0x7B: return count > 0 && self[lastVisible] == 0x7D ? index : index == 0 ? 0 : nil
            case 0x5B: return count > 0 && self[lastVisible] == 0x5D ? index : index == 0 ? 0 : nil
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2C...0x2F, 0x3A, 0x3B, 0x5F, 0x09, 0x0A, 0x0D, 0x20:
                index &+= 1
            default: return nil
            }
        }
        return nil
    }

    private var lastVisible: Int {
        var index = count &- 1
        while index > 0, self[index] <= 0x20 { index &-= 1 }
        return index
    }
}
