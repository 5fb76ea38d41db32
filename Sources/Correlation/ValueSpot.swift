package import JSON

/// Where a value stands in a message.
///
/// Written as `path[2]`, `query:id`, `header:x-run`, `cookie:sid`, `json:$.run.id`, `event:$.id`, `form:token`,
/// `html:token` or `body`, and a part of what stands there behind it: `header:location path[2]`.
package struct ValueSpot: Hashable, Sendable, CustomStringConvertible {
    package var place: ValuePlace
    package var part: ValuePart

    package init(_ place: ValuePlace, _ part: ValuePart = .whole) {
        self.place = place
        self.part = part
    }

    package init(_ text: String) throws(ValueSpotError) {
        if let blank = text.lastIndex(of: " "), let part = ValuePart(text[text.index(after: blank)...]) {
            place = try ValuePlace(text[..<blank])
            self.part = part
        } else {
            place = try ValuePlace(Substring(text))
            part = .whole
        }
        guard !place.isPlain || part == .whole || part.isRun else {
            throw ValueSpotError("'\(text)': a segment or parameter has no '\(part.description)' in it")
        }
    }

    package var description: String {
        part == .whole ? place.description : "\(place.description) \(part.description)"
    }
}

/// A place in a message, whose whole content may be a value or hold one.
package enum ValuePlace: Hashable, Sendable {
    /// A segment of the path of the target, counted from 0.
    case path(Int)
    case query(String)
    /// A field by its name in small letters.
    case header(String)
    /// By its name: in `Cookie` of a request, in `Set-Cookie` of an answer.
    case cookie(String)
    /// Strings and numbers of a body in JSON.
    case json(JSONPath)
    /// The same in the data of server-sent events.
    case event(JSONPath)
    /// A field of a body in `application/x-www-form-urlencoded`.
    case form(String)
    /// A field of a form in a page, or the content of a `meta` element, by name.
    case html(String)
    /// A body that is text of another kind.
    case body

    init(_ text: Substring) throws(ValueSpotError) {
        if text == "body" {
            self = .body
            return
        }
        if let index = ValuePart.index(text, "path") {
            self = .path(index)
            return
        }
        guard let colon = text.firstIndex(of: ":"), text.index(after: colon) < text.endIndex else {
            throw ValueSpotError(
                "'\(text)' is no place of a value; there are path[N], query:NAME, header:NAME, cookie:NAME, json:$.PATH, "
                    + "event:$.PATH, form:NAME, html:NAME and body"
            )
        }
        let name = text[text.index(after: colon)...]
        switch text[..<colon] {
        case "query": self = .query(PlaceName.decoded(name))
        case "header":
            guard name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x3A }) else {
                throw ValueSpotError("'\(text)': a field has no such name")
            }
            self = .header(name.lowercased())
        case "cookie": self = .cookie(PlaceName.decoded(name))
        case "form": self = .form(PlaceName.decoded(name))
        case "html": self = .html(PlaceName.decoded(name))
        case "json": self = .json(try Self.path(name))
        case "event": self = .event(try Self.path(name))
        default:
            throw ValueSpotError(
                "'\(text[..<colon])' is no kind of place; there are path, query, header, cookie, json, event, form, html and body"
            )
        }
    }

    private static func path(_ text: Substring) throws(ValueSpotError) -> JSONPath {
        do {
            return try JSONPath(String(text))
        } catch {
            throw ValueSpotError(error.description)
        }
    }

    var description: String {
        switch self {
        case .path(let index): "path[\(index)]"
        case .query(let name): "query:\(PlaceName.encoded(name))"
        case .header(let name): "header:\(name)"
        case .cookie(let name): "cookie:\(PlaceName.encoded(name))"
        case .json(let path): "json:\(path)"
        case .event(let path): "event:\(path)"
        case .form(let name): "form:\(PlaceName.encoded(name))"
        case .html(let name): "html:\(PlaceName.encoded(name))"
        case .body: "body"
        }
    }

    /// Whether what stands there is one word of a target.
    fileprivate var isPlain: Bool {
        if case .path = self { true } else { false }
    }

    /// How good a place is as the source of a value that an answer has in several.
    var rank: Int {
        switch self {
        case .json, .cookie: 0
        case .html, .form: 1
        case .event: 2
        case .header: 3
        case .body: 4
        case .path, .query: 5
        }
    }

    /// The name beside the value; empty where it has none.
    var name: String {
        switch self {
        case .path, .body: ""
        case .query(let name), .header(let name), .cookie(let name), .form(let name), .html(let name): name
        case .json(let path), .event(let path):
            path.steps.last.flatMap { if case .member(let name) = $0.selector { name } else { nil } } ?? ""
        }
    }

    /// Whether only an answer has such a place.
    package var isOfAnswers: Bool {
        switch self {
        case .html, .event: true
        case .path, .query, .header, .cookie, .json, .form, .body: false
        }
    }

    /// Whether only a request has such a place.
    package var isOfRequests: Bool {
        switch self {
        case .path, .query, .form: true
        case .header, .cookie, .json, .event, .html, .body: false
        }
    }
}

extension ValuePart {
    /// Whether it is a run within a text.
    var isRun: Bool {
        switch self {
        case .token, .base64: true
        case .whole, .path, .query, .credentials, .host: false
        }
    }
}

/// Why a text names no place of a value.
package struct ValueSpotError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension ValuePlace {
    /// Whether requests of every route have such a place and mean the same by it.
    var isOfAnyRoute: Bool {
        switch self {
        case .header, .cookie: true
        case .path, .query, .json, .event, .form, .html, .body: false
        }
    }

    var isCookie: Bool {
        if case .cookie = self { true } else { false }
    }

    /// Whether what stands there says who asks, not what for.
    var isCredential: Bool {
        switch self {
        case .cookie: true
        case .header(let name): name == "authorization"
        case .path, .query, .json, .event, .form, .html, .body: false
        }
    }
}
