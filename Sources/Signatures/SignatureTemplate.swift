import Bytes
import Messages

/// What a signature is made over: a text with places in braces for parts of the request.
///
///     {timestamp}           the signed time, as it is written
///     {id}                  the first of the scheme's identifiers
///     {method} {host}       the method; host and port as the request names them
///     {url}                 scheme, authority and target, as the receiver is known to the sender
///     {target} {path} {query}   of the request target, as on the wire
///     {body}                as sent, without transfer coding
///     {body-sha256}         its SHA-256 in hexadecimal; {body-sha256-base64} and {body-sha256-raw} too
///     {header:NAME} {query:NAME} {form:NAME} {json:/POINTER}   one value; nothing where it is not there
///     {form-pairs}          names and values of the form sorted, each pair once, nothing between them (Twilio)
///     {query-pairs}         name=value of the query sorted, nothing between them, the signature left out (Shopify)
///     {query-sorted}        the query, sorted by name (MessageBird)
///
/// `{{` stands for a brace.
package struct SignatureTemplate: Hashable, Sendable {
    enum Element: Hashable, Sendable {
        case literal([UInt8])
        case timestamp, id, method, host, url, target, path, query, body
        case bodyDigest(TextCoding)
        case value(SignaturePlace)
        case formPairs, queryPairs, sortedQuery
    }

    /// Why a template cannot be read.
    package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        package let description: String
    }

    let elements: [Element]

    package init(_ text: String) throws(Failure) {
        var elements: [Element] = []
        var literal: [UInt8] = []
        var rest = Substring(text)
        while let first = rest.first {
            if first != "{" || rest.hasPrefix("{{") {
                literal.append(contentsOf: String(first).utf8)
                rest = rest.dropFirst(first == "{" ? 2 : 1)
                continue
            }
            guard let end = rest.firstIndex(of: "}") else { throw Failure(description: "'}' is missing") }
            let name = String(rest[rest.index(after: rest.startIndex)..<end])
            guard let element = Element(name) else {
                throw Failure(description: "nothing is called {\(name)}")
            }
            if !literal.isEmpty { elements.append(.literal(literal)) }
            literal = []
            elements.append(element)
            rest = rest[rest.index(after: end)...]
        }
        if !literal.isEmpty { elements.append(.literal(literal)) }
        self.elements = elements
    }

    var usesURL: Bool { elements.contains(.url) }
    var usesID: Bool { elements.contains(.id) }
    var usesTimestamp: Bool { elements.contains(.timestamp) }
    var usesBody: Bool {
        elements.contains { element in
            switch element {
            case .body, .bodyDigest, .formPairs: true
            case .value(let place): place.isInBody
            case .literal, .timestamp, .id, .method, .host, .url, .target, .path, .query, .queryPairs,
                .sortedQuery:
                false
            }
        }
    }
}

extension SignatureTemplate.Element {
    init?(_ name: String) {
        switch name {
        case "timestamp": self = .timestamp
        case "id": self = .id
        case "method": self = .method
        case "host": self = .host
        case "url": self = .url
        case "target": self = .target
        case "path": self = .path
        case "query": self = .query
        case "body": self = .body
        case "body-sha256": self = .bodyDigest(.hex)
        case "body-sha256-base64": self = .bodyDigest(.base64)
        case "body-sha256-raw": self = .bodyDigest(.raw)
        case "form-pairs": self = .formPairs
        case "query-pairs": self = .queryPairs
        case "query-sorted": self = .sortedQuery
        default:
            guard let place = SignaturePlace(name) else { return nil }
            self = .value(place)
        }
    }
}

/// A template in the program is right; a misspelled one is found by any test.
extension SignatureTemplate: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) {
        do {
            self = try SignatureTemplate(text)
        } catch {
            preconditionFailure("the template '\(text)': \(error)")
        }
    }
}

/// What a template is filled with, besides the request.
struct SignedValues {
    var timestamp: [UInt8] = []
    var id: [UInt8] = []
    /// Scheme and authority, and what stands before the target.
    var origin: [UInt8] = []
    /// The parameter of the query that holds the signature.
    var signatureParameter: [UInt8]?
}

extension SignatureTemplate {
    /// The content for a request.
    func content(of head: Head, body: Span<UInt8>, _ values: SignedValues) -> SignedContent {
        var content = SignedContent()
        for element in elements {
            switch element {
            case .literal(let bytes): content.append(bytes)
            case .timestamp: content.append(values.timestamp)
            case .id: content.append(values.id)
            case .method: content.append(head.bytes[head.methodRange])
            case .host: if let range = head.authorityRange { content.append(head.bytes[range]) }
            case .url: content.append(values.origin + head.originForm)
            case .target: content.append(head.bytes[head.targetRange])
            case .path: content.append(head.bytes[head.pathRange])
            case .query: if let range = head.queryRange { content.append(head.bytes[range]) }
            case .body:
                if content.includesBody { content.append(Array(body)) } else { content.includesBody = true }
            case .bodyDigest(let coding): content.append(coding.encode([UInt8].sha256(body)))
            case .value(let place): content.append(place.value(in: head, body: body) ?? [])
            case .formPairs: if head.isForm { content.append(ParameterList(body).sortedPairs) }
            case .queryPairs, .sortedQuery:
                guard let range = head.queryRange else { continue }
                let query = head.bytes.span.extracting(range.bounds)
                if element == .sortedQuery {
                    content.append(ParameterList.sorted(query))
                } else {
                    content.append(ParameterList(query).joinedPairs(leavingOut: values.signatureParameter))
                }
            }
        }
        return content
    }
}

extension Head {
    /// Whether the body is an urlencoded form, or may be one for all that is said.
    var isForm: Bool {
        guard let type = value(of: "content-type") else { return true }
        let form: StaticString = "application/x-www-form-urlencoded"
        let length = form.utf8CodeUnitCount
        return type.count >= length && type.extracting(first: length).equalsIgnoringCase(form)
    }

    /// The target without the authority that its absolute form begins with.
    var originForm: ArraySlice<UInt8> { bytes[pathRange.offset..<targetRange.end] }
}
