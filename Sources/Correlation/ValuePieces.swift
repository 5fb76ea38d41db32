import Bytes

/// Takes apart what stands in a place: a URL into segments and parameters, a text into runs, base64 into its own.
enum ValuePieces {
    /// Parts that are looked at of one value; the rest is passed over.
    static let maximumCount = 32
    /// Longer contents of a place are not looked at.
    static let maximumBytes = 4_096

    /// Calls `body` with every part that could be a value of its own, the whole first. O(n).
    static func forEach(_ value: Span<UInt8>, _ body: (ValuePart, Span<UInt8>) -> Void) {
        guard !value.isEmpty, value.count <= maximumBytes else { return }
        body(.whole, value)
        if let start = pathStart(of: value) {
            forEachOfURL(value, from: start, body)
            return
        }
        let runs = tokens(of: value)
        if runs.count > 1 || runs.first.map({ $0.count < value.count }) ?? false {
            for (index, run) in runs.enumerated() { body(.token(index), value.extracting(run)) }
        }
        guard let decoded = Base64Text(value) else { return }
        for (index, run) in tokens(of: decoded.bytes.span).enumerated() {
            body(.base64(index), decoded.bytes.span.extracting(run))
        }
    }

    /// The same for the value of `Authorization`, whose scheme is no value.
    static func forEachOfCredentials(_ value: Span<UInt8>, _ body: (ValuePart, Span<UInt8>) -> Void) {
        guard let start = credentials(of: value), value.count <= maximumBytes else { return }
        body(.credentials, value.extracting(start..<value.count))
        if let decoded = Base64Text(value.extracting(start..<value.count)) {
            for (index, run) in tokens(of: decoded.bytes.span).enumerated() {
                body(.base64(index), decoded.bytes.span.extracting(run))
            }
        }
    }

    private static func forEachOfURL(
        _ value: Span<UInt8>,
        from start: Int,
        _ body: (ValuePart, Span<UInt8>) -> Void
    ) {
        for (index, segment) in segments(of: value, from: start).enumerated() where !segment.isEmpty {
            let bytes = value.extracting(segment)
            if bytes.firstIndex(of: 0x25) == nil {
                body(.path(index), bytes)
            } else {
                body(.path(index), PercentEncoding.decode(bytes, plusIsBlank: false).span)
            }
        }
        for (name, range) in parameters(of: value, from: queryStart(of: value, from: start)) {
            let name = PercentEncoding.decode(value.extracting(name), plusIsBlank: true)
            let decoded = PercentEncoding.decode(value.extracting(range), plusIsBlank: true)
            guard !decoded.isEmpty, !name.isEmpty else { continue }
            body(.query(String(decoding: name, as: UTF8.self)), decoded.span)
        }
    }

    /// The part of a value, decoded, or `nil` where it has none.
    static func piece(_ part: ValuePart, of value: [UInt8]) -> [UInt8]? {
        switch part {
        case .whole: return value
        case .path, .query, .token, .credentials, .host:
            guard let (range, isEncoded) = locate(part, in: value.span) else { return nil }
            let bytes = value.span.extracting(range)
            return isEncoded ? PercentEncoding.decode(bytes, plusIsBlank: part.isParameter) : Array(bytes)
        case .base64(let index):
            guard let decoded = base64(in: value.span)?.text else { return nil }
            let runs = tokens(of: decoded.bytes.span)
            return index < runs.count ? Array(decoded.bytes[runs[index]]) : nil
        }
    }

    /// The value with `new` in the place of a part, or `nil` where it has no such part.
    static func replacing(_ part: ValuePart, of value: [UInt8], with new: [UInt8]) -> [UInt8]? {
        switch part {
        case .whole: return new
        case .path, .query, .token, .credentials, .host:
            guard let (range, isEncoded) = locate(part, in: value.span) else { return nil }
            var spelled: [UInt8] = []
            if isEncoded { PercentEncoding.append(part: new, to: &spelled) } else { spelled = new }
            return Array(value[..<range.lowerBound]) + spelled + value[range.upperBound...]
        case .base64(let index):
            guard let (decoded, start) = base64(in: value.span) else { return nil }
            let runs = tokens(of: decoded.bytes.span)
            guard index < runs.count else { return nil }
            var bytes = decoded.bytes
            bytes.replaceSubrange(runs[index], with: new)
            return Array(value[..<start]) + decoded.spelled(bytes)
        }
    }

    private static func base64(in value: Span<UInt8>) -> (text: Base64Text, start: Int)? {
        if let text = Base64Text(value) { return (text, 0) }
        guard let start = credentials(of: value), let text = Base64Text(value.extracting(start..<value.count))
        else { return nil }
        return (text, start)
    }

    private static func locate(_ part: ValuePart, in value: Span<UInt8>) -> (
        range: Range<Int>, isEncoded: Bool
    )? {
        switch part {
        case .path(let index):
            guard let start = pathStart(of: value) else { return nil }
            let segments = segments(of: value, from: start)
            return index < segments.count ? (segments[index], true) : nil
        case .query(let wanted):
            guard let start = pathStart(of: value) else { return nil }
            for (name, range) in parameters(of: value, from: queryStart(of: value, from: start)) {
                let name = PercentEncoding.decode(value.extracting(name), plusIsBlank: true)
                if name.elementsEqual(wanted.utf8) { return (range, true) }
            }
            return nil
        case .token(let index):
            let runs = tokens(of: value)
            return index < runs.count ? (runs[index], false) : nil
        case .credentials:
            return credentials(of: value).map { ($0..<value.count, false) }
        case .host:
            guard let end = pathStart(of: value), end > 0 else { return nil }
            var start = end
            while start > 0, value[start - 1] != 0x2F, value[start - 1] != 0x40 { start -= 1 }
            return (start..<end, false)
        case .whole, .base64: return nil
        }
    }

    // MARK: Where parts stand

    /// Where the path starts in a URL, or in a path on its own; `nil` in what is neither.
    static func pathStart(of value: Span<UInt8>) -> Int? {
        guard value.count >= 2 else { return nil }
        if value[0] == 0x2F, value[1] != 0x2F { return 0 }
        guard let colon = value.firstIndex(of: 0x3A), colon < 12, colon + 3 < value.count,
            value[colon + 1] == 0x2F, value[colon + 2] == 0x2F
        else { return nil }
        var index = colon + 3
        while index < value.count, value[index] != 0x2F, value[index] != 0x3F { index += 1 }
        return index
    }

    /// The segments of the path from `start` on, at most ``maximumCount``; an empty one behind the last slash counts.
    static func segments(of value: Span<UInt8>, from start: Int) -> [Range<Int>] {
        var end = start
        while end < value.count, value[end] != 0x3F, value[end] != 0x23 { end += 1 }
        var segments: [Range<Int>] = []
        var index = start + 1
        while index <= end, segments.count < maximumCount {
            let next = min(value.firstIndex(of: 0x2F, from: index) ?? end, end)
            segments.append(index..<next)
            index = next + 1
        }
        return segments
    }

    /// Where the query starts behind its question mark; the end where there is none.
    static func queryStart(of value: Span<UInt8>, from start: Int) -> Int {
        guard let mark = value.firstIndex(of: 0x3F, from: start) else { return value.count }
        return mark + 1
    }

    /// Names and values of a query or form, still encoded, at most ``maximumCount`` times four.
    static func parameters(of value: Span<UInt8>, from start: Int) -> [(name: Range<Int>, value: Range<Int>)]
    {
        let end = value.firstIndex(of: 0x23, from: start) ?? value.count
        var parameters: [(name: Range<Int>, value: Range<Int>)] = []
        var index = start
        while index < end, parameters.count < 4 * maximumCount {
            let next = min(value.firstIndex(of: 0x26, from: index) ?? end, end)
            let equals = min(value.firstIndex(of: 0x3D, from: index) ?? next, next)
            parameters.append((index..<equals, min(equals + 1, next)..<next))
            index = next + 1
        }
        return parameters
    }

    /// Runs of letters, digits, `_`, `-`, `.` and `~`, without the dots at their ends; at most ``maximumCount``.
    static func tokens(of value: Span<UInt8>) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var index = 0
        while index < value.count, runs.count < maximumCount {
            guard value[index].isTokenByte else {
                index += 1
                continue
            }
            let start = index
            while index < value.count, value[index].isTokenByte { index += 1 }
            var end = index
            while end > start, value[end - 1] == 0x2E { end -= 1 }
            if end > start { runs.append(start..<end) }
        }
        return runs
    }

    /// Where the credentials start behind the scheme and its blanks.
    static func credentials(of value: Span<UInt8>) -> Int? {
        guard var index = value.firstIndex(of: 0x20) else { return nil }
        while index < value.count, value[index] == 0x20 { index += 1 }
        return index < value.count ? index : nil
    }
}

extension ValuePart {
    fileprivate var isParameter: Bool {
        if case .query = self { true } else { false }
    }
}

extension UInt8 {
    fileprivate var isTokenByte: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E, 0x80...: true
        default: false
        }
    }
}
