import Bytes
import Messages

/// Requests that came over HTTP/2 go out over HTTP/1.1: their fields stay, but for those that it says otherwise.
extension Head {
    /// Whether a field of HTTP/2 speaks of the message's own framing or of its connection (RFC 9113, sections 8.2.2
    /// and 8.3), so that it has no place in the same message over HTTP/1.1.
    ///
    /// `te` says only that trailers are welcome there, and stays where HTTP/2 is offered: gRPC asks for it.
    func isOfConnection(_ field: HeaderField) -> Bool {
        if isPseudo(field) { return true }
        let name = bytes.span.extracting(field.name.bounds)
        let names: [StaticString] = [
            "te", "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade",
        ]
        return names.contains { name.equalsIgnoringCase($0) }
    }

    /// All cookies in one value: HTTP/2 lets a client send them in several fields (RFC 9113, section 8.2.3).
    var joinedCookies: [UInt8] {
        var value: [UInt8] = []
        for field in fields where bytes.span.extracting(field.name.bounds).equalsIgnoringCase("cookie") {
            if !value.isEmpty { value += [0x3B, 0x20] }
            value += bytes[field.value]
        }
        return value
    }
}

extension PreparedRequest.Content {
    /// Gives a body its length where the recorded request did not need to say it.
    mutating func noteLength() {
        guard bodyMode == .counted, !lines.contains(where: { $0.known == .contentLength }) else { return }
        let start = bytes.count
        bytes.append("content-length: ")
        bytes.append(decimal: UInt64(body.count))
        endLine(from: start, nameCount: 14, hasValue: true, known: .contentLength)
    }
}
