import Bytes

/// The kinds of content that are told apart; parameters of a Content-Type do not count.
package enum MediaType: Sendable {
    /// There is no Content-Type.
    case absent
    /// `application/json`, `text/json` and every type with the suffix `+json` (RFC 6839).
    case json
    /// `application/x-www-form-urlencoded`.
    case form
    /// `multipart/…`.
    case multipart
    /// `text/event-stream` (HTML standard, section 9.2).
    case eventStream
    /// `application/xml`, `text/xml` and every type with the suffix `+xml`.
    case xml
    /// Every other `text/…`.
    case text
    case other

    package init(_ contentType: Span<UInt8>) {
        let end = contentType.firstIndex(of: .semicolon) ?? contentType.count
        let type = contentType.extracting(contentType.trimmed(0..<end))
        if type.equalsIgnoringCase("application/json") || type.ends(in: "+json")
            || type.equalsIgnoringCase("text/json")
        {
            self = .json
        } else if type.equalsIgnoringCase("application/x-www-form-urlencoded") {
            self = .form
        } else if type.equalsIgnoringCase("text/event-stream") {
            self = .eventStream
        } else if type.equalsIgnoringCase("application/xml") || type.ends(in: "+xml")
            || type.equalsIgnoringCase("text/xml")
        {
            self = .xml
        } else if type.count > 10, type.extracting(first: 10).equalsIgnoringCase("multipart/") {
            self = .multipart
        } else if type.count > 5, type.extracting(first: 5).equalsIgnoringCase("text/") {
            self = .text
        } else {
            self = .other
        }
    }
}

extension Span where Element == UInt8 {
    fileprivate func ends(in suffix: StaticString) -> Bool {
        count >= suffix.utf8CodeUnitCount
            && extracting(last: suffix.utf8CodeUnitCount).equalsIgnoringCase(suffix)
    }
}
