import Bytes

extension StartLine {
    typealias Parsed = (start: StartLine, version: HTTPVersion, isOdd: Bool)

    /// The longest method that is taken for one; registered methods have at most 17 bytes.
    static let methodBytes = 64

    /// Reads a start line without its line end (RFC 9112, sections 3 and 4); ranges count from its first byte.
    ///
    /// Any token is a method, any run of bytes above space a target, any three digits a status. The major version
    /// is 1. A response may lack the reason and the space before it. Blanks may stand before its status, and a tab
    /// after it, as section 4 allows; `isOdd` says that they are not the single space they should be.
    static func parse(_ line: Span<UInt8>, as kind: MessageKind) -> Parsed? {
        switch kind {
        case .request: parseRequest(line)
        case .response: parseResponse(line)
        }
    }

    private static func parseRequest(_ line: Span<UInt8>) -> Parsed? {
        var index = 0
        while index < line.count, line[index].isTokenCharacter { index &+= 1 }
        let method = ByteRange(offset: 0, count: index)
        guard (1...methodBytes).contains(index), index < line.count, line[index] == .space else { return nil }
        index &+= 1
        let targetStart = index
        while index < line.count, line[index] > .space, line[index] != .delete { index &+= 1 }
        guard index > targetStart, index < line.count, line[index] == .space else { return nil }
        let target = ByteRange(targetStart..<index)
        index &+= 1
        guard let version = version(line, at: index), line.count == index &+ 8 else { return nil }
        return (.request(method: method, target: target), version, false)
    }

    private static func parseResponse(_ line: Span<UInt8>) -> Parsed? {
        guard let version = version(line, at: 0) else { return nil }
        var digits = 8
        while digits < line.count, line[digits].isBlank { digits &+= 1 }
        guard digits > 8, line.count >= digits &+ 3 else { return nil }
        var status: UInt16 = 0
        for index in digits..<digits &+ 3 {
            guard line[index].isASCIIDigit else { return nil }
            status = status &* 10 &+ UInt16(line[index] &- 0x30)
        }
        let end = digits &+ 3
        let isOdd = digits > 9 || line[8] != .space
        guard end < line.count else {
            return (.response(status: status, reason: ByteRange(offset: end, count: 0)), version, isOdd)
        }
        guard line[end].isBlank else { return nil }
        let reason = ByteRange(end &+ 1..<line.count)
        return (.response(status: status, reason: reason), version, isOdd || line[end] != .space)
    }

    private static func version(_ line: Span<UInt8>, at offset: Int) -> HTTPVersion? {
        guard line.count >= offset &+ 8, line.extracting(offset..<offset &+ 7).equals("HTTP/1.") else {
            return nil
        }
        let minor = line[offset &+ 7]
        return minor.isASCIIDigit ? HTTPVersion(major: 1, minor: minor &- 0x30) : nil
    }

    /// The same line when the head is moved by `offset` bytes.
    func moved(by offset: Int) -> StartLine {
        switch self {
        case .request(let method, let target):
            .request(
                method: ByteRange(offset: method.offset &+ offset, count: method.count),
                target: ByteRange(offset: target.offset &+ offset, count: target.count)
            )
        case .response(let status, let reason):
            .response(status: status, reason: ByteRange(offset: reason.offset &+ offset, count: reason.count))
        }
    }
}
