package import Anonymization
import Bytes
import Compression
import Messages

/// A place in traffic where a value can stand, and the way it is written there.
///
/// It knows how to make a message with a value in that place, and how to read what stands there afterwards, by other
/// means than those that anonymize.
package struct Nesting: Sendable, CustomStringConvertible {
    package let name: String
    /// Nothing there tells what the value is, so that only what detectors know, or everything, is found.
    package let isUnnamed: Bool
    /// The kinds that can stand there; all of them where it is empty.
    package let kinds: Set<PlantedValue.Kind>
    private let plant: @Sendable (PlantedValue) -> NestedMessage
    private let read: @Sendable (NestedMessage) -> String?

    package init(
        _ name: String,
        isUnnamed: Bool = false,
        kinds: Set<PlantedValue.Kind> = [],
        plant: @escaping @Sendable (PlantedValue) -> NestedMessage,
        read: @escaping @Sendable (NestedMessage) -> String?
    ) {
        self.name = name
        self.isUnnamed = isUnnamed
        self.kinds = kinds
        self.plant = plant
        self.read = read
    }

    package var description: String { name }

    package func holds(_ kind: PlantedValue.Kind) -> Bool {
        (kinds.isEmpty || kinds.contains(kind)) && (!isUnnamed || kind.isDetected)
    }

    /// The message with the value in it; its body is in `codings`, as in Content-Encoding.
    package func message(_ value: PlantedValue, codings: String = "") -> NestedMessage {
        var message = plant(value)
        guard !codings.isEmpty, !message.body.isEmpty else { return message }
        var applied = ContentCodings()
        applied.append(Array(codings.utf8).span)
        message.body = applied.encode(message.body)
        message.fields.append(("Content-Encoding", codings))
        return message
    }

    /// What stands in the place of the value.
    package func value(in message: NestedMessage) -> String? {
        var message = message
        var applied = ContentCodings()
        for (name, value) in message.fields where name == "Content-Encoding" {
            applied.append(Array(value.utf8).span)
        }
        guard let body = try? applied.decode(message.body.span, limit: 1 << 24) else { return nil }
        message.body = body
        return read(message)
    }
}

/// A request in pieces.
package struct NestedMessage: Sendable {
    package var target: String
    package var fields: [(name: String, value: String)]
    package var body: [UInt8]
    package var trailers: String

    package init(
        target: String = "/hook",
        fields: [(name: String, value: String)] = [],
        body: [UInt8] = [],
        trailers: String = ""
    ) {
        self.target = target
        self.fields = fields
        self.body = body
        self.trailers = trailers
    }

    /// A body of a type.
    package init(_ type: String, _ body: String) {
        self.init(fields: [("Content-Type", type)], body: Array(body.utf8))
    }

    /// The first field of a name.
    package subscript(_ name: String) -> String? {
        fields.first { $0.name == name }?.value
    }

    package var text: String { String(decoding: body, as: UTF8.self) }

    /// The bytes of the head, with the length of the body.
    package var head: [UInt8] {
        let lines = fields.map { "\($0.name): \($0.value)\r\n" }.joined()
        let length = trailers.isEmpty ? "Content-Length: \(body.count)\r\n" : "Transfer-Encoding: chunked\r\n"
        return Array("POST \(target) HTTP/1.1\r\nHost: hooks\r\n\(lines)\(length)\r\n".utf8)
    }

    /// The message on the wire; one with trailers is chunked.
    package var wire: [UInt8] {
        guard !trailers.isEmpty else { return head + body }
        let chunk =
            body.isEmpty ? [] : Array("\(String(body.count, radix: 16))\r\n".utf8) + body + Array("\r\n".utf8)
        return head + chunk + Array("0\r\n\(trailers)\r\n".utf8)
    }

    package var raw: RawMessage {
        get throws {
            RawMessage(
                head: try Head(parsing: head, kind: .request),
                body: body,
                trailers: Array(trailers.utf8)
            )
        }
    }

    /// The pieces of an anonymized message.
    package init(_ message: RawMessage) {
        let head = message.head
        self.init(
            target: String(decoding: Array(head.target), as: UTF8.self),
            fields: head.fields.map { field in
                (
                    String(decoding: Array(head.name(of: field)), as: UTF8.self),
                    String(decoding: Array(head.value(of: field)), as: UTF8.self)
                )
            },
            body: message.body,
            trailers: String(decoding: message.trailers, as: UTF8.self)
        )
    }
}
