import Bytes

extension StartLine {
    /// The longest method that is taken for one; registered methods have at most 17 bytes.
    static let methodBytes = 64

    /// Reads a start line without its line end (RFC 9112, sections 3 and 4); ranges count from its first byte.
    ///
    /// Any token is a method, any run of bytes above space a target, any three digits a status. The major version
    /// is 1. A response may lack the reason and the space before it.
    static func parse(_ line: Span<UInt8>, as kind: MessageKind) -> (start: StartLine, version: HTTPVersion)?
    {
        switch kind {
        case .request: parseRequest(line)
        case .response: parseResponse(line)
        }
    }

    private static func parseRequest(_ line: Span<UInt8>) -> (start: StartLine, version: HTTPVersion)? {
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
        return (.request(method: method, target: target), version)
    }

    private static func parseResponse(_ line: Span<UInt8>) -> (start: StartLine, version: HTTPVersion)? {
        guard let version = version(line, at: 0), line.count >= 12, line[8] == .space else { return nil }
        var status: UInt16 = 0
        for index in 9..<12 {
            guard line[index].isASCIIDigit else { return nil }
            status = status &* 10 &+ UInt16(line[index] &- 0x30)
        }
        guard line.count > 12 else {
            return (.response(status: status, reason: ByteRange(offset: 12, count: 0)), version)
        }
        guard line[12] == .space else { return nil }
        return (.response(status: status, reason: ByteRange(13..<line.count)), version)
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
