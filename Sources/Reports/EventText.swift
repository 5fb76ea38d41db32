import Messages
import Packets
package import Traces

/// One recorded event as `tapedeck cat` shows it to a person: a line that says what it is, then the event.
package enum EventText {
    package static func text(_ event: EventRecord, connection: ConnectionOpenRecord?) -> String {
        let isRequest = event.kind == .request
        let client = connection?.client.description ?? "?"
        let server = connection?.server.description ?? "?"
        var text = "--- \(EventName.kind(of: event)) "
        if event.eventKind == .webSocket { text += EventName.message(of: event) + " " }
        text += "of \(event.exchange), connection \(event.connection), \(UTCTime(event.time)), "
        text += isRequest ? "\(client) to \(server)" : "\(server) to \(client)"
        let names = EventFlags.names.filter { event.flags.contains($0.flag) }.map(\.name)
        if !names.isEmpty { text += ", " + names.joined(separator: " ") }
        text += "\n"
        if let close = CloseFrame(event) {
            let reason = ExchangeText.printable(Array(close.reason.utf8))
            return text + "\(close.code)" + (reason.isEmpty ? "" : " \(reason)") + "\n\n"
        }
        if event.bytes.isEmpty {
            if event.wireLength > 0 { text += "(\(event.wireLength) bytes not kept)\n" }
        } else if String(validating: event.bytes, as: UTF8.self) != nil {
            text += ExchangeText.printable(event.bytes)
            if event.bytes.last != 0x0A { text += "\n" }
        } else {
            text += "(\(event.bytes.count) bytes that are not text)\n"
        }
        return text + "\n"
    }
}
