import Bytes

/// The line between the parts of a multipart body (RFC 2046, section 5.1).
struct MultipartBoundary {
    /// `--` and the value of the parameter.
    let delimiter: [UInt8]

    /// `nil` where Content-Type names none, or one that is longer than 70 bytes.
    init?(contentType: Span<UInt8>) {
        guard let value = contentType.parameter("boundary"), !value.isEmpty, value.count <= 70 else {
            return nil
        }
        delimiter = [0x2D, 0x2D] + value
    }

    /// Where the next delimiter starts a line, at or after `start`.
    func next(in body: Span<UInt8>, from start: Int) -> Int? {
        var index = start
        while let found = body.firstIndex(of: 0x2D, from: index) {
            if found == 0 || body[found &- 1] == 0x0A, found &+ delimiter.count <= body.count,
                body.extracting(found..<found &+ delimiter.count).equals(delimiter.span)
            {
                return found
            }
            index = found &+ 1
        }
        return nil
    }
}

extension Span where Element == UInt8 {
    /// The value of a parameter behind a `;`, without quotes.
    func parameter(_ name: StaticString) -> [UInt8]? {
        var index = firstIndex(of: 0x3B)
        while let semicolon = index {
            var start = semicolon &+ 1
            while byte(start) == 0x20, start < count { start &+= 1 }
            let end = start &+ name.utf8CodeUnitCount
            if end < count, self[end] == 0x3D, extracting(start..<end).equalsIgnoringCase(name) {
                return parameterValue(from: end &+ 1)
            }
            index = firstIndex(of: 0x3B, from: start)
        }
        return nil
    }

    private func parameterValue(from start: Int) -> [UInt8] {
        guard byte(start) == 0x22 else {
            var end = start
            while end < count, self[end] != 0x3B, self[end] != 0x20 { end &+= 1 }
            return Array(extracting(start..<end))
        }
        let end = firstIndex(of: 0x22, from: start &+ 1) ?? count
        return Array(extracting(start &+ 1..<end))
    }
}
