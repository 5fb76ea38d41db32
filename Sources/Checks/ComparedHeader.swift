import Bytes
import Messages

/// Values of header fields in the form in which they are compared.
enum ComparedHeader {
    /// Longer values are kept as their start, their length and a hash.
    static let keptCount = 4_096
    /// Longer authorities are none: a name has 255 bytes at most (RFC 1035, section 2.3.4), a port six.
    static let authorityCount = 261

    /// All values of a field, joined by commas (RFC 9110, section 5.3), in the form for comparing; `nil` without one.
    ///
    /// `authority` is the one that the request was sent to.
    static func value(of name: String, in head: borrowing Head, authority: String?) -> String? {
        var joined: String?
        var start = 0
        while let index = head.fieldIndex(of: name.utf8.span, from: start) {
            let value = String(decoding: Array(head.value(of: head.fields[index])), as: UTF8.self)
            if let before = joined { joined = before + ", " + value } else { joined = value }
            start = index + 1
        }
        guard let joined else { return nil }
        if isReference(name) { return kept(withoutAuthority(joined, authority)) }
        return kept(name == "content-type" ? mediaType(joined) : joined)
    }

    /// Whether a field names a resource, which may be on the server itself.
    static func isReference(_ name: String) -> Bool { name == "location" || name == "content-location" }

    /// Whether a field stands in neither head, or once in each with the same bytes that mean the same there: then its values
    /// need not be read.
    static func isSpelledAlike(_ name: String, in left: borrowing Head, _ right: borrowing Head) -> Bool {
        let index = left.fieldIndex(of: name.utf8.span)
        let other = right.fieldIndex(of: name.utf8.span)
        guard let index, let other else { return index == nil && other == nil }
        return !isReference(name)
            && left.value(of: left.fields[index]).equals(right.value(of: right.fields[other]))
            && left.fieldIndex(of: name.utf8.span, from: index + 1) == nil
            && right.fieldIndex(of: name.utf8.span, from: other + 1) == nil
    }

    private static func kept(_ value: String) -> String {
        guard value.utf8.count > keptCount else { return value }
        let start = String(decoding: value.utf8.prefix(keptCount), as: UTF8.self)
        return start + "… (\(value.utf8.count) bytes, hash \(value.hashValue))"
    }

    /// Type and charset in lower case; the other parameters, such as the boundary of a multipart body, are left out.
    static func mediaType(_ value: String) -> String {
        let parts = value.split(separator: ";", omittingEmptySubsequences: false)
        var result = trimmed(parts.first ?? "").lowercased()
        for part in parts.dropFirst() {
            let parameter = trimmed(part).lowercased()
            guard parameter.hasPrefix("charset=") else { continue }
            result += "; charset=" + parameter.dropFirst(8).filter { $0 != "\"" }
        }
        return result
    }

    /// A reference to the server itself becomes a path: recording and replay talk to servers of different names.
    static func withoutAuthority(_ value: String, _ authority: String?) -> String {
        guard let authority else { return value }
        for scheme in ["http://", "https://"]
        where value.lowercased().hasPrefix(scheme + authority.lowercased()) {
            let rest = value.dropFirst(scheme.count + authority.count)
            if rest.isEmpty { return "/" }
            if rest.first == "/" || rest.first == "?" || rest.first == "#" { return String(rest) }
        }
        return value
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}

extension Head {
    /// The authority that a request names in its `Host` field.
    var authority: String? {
        guard let host = value(of: "host"), host.count <= ComparedHeader.authorityCount else { return nil }
        return String(decoding: Array(host), as: UTF8.self)
    }
}
