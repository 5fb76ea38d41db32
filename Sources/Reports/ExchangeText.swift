package import Messages
import Packets
package import Traces

/// One recorded message as `tapedeck cat` shows it to a person: a line that says what it is, then the message.
package enum ExchangeText {
    package static func text(
        _ message: RecordedMessage,
        connection: ConnectionOpenRecord?,
        flags: MessageFlags
    ) -> String {
        let flags = flags.union(message.end.flags)
        let isRequest = message.kind == .request
        let client = connection?.client.description ?? "?"
        let server = connection?.server.description ?? "?"
        let from = isRequest ? client : server
        let to = isRequest ? server : client
        let kind = isRequest ? "request" : "response"
        var text = "--- \(kind) \(message.exchange), connection \(message.connection), "
        text += "\(UTCTime(message.start)), \(from) to \(to)"
        let names = MessageFlags.names.filter { flags.contains($0.flag) }.map(\.name)
        if !names.isEmpty { text += ", " + names.joined(separator: " ") }
        if let signature = message.head.signature {
            text += ", signature \(signature.scheme) \(SignatureName.of(signature))"
            if message.head.hasMalformedSignature { text += " (malformed)" }
        }
        text += "\n" + printable(message.head.bytes)
        if message.body.isEmpty {
            if message.end.wireLength > 0 { text += "(\(message.end.wireLength) bytes of body not kept)\n\n" }
            return text
        }
        if String(validating: message.body, as: UTF8.self) != nil {
            text += printable(message.body)
            if message.body.last != 0x0A { text += "\n" }
        } else {
            text += "(\(message.body.count) bytes that are not text)\n"
        }
        return text + "\n"
    }

    /// The bytes as text that cannot steer a terminal: control characters but tab and line feed become a
    /// visible picture of themselves, carriage returns before a line feed are dropped.
    static func printable(_ bytes: [UInt8]) -> String {
        var result = ""
        var scalars = WireText(bytes).text.unicodeScalars[...]
        while let scalar = scalars.popFirst() {
            switch scalar.value {
            case 0x0D where scalars.first?.value == 0x0A: continue
            case 0x09, 0x0A: result.unicodeScalars.append(scalar)
            case 0..<0x20: result.unicodeScalars.append(Unicode.Scalar(0x2400 + scalar.value) ?? "?")
            case 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
