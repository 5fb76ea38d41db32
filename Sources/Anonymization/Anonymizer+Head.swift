import Bytes
import Messages

extension Anonymizer {
    /// Replaces values in a head and answers where it tells of the body.
    mutating func anonymizeHead(_ head: inout Head) -> ContentFields {
        // Servers answer many requests in the same words, and clients seldom ask in the same.
        guard head.kind == .response, !isInspecting else { return rewriteHead(&head).content }
        if let known = stayingHeads.recall(head.bytes.span, under: variantSalt) { return known }
        let (content, isChanged) = rewriteHead(&head)
        if !isChanged { stayingHeads.remember(head.bytes.span, under: variantSalt, content) }
        return content
    }

    private mutating func rewriteHead(_ head: inout Head) -> (content: ContentFields, isChanged: Bool) {
        var isChanged = false
        if head.kind == .request, !head.target.isEmpty {
            var target: [UInt8] = []
            if rewriteRepeated(head.target, .target, to: &target), !isInspecting {
                head.replaceTarget(with: target.span)
                isChanged = true
            }
        } else if head.kind == .response, case .response(_, let reason) = head.start, !reason.isEmpty {
            isChanged = anonymizeReason(reason, of: &head)
        }
        var content = ContentFields()
        var drops = false
        for index in head.fields.indices {
            let field = head.fields[index]
            if head.isPseudo(field) {
                if anonymizePseudoField(index, of: &head) { isChanged = true }
                continue
            }
            let use = use(ofHeader: head.name(of: field))
            content.note(use.content, at: index)
            // Framing and negotiation, which most fields are.
            if use.treatment == nil, use.content.isStructure { continue }
            if isInspecting { place.enter(.header, name: head.name(of: field)) }
            if let treatment = use.treatment, treatment.action == .drop {
                noteDropped(treatment)
                drops = true
                continue
            }
            valuePlace = use.number
            var value: [UInt8] = []
            if rewriteFieldValue(head.value(of: field), use, to: &value) {
                head.replaceValue(ofField: index, with: value.span)
                isChanged = true
            }
        }
        if drops, !isInspecting {
            content = dropFields(of: &head)
            isChanged = true
        }
        return (content, isChanged)
    }

    /// Takes out the header lines that rules drop, and answers where the others tell of the body.
    private mutating func dropFields(of head: inout Head) -> ContentFields {
        var content = ContentFields()
        var index = 0
        while index < head.fields.count {
            let use = use(ofHeader: head.name(of: head.fields[index]))
            if use.treatment?.action == .drop, !head.isPseudo(head.fields[index]) {
                head.removeField(at: index)
            } else {
                content.note(use.content, at: index)
                index &+= 1
            }
        }
        return content
    }

    /// Appends what takes the place of a header value; false if it stays.
    mutating func rewriteFieldValue(
        _ value: Span<UInt8>,
        _ use: HeaderUse,
        to output: inout [UInt8]
    ) -> Bool {
        guard !value.isEmpty else { return false }
        if let treatment = use.treatment {
            openRule = treatment.rule
            defer { openRule = 0 }
            guard treatment.action == .pseudonymize else { return treat(value, treatment, to: &output) }
            switch treatment.kind {
            case .authorization: return rewriteAuthorization(value, to: &output)
            case .cookie: return rewriteCookie(value, to: &output)
            case .setCookie: return rewriteSetCookie(value, to: &output)
            default: return treat(value, treatment, to: &output)
            }
        }
        switch use.content {
        case .structure, .type, .coding, .length: return false
        case .product: return rewriteRepeated(value, .product, to: &output)
        case .url: return rewriteRepeated(value, .target, to: &output)
        case .links: return rewriteLinks(value, to: &output)
        case .refresh: return rewriteRefresh(value, to: &output)
        case .disposition: return rewriteDisposition(value, to: &output)
        case .text: return rewriteRepeated(value, .header, to: &output)
        }
    }

    /// A reason phrase is free text; servers put messages into it. Answers whether it has changed.
    private mutating func anonymizeReason(_ reason: ByteRange, of head: inout Head) -> Bool {
        if isInspecting { place.enter(.header) }
        var text: [UInt8] = []
        guard rewriteText(head.bytes.span.extracting(reason.bounds), to: &text) else { return false }
        var bytes = head.bytes
        bytes.replaceSubrange(reason.bounds, with: text.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 })
        let difference = text.count &- reason.count
        guard case .response(let status, _) = head.start else { return false }
        head.bytes = bytes
        head.start = .response(status: status, reason: ByteRange(offset: reason.offset, count: text.count))
        for index in head.fields.indices {
            head.fields[index].name.offset &+= difference
            head.fields[index].value.offset &+= difference
        }
        return true
    }

    /// Replaces values in a trailer section by the rules for headers; one that cannot be read is emptied.
    mutating func anonymizeTrailers(_ trailers: inout [UInt8]) {
        let fields: [HeaderField]
        do {
            fields = try HeaderField.fields(ofTrailers: trailers.span)
        } catch {
            if isInspecting {
                place.enter(.trailer)
                note(.opaque(.malformed))
            } else {
                trailers.removeAll()
                audit.count(.malformed)
            }
            return
        }
        var edit = ByteEdit()
        for field in fields {
            let source = trailers.span
            let name = source.extracting(field.name.bounds)
            if isInspecting { place.enter(.trailer, name: name) }
            let use = use(ofHeader: name)
            if let treatment = use.treatment, treatment.action == .drop {
                noteDropped(treatment)
                if !isInspecting { edit.replace(source.line(of: field), of: source, with: Span()) }
                continue
            }
            var value: [UInt8] = []
            if rewriteFieldValue(source.extracting(field.value.bounds), use, to: &value) {
                for index in value.indices where value[index] < 0x20 && value[index] != 0x09 {
                    value[index] = 0x20
                }
                edit.replace(field.value.bounds, of: source, with: value.span)
            }
        }
        guard edit.isChanged else { return }
        edit.finish(trailers.span)
        trailers = edit.output
    }
}

extension Span where Element == UInt8 {
    /// The line of a field of a trailer section, with its end.
    fileprivate func line(of field: HeaderField) -> Range<Int> {
        let end = firstIndex(of: 0x0A, from: field.value.end).map { $0 &+ 1 } ?? count
        return field.name.offset..<end
    }
}

/// Where the fields stand in a head that say what its body is and how long.
struct ContentFields: BitwiseCopyable, Sendable {
    private(set) var type: Int?
    private(set) var coding: Int?
    private(set) var length: Int?

    /// Of fields that repeat, the first one is noted.
    mutating func note(_ content: HeaderContent, at index: Int) {
        switch content {
        case .type: type = type ?? index
        case .coding: coding = coding ?? index
        case .length: length = length ?? index
        case .structure, .product, .url, .links, .refresh, .disposition, .text: break
        }
    }
}

/// What the value of a header field without a rule of its own can hold.
enum HeaderContent: BitwiseCopyable, Sendable {
    /// Framing, negotiation and addresses of servers: nothing personal, and of use only as it is.
    case structure
    /// Content-Type, which is structure too.
    case type
    /// Content-Encoding, which is structure too.
    case coding
    /// Content-Length, which is structure too.
    case length
    /// Names and versions of products.
    case product
    /// A URL or a part of one.
    case url
    /// URLs between angle brackets, with parameters (RFC 8288).
    case links
    /// A number of seconds and a URL.
    case refresh
    /// A name of a file among parameters (RFC 6266).
    case disposition
    case text

    private static let structural: [StaticString] = [
        "host", "transfer-encoding", "connection",
        "date",
        "accept", "accept-encoding", "accept-language", "accept-charset", "accept-ranges", "etag", "if-match",
        "if-none-match", "if-modified-since", "if-unmodified-since", "last-modified", "expires",
        "cache-control",
        "age", "vary", "te", "trailer", "upgrade", "expect", "range", "content-range", "traceparent",
        "keep-alive",
        "retry-after", "allow", "strict-transport-security",
    ]
    private static let products: [StaticString] = [
        "user-agent", "server", "via", "x-powered-by", "sec-ch-ua",
    ]

    private static let urls: [StaticString] = [
        "location", "referer", "content-location", "origin", "destination", "x-original-url", "x-rewrite-url",
        "x-original-uri", "x-forwarded-uri", "x-request-uri", "x-forwarded-path", "x-http-destinationurl",
        "sec-websocket-location", "sourcemap", "soapaction",
    ]

    /// All lists by the length of the name.
    private static let known: [[(name: StaticString, content: HeaderContent)]] = {
        let all =
            structural.map { (name: $0, content: HeaderContent.structure) }
            + products.map { (name: $0, content: HeaderContent.product) }
            + urls.map { (name: $0, content: HeaderContent.url) }
            + [
                ("link", .links), ("refresh", .refresh), ("content-disposition", .disposition),
            ]
            + [("content-type", .type), ("content-encoding", .coding), ("content-length", .length)]
        let longest = all.map(\.name.utf8CodeUnitCount).max() ?? 0
        return (0...longest).map { length in all.filter { $0.name.utf8CodeUnitCount == length } }
    }()

    var isStructure: Bool {
        switch self {
        case .structure, .type, .coding, .length: true
        case .product, .url, .links, .refresh, .disposition, .text: false
        }
    }

    init(_ name: Span<UInt8>) {
        self = .text
        guard name.count < Self.known.count else { return }
        for entry in Self.known[name.count] where name.equalsIgnoringCase(entry.name) {
            self = entry.content
            return
        }
    }
}
