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
