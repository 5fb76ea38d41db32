import Bytes
import Messages

extension PreparedRequest {
    /// The head as it goes over the wire: the fields in order, Host where it was recorded, or first where none was.
    ///
    /// `authority` is the target's, for requests that do not keep their own. libcurl puts Host first, whatever was
    /// recorded, and spells it so: `hostComesFirst` is for what it sends.
    package func head(authority: String, hostComesFirst: Bool = false) -> [UInt8] {
        var head: [UInt8] = []
        let content = content
        // One that was packed has no lines of its own any more.
        if content.lines.isEmpty, content.wireHeadCount > 0 {
            return Array(content.bytes[..<content.wireHeadCount])
        }
        head.reserveCapacity(content.bytes.count + content.lines.count * 2 + 64)
        content.appendHead(to: &head, authority: Array(authority.utf8), hostComesFirst: hostComesFirst)
        return head
    }

    /// Appends the head to `head`; allocates nothing where that has room.
    package func appendHead(to head: inout [UInt8], authority: [UInt8]) {
        let content = content
        guard content.wireHeadCount == 0 else {
            head.append(contentsOf: content.bytes.span.extracting(first: content.wireHeadCount))
            return
        }
        content.appendHead(to: &head, authority: authority, hostComesFirst: false)
    }

    /// All of the request as it goes over the wire, Host first; a body that is chunked in one chunk, since the recorded cuts
    /// are not known.
    package func message(authority: String) -> [UInt8] {
        var message = head(authority: authority, hostComesFirst: true)
        let body = body
        guard bodyMode == .chunked else { return message + body }
        if !body.isEmpty {
            message.append(contentsOf: String(body.count, radix: 16).utf8)
            message.append(line: "")
            message.append(contentsOf: body)
            message.append(line: "")
        }
        message.append(line: "0")
        appendTrailers(to: &message)
        message.append(line: "")
        return message
    }

    /// Appends the trailer section, without the empty line that ends it.
    package func appendTrailers(to section: inout [UInt8]) {
        let content = content
        for field in content.trailers {
            section.append(contentsOf: content.bytes.span.extracting(field.line.bounds))
            section.append(line: "")
        }
    }
}

extension PreparedRequest.Content {
    fileprivate func appendHead(to head: inout [UInt8], authority: [UInt8], hostComesFirst: Bool) {
        let bytes = bytes.span
        head.append(contentsOf: bytes.extracting(method.bounds))
        head.append(0x20)
        head.append(contentsOf: bytes.extracting(target.bounds))
        head.append(line: version == .http10 ? " HTTP/1.0" : " HTTP/1.1")
        let place = hostComesFirst ? 0 : min(linesBeforeHost, lines.count)
        for (index, field) in lines.enumerated() {
            if index == place { appendHost(to: &head, authority: authority, isOwn: hostComesFirst) }
            head.append(contentsOf: bytes.extracting(field.line.bounds))
            head.append(line: "")
        }
        if place == lines.count { appendHost(to: &head, authority: authority, isOwn: hostComesFirst) }
        head.append(line: "")
    }

    private func appendHost(to head: inout [UInt8], authority: [UInt8], isOwn: Bool) {
        guard !omitsHost else { return }
        if let hostPrefix, !isOwn {
            head.append(contentsOf: bytes.span.extracting(hostPrefix.bounds))
        } else {
            head.append("Host: ")
        }
        if let host {
            head.append(contentsOf: bytes.span.extracting(host.bounds))
        } else {
            head.append(contentsOf: authority.span)
        }
        head.append(line: "")
    }
}

extension [UInt8] {
    /// Appends ASCII text.
    mutating func append(_ text: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends ASCII text and a line end.
    mutating func append(line text: StaticString) {
        append(text)
        append("\r\n")
    }

    /// Appends a number in decimal digits, and ASCII text behind it, of 12 bytes at most.
    mutating func append(decimal number: UInt64, endedBy end: StaticString = "") {
        // As many as 2⁶⁴ has, and the text.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { digits in
            var start = digits.count - end.utf8CodeUnitCount
            precondition(start >= 20, "there is room for a short text only")
            for index in 0..<end.utf8CodeUnitCount { digits[start + index] = end.utf8Start[index] }
            var rest = number
            repeat {
                start -= 1
                digits[start] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
            append(contentsOf: UnsafeMutableBufferPointer(rebasing: digits[start...]))
        }
    }
}

extension Span where Element == UInt8 {
    /// Whether the bytes are a number in decimal digits as one writes it.
    func isDecimal(of number: UInt64) -> Bool {
        var rest = number
        var index = count
        repeat {
            index -= 1
            guard index >= 0, self[index] == 0x30 + UInt8(truncatingIfNeeded: rest % 10) else { return false }
            rest /= 10
        } while rest > 0
        return index == 0
    }
}
