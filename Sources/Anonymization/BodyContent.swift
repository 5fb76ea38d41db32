import Bytes
import Messages

/// How a body is looked into.
enum BodyContent: BitwiseCopyable, Sendable {
    case json
    /// JSON texts one below the other.
    case jsonLines
    case form
    case multipart
    case events
    case csv
    /// Text without a structure that is of use here, markup included.
    case text
    /// Messages that nothing here can read, each behind its length.
    case grpc
    case opaque

    /// What a body without Content-Type is, by its own first byte.
    init(untyped body: Span<UInt8>) {
        self = body.startsLikeJSON ? .json : .opaque
    }

    /// Whether reading it tells what is no UTF-8, so that nothing else has to.
    var isCheckedOnTheWay: Bool {
        switch self {
        case .json, .jsonLines: true
        case .form, .multipart, .events, .csv, .text, .grpc, .opaque: false
        }
    }

    init(_ contentType: Span<UInt8>) {
        if contentType.isGRPC {
            self = .grpc
            return
        }
        switch MediaType(contentType) {
        case .json: self = .json
        case .form: self = .form
        case .multipart: self = .multipart
        case .eventStream: self = .events
        case .xml: self = .text
        case .text: self = contentType.hasType("text/csv") ? .csv : .text
        case .absent: self = .opaque
        case .other:
            let lines: [StaticString] = [
                "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines",
                "application/json-seq",
            ]
            let texts: [StaticString] = ["application/javascript", "application/graphql", "application/yaml"]
            if lines.contains(where: { contentType.hasType($0) }) {
                self = .jsonLines
            } else if texts.contains(where: { contentType.hasType($0) }) {
                self = .text
            } else {
                self = .opaque
            }
        }
    }
}

extension Span where Element == UInt8 {
    /// Whether a Content-Type is `type`, with or without parameters.
    fileprivate func hasType(_ type: StaticString) -> Bool {
        var end = firstIndex(of: 0x3B) ?? count
        while end > 0, self[end &- 1] == 0x20 { end &-= 1 }
        return extracting(0..<end).equalsIgnoringCase(type)
    }

    var startsLikeJSON: Bool {
        for index in indices {
            switch self[index] {
            case 0x20, 0x09, 0x0A, 0x0D: continue
            default: return self[index] == 0x7B || self[index] == 0x5B
            }
        }
        return false
    }

    /// Whether the bytes are well-formed UTF-8.
    var isText: Bool {
        do {
            _ = try UTF8Span(validating: self)
            return true
        } catch {
            return false
        }
    }

    /// Whether the bytes are what stands for a body that was replaced whole.
    var isFiller: Bool {
        for index in indices where self[index] != Anonymizer.filler { return false }
        return true
    }
}
