import Bytes
import Messages
package import Traces

/// Collects the names of the header fields that answers carry, for learning how each of them varies.
package struct NoiseHeaders: Sendable {
    /// How many names are kept, and how long they may be.
    package static let mostNames = 500
    package static let longestName = 100

    /// Fields of the connection, or said of the moment: two answers never agree in them, and nobody relies on it.
    package static let unsaid: Set<String> = [
        "connection", "content-length", "date", "keep-alive", "proxy-connection", "sec-websocket-accept",
        "te",
        "trailer", "transfer-encoding", "upgrade", "x-tapedeck-replay",
    ]

    /// In lower case, sorted.
    package var names: [String] { found.sorted() }
    private var found = Set(CheckRules.defaultHeaders)

    package init() {}

    /// Notes the fields of a response; other messages are passed over.
    package mutating func note(_ message: RecordedMessage) {
        guard message.kind == .response, let head = try? message.head.parsed() else { return }
        for field in head.fields where field.name.count <= Self.longestName && found.count < Self.mostNames {
            let name = String(decoding: head.bytes[field.name], as: UTF8.self).lowercased()
            if !name.hasPrefix(":"), !Self.unsaid.contains(name) { found.insert(name) }
        }
    }
}
