import Bytes

/// The path of a request with everything that looks like an identifier replaced by `{id}`.
///
/// Requests to one endpoint get one template, so that differences and counts can be told by route: `/runs/17` and
/// `/runs/18` are both `/runs/{id}`. It is a guess by shape, made from the path alone, and better with ``PathParameters``
/// of the service that the request is for.
package struct RouteTemplate: Hashable, Sendable, CustomStringConvertible {
    /// Longer templates end in an ellipsis.
    package static let maximumCount = 256

    /// The path as UTF-8, starting with a slash; `*` for `OPTIONS *`, the authority for CONNECT.
    package let description: String

    /// Takes the target of a request in any of its forms (RFC 9112, section 3.2); O(n).
    package init(target: Span<UInt8>, parameters: PathParameters = PathParameters()) {
        var template: [UInt8] = []
        Self.append(target: target, parameters: parameters, to: &template)
        description = String(decoding: template, as: UTF8.self)
    }

    /// Appends the template of a target; allocates nothing where `text` has room for it.
    package static func append(
        target: Span<UInt8>,
        parameters: PathParameters = PathParameters(),
        to text: inout [UInt8]
    ) {
        let path = target.pathOfTarget
        let first = text.count
        var start = path.lowerBound
        while start < path.upperBound, text.count - first <= maximumCount {
            let end = min(target.firstIndex(of: 0x2F, from: start) ?? path.upperBound, path.upperBound)
            let segment = target.extracting(start..<end)
            if isIdentifier(segment) || parameters.cover(segment, behind: text.span.extracting(first...)) {
                text.append(contentsOf: "{id}".utf8)
            } else {
                text.append(contentsOf: segment)
            }
            if end < path.upperBound { text.append(0x2F) }
            start = end + 1
        }
        if text.count - first > maximumCount {
            text.removeSubrange((first + maximumCount)...)
            text.append(contentsOf: "…".utf8)
        }
        if text.count == first { text.append(0x2F) }
    }

    /// Whether a segment names one thing of many rather than a kind of thing.
    ///
    /// Numbers, dates, UUIDs, hexadecimal runs, tokens behind a prefix (`evt_1a2B3c4D`), long words with several
    /// digits in them, runs of twenty letters, mail addresses.
    package static func isIdentifier(_ segment: Span<UInt8>) -> Bool {
        var digits = 0
        var letters = 0
        var beyondHex = 0
        var dashes = 0
        var lastUnderscore = -1
        for index in segment.indices {
            switch segment[index] {
            case 0x30...0x39: digits += 1
            case 0x41...0x46, 0x61...0x66: letters += 1
            case 0x47...0x5A, 0x67...0x7A:
                letters += 1
                beyondHex += 1
            case 0x5F:
                lastUnderscore = index
                beyondHex += 1
            case 0x2D: dashes += 1
            case 0x40: return true
            default: beyondHex += 1
            }
        }
        // A word of a person's making is shorter, or has its parts told apart.
        guard digits > 0 else { return letters == segment.count && letters >= 20 || segment.count > 64 }
        if digits + dashes == segment.count { return true }
        if beyondHex == 0, digits + letters >= (dashes == 0 ? 8 : 16) { return digits >= 2 }
        if segment.count >= 20, digits >= 4, dashes <= 1 { return true }
        guard lastUnderscore >= 0 else { return segment.count > 64 }
        return isToken(segment.extracting((lastUnderscore + 1)..<segment.count))
    }

    /// Letters and digits in one run, long enough and mixed enough to be made by a machine.
    private static func isToken(_ tail: Span<UInt8>) -> Bool {
        var digits = 0
        for index in tail.indices {
            switch tail[index] {
            case 0x30...0x39: digits += 1
            case 0x41...0x5A, 0x61...0x7A, 0x2D: break
            default: return false
            }
        }
        return digits > 0 && (tail.count >= 8 || digits == tail.count)
    }
}
