import Bytes
import Checks
import Messages
package import Traces

/// A recorded request as a command line of curl that sends it to a server.
///
/// Method, target, fields and body are those of the recording; fields of the connection, and those that name a
/// credential, are left out and named in a comment. A body that is long or no text is left out too.
package enum CurlLine {
    /// Longer bodies are left out.
    package static let shownBody = 2_048

    /// Written by curl itself, or of no use to another connection.
    private static let unsent: Set<String> = [
        "accept-encoding", "connection", "content-length", "expect", "host", "keep-alive", "te", "trailer",
        "transfer-encoding", "upgrade", "x-tapedeck-replay",
    ]

    /// Opens a WebSocket session (RFC 6455, section 4.1) and shows what comes, uncompressed.
    private static let handshake = [
        "-N", "--http1.1", "-H", "'Connection: Upgrade'", "-H", "'Upgrade: websocket'", "-H",
        "'Sec-WebSocket-Version: 13'", "-H", "'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='",
    ]

    /// `base` is the server, as `http://127.0.0.1:8080`; `nil` for a request whose head cannot be read.
    package static func line(for request: RecordedMessage, to base: String) -> String? {
        guard request.kind == .request, let head = try? request.head.parsed(),
            case .request(let method, let target) = head.start
        else { return nil }
        let path = String(decoding: head.bytes[target], as: UTF8.self)
        var words = ["curl", "-i"]
        let verb = String(decoding: head.bytes[method], as: UTF8.self)
        if verb == "HEAD" { words.append("--head") } else if verb != "GET" { words += ["-X", quoted(verb)] }
        var masked: [String] = []
        let opensSession = head.asksForWebSocket
        if opensSession { words += handshake }
        for field in head.fields {
            let name = String(decoding: head.bytes[field.name], as: UTF8.self)
            if name.hasPrefix(":") || unsent.contains(name.lowercased()) { continue }
            if opensSession, name.lowercased().hasPrefix("sec-websocket-"),
                !name.lowercased().hasSuffix("-protocol")
            {
                continue
            }
            if CredentialName.matches(name) {
                masked.append(name)
                continue
            }
            words += ["-H", quoted("\(name): " + String(decoding: head.bytes[field.value], as: UTF8.self))]
        }
        var remarks = masked.isEmpty ? "" : "  # without \(masked.joined(separator: ", "))"
        if opensSession { remarks += "  # opens the session and sends none of its messages" }
        if !request.body.isEmpty {
            if request.body.count <= shownBody, let text = String(validating: request.body, as: UTF8.self),
                !text.utf8.contains(0)
            {
                words += ["--data-raw", quoted(text)]
            } else {
                remarks += "  # and without its body of \(Quantity.bytes(UInt64(request.body.count)))"
            }
        }
        words.append(quoted(path.hasPrefix("/") ? base + path : path))
        return words.joined(separator: " ") + remarks
    }

    /// A word for a POSIX shell; control characters, which a terminal would act on, and marks that turn the direction of
    /// what follows are spelled out.
    static func quoted(_ text: String) -> String {
        guard text.unicodeScalars.allSatisfy(PlainText.isHarmless) else {
            var spelled = "$'"
            for scalar in text.unicodeScalars {
                switch scalar {
                case "'": spelled += "\\'"
                case "\\": spelled += "\\\\"
                case "\n": spelled += "\\n"
                case "\r": spelled += "\\r"
                case "\t": spelled += "\\t"
                case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                    let digits = String(scalar.value, radix: 16)
                    spelled += "\\x" + (digits.count < 2 ? "0" : "") + digits
                case _ where !PlainText.isHarmless(scalar):
                    let digits = String(scalar.value, radix: 16)
                    spelled += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                default: spelled.unicodeScalars.append(scalar)
                }
            }
            return spelled + "'"
        }
        let isPlain =
            !text.isEmpty
            && text.utf8.allSatisfy { byte in
                byte.isASCIIDigit || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || "-_./:=@%+,".utf8.contains(byte)
            }
        return isPlain ? text : "'" + text.replacing("'", with: "'\\''") + "'"
    }
}
