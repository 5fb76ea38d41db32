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
    /// XML; what is not well-formed cannot be looked into.
    case xml
    /// HTML, in which everything is well-formed.
    case html
    case graphQL
    /// A message of Protocol Buffers.
    case protobuf
    /// An HTTP message of its own (RFC 9112, section 10.1).
    case http
    /// Text without a structure that its type tells.
    case text
    /// Messages, each behind its length, of a kind.
    case framed(FramedContent)
    case opaque

    /// What a body without Content-Type is, by its own first byte.
    init(untyped body: Span<UInt8>) {
        let encoding = TextEncoding.utf8.seen(in: body)
        switch body.byte(body.startOfText(encoding)) {
        case 0x7B, 0x5B: self = .json
        case 0x3C: self = .xml
        default: self = .opaque
        }
    }

    /// Whether reading it tells what is no UTF-8, so that nothing else has to.
    var isCheckedOnTheWay: Bool {
        switch self {
        case .json, .jsonLines, .protobuf, .framed, .http: true
        case .form, .multipart, .events, .csv, .xml, .html, .graphQL, .text, .opaque: false
        }
    }

    /// Whether it is text, in the character set that its type names.
    var isText: Bool {
        switch self {
        case .json, .jsonLines, .events, .csv, .xml, .html, .graphQL, .text, .form: true
        case .multipart, .protobuf, .http, .framed, .opaque: false
        }
    }

    /// How a character is written in it that its character set does not have.
    var escape: CharacterEscape {
        switch self {
        case .json, .jsonLines: .json
        case .xml, .html: .markup
        case .form, .multipart, .events, .csv, .graphQL, .protobuf, .http, .text, .framed, .opaque: .question
        }
    }

    init(_ contentType: Span<UInt8>) {
        let type = contentType.typeAlone
        if let framed = FramedContent(type) {
            self = .framed(framed)
            return
        }
        switch MediaType(contentType) {
        case .json: self = .json
        case .form: self = .form
        case .multipart: self = .multipart
        case .eventStream: self = .events
        case .xml: self = type.equalsIgnoringCase("application/xhtml+xml") ? .html : .xml
        case .text:
            let tables: [StaticString] = ["text/csv", "text/tab-separated-values"]
            if tables.contains(where: { type.equalsIgnoringCase($0) }) {
                self = .csv
            } else {
                self = type.equalsIgnoringCase("text/html") ? .html : .text
            }
        case .absent: self = .opaque
        case .other: self = Self.other(type)
        }
    }

    private static func other(_ type: Span<UInt8>) -> BodyContent {
        let known: [(content: BodyContent, names: [StaticString])] = [
            (
                .jsonLines,
                [
                    "application/x-ndjson", "application/ndjson", "application/jsonl",
                    "application/x-jsonlines",
                    "application/json-seq", "application/jsonlines", "application/json-lines",
                ]
            ),
            (
                .json,
                [
                    "application/x-json", "application/csp-report", "application/x-amz-json-1.0",
                    "application/x-amz-json-1.1",
                ]
            ),
            (.graphQL, ["application/graphql"]),
            (
                .text,
                [
                    "application/javascript", "application/x-javascript", "application/yaml",
                    "application/x-yaml",
                    "application/toml", "application/sql", "message/rfc822", "application/x-sh",
                ]
            ),
            (
                .protobuf,
                [
                    "application/x-protobuf", "application/protobuf", "application/proto",
                    "application/vnd.google.protobuf", "application/x-google-protobuf",
                ]
            ),
            (.http, ["application/http", "message/http"]),
            (.xml, ["application/soap", "application/x-xml"]),
        ]
        return known.first { $0.names.contains { type.equalsIgnoringCase($0) } }?.content ?? .opaque
    }
}

/// A Content-Type, read.
struct BodyForm: BitwiseCopyable, Sendable {
    var content: BodyContent
    var encoding: TextEncoding

    init(untyped body: Span<UInt8>) {
        content = BodyContent(untyped: body)
        encoding = .utf8
    }

    init(_ contentType: Span<UInt8>) {
        content = BodyContent(contentType)
        encoding = contentType.parameter("charset").map { TextEncoding(label: $0.span) } ?? .utf8
    }
}

extension Span where Element == UInt8 {
    /// A Content-Type without parameters and blanks.
    fileprivate var typeAlone: Span<UInt8> {
        @_lifetime(copy self)
        get {
            var end = firstIndex(of: 0x3B) ?? count
            var start = 0
            while end > 0, self[end &- 1] == 0x20 || self[end &- 1] == 0x09 { end &-= 1 }
            while start < end, self[start] == 0x20 { start &+= 1 }
            return extracting(start..<end)
        }
    }

    /// Where the first visible byte stands, of a wide character set the byte of it that counts.
    fileprivate func startOfText(_ encoding: TextEncoding) -> Int {
        var index = 0
        while index < count {
            switch self[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index &+= 1
            case 0 where encoding != .utf8: index &+= 1
            case 0xEF, 0xBB, 0xBF, 0xFE, 0xFF: index &+= 1
            default: return index
            }
        }
        return index
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
