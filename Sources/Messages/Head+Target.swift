package import Bytes

/// The parts of a request target, as places in the head (RFC 9112, section 3.2); all are as on the wire, undecoded.
extension Head {
    /// The path: what stands before the query, without scheme and authority where the target has them.
    ///
    /// It is the whole target in the forms `*` and `host:port`, and empty for `http://host` and for responses.
    package var pathRange: ByteRange {
        let target = targetRange
        let start = authorityInTarget.map(\.end) ?? target.offset
        return ByteRange(start..<(queryMark ?? target.end))
    }

    /// What stands after the first `?`, or `nil` where there is none.
    package var queryRange: ByteRange? {
        queryMark.map { ByteRange($0 &+ 1..<targetRange.end) }
    }

    /// Host and port as the request names them: in the target, else in Host (RFC 9112, section 3.2.2).
    package var authorityRange: ByteRange? {
        if let inTarget = authorityInTarget { return inTarget }
        if requestMethod == .connect { return targetRange }
        if version == .http2, let index = fieldIndex(of: ":authority" as StaticString) {
            return fields[index].value
        }
        return fieldIndex(of: "host").map { fields[$0].value }
    }

    /// The path as on the wire.
    package var path: Span<UInt8> {
        @_lifetime(borrow self)
        get { bytes.span.extracting(pathRange.bounds) }
    }

    private var queryMark: Int? {
        let target = targetRange
        let mark = bytes.span.extracting(target.bounds).firstIndex(of: 0x3F)
        return mark.map { target.offset &+ $0 }
    }

    /// The authority of a target in absolute form.
    private var authorityInTarget: ByteRange? {
        let range = targetRange
        let target = bytes.span.extracting(range.bounds)
        // Nearly every target is a path.
        guard !target.isEmpty, target[0] != 0x2F else { return nil }
        let scheme =
            if target.count >= 7, target.extracting(first: 7).equalsIgnoringCase("http://") {
                7
            } else if target.count >= 8, target.extracting(first: 8).equalsIgnoringCase("https://") {
                8
            } else {
                0
            }
        guard scheme > 0 else { return nil }
        var end = scheme
        while end < target.count, target[end] != 0x2F, target[end] != 0x3F { end &+= 1 }
        return ByteRange(offset: range.offset &+ scheme, count: end &- scheme)
    }
}
