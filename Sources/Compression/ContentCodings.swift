import Bytes

/// The content codings of a body in the order in which they were applied (RFC 9110, section 8.4).
package struct ContentCodings: Hashable, Sendable {
    /// A body in more of them is in codings that are not known.
    package static let maximumCount = 4

    /// Without `identity`; empty for a body that is as it is.
    package private(set) var applied: [ContentCoding] = []

    package init() {}

    /// Takes the value of a `Content-Encoding` field, a list; of several fields one after the other.
    package mutating func append(_ value: Span<UInt8>) {
        var start = 0
        while start <= value.count {
            let end = value.firstIndex(of: 0x2C, from: start) ?? value.count
            let coding = ContentCoding(value.extracting(start..<end))
            if coding != .identity { applied.append(coding) }
            start = end + 1
        }
        if applied.count > Self.maximumCount { applied = [.unknown] }
    }

    package var isIdentity: Bool { applied.isEmpty }

    /// Whether all of them can be undone.
    package var isKnown: Bool { !applied.contains(.unknown) }

    /// The body without them; neither it nor what lies between two of them may be longer than `limit`.
    ///
    /// Throws what ``ContentCoding/decode(_:coding:limit:)`` throws.
    package func decode(_ body: Span<UInt8>, limit: Int) throws(InflateError) -> [UInt8] {
        guard let last = applied.last else {
            return try ContentCoding.decode(body, coding: .identity, limit: limit)
        }
        var decoded = try ContentCoding.decode(body, coding: last, limit: limit)
        for coding in applied.dropLast().reversed() {
            decoded = try ContentCoding.decode(decoded.span, coding: coding, limit: limit)
        }
        return decoded
    }

    /// The body in all of them; traps where one is not known.
    package func encode(_ body: consuming [UInt8]) -> [UInt8] {
        var body = body
        for coding in applied { body = ContentCoding.encode(body.span, coding: coding) }
        return body
    }
}
