import Bytes
import JSON
import Messages

/// One value of a message, while the message is walked through.
struct FoundValue: ~Escapable {
    /// The same for the same place and part in every message.
    let key: UInt64
    let bytes: Span<UInt8>
    let isNumber: Bool
    let part: ValuePart
    let source: ValueSource
    /// Where the value is in JSON, and that text.
    let walk: JSONLeaves?
    let text: Span<UInt8>

    @_lifetime(copy bytes, copy text)
    init(
        key: UInt64,
        bytes: Span<UInt8>,
        isNumber: Bool = false,
        part: ValuePart = .whole,
        source: ValueSource,
        walk: JSONLeaves? = nil,
        text: Span<UInt8>
    ) {
        self.key = key
        self.bytes = bytes
        self.isNumber = isNumber
        self.part = part
        self.source = source
        self.walk = walk
        self.text = text
    }

    /// Where it stands; made only when it is asked for.
    func spot() -> ValueSpot {
        ValueSpot(source.place(path: walk.flatMap { try? JSONPath($0.path(in: text)) } ?? .root), part)
    }
}

/// What a value is in, its name still as bytes.
enum ValueSource {
    case path(Int)
    case query([UInt8])
    case header([UInt8])
    case cookie([UInt8])
    case json, event
    case form([UInt8])
    case html(String)
    case body

    func place(path: JSONPath) -> ValuePlace {
        switch self {
        case .path(let index): .path(index)
        case .query(let name): .query(String(decoding: name, as: UTF8.self))
        case .header(let name): .header(String(decoding: name, as: UTF8.self))
        case .cookie(let name): .cookie(String(decoding: name, as: UTF8.self))
        case .json: .json(path)
        case .event: .event(path)
        case .form(let name): .form(String(decoding: name, as: UTF8.self))
        case .html(let name): .html(name)
        case .body: .body
        }
    }
}

/// Takes every value of a message.
typealias ValueVisit = (borrowing FoundValue) -> Void

/// Walks through all that could be a value in a message.
enum MessageValues {
    /// The first numbers of keys, by kind of place.
    private enum Seed {
        static let path: UInt64 = 0x11
        static let query: UInt64 = 0x12
        static let header: UInt64 = 0x13
        static let cookie: UInt64 = 0x14
        static let json: UInt64 = 0x15
        static let event: UInt64 = 0x16
        static let form: UInt64 = 0x17
        static let html: UInt64 = 0x18
        static let body: UInt64 = 0x19
    }

    /// The segments of the target's path; they are visited apart from the rest, since they make the route.
    static func forEachSegment(_ target: Span<UInt8>, _ visit: (Int, Span<UInt8>) -> Void) {
        let path = target.pathOfTarget
        guard !path.isEmpty else { return }
        for (index, range) in ValuePieces.segments(
            of: target.extracting(0..<path.upperBound),
            from: path.lowerBound
        )
        .enumerated() where !range.isEmpty {
            visit(index, target.extracting(range))
        }
    }

    /// The segments of the path, the query, the fields and the body of a request.
    static func forEach(ofRequest content: borrowing MessageContent, _ visit: ValueVisit) {
        let target = content.head.target
        forEachSegment(target) { index, segment in
            let value = PercentEncoding.decode(segment, plusIsBlank: false)
            pieces(value.span, JSONLeaves.mix(Seed.path, UInt64(index) + 1), .path(index), visit)
        }
        let query = ValuePieces.queryStart(of: target, from: target.pathOfTarget.upperBound)
        forEachParameter(of: target, from: query, visit, Seed.query) { .query($0) }
        forEachField(of: content, visit)
        forEachOfBody(content, visit)
    }

    /// The fields and the body of an answer.
    static func forEach(ofAnswer content: borrowing MessageContent, _ visit: ValueVisit) {
        forEachField(of: content, visit)
        forEachOfBody(content, visit)
    }

    private static func forEachParameter(
        of text: Span<UInt8>,
        from start: Int,
        _ visit: ValueVisit,
        _ seed: UInt64,
        _ source: ([UInt8]) -> ValueSource
    ) {
        for (name, value) in ValuePieces.parameters(of: text, from: start)
        where !name.isEmpty && !value.isEmpty {
            let name = PercentEncoding.decode(text.extracting(name), plusIsBlank: true)
            let value = PercentEncoding.decode(text.extracting(value), plusIsBlank: true)
            pieces(value.span, JSONLeaves.mix(seed, name.span.number()), source(name), visit)
        }
    }

    /// Visits a value and its parts.
    private static func pieces(
        _ value: Span<UInt8>,
        _ key: UInt64,
        _ source: ValueSource,
        _ visit: ValueVisit,
        walk: JSONLeaves? = nil,
        text: Span<UInt8> = Span()
    ) {
        ValuePieces.forEach(value) { part, piece in
            visit(
                FoundValue(
                    key: JSONLeaves.mix(key, part.key),
                    bytes: piece,
                    part: part,
                    source: source,
                    walk: walk,
                    text: text
                )
            )
        }
    }

    // MARK: Fields

    private static func forEachField(of content: borrowing MessageContent, _ visit: ValueVisit) {
        let isRequest = content.head.kind == .request
        for field in content.head.fields {
            let name = content.head.name(of: field)
            let value = content.head.value(of: field)
            guard !value.isEmpty, !IgnoredFields.contains(name) else { continue }
            if name.equalsIgnoringCase(isRequest ? "cookie" : "set-cookie") {
                Cookies.forEach(value, onlyFirst: !isRequest) { name, range in
                    guard !name.isEmpty, !range.isEmpty else { return }
                    let name = Array(value.extracting(name))
                    let key = JSONLeaves.mix(Seed.cookie, name.span.number())
                    pieces(value.extracting(range), key, .cookie(name), visit)
                }
                continue
            }
            var small: [UInt8] = []
            small.reserveCapacity(name.count)
            for index in name.indices { small.append(name[index].asciiLowercased) }
            let key = JSONLeaves.mix(Seed.header, small.span.number())
            guard name.equalsIgnoringCase("authorization") else {
                pieces(value, key, .header(small), visit)
                continue
            }
            ValuePieces.forEachOfCredentials(value) { part, piece in
                visit(
                    FoundValue(
                        key: JSONLeaves.mix(key, part.key),
                        bytes: piece,
                        part: part,
                        source: .header(small),
                        text: Span()
                    )
                )
            }
        }
    }

    // MARK: Bodies

    private static func forEachOfBody(_ content: borrowing MessageContent, _ visit: ValueVisit) {
        let body = content.body.span
        switch content.form {
        case .none: return
        case .json: leaves(body, Seed.json, .json, visit)
        case .events:
            EventData.forEach(body) { data in
                leaves(data, Seed.event, .event, visit)
                return true
            }
        case .form: forEachParameter(of: body, from: 0, visit, Seed.form) { .form($0) }
        case .html:
            Markup.forEachField(body) { name, value in
                pieces(value.span, JSONLeaves.mix(Seed.html, name.utf8.span.number()), .html(name), visit)
            }
        case .text: pieces(body, Seed.body, .body, visit)
        }
    }

    private static func leaves(
        _ text: Span<UInt8>,
        _ seed: UInt64,
        _ source: ValueSource,
        _ visit: ValueVisit
    ) {
        JSONLeaves.forEach(text, seed: seed) { leaf, walk in
            if !leaf.isString {
                let bytes = text.extracting(leaf.range.bounds)
                let key = JSONLeaves.mix(leaf.pathKey, ValuePart.whole.key)
                visit(
                    FoundValue(key: key, bytes: bytes, isNumber: true, source: source, walk: walk, text: text)
                )
            } else if leaf.hasEscapes {
                pieces(leaf.value(in: text).span, leaf.pathKey, source, visit, walk: walk, text: text)
            } else {
                pieces(
                    text.extracting(leaf.range.bounds),
                    leaf.pathKey,
                    source,
                    visit,
                    walk: walk,
                    text: text
                )
            }
            return true
        }
    }
}

/// The pairs of `Cookie` and the first pair of `Set-Cookie` (RFC 6265, sections 4.1 and 4.2).
enum Cookies {
    /// Calls `body` with where each name and value stand.
    static func forEach(_ value: Span<UInt8>, onlyFirst: Bool, _ body: (Range<Int>, Range<Int>) -> Void) {
        var start = 0
        while start < value.count {
            let end = value.firstIndex(of: 0x3B, from: start) ?? value.count
            var first = start
            while first < end, value[first] == 0x20 { first += 1 }
            var last = end
            while last > first, value[last - 1] == 0x20 { last -= 1 }
            if let equals = value.extracting(0..<last).firstIndex(of: 0x3D, from: first) {
                body(first..<equals, equals + 1..<last)
            }
            if onlyFirst { return }
            start = end + 1
        }
    }
}

/// Fields that speak of the message or its connection and hold no value that lives on.
enum IgnoredFields {
    private static let names: [StaticString] = [
        "host", "content-length", "content-type", "content-encoding", "content-language", "transfer-encoding",
        "connection", "keep-alive", "date", "server", "via", "age", "expires", "cache-control", "pragma",
        "vary",
        "accept", "accept-encoding", "accept-language", "accept-charset", "accept-ranges", "user-agent", "te",
        "trailer", "upgrade", "expect", "dnt", "x-tapedeck-replay", "strict-transport-security", "alt-svc",
        "content-security-policy", "access-control-allow-origin", "access-control-allow-methods",
        "access-control-allow-headers", "access-control-max-age", "x-powered-by", "x-forwarded-for",
        "x-real-ip", "forwarded", "allow", "retry-after", "x-frame-options", "x-content-type-options",
        "last-modified", "if-modified-since", "if-unmodified-since", "authority", "scheme", "path", "method",
        "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "proxy-connection", "dpop",
    ]

    static func contains(_ name: Span<UInt8>) -> Bool {
        // Pseudo-fields of HTTP/2 stand in the start line already.
        if !name.isEmpty, name[0] == 0x3A { return true }
        for known in names where name.equalsIgnoringCase(known) { return true }
        return false
    }
}
